"""Renders cards as Discord messages."""
