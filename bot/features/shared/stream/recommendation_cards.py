"""Papers that were chosen for a member, as rows and buttons: for their own command, their home and their messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Heading, ListEntry, Part
from bot.chat.rich_text import Bold, Link, Words
from bot.chat.text import truncate
from bot.domain.models import Recommendation
from bot.locale.current import _

COMMAND = "my papers"


def recommendation_rows_of(found: Iterable[Recommendation]) -> Iterator[Part]:
    """Each paper with the reasons, and the buttons for it."""
    for one in found:
        yield recommendation_entry(one)
        yield Buttons((_opening_button(one), Button(_("Less like this"), Call.of(COMMAND, "less", one.key))))


def recommendation_entry(one: Recommendation) -> ListEntry:
    """A paper as one row, with the reasons."""
    prefix = f"#{one.number} " if one.number else ""
    line: Words = (prefix, Link(truncate(one.title, 150), one.url))
    return ListEntry(line, (Bold(_("Why this: ")), truncate("; ".join(one.reasons), 260)))


def home_rows(found: Sequence[Recommendation]) -> list[Part]:
    """Rows for a member's home; none without papers."""
    return [Heading(_("Papers for you")), *map(recommendation_entry, found)] if found else []


def _opening_button(one: Recommendation) -> Button:
    if one.number:
        return Button(_("Open"), Call.of("paper show", one.number))
    link = one.key.removeprefix("arxiv:") if one.key.startswith("arxiv:") else one.url
    return Button(_("Submit this"), Call.of("paper submit", link))
