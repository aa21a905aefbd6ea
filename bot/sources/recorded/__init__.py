"""A small arXiv on this machine with four hundred real papers, for the demo and the tests (see README.md)."""

from bot.sources.recorded.server import RecordedArxiv
from bot.sources.recorded.shelf import recorded_papers

__all__ = ["RecordedArxiv", "recorded_papers"]
