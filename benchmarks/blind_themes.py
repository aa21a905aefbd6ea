"""Clusters of papers for readers who name them blind: `python -m benchmarks.blind_themes DATA FOLDER`.

Papers are grouped as an edition groups them: each week's choices, the curators' and those with 20 votes on Hugging
Face, and a dozen new papers of a week as a club of one field might choose them. Themes with five papers are clusters.
FOLDER gets `themes-blind.md` with five titles of each cluster and no name, and `themes-key.md` with the program's
names. The same data and seed give the same files.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.fit_shortlist import FIRST_WEEK
from benchmarks.shortlist_weeks import LIKED_BY_CROWD
from benchmarks.stream_weeks import Data, read
from bot.editions.compose.theme_clustering import PaperFeatures, cluster
from bot.recommender.values import StreamPaper

CLUSTERS, TITLES, OF_A_FIELD = 20, 5, 12
FIELDS = (
    "cs.RO",
    "cs.CR",
    "cs.SD",
    "cs.IR",
    "cs.SE",
    "cs.HC",
    "cs.DC",
    "cs.MA",
    "eess.IV",
    "q-bio.QM",
    "physics.comp-ph",
    "stat.ML",
)
"""arXiv categories whose papers a club of one field reads."""
TASK = (
    "Each group below holds five papers that a reading club’s newsletter put under one heading. For each group write "
    "the heading that you would give it, in one to four words. If one of the papers does not belong there, write its "
    "letter, too. If you see no common subject, write “none”."
)


@dataclass(frozen=True)
class ThemeCluster:
    """Papers of one week that the program put under one name."""

    name: str
    week_end: date
    titles: Sequence[str]


def clusters_of(data: Data, chance: random.Random) -> Iterator[ThemeCluster]:
    """The clusters of every week that have enough papers to show."""
    for end in data.weeks(FIRST_WEEK):
        for papers in (chosen_papers(data, end), field_papers(data, end, chance)):
            yield from _clusters(papers, end)


def _clusters(papers: Sequence[StreamPaper], end: date) -> Iterator[ThemeCluster]:
    found = cluster([PaperFeatures(at, one.title, one.abstract, one.categories) for at, one in enumerate(papers)])
    groups: dict[str, list[str]] = defaultdict(list)
    for at, name in found.items():
        groups[name].append(papers[at].title)
    yield from (ThemeCluster(name, end, titles) for name, titles in groups.items() if len(titles) >= TITLES)


def chosen_papers(data: Data, end: date) -> list[StreamPaper]:
    """Papers that curators and the crowd chose in the seven days up to a day, each once."""
    by_key = {paper.key: paper for paper in data.stream}
    keys = [pick.paper.key for pick in data.picks if pick.week_end == end]
    keys += [key for key, (day, votes) in data.votes.items() if votes >= LIKED_BY_CROWD and 0 <= (end - day).days < 7]
    return [by_key[key] for key in dict.fromkeys(keys) if key in by_key]


def field_papers(data: Data, end: date, chance: random.Random) -> list[StreamPaper]:
    """A dozen papers of one field that were announced in the seven days up to a day."""
    field = FIELDS[end.toordinal() // 7 % len(FIELDS)]
    new = [paper for paper in data.stream if field in paper.categories and 0 <= (end - paper.published.date()).days < 7]
    return chance.sample(new, min(OF_A_FIELD, len(new)))


def drawn(found: Sequence[ThemeCluster], seed: int) -> list[ThemeCluster]:
    """Twenty of the clusters, each with five titles: as many different names as there are, in any order."""
    chance = random.Random(seed)
    shuffled = chance.sample(list(found), len(found))
    first = {one.name: one for one in reversed(shuffled)}
    chosen = chance.sample(list(first.values()), min(CLUSTERS, len(first)))
    chosen += [one for one in shuffled if one not in chosen][: CLUSTERS - len(chosen)]
    chance.shuffle(chosen)
    return [ThemeCluster(one.name, one.week_end, chance.sample(list(one.titles), TITLES)) for one in chosen]


def blind_page(chosen: Sequence[ThemeCluster]) -> str:
    """Page for the readers, in Markdown."""
    groups = [
        "\n".join(
            [f"## {number}", "", *(f"- {letter}. {title}" for letter, title in zip("abcde", one.titles, strict=True))]
        )
        for number, one in enumerate(chosen, 1)
    ]
    return "\n\n".join(["# Twenty groups of papers", TASK, *groups]) + "\n"


def key_page(chosen: Sequence[ThemeCluster]) -> str:
    """The program's names, by the numbers of the groups."""
    rows = [f"{number}. {one.name} (week to {one.week_end})" for number, one in enumerate(chosen, 1)]
    return "\n".join(["# The program’s names", "", *rows]) + "\n"


def main() -> int:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=14)
    options = parser.parse_args()
    found = list(clusters_of(read(options.data), random.Random(options.seed)))
    chosen = drawn(found, options.seed)
    options.folder.mkdir(parents=True, exist_ok=True)
    options.folder.joinpath("themes-blind.md").write_text(blind_page(chosen), "utf-8")
    options.folder.joinpath("themes-key.md").write_text(key_page(chosen), "utf-8")
    print(f"{len(chosen)} of {len(found)} clusters, {len({one.name for one in chosen})} names.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
