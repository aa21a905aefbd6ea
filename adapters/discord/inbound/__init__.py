"""Turns Discord's events and interactions into calls."""
