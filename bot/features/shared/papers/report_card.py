"""Card of a report, as moderators and the data export see it."""

from __future__ import annotations

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, Tone, note, text
from bot.chat.rich_text import Bold
from bot.domain.models import Problem, Report, ReportState, Submission, at_start
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, mark_text

PROBLEM_TEXT: dict[Problem, str] = {
    "summary": mark_text("the summary is wrong"),
    "quote": mark_text("a quote is wrong"),
    "link": mark_text("a link is wrong"),
    "author": mark_text("one of its authors asks for a change"),
    "duplicate": mark_text("it is a duplicate"),
    "off-topic": mark_text("it is off topic"),
    "spam": mark_text("it is spam"),
    "withdrawn": mark_text("it was withdrawn by its authors"),
}
"""Kinds of problems, in words."""


ANSWER_TEXT = {ReportState.RESOLVED: mark_text("Resolved"), ReportState.REJECTED: mark_text("Rejected")}
"""States of an answered report."""


def problem_text(report: Report) -> str:
    """Problem that a report names, as a clause in the language in use: "it is spam"."""
    return _(PROBLEM_TEXT.get(report.what, report.what))


def report_note(report: Report) -> Part:
    """Content of a report, in small print."""
    submission = report.submission
    return note(f"#{submission.number} {title_of(submission)}: {problem_text(report)}.")


def report_card(report: Report, edition: int | None = None) -> Card:
    """Moderators' card of a report with its buttons; of an answered one, with the answer.

    `edition` is the number of the published edition that the paper is in, where it can be corrected.
    """
    submission = report.submission
    parts: list[Part] = [text(Bold(f"#{submission.number} "), title_of(submission))]
    name = at_start(report.member.shown_name)
    parts.append(text(_("{member} says that {problem_text}.", member=name, problem_text=problem_text(report))))
    if report.note:
        parts.append(text("“", report.note, "”"))
    if report.state != ReportState.OPEN:
        parts.append(text(Bold(f"{_(ANSWER_TEXT[report.state])}: "), report.answer))
        parts.append(Buttons((Button(_("Reopen"), Call.of("curate case", report.id, "reopen")),)))
        return Card(_("Report {id}", id=report.id), tuple(parts), Tone.QUIET)
    if is_escalated(report):
        parts.append(text(Bold(_("Passed to the admins: ")), report.answer))
    parts.append(_answers(report, submission, edition))
    return Card(_("Report {id}", id=report.id), tuple(parts), Tone.BAD)


def is_escalated(report: Report) -> bool:
    """True if an open report waits for an admin; its answer then has the moderator's note."""
    return report.state == ReportState.OPEN and report.answer != ""


def _answers(report: Report, submission: Submission, edition: int | None) -> Buttons:
    row = [
        Button(_("Fixed"), Call.of("curate case", report.id, "resolve"), Style.MAIN),
        Button(_("Nothing is wrong"), Call.of("curate case", report.id, "reject")),
        Button(_("Open the paper"), Call.of("curate show", submission.number)),
    ]
    if not is_escalated(report):
        row.append(Button(_("Pass to the admins"), Call.of("curate case", report.id, "escalate")))
    if edition and report.what in ("summary", "quote", "link", "author", "withdrawn"):
        part = {"quote": "passages", "link": "nothing", "withdrawn": "nothing"}.get(report.what)
        call = Call.of("edition correct", *([part] if part else []), item=submission.number, edition=edition)
        row.insert(1, Button(_("Correct…"), call))
    if report.what == "duplicate":
        row.append(Button(_("Merge…"), Call.of("curate merge", submission.number)))
    elif report.what in ("off-topic", "spam", "withdrawn"):
        row.append(Button(_("Remove…"), Call.of("curate drop", submission.number), Style.DANGER))
    return Buttons(tuple(row))
