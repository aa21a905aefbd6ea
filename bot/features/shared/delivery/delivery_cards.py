"""Current card of a delivery, and the place where it was posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.calls import Call
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Note,
    Part,
    Text,
    from_json,
    text,
)
from bot.chat.gateway import Location
from bot.chat.rich_text import Bold, Italic, Link
from bot.domain.club_settings import ClubSettings
from bot.domain.models import Delivery, DeliveryKind, Discussion, Submission
from bot.domain.reader_platform import read_on
from bot.domain.shown_names import shown_under
from bot.domain.withdrawals import paper_withdrawal
from bot.features.shared.meetings.meeting_thread import meeting_part
from bot.features.shared.papers.paper_cards import (
    action_buttons,
    discussion_note,
    load_submission_view,
    paper_card,
    tally,
    title_of,
    withdrawal_line,
)
from bot.locale.current import _, in_language
from bot.store import UnitOfWork


async def render_delivery(db: UnitOfWork, delivery: Delivery) -> Card | None:
    """Current card of a delivery: a submission's or a meeting's card, or a frozen card with the current tally below.

    It is in the club's language, with members' names on the platform of its readers. None if its subject does not exist
    any more.
    """
    platform = delivery.room.workspace.platform
    readers = await db.members.readers(platform)
    language = ClubSettings.of(readers.settings).language
    with in_language(language), shown_under(readers.names), read_on(platform):
        return await _current_card(db, delivery)


async def _current_card(db: UnitOfWork, delivery: Delivery) -> Card | None:
    if delivery.kind == DeliveryKind.MEETING:
        meeting = await db.meetings.get(delivery.subject_id)
        return await meeting_part(db, meeting, delivery.part) if meeting else None
    if delivery.kind == DeliveryKind.THREAD_OPENING:
        discussed = await db.submissions.get(delivery.subject_id)
        return opening_card(discussed, from_json(delivery.card or {}).parts) if discussed else None
    submission = await db.submissions.get(delivery.submission_id) if delivery.submission_id else None
    if delivery.card is None:
        return paper_card(await load_submission_view(db, submission)) if submission else None
    card = from_json(delivery.card)
    return with_tally(card, submission, await db.discussions.by_submission(submission.id)) if submission else card


def opening_card(discussed: Submission, starters: Sequence[Part]) -> Card:
    """First message of a paper's thread: why it was submitted, as it stands now, and questions to start from."""
    parts: list[Part] = [text(discussed.why, " — ", Italic(discussed.credit))] if discussed.why else []
    parts += starters or [text(_("What did you take from it? What would you ask the authors?"))]
    parts.append(Buttons((Button(_("Ask the paper"), Call.of("paper ask", discussed.number)),)))
    return Card(_("Discussing: {chosen}", chosen=title_of(discussed)), tuple(parts), url=discussed.paper.url)


def with_tally(card: Card, submission: Submission, discussions: Sequence[Discussion]) -> Card:
    """A frozen card with the current tally of its submission and its buttons below.

    Threads that were opened after it was frozen are added.
    """
    counted = tally(submission)
    parts: list[Part] = [*card.parts, *((Text((Bold(counted),)),) if counted else ()), action_buttons(submission)]
    if (withdrawal := paper_withdrawal(submission.paper)) and not withdrawal.is_stated_in(repr(card.parts)):
        parts.insert(0, text(*withdrawal_line(withdrawal)))
    linked_urls = {
        span.url for part in card.parts if isinstance(part, Note) for span in part.words if isinstance(span, Link)
    }
    new_threads = [d for d in discussions if d.url and d.url not in linked_urls]
    if new_threads:
        parts.append(discussion_note(new_threads))
    return replace(card, parts=tuple(parts))


def location_of(delivery: Delivery) -> Location:
    """Location of a delivery: its channel, and its message once it is posted."""
    room = delivery.room
    return Location(
        platform=room.workspace.platform,
        workspace=room.workspace.external_id,
        room=room.external_id,
        thread=delivery.thread,
        message=delivery.message,
    )


def channel_of(delivery: Delivery) -> str:
    """Name of a delivery's channel: "Slack #papers"."""
    room = delivery.room
    return f"{room.workspace.platform.title()} #{room.name or room.external_id}"
