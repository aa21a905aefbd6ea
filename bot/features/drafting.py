"""Making the draft of an edition: gather, ask, select, write, compose, keep. Long, and told step by step.

Nothing is kept until the end but the summaries, so that a draft that was cut off is simply made again, and costs
nothing twice. The network is never asked inside a transaction.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from bot.app import App
from bot.chat.text import plural
from bot.domain import links
from bot.domain.clubs import ClubSettings
from bot.domain.models import Club, Edition, LedgerQuote, Pick, Slot, Submission, Suggestion
from bot.domain.ranking import Terms
from bot.domain.summaries import Written
from bot.editions.blocks import Quotation
from bot.editions.changing import replay
from bot.editions.clusters import Told
from bot.editions.compose import NOBODY, Frame, Turnout, compose
from bot.editions.document import Document, Item, Work, to_json
from bot.editions.items import Chosen, item, reference
from bot.editions.select import Candidate, select, themed
from bot.editions.templates import shaped
from bot.errors import UserError
from bot.features import details, outpour, summaries
from bot.features.drafts import announce
from bot.features.revising import Making, shape_of
from bot.store import UnitOfWork
from bot.store.papers import OPEN

log = logging.getLogger(__name__)

LATELY = timedelta(days=7)
"""How far back the first window reaches, before the club has an edition."""
LOOKED_AT = 500
"""Submissions looked at for one edition: the highest ranks of the window, and as many of the newest."""
MOST_OTHERS = 12
"""News, code and the like that an edition takes, beside its papers."""


class NothingToPublish(UserError):
    """There is neither a paper nor a piece of news for an edition."""


@dataclass(frozen=True, slots=True)
class Step:
    """How far a draft is: what is going on, and how much of it is done. The last one has the edition."""

    say: str
    done: int = 0
    total: int = 0
    edition: Edition | None = None
    lost: tuple[str, ...] = ()
    """What is said of changes that moderators made to the draft before and that fit this one no more."""


@dataclass(slots=True)
class Material:
    """What the club has for an edition."""

    club: Club
    since: datetime
    until: datetime
    slot: Slot | None
    submissions: dict[int, Submission] = field(default_factory=dict)
    picks: dict[int, Pick] = field(default_factory=dict)
    terms: dict[int, Terms] = field(default_factory=dict)
    suggestions: Sequence[Suggestion] = ()
    turnout: Turnout = NOBODY
    selected_from: int = 0
    """How many papers came out in the window where the chosen ones come from; 0 where nobody knows."""
    selected_where: str = ""

    @property
    def rules(self) -> ClubSettings:
        """The club's own rules."""
        return ClubSettings.of(self.club.settings)


async def draft(
    app: App, club_id: int, *, template: str = "", by: int | None = None, slot_id: int | None = None, owner: str = ""
) -> AsyncIterator[Step]:
    """Make the draft of the club's next edition, or make it anew. Tells each step; the last one has the edition.

    `by` is the moderator who asks, None for the club itself, which drafts for `slot_id` as long as `owner` holds it.
    Raises NothingToPublish, and UserError where an edition is approved already.
    """
    async with app.store.read(club_id) as db:
        _refuse_approved(await db.editions.current())
    material = await gather(app, club_id, slot_id)
    if any(submission.paper.pending for submission in material.submissions.values()):
        yield Step("Asking arXiv for the details that are still to follow")
        await details.fill_in(app, club_id, at_once=True)
        material = await gather(app, club_id, slot_id)
    papers, others = choose(material)
    if not papers and not others and not any(s.section in ("news", "code") for s in material.suggestions):
        raise NothingToPublish("There is nothing to make an edition of: nobody brought a paper since the last one.")
    yield Step(f"Read {plural(len(papers), 'paper')}", 0, len(papers))
    written: dict[int, Written] = {}
    async for paper_id, text in summaries.write(app, material.club, [s.paper for s in _rows(material, papers)]):
        written[paper_id] = text
        yield Step(f"{len(written)} of {len(papers)} written", len(written), len(papers))
    rows = [s.paper for s in _rows(material, papers)]
    material.selected_from, material.selected_where = await outpour.selected_from(app, rows, material.since)
    chosen = await _with_all(app, material, [*papers, *others], written)
    yield Step("Laying it out", len(papers), len(papers))
    edition, lost = await _keep(app, material, chosen, template, by, owner)
    yield Step(f"Drafted {edition.title}, No. {edition.number}", len(papers), len(papers), edition, lost)


