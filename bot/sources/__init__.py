"""Clients of external services: arXiv, Crossref and a language model, each with its own exceptions."""
