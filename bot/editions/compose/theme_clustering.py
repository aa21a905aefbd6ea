"""Assigns the papers of an edition to a few themes (facility location, solved greedily).

Opening a theme has a fixed cost; a paper contributes a score for each theme, from its subject keywords and categories.
Ten papers usually form three to six themes, and four papers on one subject form one. The names come from two tables,
`bot.editions.compose.subject_keywords` and `bot.editions.compose.arxiv_themes`, so the result is deterministic and
names are the same in every edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.editions.compose.arxiv_themes import BROAD as BROAD_CATEGORIES
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.subject_keywords import BROAD, subjects_in

THEME_COST = 3.3
"""Minimum gain in score for opening a theme; less than the score of one paper that is entirely about the theme."""
TITLE, ABSTRACT, MOST = 2.0, 0.5, 2.0
"""Score of a subject in the title, score of each mention in the abstract, and the limit of the latter's sum."""
CATEGORY, BROAD_CATEGORY = 1.0, 0.4
"""Score if the paper's category has this theme, and the score of a broad category."""
LEAST = 0.6
"""Minimum score for assigning a paper to a theme that was opened for other papers."""
MIN_OVERLAP = 0.6
"""Factor for the scores of broad subjects."""


@dataclass(frozen=True, slots=True)
class PaperFeatures:
    """A paper, as far as its theme is concerned."""

    id: int
    title: str
    abstract: str
    categories: tuple[str, ...]


def cluster(papers: Sequence[PaperFeatures], given: Iterable[str] = ()) -> dict[int, str]:
    """A theme for each paper, by paper id. Themes in `given` are open already and cost nothing."""
    worths = {paper.id: _worths(paper) for paper in sorted(papers, key=lambda paper: paper.id)}
    names = sorted({name for worth in worths.values() for name in worth})
    known = {name.casefold() for name in given}
    opened = [name for name in names if name.casefold() in known]

    def gain(name: str) -> float:
        return sum(max(0.0, worth.get(name, 0.0) - _best(worth, opened)[0]) for worth in worths.values())

    while left := [name for name in names if name not in opened]:
        most, name = max((gain(name), name) for name in left)
        if most < THEME_COST:
            break
        opened.append(name)
    return {paper.id: _theme(worths[paper.id], opened) or theme_of(paper.categories) for paper in papers}


def _theme(worth: dict[str, float], opened: Sequence[str]) -> str:
    """The open theme of a paper; if none fits, the one with the highest score."""
    most, name = _best(worth, opened)
    return name if most >= LEAST else _best(worth, list(worth))[1]


def _worths(paper: PaperFeatures) -> dict[str, float]:
    """Scores of the paper for all themes that it is related to."""
    found: dict[str, float] = {}
    for name, cue in subjects_in().items():
        heard = TITLE * bool(cue.search(paper.title)) + min(MOST, ABSTRACT * len(cue.findall(paper.abstract)))
        if heard:
            found[name] = heard * (MIN_OVERLAP if name in BROAD else 1.0)
    category = theme_of(paper.categories)
    if category != OTHER:
        broad = all(one in BROAD_CATEGORIES for one in paper.categories)
        found[category] = found.get(category, 0.0) + (BROAD_CATEGORY if broad else CATEGORY)
    return found


def _best(worth: dict[str, float], opened: Sequence[str]) -> tuple[float, str]:
    """Score and name of the best open theme of a paper; 0 and "" if none fits."""
    return max(((worth.get(name, 0.0), name) for name in opened), default=(0.0, ""))
