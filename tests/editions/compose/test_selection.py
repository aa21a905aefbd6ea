"""Selection: picks first, then by rank, no paper twice; grouped by theme in a stable order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.vote_ranking import Terms
from bot.editions.compose.arxiv_themes import OTHER, theme_of
from bot.editions.compose.selection import Candidate, group_by_theme, select

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def candidate(id: int, votes: int = 0, **more: object) -> Candidate:
    return Candidate(id, Terms(votes, 0, NOW), **more)  # type: ignore[arg-type]  # keywords of one value


def ids(chosen: list[Candidate]) -> list[int]:
    return [c.submission for c in chosen]


def test_picks_stand_first_in_their_places_then_the_votes() -> None:
    found = select(
        [
            candidate(1, 9),
            candidate(2, 0, picked_at=NOW),
            candidate(3, 5),
            candidate(4, 0, picked_at=NOW, place=2),
            candidate(5, 1, picked_at=NOW - timedelta(days=1), place=1),
            candidate(6, 2, picked_at=NOW - timedelta(days=1)),
        ],
        limit=5,
        quorum=0,
    )
    assert ids(found) == [5, 4, 6, 2, 1]


def test_without_a_pick_a_paper_needs_the_quorum() -> None:
    votes = [candidate(1, 1), candidate(2, 2), candidate(3, 0, picked_at=NOW)]
    assert ids(select(votes, limit=9, quorum=2)) == [3, 2]


@given(st.permutations([candidate(n, n % 3, picked_at=NOW if n % 4 == 0 else None) for n in range(1, 13)]))
def test_the_order_in_which_they_come_changes_nothing(shuffled: list[Candidate]) -> None:
    found = select(shuffled, limit=8, quorum=0)
    assert ids(found) == [4, 8, 12, 2, 5, 11, 1, 7]


def test_themes_stand_in_the_order_of_their_first_paper() -> None:
    chosen = [
        candidate(1, theme="Reasoning", topic="Robots"),
        candidate(2, categories=("cs.LG", "cs.CL")),
        candidate(3),
        candidate(4, topic="reasoning"),
        candidate(5, suggested="Natural language processing"),
    ]
    assert [(g.theme, ids(list(g.papers))) for g in group_by_theme(chosen)] == [
        ("Reasoning", [1, 4]),
        ("Natural language processing", [2, 5]),
        (OTHER, [3]),
    ]


def test_a_broad_category_gives_way_to_a_telling_one() -> None:
    assert theme_of(["cs.LG"]) == "Machine learning"
    assert theme_of(["cs.LG", "stat.ML", "cs.CV"]) == "Computer vision"
    assert theme_of(["cs.CL", "cs.LG"]) == "Natural language processing"
    assert theme_of(["cs.XX"]) == "Computer science"
    assert theme_of(["hep-th"]) == "High-energy theory"
    assert theme_of(["no.such"]) == OTHER
