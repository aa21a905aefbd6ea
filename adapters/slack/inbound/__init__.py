"""Turns Slack's events and interactions into calls."""
