"""Material for an edition: submissions with their votes and remarks, suggestions, and the moderators' picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.app import App
from bot.chat.text import join_names, one_line, truncate
from bot.domain.archive_urls import ArchiveUrls
from bot.domain.club_settings import ClubSettings
from bot.domain.links import identify as links
from bot.domain.links.identify import SiteKind
from bot.domain.models import (
    Club,
    Edition,
    Meeting,
    MeetingState,
    Pick,
    Slot,
    StoredQuote,
    StreamEntry,
    Submission,
    Suggestion,
)
from bot.domain.summary_values import WrittenSummary
from bot.domain.vote_ranking import Terms
from bot.editions.compose.composer import NO_PARTICIPATION, Participation
from bot.editions.compose.item_builder import SelectedPaper
from bot.editions.compose.meeting_section import MeetingRecord
from bot.editions.compose.new_papers_section import NO_NEW_PAPERS, NewPaper, NewPapers
from bot.editions.compose.selection import Candidate, select, themed
from bot.editions.compose.subject_words import SubjectWords
from bot.editions.compose.theme_clustering import PaperFeatures
from bot.editions.model.blocks import Quotation
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.votes.voting_window import FIRST_WINDOW
from bot.latex.reader import latex_to_text
from bot.locale.current import _
from bot.store import UnitOfWork

MAX_SUBMISSIONS = 500
"""Maximum number of submissions considered for one edition: the highest ranks, and as many of the newest."""
MAX_NOTES = 400
"""Characters of a meeting's notes in an edition."""
MAX_OTHER_ITEMS = 12
"""Maximum number of news, code and the like in an edition, beside its papers."""


@dataclass(slots=True)
class EditionMaterial:
    """Everything that the club has for an edition."""

    club: Club
    since: datetime
    until: datetime
    slot: Slot | None
    edition: Edition | None = None
    """The current edition, if there is one already."""
    submissions: dict[int, Submission] = field(default_factory=dict)
    picks: dict[int, Pick] = field(default_factory=dict)
    terms: dict[int, Terms] = field(default_factory=dict)
    suggestions: Sequence[Suggestion] = ()
    meetings: Sequence[MeetingRecord] = ()
    """Meetings that took place in the window, earliest first."""
    new_papers: NewPapers = NO_NEW_PAPERS
    """The best new papers that are not on the list, if the club wants them in its editions."""
    participation: Participation = NO_PARTICIPATION
    selected_from: int = 0
    """Number of new papers that the chosen ones were selected from; 0 if unknown."""
    selected_where: str = ""

    @property
    def rules(self) -> ClubSettings:
        """The club's settings."""
        return ClubSettings.of(self.club.settings)


async def gather_material(app: App, club_id: int, slot_id: int | None = None) -> EditionMaterial:
    """Load everything that may go into the next edition."""
    now = app.now()
    async with app.store.read(club_id) as db:
        club = await db.club()
        since = await db.editions.last_until() or min(club.created_at, now - FIRST_WINDOW)
        until = now + timedelta(microseconds=1)
        slot = await db.slots.get(slot_id) if slot_id else await db.slots.next()
        material = EditionMaterial(club, since, until, slot, await db.editions.current())
        material.picks = await db.picks.all()
        returned = await db.editions.returned(since)
        terms = await db.vote_queries.terms_in_window(since, until, returned=returned)
        ids = sorted(terms, key=lambda id: (-terms[id].score, id))[:MAX_SUBMISSIONS]
        newest = await db.submissions.submitted_between(since, until, limit=MAX_SUBMISSIONS)
        recalled = await db.submissions.selectable(returned.ids)
        material.submissions = await db.submissions.many({*ids, *material.picks, *(s.id for s in newest), *recalled})
        for id, submission in material.submissions.items():
            material.terms[id] = terms.get(id) or Terms(0, submission.voices, submission.submitted_at)
        material.suggestions = await db.suggestions.waiting()
        material.meetings = [
            _meeting_record(app, club, meeting)
            for meeting in await db.meetings.between(since, now)
            if meeting.state == MeetingState.PLANNED and (meeting.submission or meeting.notes)
        ]
        material.new_papers = await _new_papers(db, material.rules.also_new, since)
        material.participation = Participation(*await db.editions.participation(since, until))
        return material


async def _new_papers(db: UnitOfWork, limit: int, since: datetime) -> NewPapers:
    """The best of the shortlist since a time that the club does not have, at most `limit`."""
    run = await db.shortlists.run() if limit else None
    if run is None:
        return NO_NEW_PAPERS
    works = await db.stream.listed_works()
    found = [
        candidate.entry
        for candidate in await db.shortlists.entries()
        if candidate.entry.listed_at >= since and not works.have(candidate.entry)
    ]
    return NewPapers([_new_paper(entry) for entry in found[:limit]], run.considered)


