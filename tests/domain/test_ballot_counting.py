"""Counting of ballots, against cases of the literature, an independent count, and the properties of the methods."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.ballot_counting import count_approvals, count_ranked, preferences, strongest_paths
from bot.domain.ballot_results import MIN_BALLOTS_FOR_TOTALS, BallotResult
from bot.domain.models import BallotMethod

A, B, C, D, E = range(1, 6)
NAMES = {"A": A, "B": B, "C": C, "D": D, "E": E}


def ballots(**counted: int) -> list[tuple[int, ...]]:
    """Ballots by their order of letters: `ABC=3` is three ballots with A above B above C."""
    return [tuple(NAMES[letter] for letter in order) for order, count in counted.items() for _ in range(count)]


SCHULZE_1 = ballots(ACBED=5, ADECB=5, BEDAC=8, CABED=3, CAEBD=7, CBADE=2, DCEBA=7, EBADC=8)
"""The example of 45 voters with a cycle of all candidates, in Schulze's text and in the encyclopedias."""
TENNESSEE = ballots(ABCD=42, BCDA=26, CDBA=15, DCBA=17)
"""Memphis, Nashville, Chattanooga, Knoxville: Nashville beats each other city, though most put Memphis first."""
PAPER_TIE = ballots(ABCD=3, DABC=2, DBCA=2, CBDA=2)
"""Schulze's example of a tie: B and D are not separated by the method."""


def test_schulzes_own_example_has_his_result_and_his_strengths() -> None:
    count = count_ranked((A, B, C, D, E), SCHULZE_1)
    assert count.order == (E, A, C, B, D)
    assert count.winner == E
    paths = strongest_paths((A, B, C, D, E), preferences((A, B, C, D, E), SCHULZE_1))
    assert [paths[A, other] for other in (B, C, D, E)] == [28, 28, 30, 24]
    assert [paths[E, other] for other in (A, B, C, D)] == [25, 28, 28, 31]


def test_the_candidate_that_beats_each_other_wins_though_another_has_the_most_first_places() -> None:
    count = count_ranked((A, B, C, D), TENNESSEE)
    assert count.order == (B, C, D, A)


def test_a_tie_goes_to_the_one_that_was_nominated_first() -> None:
    assert set(count_ranked((A, B, C, D), PAPER_TIE).tied) == {B, D}
    assert count_ranked((A, B, C, D), PAPER_TIE).winner == B
    assert count_ranked((D, C, B, A), PAPER_TIE).winner == D
    assert count_ranked((C, A, B), ballots(ABC=1, BCA=1, CAB=1)).winner == C, "a perfect cycle"
    assert count_approvals((C, A, B), [(A,), (B,), (C,)]).winner == C


def test_approvals_count_each_ballot_once_and_ignore_what_is_not_on_it() -> None:
    count = count_approvals((A, B, C), [(B, B, B), (A, 99), (B, A), (B,)])
    assert dict(count.approvals) == {A: 2, B: 3, C: 0}
    assert count.order == (B, A, C)


@pytest.mark.parametrize("counting", [count_approvals, count_ranked])
@pytest.mark.parametrize("cast", [(), ((),), ((99,),)])
def test_without_a_choice_nothing_wins(counting: object, cast: Sequence[Sequence[int]]) -> None:
    assert counting((A, B), cast).winner is None  # type: ignore[operator]


candidate_lists = st.lists(st.integers(1, 40), min_size=1, max_size=6, unique=True)


@st.composite
def elections(draw: st.DrawFn) -> tuple[list[int], list[tuple[int, ...]]]:
    """Candidates, and ballots that rank some of them."""
    candidates = draw(candidate_lists)
    ballot = st.permutations(candidates).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda n: tuple(order[:n]))
    )
    return candidates, draw(st.lists(ballot, max_size=12))


def strengths(candidates: Sequence[int], cast: Sequence[Sequence[int]]) -> dict[tuple[int, int], int]:
    """Strongest paths, found another way: by what can be reached over links of at least each strength."""
    duels = preferences(candidates, cast)
    found = dict.fromkeys(duels, 0)
    for least in sorted(set(duels.values())):
        links = [(a, b) for (a, b), votes in duels.items() if votes >= least and votes > duels[b, a]]
        for start in candidates:
            reached = {start}
            while more := {b for a, b in links if a in reached} - reached:
                reached |= more
            found |= {(start, end): least for end in reached if end != start}
    return found


@given(elections())
def test_the_order_is_that_of_an_independent_count(election: tuple[list[int], list[tuple[int, ...]]]) -> None:
    candidates, cast = election
    count, paths = count_ranked(candidates, cast), strengths(candidates, cast)
    assert sorted(count.order) == sorted(candidates)
    place = {one: at for at, one in enumerate(count.order)}
    beaten = {b for (a, b), strength in paths.items() if strength > paths[b, a]}
    assert all(place[a] < place[b] for (a, b), strength in paths.items() if strength > paths[b, a])
    assert set(count.tied) == (set(candidates) - beaten if any(cast) else set())


@given(elections(), st.randoms(), st.sampled_from([BallotMethod.APPROVAL, BallotMethod.RANKED]), st.integers(1, 5))
def test_a_replay_in_any_order_of_the_ballots_gives_the_same_winner(
    election: tuple[list[int], list[tuple[int, ...]]], chance: object, method: BallotMethod, quorum: int
) -> None:
    candidates, cast = election
    result = BallotResult.of(candidates, (), cast)
    chance.shuffle(cast)  # type: ignore[attr-defined]
    again = BallotResult.of(candidates, (), cast)
    assert again == result, "the order of the ballots is not stored, since it would tell who cast which"
    replayed = BallotResult.from_json(result.to_json())
    assert replayed.winner(method, quorum) == result.winner(method, quorum)
    assert replayed.count(method) == result.count(method)
    if len(cast) < quorum:
        assert result.winner(method, quorum) is None
    assert result.shows_totals == (len(cast) >= MIN_BALLOTS_FOR_TOTALS)


@given(elections())
def test_whoever_beats_each_other_one_to_one_wins(election: tuple[list[int], list[tuple[int, ...]]]) -> None:
    candidates, cast = election
    duels = preferences(candidates, cast)
    champion = [a for a in candidates if all(duels[a, b] > duels[b, a] for b in candidates if b != a)]
    assume(champion and any(cast))
    assert count_ranked(candidates, cast).tied == tuple(champion)


@given(elections(), st.data())
def test_a_winner_that_is_ranked_higher_stays_the_winner(
    election: tuple[list[int], list[tuple[int, ...]]], data: st.DataObject
) -> None:
    candidates, cast = election
    assume(any(cast))
    winner = count_ranked(candidates, cast).winner
    assert winner is not None
    at = data.draw(st.integers(0, len(cast) - 1))
    raised = [*cast]
    raised[at] = (winner, *(one for one in cast[at] if one != winner))
    assert count_ranked(candidates, raised).winner == winner


@given(elections())
def test_reversed_ballots_do_not_elect_the_sole_winner(election: tuple[list[int], list[tuple[int, ...]]]) -> None:
    candidates, cast = election
    whole = [(*ballot, *(one for one in candidates if one not in ballot)) for ballot in cast]
    assume(len(candidates) > 1 and whole)
    count = count_ranked(candidates, whole)
    backwards = count_ranked(candidates, [tuple(reversed(ballot)) for ballot in whole])
    assert len(count.tied) > 1 or len(backwards.tied) > 1 or count.winner != backwards.winner
