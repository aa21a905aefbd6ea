"""What the club has for an edition: what members brought, voted for and said, and what moderators picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.domain.links import identify as links
from bot.domain.links.identify import SiteKind
from bot.domain.models import Club, Edition, Pick, Slot, StoredQuote, Submission, Suggestion
from bot.domain.ranking import Terms
from bot.domain.summary_values import WrittenSummary
from bot.editions.compose.composer import NO_PARTICIPATION, Participation
from bot.editions.compose.item_builder import SelectedPaper
from bot.editions.compose.selection import Candidate, select, themed
from bot.editions.compose.theme_clustering import PaperFeatures
from bot.editions.model.blocks import Quotation

FIRST_WINDOW = timedelta(days=7)
"""How far back the first window reaches, before the club has an edition."""
LOOKED_AT = 500
"""Submissions looked at for one edition: the highest ranks of the window, and as many of the newest."""
MOST_OTHERS = 12
"""News, code and the like that an edition takes, beside its papers."""


@dataclass(slots=True)
class EditionMaterial:
    """What the club has for an edition."""

    club: Club
    since: datetime
    until: datetime
    slot: Slot | None
    edition: Edition | None = None
    """The edition that is in the making already."""
    submissions: dict[int, Submission] = field(default_factory=dict)
    picks: dict[int, Pick] = field(default_factory=dict)
    terms: dict[int, Terms] = field(default_factory=dict)
    suggestions: Sequence[Suggestion] = ()
    turnout: Participation = NO_PARTICIPATION
    selected_from: int = 0
    """How many papers came out in the window where the chosen ones come from; 0 where nobody knows."""
    selected_where: str = ""

    @property
    def rules(self) -> ClubSettings:
        """The club's own rules."""
        return ClubSettings.of(self.club.settings)


async def gather(app: App, club_id: int, slot_id: int | None = None) -> EditionMaterial:
    """Everything that may go into the next edition, as it stands now."""
    now = app.now()
    async with app.store.read(club_id) as db:
        club = await db.club()
        since = await db.editions.last_until() or min(club.created_at, now - FIRST_WINDOW)
        until = now + timedelta(microseconds=1)
        slot = await db.slots.get(slot_id) if slot_id else await db.slots.next()
        found = EditionMaterial(club, since, until, slot, await db.editions.current())
        found.picks = await db.picks.all()
        terms = await db.votes.terms_in_window(since, until)
        ids = sorted(terms, key=lambda id: (-terms[id].score, id))[:LOOKED_AT]
        fresh = await db.submissions.submitted_between(since, until, limit=LOOKED_AT)
        found.submissions = await db.submissions.many({*ids, *found.picks, *(s.id for s in fresh)})
        for id, submission in found.submissions.items():
            found.terms[id] = terms.get(id) or Terms(0, submission.voices, submission.submitted_at)
        found.suggestions = await db.suggestions.waiting()
        found.turnout = Participation(*await db.editions.participation(since, until))
        return found


def choose(material: EditionMaterial) -> tuple[list[Candidate], list[Candidate]]:
    """The papers of the edition, and what else members brought that is no paper; each in order.

    Papers that were withdrawn stay out. Those whose details are still to follow go in with what is known of them.
    """
    fit = [s for s in material.submissions.values() if not s.paper.withdrawn]
    candidates = [candidate_of(material, submission) for submission in fit]
    is_paper = {s.id: s.paper.kind == SiteKind.PAPER for s in fit}
    rules = material.rules

    def chosen(papers: bool, most: int) -> list[Candidate]:
        own = [c for c in candidates if is_paper[c.submission] is papers]
        return select(own, most=most, quorum=rules.quorum, published=frozenset())

    told = {s.id: PaperFeatures(s.id, s.paper.title, s.paper.abstract, tuple(s.paper.categories)) for s in fit}
    return themed(chosen(True, rules.items), told), chosen(False, MOST_OTHERS)


def candidate_of(material: EditionMaterial, submission: Submission) -> Candidate:
    """A submission with all that decides on its place."""
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
    """The theme that a member suggested for this very paper, by its link."""
    for suggestion in material.suggestions:
        if suggestion.section == "theme" and suggestion.title and suggestion.url:
            meant = links.identify(suggestion.url)
            if isinstance(meant, links.PaperRef) and meant.key == submission.paper.key:
                return suggestion.title.strip()
    return ""


def rows_of(material: EditionMaterial, candidates: Sequence[Candidate]) -> list[Submission]:
    """The submissions that these candidates are."""
    return [material.submissions[candidate.submission] for candidate in candidates]


async def with_all(
    app: App, material: EditionMaterial, candidates: Sequence[Candidate], written: dict[int, WrittenSummary]
) -> list[SelectedPaper]:
    """The chosen ones with everything that their items tell."""
    chosen = []
    async with app.store.read(material.club.id) as db:
        said = await db.member_quotes.about([candidate.submission for candidate in candidates])
        voters = await db.votes.visible_voters([candidate.submission for candidate in candidates])
        quotes = await db.quote_ledger.quotes(*(one.paper.key for one in rows_of(material, candidates)))
        for candidate in candidates:
            submission = material.submissions[candidate.submission]
            chosen.append(
                SelectedPaper(
                    submission,
                    candidate,
                    material.picks.get(submission.id),
                    written.get(submission.paper_id),
                    tuple(await db.submissions.links(submission.id)),
                    tuple(await db.submissions.co_submitters(submission.id)),
                    tuple(await db.discussions.by_submission(submission.id)),
                    tuple(saying for saying in said if saying.submission_id == submission.id),
                    tuple(voters.get(submission.id, ())),
                    tuple(_quotation(quote) for quote in quotes if quote.key == submission.paper.key),
                )
            )
    return chosen


def _quotation(quote: StoredQuote) -> Quotation:
    return Quotation(quote.text, quote.passage, source=quote.source, start=quote.start, end=quote.end)
