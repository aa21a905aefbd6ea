"""The list of a club that has chosen nothing yet: votes first, then what resembles papers with many votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

from bot.recommender import plain
from bot.recommender.prior import FILE, prior_score, prior_words
from bot.recommender.values import RankedPaper, ReasonKind, StreamPaper, Taste
from tests.recommender.papers import NOW, fish, paper


def of_field(category: str, key: str, title: str, abstract: str, **given: object) -> StreamPaper:
    return replace(paper(key, title, abstract), categories=(category,), **given)  # type: ignore[arg-type]


def ranked(papers: Sequence[StreamPaper], taste: Taste) -> Sequence[RankedPaper]:
    return plain.rank_plainly(papers, taste, now=NOW, limit=5)


WORDS = sorted(prior_words(), key=lambda word: -prior_words()[word])
LOVED, UNLOVED = " ".join(WORDS[:8]), " ".join(WORDS[-8:])


def test_what_resembles_papers_with_many_votes_comes_before_the_rest_and_after_votes() -> None:
    loved = of_field("cs.CL", "loved", "A paper", LOVED)
    unloved = of_field("cs.CL", "unloved", "A paper", UNLOVED)
    popular = of_field("cs.CL", "popular", "A paper", UNLOVED, signals={"hf_votes": 60.0})
    first, second, third = ranked([unloved, loved, popular], Taste())
    assert [one.paper.key for one in (first, second, third)] == ["popular", "loved", "unloved"]
    [reason] = second.reasons
    assert reason.kind == ReasonKind.PRIOR
    assert set(reason.names) <= set(WORDS[:8])
    chosen = ranked([unloved, loved, of_field("cs.CL", "fish", *fish(2))], Taste(picked=(paper("p", *fish(1)),)))
    assert chosen[0].paper.key == "fish", "what the club chose decides, once there is something"
    assert ReasonKind.PRIOR not in {reason.kind for one in chosen for reason in one.reasons}


def test_other_fields_have_no_prior() -> None:
    assert prior_score(of_field("cs.CL", "a", "A paper", LOVED)) is not None
    assert prior_score(of_field("neuroscience", "b", "A paper", LOVED)) is None
    assert prior_score(of_field("math.AG", "c", "A paper", LOVED)) is None
    old, new = of_field("math.AG", "old", "A", LOVED), of_field("math.AG", "new", "B", UNLOVED)
    first, second = ranked([replace(old, published=old.published.replace(year=2020)), new], Taste())
    assert (first.paper.key, second.paper.key) == ("new", "old"), "the newest"
    assert not first.reasons


def test_its_file_is_small() -> None:
    assert len(resources.files("bot.recommender").joinpath(FILE).read_bytes()) < 200_000
    assert len(prior_words()) > 1_000
