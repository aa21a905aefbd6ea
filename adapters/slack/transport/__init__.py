"""Connections and requests to Slack."""
