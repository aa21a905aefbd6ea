"""Which papers an edition takes, in which order, and under which themes: pure rules, without a database.

Picks come first, those with a place in its order; then what the members voted up, by `bot.domain.ranking`. The same
candidates always give the same edition, in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ranking import Terms
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.theme_clustering import PaperFeatures, cluster
from bot.editions.compose.theme_names import theme_title
from bot.editions.render.captions import IN_ENGLISH
from bot.locale import Translator


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may go in: its standing in the window, and what moderators and members said about where.

    `picked_at` is when a moderator chose it, None if nobody did; `place` is the place they gave it, if any.
    """

    submission: int
    terms: Terms
    categories: tuple[str, ...] = ()
    picked_at: datetime | None = None
    place: int | None = None
    theme: str = ""
    """The theme a moderator gave it."""
    suggested: str = ""
    """The theme a member suggested for it."""
    topic: str = ""
    clustered: str = ""
    """The theme it comes under among the papers of its edition, where nobody gave it one."""

    @property
    def assigned_theme(self) -> str:
        """The theme that people gave it: a moderator, else a member, else its topic."""
        return self.theme or self.suggested or self.topic

    @property
    def effective_theme(self) -> str:
        """Its theme: people's word, else where it was put among the others, else what its categories say."""
        return self.assigned_theme or self.clustered or theme_of(self.categories)


@dataclass(frozen=True, slots=True)
class Group:
    """A theme and its papers."""

    theme: str
    papers: tuple[Candidate, ...]


def select(candidates: Iterable[Candidate], *, most: int, quorum: int, published: frozenset[int]) -> list[Candidate]:
    """The papers of an edition, in order: picks, then the rest by rank, at most `most`.

    A paper without a pick needs `quorum` votes in the window. One that was `published` before is never taken.
    """
    fresh = [c for c in candidates if c.submission not in published]
    picks = sorted((c for c in fresh if c.picked_at), key=_pick_order)
    others = sorted((c for c in fresh if not c.picked_at and c.terms.votes >= quorum), key=_rank_order)
    return [*picks, *others][: max(most, 0)]


def themed(chosen: Sequence[Candidate], told: Mapping[int, PaperFeatures]) -> list[Candidate]:
    """The chosen ones, each with a theme among the others where nobody gave it one. `told` are they by submission."""
    given = [candidate.assigned_theme for candidate in chosen if candidate.assigned_theme]
    found = cluster([told[candidate.submission] for candidate in chosen if not candidate.assigned_theme], given)
    return [replace(candidate, clustered=found.get(candidate.submission, "")) for candidate in chosen]


def group_by_theme(chosen: Sequence[Candidate], words: Translator = IN_ENGLISH) -> list[Group]:
    """The papers by theme, whatever its case, with its name in a language.

    Themes stand in the order of their first paper; without one, last.
    """
    names: dict[str, str] = {}
    members: dict[str, list[Candidate]] = {}
    for candidate in chosen:
        title = theme_title(candidate.effective_theme, words)
        key = title.casefold()
        names.setdefault(key, title)
        members.setdefault(key, []).append(candidate)
    groups = [Group(names[key], tuple(papers)) for key, papers in members.items()]
    return sorted(groups, key=lambda group: group.theme == theme_title(OTHER, words))


def _pick_order(candidate: Candidate) -> tuple[bool, int, datetime, int]:
    assert candidate.picked_at is not None
    return candidate.place is None, candidate.place or 0, candidate.picked_at, candidate.submission


def _rank_order(candidate: Candidate) -> tuple[float, int]:
    return -candidate.terms.score, candidate.submission
