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
from bot.domain.withdrawals import paper_withdrawal
from bot.features.shared.paper_cards import _joined, actions, paper_card, tally, view
from bot.store import UnitOfWork


async def render_delivery(db: UnitOfWork, delivery: Delivery) -> Card | None:
    """What a delivery shows now: a submission's card as it stands, or a frozen card with a live tally below.

    None where what it was about is gone.
    """
    submission = await db.submissions.get(delivery.submission_id) if delivery.submission_id else None
    if delivery.card is None:
        return paper_card(await view(db, submission)) if submission else None
    card = from_json(delivery.card)
    return with_tally(card, submission, await db.discussions.by_submission(submission.id)) if submission else card


def with_tally(card: Card, submission: Submission, discussions: Sequence[Discussion]) -> Card:
    """A frozen card, with the live standing of its submission and what can be done below it.

    Threads that were there when it was frozen are on it already; later ones are added.
    """
    parts: list[Part] = [*card.parts, Text((Bold(tally(submission)),)), actions(submission)]
    if (gone := paper_withdrawal(submission.paper)) and " was withdrawn " not in repr(card.parts):
        parts.insert(0, text(Bold("Withdrawn"), gone.phrase.removeprefix("withdrawn"), "."))
    told = {span.url for part in card.parts if isinstance(part, Note) for span in part.words if isinstance(span, Link)}
    fresh = [d for d in discussions if d.url and d.url not in told]
    if threads := [Link(d.workspace.name or d.workspace.platform.title(), d.url) for d in fresh]:
        parts.append(Note(("Discussion: ", *_joined(threads))))
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
