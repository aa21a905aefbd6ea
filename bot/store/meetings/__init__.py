"""Repositories of meetings, answers to them, notifications about them, and calendar feeds."""
