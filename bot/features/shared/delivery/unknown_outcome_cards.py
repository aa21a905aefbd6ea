"""Moderators' cards of posts of unknown outcome: an excerpt, the channel, and the available decisions."""

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
    FigurePart,
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
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import Bold, Link, Span, Words, parse_backticks, plain
from bot.chat.text import one_line, truncate
from bot.domain.delivery_rules import repost_at
from bot.domain.models import Delivery, DeliveryState
from bot.features.shared.channel_links import link_channels, link_channels_in
from bot.features.shared.delivery.delivery_cards import channel_of
from bot.locale.current import _, formatted, mark_text

EXCERPT_LENGTH = 300
"""Length of an excerpt in characters, which is enough to find the post in its channel."""


def excerpt(card: Card) -> str:
    """Beginning of a post's text, title first."""
    return truncate(one_line(" — ".join(bit for bit in (card.title, *_texts(card)) if bit.strip())), EXCERPT_LENGTH)


def _texts(card: Card) -> Iterator[str]:
    for part in card.parts:
        match part:
            case Text(words) | Note(words) | ListEntry(words):
                yield plain(words)
            case QuotePart(content) | Heading(content):
                yield content
            case Points(items):
                yield from map(plain, items)
            case Facts(pairs):
                yield ", ".join(f"{name} {value}" for name, value in pairs)
            case Divider() | Buttons() | LinkRow() | ChartPart() | FigurePart() | File():
                pass
            case _:
                assert_never(part)


def doubtful_card(delivery: Delivery, card: Card | None, zone: ZoneInfo, after: timedelta) -> Card:
    """Question about a post, or its settled outcome. `after` is the time until it is posted again unanswered."""
    words = QuotePart(excerpt(card)) if card else note(_("There is nothing left to show."))
    title, parts, tone = _state_parts(delivery, zone, after)
    return link_channels_in(Card(title, (words, *parts), tone), [delivery.room])


def _state_parts(delivery: Delivery, zone: ZoneInfo, after: timedelta) -> tuple[str, tuple[Part, ...], Tone]:
    place = channel_of(delivery)
    if delivery.double:
        row = _row(_remove(delivery, _("Remove the second copy")))
        return _("This was posted twice"), (text(_("Both copies are in "), *_address(delivery), "."), row), Tone.BAD
    if delivery.state == DeliveryState.UNKNOWN:
        return (
            _("Is this post in {place}?", place=place),
            (*_question(delivery, zone, after), _answers(delivery)),
            Tone.BAD,
        )
    if delivery.state in (DeliveryState.READY, DeliveryState.SENDING):
        return (
            _("This is being posted again"),
            (text(_("It will go to {place}.", place=place)), _row(_found(delivery))),
            Tone.QUIET,
        )
    if delivery.state == DeliveryState.SKIPPED:
        row = _row(_found(delivery), _again(delivery, _("Post it now")))
        return _("This post was skipped"), (text(_("It was not posted to {place}.", place=place)), row), Tone.QUIET
    if delivery.state == DeliveryState.FAILED:
        say = _("It could not be posted to {place}: {error}.", place=place, error=reason_text(delivery.error))
        return _("This post failed"), (text(*parse_backticks(say)), _row(_again(delivery, _("Try again")))), Tone.BAD
    if delivery.reposted_at is not None:
        say = _("Nobody answered, so I posted it again. There may be two copies: please check ")
        row = _row(_remove(delivery, _("Remove the new copy")), _found(delivery, _("There is another copy")))
        return _("This may have been posted twice"), (text(say, *_address(delivery), "."), row), Tone.QUIET
    where = text(_("It is in "), *_address(delivery), ".")
    if delivery.message:
        hint = _("If you see another copy of it, send me the link of that copy. Then I can remove it.")
    else:
        hint = _("I removed a copy. If you still see more than one, send me the link of one of them.")
    return _("This was posted"), (where, note(hint), _row(_found(delivery, _("There is another copy")))), Tone.GOOD


def _question(delivery: Delivery, zone: ZoneInfo, after: timedelta) -> tuple[Part, ...]:
    say = text(
        _(
            "The connection failed while I posted this to {channel_of}, and I cannot read that "
            "channel. Please check whether it is there.",
            channel_of=channel_of(delivery),
        )
    )
    tried = delivery.last_tried_at or delivery.not_before
    due = repost_at(delivery.asked_at or tried, delivery.first_tried_at or tried, tried, after)
    if due is None:
        return say, note(_("I will wait for your answer. Nothing else is held up."))
    return say, note(
        _(
            "Without an answer I will post it again at {due}. Nothing else is held up.",
            due=formatted(due.astimezone(zone), "%H:%M"),
        )
    )


def _answers(delivery: Delivery) -> Buttons:
    omit = Button(_("Skip it"), _decide(delivery, "omit"))
    return _row(_found(delivery), _again(delivery, _("Post it again")), omit)


def _found(delivery: Delivery, label: str = "") -> Button:
    """Button that opens a form for the message's link, which the call lacks."""
    return Button(label or _("It is there"), Call.of("curate post found", delivery.id), Style.MAIN)


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


STATE_LABELS = {
    DeliveryState.READY: mark_text("waiting"),
    DeliveryState.SENDING: mark_text("being posted"),
    DeliveryState.SENT: mark_text("posted"),
    DeliveryState.UNKNOWN: mark_text("not sure whether it was posted"),
    DeliveryState.FAILED: mark_text("failed"),
    DeliveryState.SKIPPED: mark_text("skipped"),
}
"""Names of the states of a delivery."""

BUTTON_LABELS = {
    DeliveryState.FAILED: mark_text("Try again"),
    DeliveryState.UNKNOWN: mark_text("Decide"),
    DeliveryState.SKIPPED: mark_text("Post it"),
}
"""Label of the button of a delivery in a list, by state."""


def delivery_row(delivery: Delivery, card: Card | None, zone: ZoneInfo) -> ListEntry:
    """A delivery as one row of a list: excerpt, channel, state."""
    title: Words = (Bold(truncate(one_line(card.title), 100)) if card else _("A post with no content left"),)
    state = _(STATE_LABELS[delivery.state])
    if delivery.double or delivery.reposted_at:
        state += _(", twice") if delivery.double else _(", maybe twice")
    tried_at = delivery.last_tried_at or delivery.not_before
    small = f"{channel_of(delivery)} · {state} · {formatted(tried_at.astimezone(zone), '%a %H:%M')}"
    if delivery.error and delivery.state != DeliveryState.SENT:
        small += f" · {truncate(one_line(reason_text(delivery.error)), 120)}"
    doubled = bool(delivery.double or delivery.reposted_at)
    call = _decide(delivery, "again" if delivery.state in (DeliveryState.FAILED, DeliveryState.SKIPPED) else "show")
    label = _(BUTTON_LABELS[delivery.state]) if delivery.state in BUTTON_LABELS else _("Show") if doubled else ""
    return ListEntry(
        title, link_channels(parse_backticks(small), [delivery.room]), Button(label, call) if label else None
    )
