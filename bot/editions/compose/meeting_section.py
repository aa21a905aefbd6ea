"""Section of an edition about the meetings of its period: "What we read on Thursday"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.editions.model import prose
from bot.editions.model.document import Item, Section
from bot.editions.model.templates import Template
from bot.locale import Translator

EMOJI = "🗓️"


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A meeting that took place. `day` is its local date; `url` its page, if there is one; `notes` are shortened."""

    number: int
    title: str
    day: date
    url: str = ""
    notes: str = ""


def meeting_section(records: Sequence[MeetingRecord], template: Template, *, emoji: bool) -> Section | None:
    """The section of the meetings of a period, earliest first; None if there are none, or the club leaves it out."""
    if not records or "meta" not in template.order:
        return None
    words, days = template.words, {record.day for record in records}
    if len(days) == 1:
        # Translators: {day} is the name of a weekday.
        title = words.gettext("What we read on {day}", day=words.weekday(records[0].day))
    else:
        title = words.gettext("What we read together")
    return Section(title, "meta", tuple(_item(record, words) for record in records), EMOJI if emoji else "")


def _item(record: MeetingRecord, words: Translator) -> Item:
    # Translators: {day} is a date such as "23 November 2026".
    when = words.gettext("Read on {day}.", day=words.long_date(record.day))
    return Item(
        kind="event",
        key=f"meeting:{record.number}",
        title=record.title,
        url=record.url,
        why=prose.read(f"{when} {record.notes}".strip()),
    )
