"""Card of an edition in progress for the moderators, updated with each change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, Style, Tone, note, text
from bot.chat.rich_text import Bold, parse_backticks
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Club, Edition, EditionState, Slot
from bot.domain.summary_values import Check
from bot.editions.model.document import Document
from bot.editions.model.translation import words_in_use
from bot.editions.render import captions
from bot.locale.current import _, mark_text

MAX_ITEMS_SHOWN = 20
"""Maximum number of items on the card: with titles of 100 characters, as many as fit one message."""

DEADLINE_TEXT = {
    "hold": mark_text("keeps waiting for approval"),
    "skip": mark_text("is skipped"),
}


@dataclass(frozen=True, slots=True)
class DraftView:
    """An edition in progress with everything that its card shows."""

    edition: Edition
    document: Document
    club: Club
    slot: Slot | None
    approvers: tuple[str, ...]
    checks: tuple[Check, ...]
    now: datetime

    @property
    def rules(self) -> ClubSettings:
        """The club's settings."""
        return ClubSettings.of(self.club.settings)

    @property
    def zone(self) -> ZoneInfo:
        """The club's time zone."""
        return ZoneInfo(self.club.timezone)

    @property
    def deadline(self) -> datetime | None:
        """Time of publication; None if there is none."""
        return deadline(self.edition, self.slot)

    @property
    def is_overdue(self) -> bool:
        """True if the time of publication is past, and the edition is not out."""
        return self.deadline is not None and self.deadline + edition_calendar.LATE <= self.now


def deadline(edition: Edition, slot: Slot | None) -> datetime | None:
    """Time of publication of an edition: as scheduled by a moderator, else its due time; None if it has neither."""
    return edition.publish_at or (slot.due_at if slot else None)


TITLES = {
    EditionState.DRAFT: (mark_text("Draft to review"), Tone.PLAIN),
    EditionState.APPROVED: (mark_text("Approved"), Tone.GOOD),
    EditionState.PUBLISHED: (mark_text("Published"), Tone.GOOD),
    EditionState.SKIPPED: (mark_text("Canceled"), Tone.QUIET),
    EditionState.RECALLED: (mark_text("Recalled"), Tone.BAD),
}
"""Title and tone of the card in each state of the edition."""


def draft_card(view: DraftView, *, say: str = "") -> Card:
    """Card of an edition in progress: its contents, failed checks, time of publication and buttons."""
    edition, document = view.edition, view.document
    number = _("No. {edition_number}", edition_number=edition.number) if edition.number > 0 else _("canceled")
    rows: list[Part] = [text(Bold(document.title), f" · {number}")]
    if say:
        rows.append(text(*parse_backticks(say)))
    if document.headline:
        rows.append(text(document.headline))
    rows += _contents(document)
    if failed := [check for check in view.checks if not check.passed]:
        rows.append(Heading(_("To check")))
        rows.append(Points(tuple((Bold(_(check.name)), f": {check.detail}") for check in failed)))
    rows.append(note(_schedule_note(view)))
    if row := _buttons(edition):
        rows.append(Buttons(row))
    title, tone = TITLES[edition.state]
    return Card(_(title), tuple(rows), tone)


def _contents(document: Document) -> Iterator[Part]:
    """Titles of the items by section; of a long edition the first ones, since the preview shows all."""
    remaining = MAX_ITEMS_SHOWN
    for section in document.sections:
        if shown := section.items[:remaining]:
            yield Heading(section.heading)
            yield Points(tuple((captions.heading(item), _paper_number(item.brought)) for item in shown))
        remaining -= len(shown)
    if (more := len(document.items) - MAX_ITEMS_SHOWN) > 0:
        yield note(_("And {more} more.", more=more))


def _paper_number(number: int) -> str:
    return f" · #{number}" if number else ""


def _schedule_note(view: DraftView) -> str:
    """Sentence with the time of publication, the approvals, and the rule for a draft that nobody approves."""
    edition, rules = view.edition, view.rules
    if edition.state in (EditionState.PUBLISHED, EditionState.SKIPPED, EditionState.RECALLED):
        return f"{voting_period(view)}."
    if view.deadline is None:
        when = _("no time set yet")
    elif view.is_overdue:
        when = _("overdue since {moment}", moment=edition_calendar.format_moment(view.deadline, view.zone))
    else:
        when = _("due {format_moment}", format_moment=edition_calendar.format_moment(view.deadline, view.zone))
    if edition.state == EditionState.APPROVED:
        return _(
            "Approved by {approvers}; {when}.", approvers=", ".join(view.approvers) or _("the club’s rules"), when=when
        )
    count = _(
        "{approvers_count} of {needed} approvals",
        approvers_count=len(view.approvers),
        needed=rules.approvals,
    )
    by = f" ({', '.join(view.approvers)})" if view.approvers else ""
    if not view.deadline:
        return f"{count}{by}; {when}."
    if view.is_overdue:
        return _("{count}{by}; {when}. It will be published as soon as it is approved.", count=count, by=by, when=when)
    if rules.at_deadline == "publish":
        moment = edition_calendar.format_moment(view.deadline, view.zone)
        return _(
            "It will be published on {moment}, approved or not ({count} so far{by}).", moment=moment, count=count, by=by
        )
    return _(
        "{count}{by}; {when}. If it is not approved by then, it {deadline_text}.",
        count=count,
        by=by,
        when=when,
        deadline_text=_(DEADLINE_TEXT[rules.at_deadline]),
    )


def voting_period(view: DraftView) -> str:
    """Days whose votes selected the papers, as text."""
    return _("Votes from {span}", span=captions.span(view.document.period, words_in_use()))


def _buttons(edition: Edition) -> tuple[Button, ...]:
    if edition.state == EditionState.DRAFT:
        return (
            Button(_("Preview"), Call.of("edition preview"), Style.MAIN),
            Button(_("Approve"), Call.of("edition approve")),
            Button(_("Edit"), Call.of("edition edit")),
            Button(_("Draft again"), Call.of("edition draft")),
            Button(_("Skip"), Call.of("edition skip")),
        )
    if edition.state == EditionState.APPROVED:
        return (
            Button(_("Preview"), Call.of("edition preview"), Style.MAIN),
            Button(_("Schedule"), Call.of("edition schedule")),
            Button(_("Withdraw approval"), Call.of("edition unapprove")),
        )
    if edition.state == EditionState.PUBLISHED:
        return (
            Button(_("Read it"), Call.of("digest read", edition.number)),
            Button(_("Correct…"), Call.of("edition correct", edition=edition.number)),
            Button(_("Recall…"), Call.of("edition recall", edition=edition.number), Style.DANGER),
        )
    return ()
