"""The club's meetings as entries of a file, for exports."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.meeting_export import MeetingEntry
from bot.domain.meeting_times import end_of
from bot.features.shared.meetings.meeting_cards import name_of, paper_of
from bot.features.shared.papers.paper_cards import title_of
from bot.store import UnitOfWork


async def meeting_entries(db: UnitOfWork) -> list[MeetingEntry]:
    """Every meeting of the club, earliest first, without names of members."""
    entries = []
    for meeting in await db.meetings.all():
        zone, paper = ZoneInfo(meeting.timezone), await paper_of(db, meeting)
        entries.append(
            MeetingEntry(
                number=meeting.number,
                title=name_of(meeting, paper),
                state=meeting.state.value,
                starts=meeting.starts_at.astimezone(zone).isoformat(),
                ends=end_of(meeting).astimezone(zone).isoformat(),
                timezone=meeting.timezone,
                place=meeting.place,
                link=meeting.link,
                paper=title_of(paper) if paper else "",
                paper_url=paper.paper.url if paper else "",
                chosen=meeting.chosen_how,
                notes=meeting.notes,
                recording=meeting.recording,
                slides=meeting.slides,
            )
        )
    return entries
