"""Putting the chosen papers under a few themes: each near its own, and no theme without need.

To open a theme costs something, and a paper is worth under it what it says of it (facility location, greedily). So ten
papers come under three to six themes, and four that speak of one thing under one. The names come from two tables, what
papers speak of (`bot.editions.compose.subject_keywords`) and what their categories are called (`bot.editions.compose.arxiv_themes`): a theme has the
same name in every edition, and the same papers always come under the same themes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.editions.compose.arxiv_themes import BROAD as BROAD_CATEGORIES
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.subject_keywords import BROAD, subjects_in

THEME_COST = 3.3
"""What a theme must add to be opened, in worths: less than one paper that speaks of it all through."""
TITLE_SCORE, ABSTRACT_SCORE, MAX_ABSTRACT_SCORE = 2.0, 0.5, 2.0
"""What it is worth that a subject is named in the title, and each time in the abstract, there up to MOST."""
CATEGORY_SCORE, BROAD_CATEGORY_SCORE = 1.0, 0.4
"""What it is worth that the paper's category is the theme; of a category that says little."""
MIN_SCORE = 0.6
"""Worth below which a paper does not belong under a theme that was opened for others."""
BROAD_FACTOR = 0.6
"""What a subject counts that many papers only touch on."""


@dataclass(frozen=True, slots=True)
class PaperFeatures:
    """A paper, as far as its theme is concerned."""

    id: int
    title: str
    abstract: str
    categories: tuple[str, ...]


def cluster(papers: Sequence[PaperFeatures], given: Iterable[str] = ()) -> dict[int, str]:
    """A theme for each of these papers. Themes that are `given` stand in the edition already, and cost nothing."""
    worths = {paper.id: _scores(paper) for paper in sorted(papers, key=lambda paper: paper.id)}
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
    """The opened theme of a paper; where it fits none, what it speaks of most by itself."""
    most, name = _best(worth, opened)
    return name if most >= MIN_SCORE else _best(worth, list(worth))[1]


def _scores(paper: PaperFeatures) -> dict[str, float]:
    """What the paper is worth under each theme that it has anything to do with."""
    found: dict[str, float] = {}
    for name, cue in subjects_in().items():
        heard = TITLE_SCORE * bool(cue.search(paper.title)) + min(MAX_ABSTRACT_SCORE, ABSTRACT_SCORE * len(cue.findall(paper.abstract)))
        if heard:
            found[name] = heard * (BROAD_FACTOR if name in BROAD else 1.0)
    category = theme_of(paper.categories)
    if category != OTHER:
        broad = all(one in BROAD_CATEGORIES for one in paper.categories)
        found[category] = found.get(category, 0.0) + (BROAD_CATEGORY_SCORE if broad else CATEGORY_SCORE)
    return found


def _best(worth: dict[str, float], opened: Sequence[str]) -> tuple[float, str]:
    """The opened theme under which a paper is worth most, and how much; nothing where it fits none."""
    return max(((worth.get(name, 0.0), name) for name in opened), default=(0.0, ""))
