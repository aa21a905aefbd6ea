"""Pages and feeds of the log of a club that opens it: what moderators decided about papers, editions and meetings.

Nothing about a person is in it, no report and no vote. A moderator is named only if they chose to be listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from uuid import uuid5

from adapters.web.archive.feeds import WRITERS
from adapters.web.archive.page_request import NotFound, Page, PageRequest
from adapters.web.archive.people import listed
from bot.domain.models import AuditEntry, Submission
from bot.editions.render import feeds
from bot.features.moderation.open_log import OPEN_VERBS, open_details
from bot.features.shared.audit.wording import action_text, reason_text
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _

LATEST = 100
"""Entries of the first page."""
MAX_OF_YEAR = 2_000
"""Entries of the page of a year, the latest."""
FEED_ENTRIES = 40


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One decision, as the page shows it. `paper` and `url` are empty if it is about no paper."""

    id: int
    at: datetime
    text: str
    paper: str
    url: str
    why: str


async def log(request: PageRequest, year: int | None = None) -> Page:
    """The latest decisions, or those of a year."""
    years = await years_of(request)
    if year is not None and year not in years:
        raise NotFound
    entries = await _entries(request, year)
    return request.draw("log.html.jinja", entries=entries, years=years, year=year)


async def feed(request: PageRequest, ending: str) -> Page:
    """The latest decisions."""
    _check_open(request)
    if ending not in WRITERS:
        raise NotFound
    write, kind = WRITERS[ending]
    made = feeds.Feed(
        id=feeds.feed_id(request.id, "log"),
        title=_("{club}: log", club=request.club.name),
        author=request.club.name,
        created=request.club.created_at,
        entries=tuple(_feed_entry(request, entry) for entry in (await _entries(request))[:FEED_ENTRIES]),
        page=request.absolute(request.at.log()),
        url=request.absolute(request.here),
    )
    return Page(write(made), kind)


async def years_of(request: PageRequest) -> Sequence[int]:
    """Years with a page, latest first. Raises NotFound if the club does not open its log."""
    _check_open(request)
    async with request.app.store.read(request.club.id) as db:
        first = await db.audit_log.earliest(OPEN_VERBS)
    this_year = request.app.now().astimezone(request.zone).year
    return range(this_year, first.astimezone(request.zone).year - 1, -1) if first else ()


def _check_open(request: PageRequest) -> None:
    if not request.rules.open_log:
        raise NotFound


async def _entries(request: PageRequest, year: int | None = None) -> list[LogEntry]:
    names = await listed(request)
    since = datetime(year, 1, 1, tzinfo=request.zone) if year else None
    until = datetime(year + 1, 1, 1, tzinfo=request.zone) if year else None
    limit = MAX_OF_YEAR if year else LATEST
    async with request.app.store.read(request.club.id) as db:
        acts = await db.audit_log.latest(verbs=OPEN_VERBS, since=since, until=until, limit=limit)
        about = await db.submissions.many({act.submission_id for act in acts if act.submission_id})
    return list(_shown(request, acts, about, names))


def _shown(
    request: PageRequest, acts: Iterable[AuditEntry], about: dict[int, Submission], names: dict[int, str]
) -> Iterable[LogEntry]:
    editions = {edition.id: number for number, edition in request.catalogue.by_number.items()}
    for act in acts:
        paper = about.get(act.submission_id or 0)
        edition = editions.get(act.edition_id or 0)
        who = names.get(act.member_id, _("A moderator")) if act.member_id else _("The club")
        url = ""
        if paper and paper.number in request.catalogue.papers:
            url = request.at.paper(paper.number)
        elif edition:
            url = request.at.edition(edition)
        yield LogEntry(
            id=act.id,
            at=act.at.astimezone(request.zone),
            text=action_text(who, act, paper, edition=edition),
            paper=title_of(paper) if paper else "",
            url=url,
            why=" ".join(words for words in (reason_text(act, request.zone), open_details(act, request.zone)) if words),
        )


def _feed_entry(request: PageRequest, entry: LogEntry) -> feeds.FeedEntry:
    page = f"{request.at.log(entry.at.year)}#entry-{entry.id}"
    lines = (entry.text, entry.paper, entry.why)
    return feeds.FeedEntry(
        id=uuid5(request.id, f"log {entry.id}"),
        title=entry.text,
        html="".join(f"<p>{escape(line)}</p>" for line in lines if line),
        published=entry.at,
        updated=entry.at,
        url=request.absolute(page),
        summary=entry.why or entry.paper,
    )
