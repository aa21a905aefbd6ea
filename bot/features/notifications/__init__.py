"""Collects and sends what members follow."""
