"""Checks of generated text: quotes, numbers, names and links must occur in the source."""
