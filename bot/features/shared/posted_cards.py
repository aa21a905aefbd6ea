"""The current card of a delivery and where it was posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.cards import (
    Card,
    Note,
    Part,
    Text,
    from_json,
    text,
)
from bot.chat.gateway import Location
from bot.chat.rich_text import Bold, Link
from bot.domain.models import Delivery, Discussion, Submission
from bot.domain.withdrawals import of_paper
from bot.features.shared.paper_cards import action_buttons, join_links, load_submission_view, paper_card, tally
from bot.store import UnitOfWork


async def render_delivery(db: UnitOfWork, delivery: Delivery) -> Card | None:
    """What a delivery shows now: a submission's card as it stands, or a frozen card with a live tally below.

    None where what it was about is gone.
    """
    submission = await db.submissions.get(delivery.submission_id) if delivery.submission_id else None
    if delivery.card is None:
        return paper_card(await load_submission_view(db, submission)) if submission else None
    card = from_json(delivery.card)
    return with_tally(card, submission, await db.discussions.of(submission.id)) if submission else card


def with_tally(card: Card, submission: Submission, discussions: Sequence[Discussion]) -> Card:
    """A frozen card, with the live standing of its submission and what can be done below it.

    Threads that were there when it was frozen are on it already; later ones are added.
    """
    parts: list[Part] = [*card.parts, Text((Bold(tally(submission)),)), action_buttons(submission)]
    if (withdrawal := of_paper(submission.paper)) and " was withdrawn " not in repr(card.parts):
        parts.insert(0, text(Bold("Withdrawn"), withdrawal.told.removeprefix("withdrawn"), "."))
    linked_urls = {
        span.url for part in card.parts if isinstance(part, Note) for span in part.words if isinstance(span, Link)
    }
    new_threads = [d for d in discussions if d.url and d.url not in linked_urls]
    if threads := [Link(d.workspace.name or d.workspace.platform.title(), d.url) for d in new_threads]:
        parts.append(Note(("Discussion: ", *join_links(threads))))
    return replace(card, parts=tuple(parts))


def location_of(delivery: Delivery) -> Location:
    """The place of a delivery: its room, and its message once it is posted."""
    room = delivery.room
    return Location(
        platform=room.workspace.platform,
        workspace=room.workspace.external_id,
        room=room.external_id,
        thread=delivery.thread,
        message=delivery.message,
    )


def channel_of(delivery: Delivery) -> str:
    """The channel of a delivery, as people know it: "Slack #papers"."""
    room = delivery.room
    return f"{room.workspace.platform.title()} #{room.name or room.external_id}"
