"""An edition in the making: what is looked at before it goes out, where it is posted, and who is shown it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.app import App
from bot.chat.cards import Card, to_json
from bot.chat.text import plural, truncate
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import AuditEntry, Club, DeliveryKind, Edition, EditionState, Room, SuggestionState
from bot.domain.summary_values import Check
from bot.domain.withdrawals import of_paper
from bot.editions.compose.composer import submissions, suggestions
from bot.editions.model.document import Document, from_json
from bot.editions.render.card_renderer import EditionCard, render_cards
from bot.editions.render.pagination import size
from bot.editions.verification import edition_check
from bot.features.editions.draft.draft_card import DraftView, draft_card
from bot.features.editions.draft.evidence import source_texts_of
from bot.features.shared import source_checks
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES


def edition_url(public_url: str, club: Club, number: int) -> str:
    """URL of an edition's page below `public_url`, the archive's own; empty where it has none that everyone may see."""
    if not public_url or not ClubSettings.of(club.settings).public:
        return ""
    return f"{public_url}/clubs/{club.id}/editions/{number}"


def parts(app: App, club: Club, edition: Edition) -> tuple[EditionCard, ...]:
    """The edition as it is posted, part by part."""
    return render_cards(from_json(edition.document), url=edition_url(app.installation.public_url, club, edition.number))


async def load_draft_view(db: UnitOfWork, edition: Edition) -> DraftView:
    """Gather what the card of a draft tells."""
    document = from_json(edition.document)
    return DraftView(
        edition,
        document,
        await db.club(),
        await db.slots.get(edition.slot_id) if edition.slot_id else None,
        tuple(await db.editions.approvers(edition.id)),
        tuple(await checks(db, edition, document)),
    )


async def checks(db: UnitOfWork, edition: Edition, document: Document) -> list[Check]:
    """What is looked at before an edition goes out, each in words."""
    club = await db.club()
    rules = ClubSettings.of(club.settings)
    unfit = await misfits(db, edition, document)
    missed = [pick for pick in await db.picks.all() if pick not in submissions(document)]
    numbers = await db.submissions.many(missed)
    left = ", ".join(f"#{s.number}" for s in numbers.values())
    written = [item for item in document.items if item.provenance]
    unwritten = [item for item in written if any(c.name == "model" and not c.passed for c in item.provenance.checks)]
    model_failed = len(unwritten) == len(written) > 0
    doubtful = [
        f"{truncate(item.title, 60)} ({', '.join(c.name for c in item.provenance.checks if not c.passed)})"
        for item in document.items
        if item.provenance and not all(c.passed for c in item.provenance.checks)
    ]
    texts = "; ".join(doubtful)
    if model_failed:
        why = next(c.detail for c in unwritten[0].provenance.checks if c.name == "model" and not c.passed)
        texts = f"The model failed for all {plural(len(written), 'item')} ({truncate(why, 100)}); they have the abstracts’ own sentences. A new draft asks it again."
    read = await source_texts_of(db, document)
    wrong, loose = list(edition_check.misquoted(document, read)), list(edition_check.ungrounded(document, read))
    silent = await source_checks.unanswered_since(db, source_checks.keys_of(document))
    when = (
        f"a source did not answer; nothing was asked since {edition_calendar.moment(silent, zone(club.timezone))}"
        if silent
        else ""
    )
    pending = ", ".join(f"#{item.brought}" for item in document.items if item.pending)
    rooms = await rooms_for(db)
    places = ", ".join(room.name or room.external_id for room in rooms)
    posts = render_cards(document)
    longest = max(sum(map(size, sheet.card.parts)) for sheet in posts)
    papers = sum(item.kind == "paper" for item in document.items)
    return [
        Check("contents", not unfit, "; ".join(unfit) or f"{plural(papers, 'paper')} of at most {rules.items}"),
        Check("picks", not left, f"picked, but not in it: {left}" if left else "every pick is in it"),
        Check("texts", not doubtful, texts or "no check of a text failed"),
        Check("quotes", not wrong, _unsupported_items(wrong) or "every quote stands word for word in its source"),
        Check("facts", not loose, _unsupported_items(loose) or "every number, name and link stands in its source"),
        Check("sources", not silent, when or "each source has answered what became of its papers"),
        Check("details", not pending, f"still to follow: {pending}" if pending else "no paper waits for its details"),
        Check("rooms", bool(rooms), f"goes to {places}" if rooms else "there is no room; see `/clubadmin channels`"),
        Check("posts", True, f"{plural(len(posts), 'post')} a room, the longest of {longest:,} characters"),
    ]


def _unsupported_items(found: Sequence[edition_check.UnsupportedClaim]) -> str:
    """What does not stand in the sources, paper by paper: of each the first few."""
    by_item: dict[str, list[str]] = {}
    for doubt in found:
        by_item.setdefault(doubt.item.title, []).append(truncate(doubt.what, 80))
    told = [f"{truncate(title, 60)}: {', '.join(what[:5])}" for title, what in by_item.items()]
    return "; ".join(told[:8]) + (f"; and {plural(len(told) - 8, 'more item')}" if len(told) > 8 else "")


async def misfits(db: UnitOfWork, edition: Edition, document: Document) -> list[str]:
    """Papers of a draft that may not go out with it any more, and why."""
    if edition.state != EditionState.DRAFT:
        return []
    ids = submissions(document)
    held = await db.editions.holding(ids)
    found = await db.submissions.many(ids)
    said = []
    for id in ids:
        submission = found.get(id)
        if submission is None:
            continue
        if id in held:
            said.append(f"#{submission.number} is in No. {held[id]} already")
        elif submission.merged_into_id:
            said.append(f"#{submission.number} was merged into another")
        elif submission.state not in OPEN_STATES and not submission.paper.withdrawn:
            said.append(f"#{submission.number} is {submission.state}")
    numbers = {submission.paper.key: f"#{submission.number}" for submission in found.values()}
    titles = {item.key: f"“{truncate(item.title, 60)}”" for item in document.items}
    withdrawn = [(paper.key, gone) for paper in await db.papers.by_keys(titles) if (gone := of_paper(paper))]
    return [*said, *(f"{numbers.get(key) or titles[key]} was {gone.told}" for key, gone in withdrawn)]


async def rooms_for(db: UnitOfWork) -> Sequence[Room]:
    """Where editions are posted: the rooms for them, else those for papers."""
    return await db.rooms.for_("digest") or await db.rooms.for_("papers")


async def announce(app: App, db: UnitOfWork, edition: Edition, *, say: str = "") -> None:
    """Show an edition in the making in the moderators' rooms, or draw anew what is shown there."""
    card = to_json(draft_card(await load_draft_view(db, edition), say=say))
    if await db.deliveries.replace_card(DeliveryKind.DRAFT, edition.id, card):
        return
    for room in await db.rooms.for_("moderators"):
        await db.deliveries.plan(DeliveryKind.DRAFT, edition.id, room, app.now(), card=card)


async def call_moderators(app: App, db: UnitOfWork, act: AuditEntry, card: Card) -> None:
    """Post anew in the moderators' rooms what needs a hand of theirs, once for an act: an edit would not be noticed."""
    for room in await db.rooms.for_("moderators"):
        await db.deliveries.plan(DeliveryKind.ATTENTION, act.id, room, app.now(), card=to_json(card))


async def release(db: UnitOfWork, edition: Edition) -> None:
    """Give back what an edition held: its papers, and what members suggested for it."""
    await db.editions.release_items(edition.id)
    for id in suggestions(from_json(edition.document)):
        if (suggestion := await db.suggestions.get(id)) and suggestion.edition_id == edition.id:
            suggestion.state, suggestion.edition_id = SuggestionState.NEW, None