async def gather(app: App, club_id: int, slot_id: int | None = None) -> Material:
    """Everything that may go into the next edition, as it stands now."""
    now = app.now()
    async with app.store.read(club_id) as db:
        club = await db.club()
        since = await db.editions.last_until() or min(club.created_at, now - LATELY)
        until = now + timedelta(microseconds=1)
        slot = await db.slots.get(slot_id) if slot_id else await db.slots.next()
        found = Material(club, since, until, slot)
        found.picks = await db.picks.all()
        terms = await db.votes.window(since, until)
        ids = sorted(terms, key=lambda id: (-terms[id].heat, id))[:LOOKED_AT]
        fresh = await db.submissions.brought(since, until, limit=LOOKED_AT)
        found.submissions = await db.submissions.many({*ids, *found.picks, *(s.id for s in fresh)})
        for id, submission in found.submissions.items():
            found.terms[id] = terms.get(id) or await db.votes.terms(submission, since, until)
        found.suggestions = await db.suggestions.waiting()
        found.turnout = Turnout(*await db.editions.turnout(since, until))
        return found


def choose(material: Material) -> tuple[list[Candidate], list[Candidate]]:
    """The papers of the edition, and what else members brought that is no paper; each in order.

    Papers that were withdrawn or whose details are still unknown stay out.
    """
    fit = [s for s in material.submissions.values() if not s.paper.withdrawn and not s.paper.pending]
    candidates = [_candidate(material, submission) for submission in fit]
    is_paper = {s.id: s.paper.kind == "paper" for s in fit}
    rules = material.rules

    def chosen(papers: bool, most: int) -> list[Candidate]:
        own = [c for c in candidates if is_paper[c.submission] is papers]
        return select(own, most=most, quorum=rules.quorum, published=frozenset())

    told = {s.id: Told(s.id, s.paper.title, s.paper.abstract, tuple(s.paper.categories)) for s in fit}
    return themed(chosen(True, rules.items), told), chosen(False, MOST_OTHERS)


def _candidate(material: Material, submission: Submission) -> Candidate:
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


def _suggested_theme(material: Material, submission: Submission) -> str:
    """The theme that a member suggested for this very paper, by its link."""
    for suggestion in material.suggestions:
        if suggestion.section == "theme" and suggestion.title and suggestion.url:
            meant = links.read(suggestion.url)
            if isinstance(meant, links.PaperRef) and meant.key == submission.paper.key:
                return suggestion.title.strip()
    return ""


def _rows(material: Material, candidates: Sequence[Candidate]) -> list[Submission]:
    return [material.submissions[candidate.submission] for candidate in candidates]


async def _with_all(
    app: App, material: Material, candidates: Sequence[Candidate], written: dict[int, Written]
) -> list[Chosen]:
    """The chosen ones with everything that their items tell."""
    chosen = []
    async with app.store.read(material.club.id) as db:
        said = await db.sayings.about([candidate.submission for candidate in candidates])
        voters = await db.votes.named([candidate.submission for candidate in candidates])
        quotes = await db.ledger.of(*(one.paper.key for one in _rows(material, candidates)))
        for candidate in candidates:
            submission = material.submissions[candidate.submission]
            chosen.append(
                Chosen(
                    submission,
                    candidate,
                    material.picks.get(submission.id),
                    written.get(submission.paper_id),
                    tuple(await db.submissions.links(submission.id)),
                    tuple(await db.submissions.seconds(submission.id)),
                    tuple(await db.discussions.of(submission.id)),
                    tuple(saying for saying in said if saying.submission_id == submission.id),
                    tuple(voters.get(submission.id, ())),
                    tuple(_quotation(quote) for quote in quotes if quote.key == submission.paper.key),
                )
            )
    return chosen


def _quotation(quote: LedgerQuote) -> Quotation:
    return Quotation(quote.text, quote.passage, source=quote.source, start=quote.start, end=quote.end)


