"""Selects papers and composes a document of them."""
