"""Markdown itself: lines, running text, lists and blocks of an edition."""
