"""Draws cards as messages of Discord."""
