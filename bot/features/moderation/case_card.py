"""Card of a paper for moderators: everything they need to decide, with a button for each action."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Facts, LinkRow, ListEntry, Note, Part, Style, Tone, note, text
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import AuditEntry, Pick, Report, Submission, SubmissionState
from bot.features.shared.audit.wording import action_text, reason_text
from bot.features.shared.editions.edition_lookup import edition_number
from bot.features.shared.papers.paper_cards import badges, byline, reason_line, title_of
from bot.features.shared.papers.report_card import problem_text
from bot.locale.current import _, formatted, mark_text
from bot.store import UnitOfWork

STATE_LABELS = {
    SubmissionState.NEW: mark_text("new"),
    SubmissionState.SHORTLISTED: mark_text("on the shortlist"),
    SubmissionState.PICKED: mark_text("picked"),
    SubmissionState.HELD: mark_text("held back"),
    SubmissionState.DROPPED: mark_text("removed from the list"),
    SubmissionState.WITHDRAWN: mark_text("withdrawn by its submitter"),
    SubmissionState.MERGED: mark_text("merged into another"),
    SubmissionState.READ: mark_text("already read"),
}
"""State of a submission, in words for moderators."""

UNDOABLE = ("shortlist", "pick", "unpick", "hold", "drop", "edit", "merge")
"""Actions that `/curate restore` undoes."""

AVAILABLE_ACTIONS: dict[SubmissionState, tuple[str, ...]] = {
    SubmissionState.NEW: ("pick", "shortlist", "hold", "drop"),
    SubmissionState.SHORTLISTED: ("pick", "hold", "drop"),
    SubmissionState.PICKED: ("unpick", "edit", "hold", "drop"),
    SubmissionState.HELD: ("pick", "shortlist", "drop"),
    SubmissionState.READ: ("pick", "drop"),
}
"""Actions available in each state, the most used first."""

ACTION_LABELS = {
    "pick": mark_text("Pick"),
    "shortlist": mark_text("Shortlist"),
    "hold": mark_text("Hold"),
    "drop": mark_text("Remove…"),
    "unpick": mark_text("Unpick"),
    "edit": mark_text("Edit"),
}


async def case_card(
    ctx: Context,
    db: UnitOfWork,
    chosen: Submission,
    *lead: str,
    tone: Tone = Tone.PLAIN,
    turn: Buttons | None = None,
    remark: Sequence[Part] = (),
) -> Card:
    """Moderators' card of a submission, headed by the result of the last action, if there is one.

    The first line of `lead` is bold; `remark` follows it. `turn` is a row of buttons that replaces the one that leads
    to the queue.
    """
    edition = await edition_number(db, chosen)
    reports = await db.reports.open_for(chosen.id)
    acts = await db.audit_log.latest(submission_id=chosen.id, limit=3)
    parts: list[Part] = [text(Bold(line)) for line in lead[:1]]
    parts += [text(*parse_backticks(line)) for line in lead[1:]]
    parts += remark
    if line := byline(chosen):
        parts.append(text(line))
    parts.append(reason_line(chosen))
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
        (_("State"), _("in edition No. {edition}", edition=edition) if edition else _(STATE_LABELS[chosen.state])),
        (_("Votes"), await _votes(db, chosen)),
        (_("Marked as “Not for us”"), str(await db.vote_queries.count_skips(chosen.id))),
        (_("In the discussion"), str(chosen.voices)),
    ]
    pairs = [(name, value) for name, value in pairs if value != "0"]
    if chosen.topic:
        pairs.append((_("Topic"), chosen.topic.name))
    if chosen.state_why:
        pairs.append((_("Reason"), truncate(chosen.state_why, 100)))
    return Facts(tuple(pairs))


async def _votes(db: UnitOfWork, chosen: Submission) -> str:
    """Number of votes, with those that do not count."""
    waiting, excluded = await db.vote_review.uncounted(chosen)
    more = [_("not counted yet, from new members: {waiting}", waiting=waiting)] if waiting else []
    more += [_("excluded: {excluded}", excluded=excluded)] if excluded else []
    return f"{chosen.votes} ({'; '.join(more)})" if more else str(chosen.votes)


def _pick(pick: Pick) -> Note:
    details = [
        _("Place {place}", place=pick.place) if pick.place else _("No fixed place"),
        _("theme “{theme}”", theme=pick.theme) if pick.theme else _("no theme"),
    ]
    details += [
        f"{name}: {truncate(value, 200)}"
        for name, value in ((_("why it matters"), pick.why), (_("note"), pick.note))
        if value
    ]
    return note(*phrase("Picked. {details}.", details="; ".join(details).removesuffix(".")))


def _report(report: Report) -> ListEntry:
    return ListEntry(
        (Bold(_("Report {id}: ", id=report.id)), problem_text(report)),
        (truncate(report.note, 200) or _("no note"),),
        Button(_("Show"), Call.of("curate case", report.id)),
    )


def _action_buttons(chosen: Submission, edition: int | None, acts: Sequence[AuditEntry]) -> Buttons | None:
    """Buttons of the available actions. "Drop…" and "Merge…" lack an argument, so they open their form."""
    n = chosen.number
    row, more = [], []
    if edition is None:
        for verb in AVAILABLE_ACTIONS.get(chosen.state, ()):
            style = Style.MAIN if verb == "pick" else Style.DANGER if verb == "drop" else Style.PLAIN
            row.append(Button(_(ACTION_LABELS[verb]), Call.of(f"curate {verb}", n), style))
        if acts and acts[0].verb in UNDOABLE:
            more.append(Button(_("Undo the last change"), Call.of("curate restore", n)))
    if chosen.state in AVAILABLE_ACTIONS:
        more.append(Button(_("Merge…"), Call.of("curate merge", n)))
        if "edit" not in AVAILABLE_ACTIONS[chosen.state] or edition:
            more.append(Button(_("Edit"), Call.of("curate edit", n)))
    more += [Button(_("Votes"), Call.of("curate votes", n)), Button(_("Log"), Call.of("curate log", n))]
    return Buttons(tuple(row), tuple(more))


def _history_line(ctx: Context, act: AuditEntry, chosen: Submission) -> Note:
    who = act.member.shown_name if act.member else _("The club")
    reason = reason_text(act, ctx.zone)
    why = f": {truncate(reason, 100)}" if reason else ""
    at = formatted(act.at.astimezone(ctx.zone), "%-d %b, %H:%M")
    return note(f"{at} · {action_text(who, act, chosen)}{why}")


async def next_in_queue_button(db: UnitOfWork) -> Buttons:
    """Buttons to the queue and to the next new paper, so that a queue can be handled card by card."""
    row = [Button(_("The queue"), Call.of("curate queue", page=1))]
    if waiting := (await db.moderation_queue.counts()).get(SubmissionState.NEW, 0):
        following = Call.of("curate queue", "new", single="yes", page=1)
        row.insert(0, Button(_("Next new paper ({waiting} left)", waiting=formatted(waiting, ",")), following))
    return Buttons(tuple(row))
