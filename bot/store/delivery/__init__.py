"""Deliveries, their claims, discussions, rooms."""
