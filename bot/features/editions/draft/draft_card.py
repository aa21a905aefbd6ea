"""What moderators are shown of an edition in the making: one card, drawn anew as it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, Style, Tone, note, text
from bot.chat.rich_text import Bold
from bot.chat.text import plural
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Edition, EditionState, Slot
from bot.domain.summary_values import Check
from bot.editions.model.document import Document
from bot.editions.render import captions

SHOWN = 20
"""Items listed on the card: with titles of 100 characters, what one message holds."""

AT_DEADLINE = {
    "publish": "goes out as it is, also if nobody has approved it",
    "hold": "waits until it is approved",
    "skip": "is given up if nobody has approved it",
}


@dataclass(frozen=True, slots=True)
class DraftView:
    """An edition in the making with all that its card tells."""

    edition: Edition
    document: Document
    club: Club
    slot: Slot | None
    approvers: tuple[str, ...]
    checks: tuple[Check, ...]

    @property
    def rules(self) -> ClubSettings:
        """The club's own rules."""
        return ClubSettings.of(self.club.settings)

    @property
    def zone(self) -> ZoneInfo:
        """The club's time zone."""
        return ZoneInfo(self.club.timezone)

    @property
    def deadline(self) -> datetime | None:
        """When it goes out: as scheduled by a moderator, else when it is due."""
        return deadline(self.edition, self.slot)


def deadline(edition: Edition, slot: Slot | None) -> datetime | None:
    """When an edition goes out: as scheduled by a moderator, else when it is due; None where nobody said."""
    return edition.publish_at or (slot.due_at if slot else None)


HEADS = {
    EditionState.DRAFT: ("A draft to review", Tone.PLAIN),
    EditionState.APPROVED: ("Approved", Tone.GOOD),
    EditionState.PUBLISHED: ("Published", Tone.GOOD),
    EditionState.SKIPPED: ("Given up", Tone.QUIET),
    EditionState.RECALLED: ("Recalled", Tone.BAD),
}
"""Title and tone of the card of an edition in each state."""


def draft_card(on: DraftView, *, say: str = "") -> Card:
    """An edition in the making: what is in it, what the checks say, when it goes out, and what can be done."""
    edition, document = on.edition, on.document
    number = f"No. {edition.number}" if edition.number > 0 else "given up"
    rows: list[Part] = [text(Bold(document.title), f" · {number}")]
    if say:
        rows.append(text(say))
    if document.headline:
        rows.append(text(document.headline))
    rows += _contents(document)
    if failed := [check for check in on.checks if not check.passed]:
        rows.append(Heading("To look at"))
        rows.append(Points(tuple((Bold(check.name), f": {check.detail}") for check in failed)))
    rows.append(note(_plan(on)))
    if row := _row(edition):
        rows.append(Buttons(row))
    title, tone = HEADS[edition.state]
    return Card(title, tuple(rows), tone)


def _contents(document: Document) -> Iterator[Part]:
    """What is in it by section; of a long edition the beginning, since the preview shows it all."""
    left = SHOWN
    for section in document.sections:
        if shown := section.items[:left]:
            yield Heading(section.heading)
            yield Points(tuple((captions.heading(item), _contributions(item.brought)) for item in shown))
        left -= len(shown)
    if (more := len(document.items) - SHOWN) > 0:
        yield note(f"And {more} more.")


def _contributions(number: int) -> str:
    return f" · #{number}" if number else ""


def _plan(on: DraftView) -> str:
    """When it goes out, who has approved it, and what happens if nobody does."""
    edition, rules = on.edition, on.rules
    if edition.state in (EditionState.PUBLISHED, EditionState.SKIPPED, EditionState.RECALLED):
        return f"{document_span(on)}."
    when = (
        f"due {edition_calendar.format_moment(on.deadline, on.zone)}" if on.deadline else "goes out when it is approved"
    )
    if edition.state == EditionState.APPROVED:
        return f"Approved by {', '.join(on.approvers) or 'the club’s rules'}; {when}."
    count = f"{len(on.approvers)} of {plural(rules.approvals, 'approval')}"
    by = f" ({', '.join(on.approvers)})" if on.approvers else ""
    after = f" Then it {AT_DEADLINE[rules.at_deadline]}." if on.deadline else ""
    return f"{count}{by}; {when}.{after}"


def document_span(on: DraftView) -> str:
    """The days whose votes made it."""
    return f"Votes of {captions.span(on.document.period, captions.IN_ENGLISH)}"


def _row(edition: Edition) -> tuple[Button, ...]:
    if edition.state == EditionState.DRAFT:
        return (
            Button("Preview", Call.of("edition preview"), Style.MAIN),
            Button("Approve", Call.of("edition approve")),
            Button("Edit", Call.of("edition edit")),
            Button("Draft anew", Call.of("edition draft")),
            Button("Skip", Call.of("edition skip")),
        )
    if edition.state == EditionState.APPROVED:
        return (
            Button("Preview", Call.of("edition preview"), Style.MAIN),
            Button("Schedule", Call.of("edition schedule")),
            Button("Take approval back", Call.of("edition unapprove")),
        )
    if edition.state == EditionState.PUBLISHED:
        return (
            Button("Read it", Call.of("digest read", edition.number)),
            Button("Correct…", Call.of("edition correct", edition=edition.number)),
            Button("Recall…", Call.of("edition recall", edition=edition.number), Style.DANGER),
        )
    return ()
