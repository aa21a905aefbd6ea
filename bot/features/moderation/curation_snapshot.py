"""Snapshots of a submission for the audit log, taken before and after an action."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons
from bot.chat.error_cards import RefusedWithCard, build_error_card
from bot.domain.models import AuditEntry, Submission, SubmissionState
from bot.features.shared.audit.entries import record_action
from bot.features.shared.editions.edition_lookup import edition_number
from bot.features.shared.lookup import find_submission
from bot.locale.current import _
from bot.store import UnitOfWork

CurationSnapshot = dict[str, Any]
"""State, reason, title, topic, pick, and the number of the merge target, as plain JSON values."""


async def load_for_decision(ctx: Context, db: UnitOfWork, paper: str, *, published: bool = False) -> Submission:
    """The submission that a moderator acts on, with its row locked.

    Raises UserError if it is merged, taken back by its member or, unless `published` is allowed, in an edition.
    """
    chosen = await find_submission(ctx, db, paper, lock=True, follow=False)
    if chosen.merged_into_id:
        into = await db.submissions.get(chosen.merged_into_id)
        n, m = chosen.number, into.number if into else _("another")
        message = _("#{n} was merged into #{m}. Use #{m}, or undo the merge with `/curate restore {n}`.", n=n, m=m)
        row = [Button(_("Undo the merge"), Call.of("curate restore", n))]
        if into:
            row.insert(0, Button(_("Open #{m}", m=m), Call.of("curate show", m)))
        raise RefusedWithCard(build_error_card(message, Buttons(tuple(row))), message)
    if chosen.state == SubmissionState.WITHDRAWN:
        message = _(
            "#{chosen_number} was withdrawn by the member who submitted it. Anyone can submit it again.",
            chosen_number=chosen.number,
        )
        again = Button(_("Submit it again"), Call.of("paper submit", link=chosen.paper.url))
        raise RefusedWithCard(build_error_card(message, Buttons((again,))), message)
    if not published and (number := await edition_number(db, chosen)):
        message = _(
            "#{chosen_number} is in edition No. {number}, and cannot be changed here.",
            chosen_number=chosen.number,
            number=number,
        )
        row = [Button(_("Read No. {number}", number=number), Call.of("digest read", number))]
        raise RefusedWithCard(build_error_card(message, Buttons(tuple(row))), message)
    return chosen


async def take_snapshot(db: UnitOfWork, chosen: Submission) -> CurationSnapshot:
    """Snapshot of a submission's current state."""
    pick = await db.picks.get(chosen.id)
    into = await db.submissions.get(chosen.merged_into_id) if chosen.merged_into_id else None
    return {
        "state": chosen.state,
        "reason": chosen.state_why,
        "title": chosen.title,
        "topic": chosen.topic.name if chosen.topic else "",
        "merged into": into.number if into else None,
        "pick": pick
        and {"place": pick.place, "theme": pick.theme, "why": pick.why, "note": pick.note, "by": pick.member_id},
    }


async def restore_snapshot(
    db: UnitOfWork, chosen: Submission, before: CurationSnapshot, *, by: int, now: datetime
) -> None:
    """Restore a submission from a snapshot, except for a merge, which `_split_merged` in `undo` reverts.

    `by` is the id of the member who restores it.

    Values that the snapshot lacks stay unchanged: entries of the club itself have only the state.
    """
    chosen.state, chosen.state_why = SubmissionState(before["state"]), before.get("reason", "")
    chosen.title = before.get("title", chosen.title)
    if before.get("topic") == "":
        chosen.topic = None
    elif topic := await db.topics.by_name(before.get("topic", "")):
        chosen.topic = topic
    if "pick" in before:
        await _put_pick_back(db, chosen, before["pick"], by, now)
    for link in before.get("links", ()):
        await db.submissions.add_link(chosen.id, link["kind"], link["url"], by, now)


async def _put_pick_back(
    db: UnitOfWork, chosen: Submission, pick: dict[str, Any] | None, restorer: int, now: datetime
) -> None:
    if pick is None:
        await db.picks.remove(chosen.id)
        return
    values = {name: value for name, value in pick.items() if name != "by"}
    picker = pick["by"] if await db.members.get(pick["by"]) else restorer
    await db.picks.set(chosen.id, picker, now, **values)


async def record_decision(
    ctx: Context,
    db: UnitOfWork,
    verb: str,
    chosen: Submission,
    before: CurationSnapshot,
    *,
    why: str = "",
    more: CurationSnapshot | None = None,
) -> AuditEntry:
    """Record an action on a submission, with a snapshot of its new state."""
    after = await take_snapshot(db, chosen) | (more or {})
    return await record_action(ctx, db, verb, submission=chosen, why=why, before=before, after=after)
