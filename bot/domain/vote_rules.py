"""Rule of which votes count for a paper's rank, for one vote in Python and for stored votes in SQL.

A vote counts if its member wants to read the paper, did not submit it, is not new (`counts_from` says until when a vote
waits), and was not excluded by moderators.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from bot.domain.models import Member, Vote, VoteStance


def can_rank(stance: VoteStance | None, *, member_id: int, submitter_id: int) -> bool:
    """True if a vote may count at some time: it is for the paper, and not of its submitter."""
    return stance == VoteStance.VOTE and member_id != submitter_id


def vote_ranks(
    stance: VoteStance | None, *, member_id: int, submitter_id: int, counts_from: datetime | None, excluded: bool
) -> bool:
    """True if a vote counts for the rank of a paper that `submitter_id` submitted."""
    return can_rank(stance, member_id=member_id, submitter_id=submitter_id) and counts_from is None and not excluded


def stored_vote_ranks(submitter_id: int) -> ColumnElement[bool]:
    """The same rule as a condition of rows of `Vote` of that paper."""
    excluded = select(Member.id).where(Member.id == Vote.member_id, Member.votes_excluded).exists()
    return and_(Vote.stance == VoteStance.VOTE, Vote.member_id != submitter_id, Vote.counts_from.is_(None), ~excluded)
