"""Picks, reports and the audit log."""
