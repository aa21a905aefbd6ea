"""Readers of sources of new papers: one module a kind."""
