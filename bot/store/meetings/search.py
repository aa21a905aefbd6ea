"""Search for meetings by the words of their titles, papers and notes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from bot.domain.models import Meeting
from bot.store.base.search_rules import TEXT, TITLE, entries, query_terms
from bot.store.base.transaction import ClubRepository

MAX_SEARCHED = 1_000
"""Meetings that are searched, the latest: twenty years of weekly ones."""


class MeetingSearch(ClubRepository):
    """Searches the meetings of one club by the rules of the paper search."""

    async def meetings(self, typed: str, *, skip: int = 0, limit: int = 10) -> Sequence[Meeting]:
        """Meetings that have every word, latest first, canceled ones too.

        A word is looked for in the title and number ("meeting 3"), the paper's title, the agenda and the notes.
        """
        terms = query_terms(typed)
        if not terms:
            return ()
        statement = select(Meeting).where(Meeting.club_id == self._club_id)
        latest = await self._session.scalars(
            statement.order_by(Meeting.starts_at.desc(), Meeting.id).limit(MAX_SEARCHED)
        )
        found = [meeting for meeting in latest.unique() if _matches(meeting, terms)]
        return found[skip : skip + limit]


def _matches(meeting: Meeting, terms: Sequence[str]) -> bool:
    paper = meeting.submission
    headings = [f"Meeting {meeting.number}", meeting.title]
    headings += [paper.heading] if paper else []
    texts = [meeting.notes, *(point for point, _minutes in meeting.agenda)]
    known = entries(headings, texts, ())
    return all(any(entry.startswith((TITLE + term, TEXT + term)) for entry in known) for term in terms)
