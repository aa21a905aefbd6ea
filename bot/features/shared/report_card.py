"""Card of a report, as moderators and the data export see it."""

from __future__ import annotations

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Style, Tone, note, text
from bot.chat.rich_text import Bold
from bot.domain.models import Problem, Report, ReportState, Submission
from bot.features.shared.paper_cards import title_of

PROBLEM_TEXT: dict[Problem, str] = {
    "summary": "the summary is wrong",
    "quote": "a quote is wrong",
    "link": "a link is wrong",
    "author": "one of its authors asks for a change",
    "duplicate": "it is a duplicate",
    "off-topic": "it is off topic",
    "spam": "it is spam",
    "withdrawn": "it was withdrawn by its authors",
}
"""What can be wrong, in words."""


def report_note(said: Report) -> Part:
    """What a report says, in small print."""
    about = said.submission
    return note(f"#{about.number} {title_of(about)}: {PROBLEM_TEXT.get(said.what, said.what)}.")


def report_card(said: Report, edition: int | None = None) -> Card:
    """A report as moderators see it, with what they can do; once it is answered, with the answer.

    `edition` is the number of the published edition that the paper is in, where it can be corrected.
    """
    about = said.submission
    parts: list[Part] = [text(Bold(f"#{about.number} "), title_of(about))]
    parts.append(text(f"{said.member.name} says that {PROBLEM_TEXT.get(said.what, said.what)}."))
    if said.note:
        parts.append(text("“", said.note, "”"))
    if said.state != ReportState.OPEN:
        parts.append(text(Bold(f"{said.state.capitalize()}: "), said.answer))
        return Card(f"Report {said.id}", tuple(parts), Tone.QUIET)
    parts.append(_answers(said, about, edition))
    return Card(f"Report {said.id}", tuple(parts), Tone.BAD)


def _answers(said: Report, about: Submission, edition: int | None) -> Buttons:
    row = [
        Button("It is mended", Call.of("curate case", said.id, "resolve"), Style.MAIN),
        Button("Nothing is wrong", Call.of("curate case", said.id, "reject")),
        Button("Open the paper", Call.of("curate show", about.number)),
    ]
    if edition and said.what in ("summary", "quote", "link", "author", "withdrawn"):
        part = {"quote": "passages", "link": "nothing", "withdrawn": "nothing"}.get(said.what)
        call = Call.of("edition correct", *([part] if part else []), item=about.number, edition=edition)
        row.insert(1, Button("Correct…", call))
    if said.what == "duplicate":
        row.append(Button("Merge…", Call.of("curate merge", about.number)))
    elif said.what in ("off-topic", "spam", "withdrawn"):
        row.append(Button("Drop…", Call.of("curate drop", about.number), Style.DANGER))
    return Buttons(tuple(row))
