"""Audit entries of moderators and admins, each with a post in the moderators' channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Tone, note, text, to_json
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.domain.models import AuditEntry, Delivery, DeliveryKind, Submission
from bot.features.shared.languages import club_language
from bot.features.shared.paper_cards import title_of
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

GATHERING_TIME = timedelta(minutes=5)
"""Time for which moderators' acts are added to one message, from its first act."""

MAX_GATHERED = 12
"""Acts of one message, so that it stays within the limits of both platforms."""

MAX_LINE = 160
"""Characters of an act's details in a message of several."""

PAST_TENSE = {
    "shortlist": mark_text("shortlisted {what}"),
    "pick": mark_text("picked {what}"),
    "unpick": mark_text("unpicked {what}"),
    "hold": mark_text("held {what} back"),
    "drop": mark_text("removed {what} from the list"),
    "restore": mark_text("undid the last change to {what}"),
    "merge": mark_text("merged {what} into #{into}"),
    "same-work": mark_text("learned that {what} is on the list twice"),
    "edit": mark_text("changed {what}"),
    "resolve": mark_text("resolved a report on {what}"),
    "reject": mark_text("rejected a report on {what}"),
    "escalate": mark_text("passed a report on {what} to the admins"),
    "reopen": mark_text("reopened a report on {what}"),
    "member-note": mark_text("added a note about a member"),
    "member-unnote": mark_text("removed a note about a member"),
    "member-pause": mark_text("paused a member’s submissions"),
    "member-exclude": mark_text("excluded a member’s votes"),
    "member-count": mark_text("counted a member’s votes again"),
    "member-resume": mark_text("ended the pause of a member’s submissions"),
    "settings": mark_text("changed the club’s settings"),
    "channels": mark_text("changed the club’s channels"),
    "roles": mark_text("changed who runs the club"),
    "topics": mark_text("changed the club’s topics"),
    "import-papers": mark_text("imported papers that the club had read before"),
    "sources": mark_text("changed the club’s sources of new papers"),
    "connect": mark_text("connected a workspace to the club"),
    "disconnect": mark_text("disconnected a workspace from the club"),
    "pause": mark_text("paused the club"),
    "resume": mark_text("resumed the club"),
    "restored": mark_text("restored the club from a backup"),
    "test": mark_text("posted a test"),
    "alarm": mark_text("had a problem"),
    "burst": mark_text("noticed many first votes for {what}"),
    "exclude-votes": mark_text("excluded votes for {what}"),
    "count-votes": mark_text("kept votes for {what} in the count"),
    "post": mark_text("decided about an uncertain post"),
    "draft": mark_text("drafted {what}"),
    "redraft": mark_text("drafted an edition again after an interruption"),
    "approve": mark_text("approved {what}"),
    "unapprove": mark_text("withdrew the approval of {what}"),
    "schedule": mark_text("set the time of {what}"),
    "publish": mark_text("published {what}"),
    "skip": mark_text("canceled {what}"),
    "revise": mark_text("changed {what}"),
    "undo": mark_text("undid the last change to {what}"),
    "correct": mark_text("corrected {what}"),
    "recall": mark_text("recalled {what}"),
    "source-withdrawn": mark_text("learned that {what} was withdrawn"),
    "source-reinstated": mark_text("learned that {what} is no longer withdrawn"),
    "source-notice": mark_text("learned of a notice about {what}"),
    "take-out": mark_text("removed something from {what}"),
    "complete": mark_text("completed {what}"),
    "ballot-open": mark_text("opened a ballot on what to read next"),
    "ballot-move": mark_text("changed the end of a ballot"),
    "ballot-cancel": mark_text("canceled a ballot"),
    "ballot-close": mark_text("closed a ballot"),
    "choose-next": mark_text("chose {what} to be read next"),
    "unchoose-next": mark_text("undid the choice of {what} to be read next"),
    "meetings": mark_text("changed the club’s meetings"),
    "step-back": mark_text("stepped down as the presenter of a meeting"),
    "unname": mark_text("changed the names in {what}"),
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
    async with club_language(db):
        entries = [
            (
                members[act.member_id].name if act.member_id in members else _("The club"),
                act,
                about.get(act.submission_id or 0),
            )
            for act in acts
        ]
        several = tuple(_line(*entry) for entry in entries)
        title = _("{entries_count} changes by moderators", entries_count=len(entries))
        card = audit_card(*entries[0]) if len(entries) == 1 else Card(title, several, Tone.QUIET)
    return to_json(card) | {"acts": [act.id for act in acts]}


def _line(who: str, act: AuditEntry, submission: Submission | None) -> ListEntry:
    """One act in one line."""
    details = [title_of(submission)] if submission else []
    details += [act.why] if act.why else []
    details += changes(act)
    said = f": {truncate('; '.join(details), MAX_LINE)}" if details else ""
    button = Button(_("Open"), Call.of("curate show", submission.number)) if submission else None
    return ListEntry((Bold(action_text(who, act, submission)), said), button=button)


def action_text(who: str, act: AuditEntry, submission: Submission | None, *, edition: int | None = None) -> str:
    """An audit entry as a sentence: "Ada picked #12". `edition` is the number of the edition it is about, if known."""
    issue = _("edition {number}", number=edition) if edition else _("an edition")
    what = f"#{submission.number}" if submission else issue if act.edition_id else _("the club")
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


_HIDDEN_FIELDS = {
    "state",
    "reason",
    "merged into",
    "moved",
    "undoes",
    "other",
    "pick by",
    "links",
    "members",
    "since",
    "same work as",
    "notice",
}
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
        parts.append(text(*phrase("Why: {why}", why=act.why)))
    parts += [note(change) for change in changes(act)]
    if submission:
        parts.append(Buttons((Button(_("Open"), Call.of("curate show", submission.number)),)))
    return Card(action_text(who, act, submission), tuple(parts), Tone.QUIET)
