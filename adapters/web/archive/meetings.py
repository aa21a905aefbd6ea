"""Pages of meetings that took place: the list, one page each, and a feed. Who came is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import uuid5
from zoneinfo import ZoneInfo

from adapters.web.archive.feeds import WRITERS
from adapters.web.archive.page_request import NotFound, Page, PageRequest
from adapters.web.archive.people import listed
from bot.chat.rich_text import Link
from bot.domain.meeting_times import format_start
from bot.domain.models import Meeting, MeetingState, Submission
from bot.editions.render import feeds
from bot.features.shared.meetings.meeting_cards import name_of, paper_of
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _

MAX_LISTED = 500
"""Meetings on the list."""
FEED_ENTRIES = 30


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting that took place, as its page shows it."""

    number: int
    name: str
    when: str
    starts_at: datetime
    changed_at: datetime
    paper: str
    paper_url: str
    presenter: str
    notes: str
    recording: str
    slides: str


async def meetings(request: PageRequest) -> Page:
    """The meetings that took place, latest first."""
    return request.draw("meetings.html.jinja", meetings=await held(request))


async def meeting(request: PageRequest, number: int) -> Page:
    """One meeting: its paper, presenter and notes."""
    async with request.app.store.read(request.club.id) as db:
        found = await db.meetings.by_number(number)
        if found is None or not _is_shown(request, found):
            raise NotFound
        paper = await paper_of(db, found)
    return request.draw("meeting.html.jinja", meeting=_page(request, found, paper, await listed(request)))


async def feed(request: PageRequest, ending: str) -> Page:
    """The latest meetings with their notes."""
    if ending not in WRITERS:
        raise NotFound
    write, kind = WRITERS[ending]
    made = feeds.Feed(
        id=feeds.feed_id(request.id, "meetings"),
        title=_("{club}: meetings", club=request.club.name),
        author=request.club.name,
        created=request.club.created_at,
        entries=tuple(_entry(request, page) for page in (await held(request))[:FEED_ENTRIES]),
        page=request.absolute(request.at.meetings),
        url=request.absolute(request.here),
    )
    return Page(write(made), kind)


async def held(request: PageRequest) -> Sequence[MeetingPage]:
    """Meetings that took place, latest first. A presenter is named only if they chose to be listed."""
    names = await listed(request)
    async with request.app.store.read(request.club.id) as db:
        found = await db.meetings.past(request.app.now(), limit=MAX_LISTED)
        papers = {each.id: await paper_of(db, each) for each in found}
    return [_page(request, each, papers[each.id], names) for each in found]


async def of_paper(request: PageRequest, submission: Submission) -> Sequence[MeetingPage]:
    """Meetings that read a paper."""
    async with request.app.store.read(request.club.id) as db:
        found = [each for each in await db.meetings.of_paper(submission.id) if _is_shown(request, each)]
    names = await listed(request) if found else {}
    return [_page(request, each, submission, names) for each in found]


def _is_shown(request: PageRequest, each: Meeting) -> bool:
    """True if a meeting took place or is on."""
    return each.state == MeetingState.PLANNED and each.starts_at <= request.app.now()


def _page(request: PageRequest, each: Meeting, paper: Submission | None, names: dict[int, str]) -> MeetingPage:
    url = ""
    if paper:
        published = paper.number in request.catalogue.papers
        url = request.link(request.at.paper(paper.number)) if published else _safe(paper.paper.url)
    return MeetingPage(
        number=each.number,
        name=name_of(each, paper),
        when=format_start(each, ZoneInfo(each.timezone)),
        starts_at=each.starts_at,
        changed_at=max(each.changed_at, each.starts_at),
        paper=title_of(paper) if paper else "",
        paper_url=url,
        presenter=names.get(each.presenter_id or 0, ""),
        notes=each.notes,
        recording=_safe(each.recording),
        slides=_safe(each.slides),
    )


def _safe(url: str) -> str:
    """The address if it may be a link, else nothing."""
    return url if Link("", url).is_safe else ""


def _entry(request: PageRequest, page: MeetingPage) -> feeds.FeedEntry:
    paper = "<p>{}</p>".format(_("We read “{paper}”.", paper=escape(page.paper))) if page.paper else ""
    notes = "".join(f"<p>{escape(line)}</p>" for line in page.notes.splitlines() if line.strip())
    return feeds.FeedEntry(
        id=uuid5(request.id, f"meeting {page.number}"),
        title=page.name,
        html=f"<p>{escape(page.when)}</p>{paper}{notes}",
        published=page.starts_at,
        updated=page.changed_at,
        url=request.absolute(request.at.meeting(page.number)),
        summary=_("We read “{paper}”.", paper=page.paper) if page.paper else "",
    )
