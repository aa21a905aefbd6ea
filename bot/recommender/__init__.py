"""The shortlist: which papers of the stream a club would pick. Pure: the same inputs give the same list."""

from bot.recommender.ranking import rank

__all__ = ["rank"]
