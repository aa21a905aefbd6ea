"""Identification of pasted links, ids and phrases."""
