"""Entries of the audit log about ballots."""

from __future__ import annotations

from datetime import datetime

from bot.app import Context
from bot.domain.models import Ballot, Submission
from bot.features.shared.audit.entries import record_action
from bot.store import UnitOfWork
from bot.store.ballots.ballots import is_ballot


async def record_ballot(
    ctx: Context,
    db: UnitOfWork,
    action: str,
    ballot: Ballot,
    chosen: Submission | None = None,
    *,
    why: str = "",
    end_before: datetime | None = None,
) -> None:
    """Write what a moderator did with a ballot, or with a choice without one.

    `chosen` is the paper that was chosen without a ballot; `end_before` the end before it was moved.
    """
    end = {"end": ballot.closes_at.isoformat()} if is_ballot(ballot) else {}
    before = {"end": end_before.isoformat()} if end_before else {}
    after = {"ballot": ballot.number, **end}
    await record_action(ctx, db, action, submission=chosen, why=why, before=before, after=after)
