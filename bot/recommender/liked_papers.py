"""Papers that speak for others: what was done with each, and what of a new paper is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from bot.recommender import similar
from bot.recommender.names import name_key, name_keys
from bot.recommender.reasons import named_authors
from bot.recommender.terms import Vector, terms
from bot.recommender.values import Choice, StreamPaper, Taste

MOST_COMPARED = 5
"""Papers, those that a ranker finds nearest, of which it is asked how alike they are in the sense of `similar`."""
_ORDER = {choice: place for place, choice in enumerate(Choice)}


class LikedPapers:
    """The papers of a taste that speak for others, by key."""

    def __init__(self, taste: Taste, papers: Mapping[str, StreamPaper], weights: Mapping[str, float]) -> None:
        """`weights` are those of `weighted_papers`: papers above 0 are liked, as far as `papers` has them."""
        choices = _choices(taste)
        liked = [key for key, weight in weights.items() if weight > 0 and key in papers]
        self._papers = {key: papers[key] for key in liked}
        self._choices = {key: choices.get(key, Choice.LISTED) for key in liked}

    def named_authors(self, paper: StreamPaper, points: Mapping[str, float]) -> tuple[tuple[str, ...], Choice]:
        """Authors of a paper who also wrote liked ones, the best known first, and what was done with those papers.

        Where different things were done with them, the authors of those with the strongest are named.
        """
        known = {
            name: self._of_author[key]
            for name in named_authors(paper, points)
            if (key := name_key(name)) in self._of_author
        }
        if not known:
            return (), Choice.LISTED
        strongest = min(known.values(), key=_ORDER.__getitem__)
        return tuple(name for name, choice in known.items() if choice == strongest), strongest

    def with_words(self, words: Iterable[str]) -> tuple[tuple[str, ...], Choice]:
        """Those of some words that liked papers have, and what was done with the papers that have most of them."""
        wanted = tuple(words)
        shared = {choice: tuple(word for word in wanted if word in of) for choice, of in self._words.items()}
        most = max(shared, key=lambda choice: len(shared[choice]), default=Choice.LISTED)
        return shared.get(most, ()), most

    def nearest(self, paper: StreamPaper, keys: Iterable[str]) -> tuple[str, float]:
        """The most alike of some liked papers, if "Papers like it" would show this one, and how alike; else ("", 0)."""
        best = ("", 0.0)
        for key in keys:
            if liked := self._papers.get(key):
                nearness = similar.nearness(_profile(liked.title, liked.abstract), paper.title, paper.abstract)
                if nearness >= similar.ALIKE and nearness > best[1]:
                    best = (key, nearness)
        return best

    @cached_property
    def _of_author(self) -> dict[str, Choice]:
        """The strongest thing that was done with a paper of an author, by the key of the name."""
        found: dict[str, Choice] = {}
        for key, choice in sorted(self._choices.items(), key=lambda pair: -_ORDER[pair[1]]):
            found |= dict.fromkeys(name_keys(self._papers[key]), choice)
        return found

    @cached_property
    def _words(self) -> dict[Choice, set[str]]:
        """The words of the papers with which each thing was done, the strongest first."""
        found: dict[Choice, set[str]] = {}
        for choice in Choice:
            papers = [self._papers[key] for key, done in self._choices.items() if done == choice]
            if papers:
                found[choice] = {word for paper in papers for word in (*terms(paper.title), *terms(paper.abstract))}
        return found


def _choices(taste: Taste) -> dict[str, Choice]:
    """The deed by which each paper of a taste speaks, by key."""
    return {
        **{paper.key: Choice.LISTED for paper in taste.library},
        **{key: Choice.VOTED for key, points in taste.voted.items() if points > 0},
        **{paper.key: Choice.MORE for paper in taste.more},
        **{paper.key: Choice.PICKED for paper in taste.picked},
        **taste.choices,
    }


@lru_cache(maxsize=4_000)
def _profile(title: str, abstract: str) -> Vector:
    return similar.profile(title, abstract)
