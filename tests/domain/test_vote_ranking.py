"""Ranking: votes first, discussion up to as much again, and thirty days for ten times the points."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.vote_ranking import RANKING_EPOCH, Terms

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)
FEW = st.integers(0, 500)


@pytest.mark.parametrize(
    ("votes", "voices", "discussion", "points"),
    [(0, 0, 0, 0), (3, 0, 0, 3), (3, 1, 0.5, 3.5), (3, 5, 2.5, 5.5), (3, 6, 3, 6), (3, 7, 3, 6), (0, 40, 0, 0)],
)
def test_a_voice_is_half_a_vote_and_all_are_at_most_the_votes(
    votes: int, voices: int, discussion: float, points: float
) -> None:
    terms = Terms(votes, voices, NOW)
    assert (terms.discussion, terms.points) == (discussion, points)


@given(FEW, FEW, FEW)
def test_no_discussion_outranks_a_paper_with_twice_the_votes(votes: int, voices: int, others: int) -> None:
    assert Terms(votes, voices, NOW).score <= Terms(2 * votes, others, NOW).score


@given(FEW, FEW)
def test_a_vote_and_a_voice_never_lower_a_paper(votes: int, voices: int) -> None:
    heat = Terms(votes, voices, NOW).score
    assert Terms(votes + 1, voices, NOW).score > heat
    assert Terms(votes, voices + 1, NOW).score >= heat


def test_ten_times_the_points_weigh_as_much_as_thirty_days() -> None:
    old, new = Terms(99, 0, NOW - timedelta(days=30)), Terms(9, 0, NOW)
    assert isclose(old.score, new.score)
    assert Terms(9, 0, NOW - timedelta(days=1)).score < new.score
    assert Terms(0, 0, RANKING_EPOCH).score == 0
    assert Terms(0, 0, RANKING_EPOCH + timedelta(days=30)).score == 1


def test_within_a_week_age_weighs_little() -> None:
    week = timedelta(days=7)
    assert Terms(6, 0, NOW - week).score < Terms(6, 0, NOW).score < Terms(12, 0, NOW - week).score


@given(FEW, FEW, FEW, FEW, st.integers(-1000, 1000))
def test_two_papers_keep_their_order_as_time_goes_by(votes: int, voices: int, more: int, talk: int, days: int) -> None:
    later = timedelta(days=days)
    first, second = Terms(votes, voices, NOW), Terms(more, talk, NOW)
    if not isclose(first.score, second.score):
        moved = Terms(votes, voices, NOW + later).score < Terms(more, talk, NOW + later).score
        assert moved == (first.score < second.score)
