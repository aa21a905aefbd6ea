"""Selects the papers of an edition, orders them and groups them by theme. Pure rules without a database.

Picks come first, in their given order; then the papers with the highest rank (`bot.domain.vote_ranking`). The result
does not depend on the order of the candidates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.vote_ranking import Terms
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.subject_words import SubjectWords
from bot.editions.compose.theme_clustering import PaperFeatures, cluster
from bot.editions.compose.theme_names import theme_title
from bot.editions.model.translation import IN_ENGLISH
from bot.locale import Translator


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper that may be selected: its votes in the window, and placement by moderators and members.

    `picked_at` is when a moderator picked it, None if nobody did; `place` is the position the moderator gave it, if
    any.
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
    """The theme found by clustering, if nobody assigned one."""

    @property
    def assigned_theme(self) -> str:
        """The theme that people gave it: a moderator, else a member, else its topic."""
        return self.theme or self.suggested or self.topic

    @property
    def effective_theme(self) -> str:
        """The theme: assigned by a person, else found by clustering, else derived from the categories."""
        return self.assigned_theme or self.clustered or theme_of(self.categories)


@dataclass(frozen=True, slots=True)
class Group:
    """A theme and its papers."""

    theme: str
    papers: tuple[Candidate, ...]


def select(candidates: Collection[Candidate], *, limit: int, quorum: int) -> list[Candidate]:
    """The papers of an edition, in order: picks, then the rest by rank, at most `limit`.

    A paper without a pick needs `quorum` votes in the window.
    """
    picks = sorted((c for c in candidates if c.picked_at), key=_pick_order)
    others = sorted((c for c in candidates if not c.picked_at and c.terms.votes >= quorum), key=_rank_order)
    return [*picks, *others][: max(limit, 0)]


def themed(
    selected: Sequence[Candidate], features: Mapping[int, PaperFeatures], learned: SubjectWords | None = None
) -> list[Candidate]:
    """The selected papers, with a theme from clustering if nobody assigned one.

    `features` maps the submissions to the texts that clustering uses; `learned` are words of subjects, if any.
    """
    assigned = [candidate.assigned_theme for candidate in selected if candidate.assigned_theme]
    themes = cluster(
        [features[candidate.submission] for candidate in selected if not candidate.assigned_theme], assigned, learned
    )
    return [replace(candidate, clustered=themes.get(candidate.submission, "")) for candidate in selected]


def group_by_theme(selected: Sequence[Candidate], words: Translator = IN_ENGLISH) -> list[Group]:
    """The papers grouped by theme, ignoring case, with localized theme names.

    Groups are in the order of their first paper; papers without a theme come last.
    """
    names: dict[str, str] = {}
    members: dict[str, list[Candidate]] = {}
    for candidate in selected:
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
