"""Choosing what to read next."""
