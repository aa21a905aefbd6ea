"""What moderators are shown of a post of unknown outcome: what it says, where it belongs, what they can do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from bot.chat.calls import Call
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Style,
    Text,
    Tone,
    note,
    text,
)
from bot.chat.rich_text import Bold, Link, Span, Words, plain
from bot.chat.text import one_line, truncate
from bot.domain.delivery_rules import repost_at
from bot.domain.models import Delivery, DeliveryState
from bot.features.shared.posted_cards import channel_of

WORDS = 300
"""Characters of a post that are quoted, which is enough to find it in a channel."""


def excerpt(card: Card) -> str:
    """The first words of a post, title first."""
    return truncate(one_line(" — ".join(bit for bit in (card.title, *_said(card)) if bit.strip())), WORDS)


def _said(card: Card) -> Iterator[str]:
    for part in card.parts:
        match part:
            case Text(words) | Note(words) | ListEntry(words):
                yield plain(words)
            case QuotePart(said) | Heading(said):
                yield said
            case Points(items):
                yield from map(plain, items)
            case Facts(pairs):
                yield ", ".join(f"{name} {value}" for name, value in pairs)
            case Divider() | Buttons() | LinkRow() | ChartPart() | File():
                pass
            case _:
                assert_never(part)


def doubtful_card(delivery: Delivery, shown: Card | None, zone: ZoneInfo, after: timedelta) -> Card:
    """The question about a post, or what became of it since. `after` is how long an answer is waited for."""
    words = QuotePart(excerpt(shown)) if shown else note("Nothing of it is left to show.")
    title, parts, tone = _standing(delivery, zone, after)
    return Card(title, (words, *parts), tone)


def _standing(delivery: Delivery, zone: ZoneInfo, after: timedelta) -> tuple[str, tuple[Part, ...], Tone]:
    place = channel_of(delivery)
    if delivery.double:
        row = _row(_remove(delivery, "Remove the second copy"))
        return "This post is there twice", (text("Both copies are in ", *_address(delivery), "."), row), Tone.BAD
    if delivery.state == DeliveryState.UNKNOWN:
        return f"Is this post in {place}?", (*_question(delivery, zone, after), _answers(delivery)), Tone.BAD
    if delivery.state in (DeliveryState.READY, DeliveryState.SENDING):
        return "This is being posted again", (text(f"It goes to {place}."), _row(_found(delivery))), Tone.QUIET
    if delivery.state == DeliveryState.SKIPPED:
        row = _row(_found(delivery), _again(delivery, "Post it after all"))
        return "This post was left out", (text(f"It is not posted to {place}."), row), Tone.QUIET
    if delivery.state == DeliveryState.FAILED:
        say = f"It could not be posted to {place}: {delivery.error}."
        return "This post failed", (text(say), _row(_again(delivery, "Try again"))), Tone.BAD
    if delivery.reposted_at is not None:
        say = "Nobody answered, so I posted it again. The earlier copy may be there as well: look in "
        row = _row(_remove(delivery, "Remove the new copy"), _found(delivery, "Both are there"))
        return "This may be there twice", (text(say, *_address(delivery), "."), row), Tone.QUIET
    return "This post is there", (text("It is in ", *_address(delivery), "."),), Tone.GOOD


def _question(delivery: Delivery, zone: ZoneInfo, after: timedelta) -> tuple[Part, ...]:
    say = text(
        f"The connection broke while I posted this to {channel_of(delivery)}, and I may not read that channel. "
        "Please look whether it is there."
    )
    tried = delivery.last_tried_at or delivery.not_before
    due = repost_at(delivery.asked_at or tried, delivery.first_tried_at or tried, tried, after)
    if due is None:
        return say, note("I wait for your answer. Everything else goes on.")
    return say, note(f"Without an answer I post it again at {due.astimezone(zone):%H:%M}. Everything else goes on.")


def _answers(delivery: Delivery) -> Buttons:
    omit = Button("Leave it out", _decide(delivery, "omit"))
    return _row(_found(delivery), _again(delivery, "Post it again"), omit)


def _found(delivery: Delivery, label: str = "It is there") -> Button:
    """Opens a form that asks for the message's link, which the call still lacks."""
    return Button(label, Call.of("curate post found", delivery.id), Style.MAIN)


def _again(delivery: Delivery, label: str) -> Button:
    return Button(label, _decide(delivery, "again"))


def _remove(delivery: Delivery, label: str) -> Button:
    return Button(label, _decide(delivery, "remove"), Style.DANGER)


def _decide(delivery: Delivery, what: str) -> Call:
    return Call.of("curate post settle", delivery.id, what)


def _row(*buttons: Button) -> Buttons:
    return Buttons(buttons)


def _address(delivery: Delivery) -> tuple[Span, ...]:
    place = channel_of(delivery)
    return (Link(place, delivery.url),) if delivery.url else (place,)


STATES = {
    DeliveryState.READY: "waiting",
    DeliveryState.SENDING: "being posted",
    DeliveryState.SENT: "posted",
    DeliveryState.UNKNOWN: "nobody knows whether it was posted",
    DeliveryState.FAILED: "failed",
    DeliveryState.SKIPPED: "left out",
}
"""The states of a delivery, in words."""

LABELS = {DeliveryState.FAILED: "Try again", DeliveryState.UNKNOWN: "Settle"}
"""The one button of a delivery in a list, by its state."""


def listed(delivery: Delivery, shown: Card | None, zone: ZoneInfo) -> ListEntry:
    """A delivery as one row of a list: what it says, where it goes, how it is."""
    title: Words = (Bold(truncate(one_line(shown.title), 100)) if shown else "A post of which nothing is left",)
    state = STATES[delivery.state]
    if delivery.double or delivery.reposted_at:
        state += ", there twice" if delivery.double else ", perhaps twice"
    at = delivery.last_tried_at or delivery.not_before
    small = f"{channel_of(delivery)} · {state} · {at.astimezone(zone):%a %H:%M}"
    if delivery.error and delivery.state != DeliveryState.SENT:
        small += f" · {truncate(one_line(delivery.error), 120)}"
    doubled = bool(delivery.double or delivery.reposted_at)
    call = _decide(delivery, "again" if delivery.state == DeliveryState.FAILED else "show")
    label = LABELS.get(delivery.state, "Look" if doubled else "")
    return ListEntry(title, (small,), Button(label, call) if label else None)
