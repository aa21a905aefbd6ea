"""Finds posted messages again by their delivery metadata."""

from __future__ import annotations

PAGE, PAGES = 100, 20
"""Messages of a channel's history asked for at a time, and how often, when a post of doubtful outcome is looked for."""
