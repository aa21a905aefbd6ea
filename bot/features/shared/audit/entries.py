"""Audit entries of moderators and admins, each with a post in the moderators' channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Tone, note, text, to_json
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.domain.models import AuditEntry, Delivery, DeliveryKind, Submission
from bot.features.shared.audit.wording import Changes, action_text, changes, reason_text, sentence_text
from bot.features.shared.languages import club_language
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store import UnitOfWork

GATHERING_TIME = timedelta(minutes=5)
"""Time for which moderators' acts are added to one message, from its first act."""

MAX_GATHERED = 12
"""Acts of one message, so that it stays within the limits of both platforms."""

MAX_LINE = 160
"""Characters of an act's details in a message of several."""


async def record_action(
    ctx: Context,
    db: UnitOfWork,
    verb: str,
    *,
    submission: Submission | None = None,
    edition_id: int | None = None,
    why: str = "",
    about: Mapping[str, Any] | None = None,
    before: Changes | None = None,
    after: Changes | None = None,
    announce: bool = True,
) -> AuditEntry:
    """Add an audit entry, and update the paper's cards; with `announce`, post the entry to the moderators' channels.

    `why` is a person's text, `about` a sentence of the program (`log_sentence`).
    """
    act = await db.audit_log.append(
        verb,
        ctx.member.id,
        ctx.now,
        submission_id=submission.id if submission else None,
        edition_id=edition_id,
        why=why,
        before=dict(before or {}),
        after=dict(after or {}) | dict(about or {}),
    )
    if submission:
        await db.deliveries.mark_stale(submission.id)
    if announce:
        await _announce(ctx, db, act)
    return act


async def _announce(ctx: Context, db: UnitOfWork, act: AuditEntry) -> None:
    """Show an act to the moderators: in the message of the last minutes if there is one, else in a new one."""
    rooms = await db.rooms.with_purpose("moderators")
    post = await db.deliveries.last_audit_post(since=ctx.now - GATHERING_TIME)
    copies = await db.deliveries.by_subject(DeliveryKind.AUDIT, post.subject_id) if post else ()
    reached = {copy.room_id for copy in copies}
    if post and reached.issuperset(room.id for room in rooms) and len(shown := _acts_of(post)) < MAX_GATHERED:
        card = await gathered_card(db, [*shown, act.id])
        await db.deliveries.replace_card(DeliveryKind.AUDIT, post.subject_id, card)
        return
    card = await gathered_card(db, [act.id])
    for room in rooms:
        await db.deliveries.plan(DeliveryKind.AUDIT, act.id, room, ctx.now, card=card)


async def redraw_act(db: UnitOfWork, act: AuditEntry) -> None:
    """Show an act that has changed in the message that it was gathered in."""
    post = await db.deliveries.last_audit_post(up_to=act.id)
    if post and act.id in _acts_of(post):
        await db.deliveries.replace_card(DeliveryKind.AUDIT, post.subject_id, await gathered_card(db, _acts_of(post)))


def _acts_of(post: Delivery) -> list[int]:
    """Ids of the acts that a message shows; older messages show one, their subject."""
    acts: list[int] = (post.card or {}).get("acts") or [post.subject_id]
    return acts


async def gathered_card(db: UnitOfWork, ids: Sequence[int]) -> dict[str, Any]:
    """Stored card of one or more acts, with their ids."""
    acts = await db.audit_log.many(ids)
    about = await db.submissions.many({act.submission_id for act in acts if act.submission_id})
    members = await db.members.many(
        {act.member_id for act in acts if act.member_id} | {id for act in acts for id in act.after.get("members", ())}
    )
    zone = ZoneInfo((await db.club()).timezone)
    async with club_language(db):
        entries = [
            (
                members[act.member_id].shown_name if act.member_id in members else _("The club"),
                act,
                about.get(act.submission_id or 0),
                tuple(members[id].name for id in act.after.get("members", ()) if id in members),
            )
            for act in acts
        ]
        several = tuple(_line(*entry, zone) for entry in entries)
        title = _("{entries_count} changes by moderators", entries_count=len(entries))
        card = audit_card(*entries[0], zone) if len(entries) == 1 else Card(title, several, Tone.QUIET)
    return to_json(card) | {"acts": [act.id for act in acts]}


def _line(
    who: str, act: AuditEntry, submission: Submission | None, concerned: Sequence[str], zone: ZoneInfo
) -> ListEntry:
    """One act in one line; `concerned` are the names of the members whom it is about."""
    details = [title_of(submission)] if submission else []
    details += [", ".join(concerned)] if concerned else []
    details += [why] if (why := reason_text(act, zone)) else []
    details += changes(act, zone)
    said = f": {truncate('; '.join(details), MAX_LINE)}" if details else ""
    button = Button(_("Open"), Call.of("curate show", submission.number)) if submission else None
    return ListEntry((Bold(action_text(who, act, submission)), said), button=button)


def audit_card(
    who: str, act: AuditEntry, submission: Submission | None, concerned: Sequence[str], zone: ZoneInfo
) -> Card:
    """Post of an audit entry for the moderators' channels; `concerned` are the names of the members it is about."""
    parts: list[Part] = []
    if concerned:
        parts.append(text(_("About {names}.", names=", ".join(concerned))))
    if submission:
        parts.append(text(title_of(submission)))
    if sentence := sentence_text(act, zone):
        parts.append(text(sentence))
    if act.why:
        parts.append(text(*phrase("Why: {why}", why=act.why)))
    parts += [note(change) for change in changes(act, zone)]
    if submission:
        parts.append(Buttons((Button(_("Open"), Call.of("curate show", submission.number)),)))
    return Card(action_text(who, act, submission), tuple(parts), Tone.QUIET)
