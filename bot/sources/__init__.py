"""Clients of external services: arXiv, registries of DOIs, other pages and a language model."""
