"""What moderators and admins do: each act one row in the log and one line in the moderators' room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, note, text
from bot.chat.text import truncate
from bot.domain.models import AuditEntry, DeliveryKind, Submission
from bot.features.shared.messaging import to_moderators
from bot.features.shared.paper_cards import title_of
from bot.store import UnitOfWork

PAST_TENSE = {
    "shortlist": "shortlisted {what}",
    "pick": "picked {what}",
    "unpick": "took back the pick of {what}",
    "hold": "held {what} for later",
    "drop": "took {what} off the list",
    "restore": "undid the last act on {what}",
    "merge": "merged {what} into #{into}",
    "edit": "changed {what}",
    "resolve": "resolved a report on {what}",
    "reject": "rejected a report on {what}",
    "settings": "changed the club's settings",
    "channels": "changed the club's channels",
    "roles": "changed who runs the club",
    "topics": "changed the club's topics",
    "connect": "connected a workspace to the club",
    "disconnect": "disconnected a workspace from the club",
    "pause": "paused the club",
    "resume": "resumed the club",
    "test": "posted a test",
    "alarm": "met with trouble",
    "post": "settled a post of unknown outcome",
    "draft": "drafted {what}",
    "redraft": "began a draft again after a stop",
    "approve": "approved {what}",
    "unapprove": "took the approval of {what} back",
    "schedule": "set the time of {what}",
    "publish": "published {what}",
    "skip": "gave up {what}",
    "revise": "changed {what}",
    "undo": "took the last change of {what} back",
    "correct": "corrected {what}",
    "recall": "recalled {what}",
    "source-withdrawn": "learned that {what} was withdrawn",
    "source-reinstated": "learned that {what} is no longer withdrawn",
    "take-out": "took something out of {what}",
    "complete": "completed {what}",
    "unname": "changed the names in {what}",
}
"""How the log tells each act; any other verb is told as it stands."""

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
    aloud: bool = True,
) -> AuditEntry:
    """Write an act into the log, have the paper's cards drawn anew, and say it (`aloud`) in the moderators' room."""
    act = await db.acts.append(
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
        await db.deliveries.refresh(submission.id)
    if aloud:
        await to_moderators(ctx, db, DeliveryKind.AUDIT, act.id, line(ctx.member.name, act, submission))
    return act


def action_text(who: str, act: AuditEntry, submission: Submission | None) -> str:
    """An act as a sentence: "Ada picked #12"."""
    what = f"#{submission.number}" if submission else "an edition" if act.edition_id else "the club"
    into = act.after.get("merged into") or "another"
    return f"{who} {PAST_TENSE.get(act.verb, act.verb + ' {what}').format(what=what, into=into)}"


def changes(act: AuditEntry) -> list[str]:
    """What an act changed, one line each: "theme: none → Reasoning"."""
    before, after = _flat(act.before), _flat(act.after)
    return [
        f"{name}: {_shown(before.get(name))} → {_shown(value)}"
        for name, value in after.items()
        if name not in _HIDDEN_FIELDS and _shown(before.get(name)) != _shown(value)
    ]


_HIDDEN_FIELDS = {"state", "reason", "merged into", "moved", "undoes", "other", "pick by", "links"}
"""What the sentence says already, and what the log keeps only to undo an act."""


def _flat(values: Changes) -> dict[str, Any]:
    """The values of a pick stand beside the others: its place, theme, why and note."""
    flat = {name: value for name, value in values.items() if name != "pick"}
    chosen = values.get("pick") or {}
    if "pick" in values:
        flat |= {f"pick {name}" if name in ("by", "why") else name: chosen.get(name) for name in PICKED}
    return flat


PICKED = ("place", "theme", "why", "note", "by")


def _shown(value: object) -> str:
    return "none" if value in (None, "", []) else truncate(str(value), 80)


def line(who: str, act: AuditEntry, submission: Submission | None) -> Card:
    """The line in the moderators' room."""
    parts: list[Part] = []
    if submission:
        parts.append(text(title_of(submission)))
    if act.why:
        parts.append(text("Why: ", act.why))
    parts += [note(change) for change in changes(act)]
    if submission:
        parts.append(Buttons((Button("Open", Call.of("curate show", submission.number)),)))
    return Card(action_text(who, act, submission), tuple(parts), Tone.QUIET)
