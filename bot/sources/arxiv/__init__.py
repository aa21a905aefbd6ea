"""arXiv: papers by id, by words and by day, through a way there that never mistakes a fault for an empty answer."""

from bot.sources.arxiv.client import ArxivClient
from bot.sources.arxiv.errors import ArxivMalformed, ArxivUnavailable, BadQuery
from bot.sources.arxiv.withdrawal import is_withdrawn

__all__ = ["ArxivClient", "ArxivMalformed", "ArxivUnavailable", "BadQuery", "is_withdrawn"]
