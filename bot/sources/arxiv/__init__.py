"""arXiv: papers by id, by words and by day, through a way there that never mistakes a fault for an empty answer."""

from bot.sources.arxiv.client import Arxiv
from bot.sources.arxiv.errors import ArxivNonsense, ArxivUnavailable, BadQuery
from bot.sources.arxiv.withdrawn import is_withdrawn

__all__ = ["Arxiv", "ArxivNonsense", "ArxivUnavailable", "BadQuery", "is_withdrawn"]
