"""Repositories of meetings, answers to them, notices about them, and calendar feeds."""
