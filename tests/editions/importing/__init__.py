"""Tests of reading editions from Markdown."""