def _new_paper(entry: StreamEntry) -> NewPaper:
    names = join_names([latex_to_text(name) for name in entry.author_names])
    return NewPaper(
        entry.key, truncate(latex_to_text(entry.title), 300), entry.url, names, ", ".join(entry.categories[:1])
    )


def _meeting_record(app: App, club: Club, meeting: Meeting) -> MeetingRecord:
    """A meeting as an edition tells of it."""
    public = app.installation.public_url and ClubSettings.of(club.settings).public
    url = f"{app.installation.public_url}{ArchiveUrls(club.id).meeting(meeting.number)}" if public else ""
    paper = title_of(meeting.submission) if meeting.submission else ""
    return MeetingRecord(
        number=meeting.number,
        title=paper or meeting.title or _("Meeting {number}", number=meeting.number),
        day=meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)).date(),
        url=url,
        notes=truncate(one_line(meeting.notes), MAX_NOTES),
    )


def choose_candidates(
    material: EditionMaterial, learned: SubjectWords | None = None
) -> tuple[list[Candidate], list[Candidate]]:
    """Papers of the edition, and its other submissions; each list in order.

    Withdrawn papers are left out. Papers whose details are pending are included with what is known of them.
    `learned` are words of subjects, if any.
    """
    eligible = [s for s in material.submissions.values() if not s.paper.withdrawn]
    candidates = [to_candidate(material, submission) for submission in eligible]
    is_paper = {s.id: s.paper.kind == SiteKind.PAPER for s in eligible}
    rules = material.rules

    def chosen(papers: bool, limit: int) -> list[Candidate]:
        matching = [c for c in candidates if is_paper[c.submission] is papers]
        return select(matching, limit=limit, quorum=rules.quorum)

    features = {s.id: PaperFeatures(s.id, s.paper.title, s.paper.abstract, tuple(s.paper.categories)) for s in eligible}
    return themed(chosen(True, rules.items), features, learned), chosen(False, MAX_OTHER_ITEMS)


def to_candidate(material: EditionMaterial, submission: Submission) -> Candidate:
    """A submission with everything that decides about its place."""
    pick = material.picks.get(submission.id)
    return Candidate(
        submission=submission.id,
        terms=material.terms[submission.id],
        categories=tuple(submission.paper.categories),
        picked_at=pick.at if pick else None,
        place=pick.place if pick else None,
        theme=pick.theme if pick else "",
        suggested=_suggested_theme(material, submission),
        topic=submission.topic.name if submission.topic else "",
    )


def _suggested_theme(material: EditionMaterial, submission: Submission) -> str:
    """Theme that a member suggested for this paper, by its link; empty if none."""
    for suggestion in material.suggestions:
        if suggestion.section == "theme" and suggestion.title and suggestion.url:
            link = links.identify(suggestion.url)
            if isinstance(link, links.PaperRef) and link.key == submission.paper.key:
                return suggestion.title.strip()
    return ""


def submissions_of(material: EditionMaterial, candidates: Sequence[Candidate]) -> list[Submission]:
    """Submissions of these candidates."""
    return [material.submissions[candidate.submission] for candidate in candidates]


async def load_details(
    app: App, material: EditionMaterial, candidates: Sequence[Candidate], written: dict[int, WrittenSummary]
) -> list[SelectedPaper]:
    """The candidates with everything that their items show."""
    chosen = []
    async with app.store.read(material.club.id) as db:
        remarks = await db.member_quotes.about([candidate.submission for candidate in candidates])
        voters = await db.vote_queries.visible_voters([candidate.submission for candidate in candidates])
        keys = [row.paper.key for row in submissions_of(material, candidates)]
        quotes = await db.quote_ledger.quotes(*keys)
        given = await db.quote_ledger.passages(keys)
        givers = {(key, passage.name): passage.given_by for key, texts in given.items() for passage in texts}
        curators = await db.members.many([pick.member_id for pick in material.picks.values()])
        for candidate in candidates:
            submission = material.submissions[candidate.submission]
            pick = material.picks.get(submission.id)
            chosen.append(
                SelectedPaper(
                    submission,
                    candidate,
                    pick,
                    written.get(submission.paper_id),
                    tuple(await db.submissions.links(submission.id)),
                    tuple(await db.submissions.co_submitters(submission.id)),
                    tuple(await db.discussions.by_submission(submission.id)),
                    tuple(remark for remark in remarks if remark.submission_id == submission.id),
                    tuple(voters.get(submission.id, ())),
                    tuple(_quotation(q, givers) for q in quotes if q.key == submission.paper.key),
                    curators[pick.member_id].name if pick and pick.member_id in curators else "",
                )
            )
    return chosen


def _quotation(quote: StoredQuote, givers: Mapping[tuple[str, str], str]) -> Quotation:
    """A chosen quote; `givers` are the names of those who gave a text, by its item's key and its own name."""
    by = givers.get((quote.key, quote.passage), "") if quote.source == quote.key else ""
    return Quotation(quote.text, quote.passage, source=quote.source, start=quote.start, end=quote.end, given_by=by)
