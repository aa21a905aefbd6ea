"""Rule of votes: own votes, votes that wait, votes of excluded members and other stances do not count for a rank."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.models import VoteStance
from bot.domain.vote_rules import can_rank, vote_ranks

LATER = datetime(2025, 12, 8, tzinfo=UTC)


def test_the_vote_of_another_member_counts() -> None:
    assert vote_ranks(VoteStance.VOTE, member_id=2, submitter_id=1, counts_from=None, excluded=False)
    assert can_rank(VoteStance.VOTE, member_id=2, submitter_id=1)


@pytest.mark.parametrize(
    ("stance", "member_id", "counts_from", "excluded"),
    [
        (VoteStance.SKIP, 2, None, False),
        (None, 2, None, False),
        (VoteStance.VOTE, 1, None, False),
        (VoteStance.VOTE, 2, LATER, False),
        (VoteStance.VOTE, 2, None, True),
    ],
)
def test_each_reason_alone_keeps_a_vote_from_counting(
    stance: VoteStance | None, member_id: int, counts_from: datetime | None, excluded: bool
) -> None:
    assert not vote_ranks(stance, member_id=member_id, submitter_id=1, counts_from=counts_from, excluded=excluded)


@pytest.mark.parametrize(("stance", "member_id"), [(VoteStance.SKIP, 2), (None, 2), (VoteStance.VOTE, 1)])
def test_a_vote_that_never_counts_need_not_wait(stance: VoteStance | None, member_id: int) -> None:
    assert not can_rank(stance, member_id=member_id, submitter_id=1)
