"""Draws cards as messages of Slack."""
