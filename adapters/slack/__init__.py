"""Slack: cards as Block Kit, calls from commands, buttons and forms."""
