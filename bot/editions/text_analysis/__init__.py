"""Sentences, words and markers of scientific text."""
