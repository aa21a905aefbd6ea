"""Repositories that see more than one club: identity, installations, slots, rate gates, purging."""
