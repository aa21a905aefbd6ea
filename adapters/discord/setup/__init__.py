"""Installs the bot on Discord and checks that it can work there."""
