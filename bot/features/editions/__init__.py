"""Editions: drafting, editing, review, publishing, reading."""
