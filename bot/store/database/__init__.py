"""Engines, schema migration, and errors of opening a database."""