async def item_of(app: App, club_id: int, submission_id: int) -> tuple[Item, Work]:
    """One submission as an item of the edition in the making, read and written about, and its entry for references."""
    material = await gather(app, club_id)
    async with app.store.read(club_id) as db:
        found = await db.submissions.many([submission_id])
        material.submissions |= found
        submission = found[submission_id]
        if submission_id not in material.terms:
            material.terms[submission_id] = await db.votes.terms(submission, material.since, material.until)
        edition = await db.editions.current()
    if submission.paper.withdrawn or submission.state not in OPEN:
        raise UserError(f"#{submission.number} is {'withdrawn' if submission.paper.withdrawn else submission.state}.")
    wanted = [submission.paper] if submission.paper.kind == "paper" else []
    written = {paper_id: text async for paper_id, text in summaries.write(app, material.club, wanted)}
    [chosen] = await _with_all(app, material, [_candidate(material, submission)], written)
    shape = shaped(edition.template if edition else material.rules.template, material.rules)
    made = item(chosen, shape, emoji=material.rules.emoji, now=app.now())
    return made, reference(submission.paper, 0).work


async def _keep(
    app: App, material: Material, chosen: Sequence[Chosen], template: str, by: int | None, owner: str
) -> tuple[Edition, tuple[str, ...]]:
    """Compose, and keep the draft as the club's edition in the making; with what it lost of an earlier one."""
    try:
        async with app.store.begin(material.club.id) as db:
            return await _put(app, db, material, chosen, template, by, owner)
    except IntegrityError:
        # Another process has just made the first draft of the same edition: now it is there to be replaced.
        async with app.store.begin(material.club.id) as db:
            return await _put(app, db, material, chosen, template, by, owner)


async def _put(
    app: App, db: UnitOfWork, material: Material, chosen: Sequence[Chosen], template: str, by: int | None, owner: str
) -> tuple[Edition, tuple[str, ...]]:
    now = app.now()
    edition = await db.editions.current(lock=True)
    _refuse_approved(edition)
    slot = await db.slots.get(material.slot.id, lock=True) if material.slot else None
    if owner and (slot is None or slot.owner != owner or slot.state != "due"):
        raise UserError("Another process has taken this edition over.")
    document = _compose(app, material, chosen, template, edition.number if edition else await db.editions.next_number())
    if edition is None:
        edition = Edition(
            number=document.number, state="draft", sha="", revision=0, drafted_at=now, drafted_by_id=by,
            since=material.since, until=material.until, template=document.template, title=document.title,
            document=to_json(document), slot_id=slot.id if slot else None,
        )  # fmt: skip
        await db.editions.add(edition)
        lost: tuple[str, ...] = ()
    else:
        edition.revision += 1
        edition.since, edition.until, edition.template = material.since, material.until, document.template
        changed, kept, lost = replay(document, Making.of(edition).changes, await shape_of(db, edition))
        edition.making = Making(document, kept).kept()
        edition.title, edition.document = changed.title, to_json(changed)
        edition.drafted_at, edition.drafted_by_id = now, by
        if slot and edition.slot_id != slot.id:
            await _supersede(db, edition)
            edition.slot_id, edition.publish_at = slot.id, None
        await db.editions.clear_approvals(edition.id)
    await db.acts.note("draft", by, now, edition_id=edition.id, after={"revision": edition.revision})
    await announce(app, db, edition)
    return edition, lost


def _refuse_approved(edition: Edition | None) -> None:
    if edition and edition.state == "approved":
        raise UserError(f"No. {edition.number} is approved already. `/curate digest unapprove` opens it again.")


async def _supersede(db: UnitOfWork, edition: Edition) -> None:
    """A draft that was held until the next due time serves that one; its own is closed without a word."""
    held = await db.slots.get(edition.slot_id, lock=True) if edition.slot_id else None
    if held and held.state == "due":
        held.state, held.why = "skipped", "the next edition took its draft over"


def _compose(app: App, material: Material, chosen: Sequence[Chosen], template: str, number: int) -> Document:
    rules = material.rules
    return compose(
        Frame(
            club=material.club.name,
            number=number,
            template=template or rules.template,
            settings=rules,
            zone=ZoneInfo(material.club.timezone),
            since=material.since,
            until=material.until,
            issued=material.slot.due_at if material.slot and material.slot.due_at > app.now() else app.now(),
            now=app.now(),
            turnout=material.turnout,
            selected_from=material.selected_from,
            selected_where=material.selected_where,
        ),
        chosen,
        material.suggestions,
    )
