"""Posts in the thread of a meeting: its paper with the summary, and the questions for it.

Each is a part of the delivery of the meeting's card, drawn from the current state: it is posted once and updated.
"""

from __future__ import annotations

from datetime import datetime

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, ListEntry, Part, Points, QuotePart, note, text
from bot.chat.rich_text import Bold, Italic, parse_backticks
from bot.chat.text import truncate
from bot.domain.models import DeliveryKind, Meeting, MeetingQuestion, Room
from bot.domain.summary_values import WrittenSummary
from bot.features.shared.meetings.meeting_cards import load_meeting_view, meeting_card, name_of, paper_of
from bot.features.shared.papers.paper_cards import byline, title_of
from bot.features.shared.papers.source_quotes import source_quote
from bot.locale.current import _, _n
from bot.store import UnitOfWork

CARD_PART, PAPER_PART, QUESTIONS_PART = range(3)
"""Parts of a meeting's post: the card, and the replies in its thread."""

MAX_ABSTRACT = 1_200
MAX_QUESTIONS = 10
"""Questions listed in the thread."""


async def meeting_part(db: UnitOfWork, meeting: Meeting, part: int) -> Card | None:
    """Current card of a part of a meeting's post; None if there is nothing to show."""
    if part == CARD_PART:
        return meeting_card(await load_meeting_view(db, meeting))
    if part == PAPER_PART:
        return await paper_part(db, meeting)
    return await questions_card(db, meeting, limit=MAX_QUESTIONS)


async def plan_parts(db: UnitOfWork, meeting: Meeting, room: Room, now: datetime) -> None:
    """Plan the card of a meeting in a room, with the paper in its thread."""
    await db.deliveries.plan(DeliveryKind.MEETING, meeting.id, room, now, part=CARD_PART)
    await db.deliveries.plan(DeliveryKind.MEETING, meeting.id, room, now, part=PAPER_PART, in_thread=True)


async def plan_questions(db: UnitOfWork, meeting: Meeting, now: datetime) -> None:
    """Plan the list of questions in each thread of a meeting."""
    for card in await db.deliveries.by_subject(DeliveryKind.MEETING, meeting.id):
        if card.part == CARD_PART:
            await db.deliveries.plan(
                DeliveryKind.MEETING, meeting.id, card.room, now, part=QUESTIONS_PART, in_thread=True
            )


async def paper_part(db: UnitOfWork, meeting: Meeting) -> Card:
    """The paper of a meeting with its written summary, else its abstract; where it is not chosen, a sentence."""
    ask = Buttons(
        (
            Button(_("Ask a question"), Call.of("club ask", meeting=meeting.number)),
            Button(_("Questions"), Call.of("club questions", meeting.number)),
        )
    )
    paper = await paper_of(db, meeting)
    if paper is None:
        say = text(_("The paper is not chosen yet. It will appear here. Leave questions for the meeting at any time."))
        return Card(_("Thread of meeting {meeting_number}", meeting_number=meeting.number), (say, ask))
    parts: list[Part] = [text(Italic(byline(paper)))]
    stored = await db.summaries.latest(paper.paper_id)
    written = WrittenSummary.from_json(stored.body) if stored else None
    if written and written.why:
        parts.append(text(Bold(_("Why")), f" → {written.why}"))
        parts.append(Points(tuple((insight,) for insight in written.insights)))
        parts += [source_quote(quote) for quote in written.quotes[:2]]
    elif paper.paper.abstract:
        parts.append(QuotePart(truncate(paper.paper.abstract, MAX_ABSTRACT), _("abstract")))
    return Card(_("We read: {paper}", paper=title_of(paper)), (*parts, ask), url=paper.paper.url)


async def questions_card(db: UnitOfWork, meeting: Meeting, *, limit: int) -> Card:
    """Questions for a meeting, those with most votes first."""
    ranked = await db.meeting_questions.ranked(meeting.id)
    rows: list[Part] = [_row(question, votes) for question, votes in ranked[:limit]]
    if not rows:
        rows.append(text(*parse_backticks(_("Nobody has left a question yet. `/club ask` adds one."))))
    if (more := len(ranked) - limit) > 0:
        rows.append(
            note(
                *parse_backticks(
                    _("And {more} more: `/club questions {meeting_number}`.", more=more, meeting_number=meeting.number)
                )
            )
        )
    rows.append(Buttons((Button(_("Ask a question"), Call.of("club ask", meeting=meeting.number)),)))
    return Card(_("Questions for {name_of}", name_of=name_of(meeting, await paper_of(db, meeting))), tuple(rows))


def _row(question: MeetingQuestion, votes: int) -> ListEntry:
    by = "" if question.anonymous else question.member.shown_name
    details = " · ".join(
        bit
        for bit in (_n("{n} vote", "{n} votes", votes) if votes else "", by, _("number {id}", id=question.id))
        if bit
    )
    vote = Button(_("Vote"), Call.of("club upvote", question.id))
    return ListEntry((truncate(question.text, 400),), (details,), vote)
