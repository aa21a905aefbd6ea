"""Reads LaTeX markup as plain text, and escapes text for LaTeX."""
