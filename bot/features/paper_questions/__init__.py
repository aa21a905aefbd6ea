"""Questions to papers, answered in the papers' own words."""

from __future__ import annotations

from bot.features.paper_questions.ask import commands

__all__ = ["commands"]
