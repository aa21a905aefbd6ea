"""Markdown as programs and people write it, brought into the form that the export has."""
