"""A paper on the moderator's desk: all they need to decide, and every act as a button."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, LinkRow, ListEntry, Note, Part, Style, Tone, note, text
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import plural, truncate
from bot.domain.models import AuditEntry, Pick, Report, Submission, SubmissionState
from bot.features.moderation.curation_snapshot import edition_of
from bot.features.shared.audit import action_text
from bot.features.shared.paper_cards import badges, byline, reason, title_of
from bot.store import UnitOfWork

STATES = {
    SubmissionState.NEW: "new",
    SubmissionState.SHORTLISTED: "on the shortlist",
    SubmissionState.PICKED: "picked",
    SubmissionState.HELD: "held for later",
    SubmissionState.DROPPED: "off the list",
    SubmissionState.WITHDRAWN: "taken back by its member",
    SubmissionState.MERGED: "merged into another",
}
"""What moderators read for each state."""

UNDOABLE = ("shortlist", "pick", "unpick", "hold", "drop", "edit", "merge")
"""Acts that `/curate restore` undoes."""

AVAILABLE_ACTIONS: dict[SubmissionState, tuple[str, ...]] = {
    SubmissionState.NEW: ("pick", "shortlist", "hold", "drop"),
    SubmissionState.SHORTLISTED: ("pick", "hold", "drop"),
    SubmissionState.PICKED: ("unpick", "edit", "hold", "drop"),
    SubmissionState.HELD: ("pick", "shortlist", "drop"),
}
"""The acts that make sense in each state, likeliest first."""

LABELS = {"pick": "Pick", "shortlist": "Shortlist", "hold": "Hold", "drop": "Drop…", "unpick": "Unpick", "edit": "Edit"}


async def case_card(
    ctx: Context, db: UnitOfWork, chosen: Submission, *lead: str, tone: Tone = Tone.PLAIN, turn: Buttons | None = None
) -> Card:
    """The moderator's card of a submission, headed by what has just happened to it, if anything.

    Of `lead`, the first line stands out. `turn` leads on from it, where it is one of many that are looked through.
    """
    edition = await edition_of(db, chosen)
    reports = await db.reports.open_for(chosen.id)
    acts = await db.audit_log.latest(submission_id=chosen.id, limit=3)
    parts: list[Part] = [text(Bold(line)) for line in lead[:1]]
    parts += [text(*parse_backticks(line)) for line in lead[1:]]
    if line := byline(chosen):
        parts.append(text(line))
    parts.append(reason(chosen))
    parts.append(await _facts(db, chosen, edition))
    if pick := await db.picks.get(chosen.id):
        parts.append(_pick(pick))
    parts.append(LinkRow(tuple(badges(chosen, await db.submissions.links(chosen.id)))))
    parts += [_report(report) for report in reports[:3]]
    if row := _action_buttons(chosen, edition, acts):
        parts.append(row)
    parts += [_history_line(ctx, act, chosen) for act in acts]
    parts.append(turn or await next_in_queue_button(db))
    return Card(f"#{chosen.number} {title_of(chosen)}", tuple(parts), tone, chosen.paper.url)


async def _facts(db: UnitOfWork, chosen: Submission, edition: int | None) -> Facts:
    pairs = [
        ("State", f"in edition No. {edition}" if edition else STATES[chosen.state]),
        ("Votes", str(chosen.votes)),
        ("Passed over", str(await db.votes.count_skips(chosen.id))),
        ("Discussing", str(chosen.voices)),
    ]
    if chosen.topic:
        pairs.append(("Topic", chosen.topic.name))
    if chosen.state_why:
        pairs.append(("Reason", truncate(chosen.state_why, 100)))
    return Facts(tuple(pairs))


def _pick(pick: Pick) -> Note:
    said = [f"place {pick.place}" if pick.place else "any place", f"theme {pick.theme}" if pick.theme else "no theme"]
    said += [f"{name}: {truncate(value, 200)}" for name, value in (("why", pick.why), ("note", pick.note)) if value]
    return note("Picked for ", "; ".join(said).removesuffix("."), ".")


def _report(report: Report) -> ListEntry:
    return ListEntry(
        (Bold(f"Report {report.id}: "), report.what),
        (truncate(report.note, 200) or "without a note",),
        Button("Look", Call.of("curate case", report.id)),
    )


def _action_buttons(chosen: Submission, edition: int | None, acts: Sequence[AuditEntry]) -> Buttons | None:
    """Buttons for what can be done now. "Drop…" and "Merge…" lack a word, so they open their form."""
    n = chosen.number
    row, more = [], []
    if edition is None:
        for verb in AVAILABLE_ACTIONS.get(chosen.state, ()):
            style = Style.MAIN if verb == "pick" else Style.DANGER if verb == "drop" else Style.PLAIN
            row.append(Button(LABELS[verb], Call.of(f"curate {verb}", n), style))
        if acts and acts[0].verb in UNDOABLE:
            more.append(Button("Undo the last act", Call.of("curate restore", n)))
    if chosen.state in AVAILABLE_ACTIONS:
        more.append(Button("Merge…", Call.of("curate merge", n)))
        if "edit" not in AVAILABLE_ACTIONS[chosen.state] or edition:
            more.append(Button("Edit", Call.of("curate edit", n)))
    more.append(Button("Log", Call.of("curate log", n)))
    return Buttons(tuple(row), tuple(more))


def _history_line(ctx: Context, act: AuditEntry, chosen: Submission) -> Note:
    who = act.member.name if act.member else "The club"
    why = f": {truncate(act.why, 100)}" if act.why else ""
    return note(f"{act.at.astimezone(ctx.zone):%-d %b, %H:%M} · {action_text(who, act, chosen)}{why}")


async def next_in_queue_button(db: UnitOfWork) -> Buttons:
    """On to the next new paper in place of this one, so that a full queue is gone through card by card."""
    row = [Button("The queue", Call.of("curate queue", page=1))]
    if waiting := (await db.moderation_queue.counts()).get(SubmissionState.NEW, 0):
        following = Call.of("curate queue", "new", single="yes", page=1)
        row.insert(0, Button(f"Next of {plural(waiting, 'new one')}", following))
    return Buttons(tuple(row))
