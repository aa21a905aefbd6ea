"""The plain ranker, as moderators read its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.recommender import plain
from bot.recommender.caps import DAYS_SHARE, MOST_OF_AN_AUTHOR, MOST_OF_AN_AUTHOR_AND_DAY
from bot.recommender.interests import phrases_of_interest
from bot.recommender.values import RankedPaper, ReasonKind, StreamPaper, Taste
from tests.recommender.papers import NOW, agents, fish, paper, week

PICKED = (paper("p1", *agents(1), authors=("Ada Lovelace",), days=9), paper("p2", *agents(2), days=12))


def ranked(papers: Sequence[StreamPaper], taste: Taste, limit: int = 5) -> Sequence[RankedPaper]:
    return plain.rank_plainly(papers, taste, now=NOW, limit=limit)


def test_what_resembles_the_picks_comes_first_with_reasons_that_are_true_of_it() -> None:
    known = paper("new-1", *agents(3), authors=("Ada Lovelace", "Zed"), signals={"hf_votes": 40.0})
    papers = [*week(fish, 30), known, paper("new-2", *agents(4), authors=("Bo",))]
    first, second, *_ = ranked(papers, Taste(picked=PICKED, words=("planning", "whales"), followed_authors=("Bo",)))
    assert {first.paper.key, second.paper.key} == {"new-1", "new-2"}
    of = {one.paper.key: {reason.kind: reason for reason in one.reasons} for one in (first, second)}
    assert of["new-1"][ReasonKind.AUTHORS].names == ("Ada Lovelace",)
    assert of["new-1"][ReasonKind.SIGNAL].amount == 40
    assert of["new-1"][ReasonKind.WORDS].names == ("planning",)
    assert of["new-2"][ReasonKind.FOLLOWED].names == ("Bo",)
    assert of["new-2"][ReasonKind.SIMILAR].key in {"p1", "p2"}
    assert all(0 < reason.share <= 1 for one in (first, second) for reason in one.reasons)


def test_the_same_inputs_give_the_same_list_in_any_order() -> None:
    papers = [*week(fish, 20), *week(agents, 20)]
    taste = Taste(picked=PICKED)
    assert ranked(papers, taste, 30) == ranked(papers[::-1], taste, 30)


def test_less_and_votes_change_the_next_list() -> None:
    papers = [*week(fish, 20), *week(agents, 20)]
    liked = [one.paper for one in ranked(papers, Taste(picked=PICKED), 10)]
    assert all("agents" in one.key for one in liked)
    turned = Taste(picked=PICKED, less=tuple(paper(f"no-{n}", *agents(n), days=1) for n in range(6)))
    turned = replace(turned, voted={"f": 3.0}, library=(paper("f", *fish(3)),))
    after = [one.paper for one in ranked(papers, turned, 10)]
    assert all("fish" in one.key for one in after)


def test_nothing_comes_twice_and_nothing_unwanted() -> None:
    papers = [*week(agents, 10), *week(agents, 10)]
    seen = frozenset({papers[0].key})
    again = paper("p1", *agents(1))
    unwanted = paper("spam", "Agents for cryptocurrency", "Planning agents trade cryptocurrencies.")
    found = ranked([*papers, again, unwanted], Taste(picked=PICKED, seen=seen, negative_words=("cryptocurrency",)), 40)
    keys = [one.paper.key for one in found]
    assert sorted(keys) == sorted({one.key for one in papers} - seen)


def test_an_author_who_copies_the_clubs_words_gets_few_places() -> None:
    title, abstract = agents(1)
    flood = [
        paper(f"x{n}", f"{title} {n}", f"{abstract} " * 200, authors=(f"Sock {n}", "Mallory"), days=n % 5)
        for n in range(40)
    ]
    found = ranked([*flood, *week(agents, 40)], Taste(picked=PICKED), 20)
    theirs = [one.paper for one in found if "Mallory" in one.paper.authors]
    assert len(found) == 20
    assert len(theirs) <= MOST_OF_AN_AUTHOR
    for day in {one.published.date() for one in theirs}:
        assert sum(one.published.date() == day for one in theirs) <= MOST_OF_AN_AUTHOR_AND_DAY


def test_one_day_does_not_fill_the_list_while_others_have_papers() -> None:
    flood = [paper(f"x{n}", *agents(1), authors=(f"Sock {n}",), days=1) for n in range(60)]
    found = ranked([*flood, *week(fish, 60)], Taste(picked=PICKED), 20)
    of_the_day = [one for one in found if one.paper.published == NOW - timedelta(days=1)]
    assert len(found) == 20
    assert len(of_the_day) <= 20 * DAYS_SHARE
    alone = ranked(flood, Taste(picked=PICKED), 20)
    assert len(alone) == 20


def test_a_club_that_said_nothing_gets_a_list_by_words_and_votes() -> None:
    papers = [*week(fish, 20), paper("wanted", *agents(1)), paper("popular", *fish(1), signals={"hf_votes": 90.0})]
    found = ranked(papers, Taste(words=("agent",)), 2)
    assert {one.paper.key for one in found} == {"wanted", "popular"}
    assert ranked([], Taste()) == ()
    assert len(ranked(papers, Taste(), 3)) == 3


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("retrieval, world models", ("retrieval", "world models")),
        ("chain of thought prompting", ("chain of thought prompting",)),
        (
            "We like papers on retrieval for long documents, and the evaluation of agents.",
            ("retrieval", "long documents", "evaluation", "agents"),
        ),
        (
            "How do large language models learn to plan many steps ahead; also C++ compilers",
            ("large language models", "plan", "steps ahead", "C++ compilers"),
        ),
        ("Wir interessieren uns für Protein-Faltung und Roboter", ("Protein-Faltung", "Roboter")),
        ("We like to read about new things.", ()),
    ],
)
def test_an_interest_may_be_words_or_a_plain_sentence(typed: str, phrases: tuple[str, ...]) -> None:
    assert phrases_of_interest(typed) == phrases
