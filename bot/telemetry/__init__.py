"""Logs and metrics of this process, without secrets."""
