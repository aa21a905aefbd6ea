"""A small arXiv on this machine with four hundred real papers, for the demo and the tests (see README.md)."""

from bot.sources.recorded_arxiv.records import recorded_papers
from bot.sources.recorded_arxiv.server import RecordedArxiv

__all__ = ["RecordedArxiv", "recorded_papers"]
