"""Installs the app on Slack and checks that it can work there."""
