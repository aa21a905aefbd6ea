"""Evidence of a taste as papers with weights: the common start of both rankers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.recommender.values import StreamPaper, Taste

_WORD = re.compile(r"[^\W_]+")

HALF_LIFE_DAYS = 150.0
"""Age at which a choice counts half: tastes move on."""
PICKED_WEIGHT, MORE_WEIGHT, VOTE_WEIGHT, LIBRARY_WEIGHT, LESS_WEIGHT = 1.0, 0.7, 0.5, 0.2, -0.7
MOST_VOTE_WEIGHT = 1.5


def weighted_papers(
    taste: Taste, candidates: Iterable[StreamPaper], now: datetime, *, fading: bool = True
) -> dict[str, float]:
    """Weights of papers by key: evidence for (above 0) or against (below 0) papers that resemble them.

    A paper that is named in several ways takes the strongest: a pick outweighs "less", which outweighs a vote. With
    `fading`, older papers weigh less.
    """
    weights: dict[str, float] = {}

    def note(paper: StreamPaper, weight: float) -> None:
        weight *= freshness(paper, now) if fading else 1.0
        if abs(weight) > abs(weights.get(paper.key, 0.0)):
            weights[paper.key] = weight

    for paper in taste.library:
        note(paper, LIBRARY_WEIGHT)
    for paper in (*taste.library, *taste.background, *candidates, *taste.picked, *taste.more, *taste.less):
        if points := taste.voted.get(paper.key):
            note(paper, max(-MOST_VOTE_WEIGHT, min(MOST_VOTE_WEIGHT, VOTE_WEIGHT * points)))
    for papers, weight in ((taste.picked, PICKED_WEIGHT), (taste.more, MORE_WEIGHT), (taste.less, LESS_WEIGHT)):
        for paper in papers:
            note(paper, weight)
    return weights


def freshness(paper: StreamPaper, now: datetime) -> float:
    """1 for a paper of now, half at `HALF_LIFE_DAYS`, never below a tenth. A paper of the future counts as of now."""
    days = max(0.0, (now - paper.published).total_seconds() / 86_400)
    return float(max(0.1, 0.5 ** (days / HALF_LIFE_DAYS)))


def known_papers(taste: Taste, candidates: Iterable[StreamPaper]) -> dict[str, StreamPaper]:
    """All papers whose text can be read, by key: those of the taste and the candidates."""
    papers: dict[str, StreamPaper] = {}
    for paper in (*taste.background, *candidates, *taste.library, *taste.less, *taste.more, *taste.picked):
        papers[paper.key] = paper
    return papers


def proposable(papers: Iterable[StreamPaper], taste: Taste) -> list[StreamPaper]:
    """The papers that may be proposed, each once: none that the club saw or has, none with a negative word."""
    had = taste.seen | {paper.key for paper in (*taste.picked, *taste.more, *taste.less, *taste.library)}
    unwanted = Phrases(taste.negative_words)
    return list(
        {paper.key: paper for paper in papers if paper.key not in had and not unwanted.found_in(paper)}.values()
    )


class Phrases:
    """Words and phrases of a person, looked for in papers as whole words; "agents" finds "agent" and the reverse."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_form = {form: phrase for phrase in phrases if (form := _plain(phrase))}

    def found_in(self, paper: StreamPaper) -> tuple[str, ...]:
        """The phrases that title or abstract have, in the order in which they were given."""
        if not self._by_form:
            return ()
        text = f" {_plain(paper.title)} {_plain(paper.abstract)} "
        return tuple(phrase for form, phrase in self._by_form.items() if f" {form} " in text)


def _plain(text: str) -> str:
    """Words in lower case between single spaces, without the s of a plural."""
    return " ".join(
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in _WORD.findall(text.lower())
    )
