"""Assigns the papers of an edition to a few themes (facility location, solved greedily).

Opening a theme has a fixed cost; a paper contributes a score for each theme, from its subject keywords and categories.
Ten papers usually form three to six themes, and four papers on one subject form one. The names come from two tables,
`bot.editions.compose.subject_keywords` and `bot.editions.compose.arxiv_themes`, so the result is deterministic and
names are the same in every edition. Words that were learned from the stream (`bot.editions.compose.subject_words`) say
which subject a paper has beside the tables' own. A paper does not stay alone in a theme if another one fits it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from bot.editions.compose.arxiv_themes import BROAD as BROAD_CATEGORIES
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.subject_keywords import BROAD, subjects_in, without_other_senses
from bot.editions.compose.subject_words import SubjectWords

THEME_COST = 3.3
"""Minimum gain in score for opening a theme; less than the score of one paper that is entirely about the theme."""
TITLE_SCORE, ABSTRACT_SCORE, MAX_ABSTRACT_SCORE = 2.0, 0.5, 2.0
"""Score of a subject in the title, score of each mention in the abstract, and the limit of the latter's sum."""
CATEGORY_SCORE, BROAD_CATEGORY_SCORE = 1.0, 0.4
"""Score if the paper's category has this theme, and the score of a broad category."""
MIN_SCORE = 0.6
"""Minimum score for assigning a paper to a theme that was opened for other papers."""
FITTING_SCORE, FITTING_SHARE = 0.3, 0.2
"""Minimum score of a theme for a paper that would be alone otherwise (one mention of a broad subject), and the minimum
share of the score of its own theme."""
BROAD_FACTOR = 0.6
"""Factor for the scores of broad subjects."""
LEARNED_SCORE, LEAST_CHANCE, BESIDE_TITLE = 2.0, 0.08, 0.5
"""Score of a subject that the learned words make certain, the chance below which they say nothing, and the factor for
other subjects than those that the title names."""


@dataclass(frozen=True, slots=True)
class PaperFeatures:
    """A paper, as far as its theme is concerned."""

    id: int
    title: str
    abstract: str
    categories: tuple[str, ...]


def cluster(
    papers: Sequence[PaperFeatures], given: Iterable[str] = (), learned: SubjectWords | None = None
) -> dict[int, str]:
    """A theme for each paper, by paper id. Themes in `given` are open already and cost nothing."""
    scores = {paper.id: _scores(paper, learned) for paper in sorted(papers, key=lambda paper: paper.id)}
    names = sorted({name for score in scores.values() for name in score})
    given_keys = {name.casefold() for name in given}
    opened = [name for name in names if name.casefold() in given_keys]

    def gain(name: str) -> float:
        return sum(max(0.0, score.get(name, 0.0) - _best(score, opened)[0]) for score in scores.values())

    while remaining := [name for name in names if name not in opened]:
        best, name = max((gain(name), name) for name in remaining)
        if best < THEME_COST:
            break
        opened.append(name)
    found = {paper.id: _theme(scores[paper.id], opened) or theme_of(paper.categories) for paper in papers}
    return _with_company(found, scores, given_keys)


def _with_company(found: dict[int, str], scores: Mapping[int, dict[str, float]], given: Set[str]) -> dict[int, str]:
    """The themes without those of a single paper, as far as another theme fits it.

    The papers that are least about their theme move first: to a theme of other papers, or two of them to one that both
    have something of. A theme that people gave is kept.
    """
    for id in sorted(found, key=lambda id: (scores[id].get(found[id], 0.0), id)):
        sizes = Counter(found.values())
        if sizes[found[id]] > 1 or found[id].casefold() in given:
            continue
        others = _fitting(scores[id], found[id])
        if there := [name for name in others if name in sizes]:
            found[id] = _best(others, there)[1]
            continue
        lonely = [other for other in found if other != id and sizes[found[other]] == 1]
        shared = [
            (score + scores[other][name], name, other)
            for other in lonely
            if found[other].casefold() not in given
            for name, score in others.items()
            if name in _fitting(scores[other], found[other])
        ]
        if shared:
            _unused, name, other = max(shared)
            found[id] = found[other] = name
    return found


def _fitting(scores: Mapping[str, float], own: str) -> dict[str, float]:
    """The other themes that a paper has enough of to be with them."""
    least = max(FITTING_SCORE, FITTING_SHARE * scores.get(own, 0.0))
    return {name: score for name, score in scores.items() if name != own and score >= least}


def _theme(scores: dict[str, float], opened: Sequence[str]) -> str:
    """The open theme of a paper; if none fits, the one with the highest score."""
    score, name = _best(scores, opened)
    return name if score >= MIN_SCORE else _best(scores, list(scores))[1]


def _scores(paper: PaperFeatures, learned: SubjectWords | None) -> dict[str, float]:
    """Scores of the paper for all themes that it is related to."""
    scores: dict[str, float] = {}
    in_title = set[str]()
    for name, pattern in subjects_in().items():
        title, abstract = without_other_senses(name, paper.title, paper.abstract)
        score = min(MAX_ABSTRACT_SCORE, ABSTRACT_SCORE * len(pattern.findall(abstract)))
        if pattern.search(title):
            score += TITLE_SCORE
            in_title.add(name)
        if score:
            scores[name] = score * (BROAD_FACTOR if name in BROAD else 1.0)
    category = theme_of(paper.categories)
    if category != OTHER:
        broad = all(arxiv_category in BROAD_CATEGORIES for arxiv_category in paper.categories)
        scores[category] = scores.get(category, 0.0) + (BROAD_CATEGORY_SCORE if broad else CATEGORY_SCORE)
        if not broad and learned and category not in learned.shares:
            return scores  # of a field that taught nothing
    specific = in_title - BROAD
    for name, chance in learned.chances(paper.title, paper.abstract).items() if learned else ():
        if chance >= LEAST_CHANCE:
            factor = BESIDE_TITLE if specific and name not in specific else 1.0
            scores[name] = scores.get(name, 0.0) + LEARNED_SCORE * factor * chance
    return scores


def _best(scores: dict[str, float], opened: Sequence[str]) -> tuple[float, str]:
    """Score and name of the best open theme of a paper; 0 and "" if none fits."""
    return max(((scores.get(name, 0.0), name) for name in opened), default=(0.0, ""))
