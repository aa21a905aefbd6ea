"""Renders cards as Slack messages."""
