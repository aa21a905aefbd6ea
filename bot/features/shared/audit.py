"""Audit entries of moderators and admins, each with a post in the moderators' channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Tone, note, text, to_json
from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.domain.models import AuditEntry, Delivery, DeliveryKind, Submission
from bot.features.shared.paper_cards import title_of
from bot.store import UnitOfWork

GATHERING_TIME = timedelta(minutes=5)
"""Time for which moderators' acts are added to one message, from its first act."""

MAX_GATHERED = 12
"""Acts of one message, so that it stays within the limits of both platforms."""

MAX_LINE = 160
"""Characters of an act's details in a message of several."""

PAST_TENSE = {
    "shortlist": "shortlisted {what}",
    "pick": "picked {what}",
    "unpick": "unpicked {what}",
    "hold": "held {what} for later",
    "drop": "removed {what} from the list",
    "restore": "undid the last change to {what}",
    "merge": "merged {what} into #{into}",
    "edit": "changed {what}",
    "resolve": "resolved a report on {what}",
    "reject": "rejected a report on {what}",
    "escalate": "passed a report on {what} to the admins",
    "reopen": "reopened a report on {what}",
    "member-note": "noted something about a member",
    "member-pause": "paused a member's submissions",
    "member-exclude": "left a member's votes out of the count",
    "member-count": "counted a member's votes again",
    "member-resume": "ended the pause of a member's submissions",
    "settings": "changed the club's settings",
    "channels": "changed the club's channels",
    "roles": "changed who runs the club",
    "topics": "changed the club's topics",
    "import-papers": "imported papers that the club had read before",
    "sources": "changed the club's sources of new papers",
    "connect": "connected a workspace to the club",
    "disconnect": "disconnected a workspace from the club",
    "pause": "paused the club",
    "resume": "resumed the club",
    "restored": "restored the club from a backup",
    "test": "posted a test",
    "alarm": "had a problem",
    "burst": "noticed many first votes for {what}",
    "exclude-votes": "took votes for {what} out of the count",
    "count-votes": "left votes for {what} in the count",
    "post": "decided about an uncertain post",
    "draft": "drafted {what}",
    "redraft": "began a draft again after a stop",
    "approve": "approved {what}",
    "unapprove": "withdrew the approval of {what}",
    "schedule": "set the time of {what}",
    "publish": "published {what}",
    "skip": "canceled {what}",
    "revise": "changed {what}",
    "undo": "undid the last change to {what}",
    "correct": "corrected {what}",
    "recall": "recalled {what}",
    "source-withdrawn": "learned that {what} was withdrawn",
    "source-reinstated": "learned that {what} is no longer withdrawn",
    "take-out": "removed something from {what}",
    "complete": "completed {what}",
    "ballot-open": "opened a ballot on what to read next",
    "ballot-move": "changed the end of a ballot",
    "ballot-cancel": "canceled a ballot",
    "ballot-close": "closed a ballot",
    "choose-next": "chose {what} to be read next",
    "unchoose-next": "took back the choice of {what} to be read next",
    "meetings": "changed the club's meetings",
    "unname": "changed the names in {what}",
}
"""Text of each verb in the audit log; other verbs are shown unchanged."""

Changes = Mapping[str, Any]


async def record_action(
    ctx: Context,
    db: UnitOfWork,
    verb: str,
    *,
    submission: Submission | None = None,
    edition_id: int | None = None,
    why: str = "",
    before: Changes | None = None,
    after: Changes | None = None,
    announce: bool = True,
) -> AuditEntry:
    """Add an audit entry, and update the paper's cards; with `announce`, post the entry to the moderators' channels."""
    act = await db.audit_log.append(
        verb,
        ctx.member.id,
        ctx.now,
        submission_id=submission.id if submission else None,
        edition_id=edition_id,
        why=why,
        before=dict(before or {}),
        after=dict(after or {}),
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
    members = await db.members.many({act.member_id for act in acts if act.member_id})
    entries = [
        (
            members[act.member_id].name if act.member_id in members else "The club",
            act,
            about.get(act.submission_id or 0),
        )
        for act in acts
    ]
    card = audit_card(*entries[0]) if len(entries) == 1 else Card(
        f"{len(entries)} changes by moderators", tuple(_line(*entry) for entry in entries), Tone.QUIET
    )  # fmt: skip
    return to_json(card) | {"acts": [act.id for act in acts]}


def _line(who: str, act: AuditEntry, submission: Submission | None) -> ListEntry:
    """One act in one line."""
    details = [title_of(submission)] if submission else []
    details += [act.why] if act.why else []
    details += changes(act)
    said = f": {truncate('; '.join(details), MAX_LINE)}" if details else ""
    button = Button("Open", Call.of("curate show", submission.number)) if submission else None
    return ListEntry((Bold(action_text(who, act, submission)), said), button=button)


def action_text(who: str, act: AuditEntry, submission: Submission | None) -> str:
    """An audit entry as a sentence: "Ada picked #12"."""
    what = f"#{submission.number}" if submission else "an edition" if act.edition_id else "the club"
    into = act.after.get("merged into") or "another"
    return f"{who} {PAST_TENSE.get(act.verb, act.verb + ' {what}').format(what=what, into=into)}"


def changes(act: AuditEntry) -> list[str]:
    """Changed values of an audit entry, one line each: "theme: none → Reasoning"."""
    before, after = _flatten(act.before), _flatten(act.after)
    return [
        f"{name}: {_value_text(before.get(name))} → {_value_text(value)}"
        for name, value in after.items()
        if name not in _HIDDEN_FIELDS and _value_text(before.get(name)) != _value_text(value)
    ]


_HIDDEN_FIELDS = {"state", "reason", "merged into", "moved", "undoes", "other", "pick by", "links", "members", "since"}
"""Fields that the sentence contains already, or that are stored only for an undo."""


def _flatten(values: Changes) -> dict[str, Any]:
    """Values with those of the pick (place, theme, reason, note) on the same level."""
    flat = {name: value for name, value in values.items() if name != "pick"}
    chosen = values.get("pick") or {}
    if "pick" in values:
        flat |= {f"pick {name}" if name in ("by", "why") else name: chosen.get(name) for name in PICK_FIELDS}
    return flat


PICK_FIELDS = ("place", "theme", "why", "note", "by")


def _value_text(value: object) -> str:
    return "none" if value in (None, "", []) else truncate(str(value), 80)


def audit_card(who: str, act: AuditEntry, submission: Submission | None) -> Card:
    """Post of an audit entry for the moderators' channels."""
    parts: list[Part] = []
    if submission:
        parts.append(text(title_of(submission)))
    if act.why:
        parts.append(text("Why: ", act.why))
    parts += [note(change) for change in changes(act)]
    if submission:
        parts.append(Buttons((Button("Open", Call.of("curate show", submission.number)),)))
    return Card(action_text(who, act, submission), tuple(parts), Tone.QUIET)
