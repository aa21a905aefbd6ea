"""State of an edition in progress: its checks, its posts, its channels, and its card for the moderators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.app import App
from bot.chat.cards import to_json
from bot.chat.text import truncate
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import Club, DeliveryKind, Edition, EditionState, Room, Submission, SuggestionState
from bot.domain.summary_values import NOT_READ_AGAIN, SECOND_READING, Check
from bot.domain.withdrawals import paper_withdrawal
from bot.editions.compose.composer import submissions, suggestions
from bot.editions.edit.member_names import with_shown_names
from bot.editions.model.document import Document, Item, from_json
from bot.editions.render.card_renderer import EditionCard
from bot.editions.render.layouts import Layout, lay_out
from bot.editions.render.pagination import size
from bot.editions.verification import edition_check
from bot.editions.verification.claim_texts import claim_text
from bot.editions.verification.dangling_citations import dangling_citations
from bot.editions.verification.edition_check import SourceTexts
from bot.features.editions.draft.draft_card import DraftView, draft_card
from bot.features.editions.draft.source_texts import DocumentRows, rows_of, source_texts_of
from bot.features.shared.editions.edition_lookup import edition_url
from bot.features.shared.languages import club_language
from bot.features.shared.papers import source_checks
from bot.features.shared.papers.paper_cards import state_text
from bot.locale.current import _, _n, formatted, mark_text
from bot.store import UnitOfWork
from bot.store.papers.submissions import OPEN_STATES

FAILED_CHECK_TEXTS: dict[str, str] = {
    "quotes": mark_text("quotes"),
    "numbers": mark_text("numbers"),
    "names": mark_text("names"),
    "numbers and names": mark_text("numbers and names"),
    "links": mark_text("links"),
    "model": mark_text("the model failed"),
    "budget": mark_text("the model’s budget for this month is spent"),
}
"""Name of each check of a text, as moderators read it where the check failed."""

IN_PROGRESS = (EditionState.DRAFT, EditionState.APPROVED)
"""States in which an edition can still be changed; its card shows what is wrong."""


def render_posts(
    app: App, club: Club, edition: Edition, *, document: Document | None = None, names: Mapping[str, str] | None = None
) -> tuple[EditionCard, ...]:
    """The posts of an edition in its layout, in order; `document` replaces its own.

    `names` are those under which readers know members, by the club's name. They never change how the text is divided.
    """
    url, layout = edition_url(app.installation.public_url, club, edition.number), layout_of(club, edition)
    document = document or from_json(edition.document)
    posts = lay_out(document, layout, url=url)
    if (renamed := with_shown_names(document, names or {})) is document:
        return posts
    shown = lay_out(renamed, layout, url=url)
    return shown if [post.group for post in shown] == [post.group for post in posts] else posts


def layout_of(club: Club, edition: Edition) -> Layout:
    """Layout that an edition is posted in; before that, the club's. Older editions have one message a paper."""
    if edition.state in (EditionState.DRAFT, EditionState.APPROVED):
        return edition.making.get("layout") or ClubSettings.of(club.settings).layout
    layout: Layout = edition.making.get("layout", "messages")
    return layout


async def load_draft_view(
    db: UnitOfWork, edition: Edition, now: datetime, texts: Mapping[str, SourceTexts] | None = None
) -> DraftView:
    """Everything that the card of a draft shows at a time; `texts` are its sources where they are loaded already."""
    document = from_json(edition.document)
    return DraftView(
        edition,
        document,
        await db.club(),
        await db.slots.get(edition.slot_id) if edition.slot_id else None,
        tuple(await db.editions.approvers(edition.id)),
        tuple(await checks(db, edition, document, texts)) if edition.state in IN_PROGRESS else (),
        now,
    )


async def checks(
    db: UnitOfWork, edition: Edition, document: Document, texts: Mapping[str, SourceTexts] | None = None
) -> list[Check]:
    """Checks of an edition before publication, each with its result in words."""
    club = await db.club()
    rules = ClubSettings.of(club.settings)
    missed = [pick for pick in await db.picks.all() if pick not in submissions(document)]
    rows = await rows_of(db, document, *missed)
    unpublishable = [unfit.problem for unfit in await unpublishable_items(db, edition, document, rows)]
    missing_picks = ", ".join(f"#{rows.submissions[pick].number}" for pick in missed if pick in rows.submissions)
    doubtful = [
        f"{truncate(item.title, 60)} ({', '.join(_check_text(c) for c in item.provenance.checks if not c.passed)})"
        for item in document.items
        if item.provenance and not all(c.passed for c in item.provenance.checks)
    ]
    text_detail = "; ".join(doubtful)
    if failure := _model_failure(document) or _unread_texts(document):
        text_detail = failure
    texts = await source_texts_of(db, document, rows) if texts is None else texts
    misquoted, ungrounded = await edition_check.doubts(document, texts)
    dangling = list(dict.fromkeys(found.mark for found in dangling_citations(document)))
    keys = source_checks.keys_of(document)
    unanswered = source_checks.earliest_unanswered(rows.papers[key] for key in keys if key in rows.papers)
    source_detail = ""
    if unanswered:
        since = edition_calendar.format_moment(unanswered, zone(club.timezone))
        source_detail = _("a source did not answer; the papers were last checked {since}", since=since)
    pending = ", ".join(f"#{item.brought}" for item in document.items if item.pending)
    untitled = [item for item in document.items if _is_address(item.title, item.url)]
    unnamed = ", ".join(f"#{item.brought}" if item.brought else item.title for item in untitled)
    details = _("details missing: {pending}", pending=pending) if pending else ""
    if unnamed:
        hint = _("only a web address instead of a title: {items}; set the title with `/paper title`", items=unnamed)
        details = f"{details}; {hint}" if details else hint
    rooms = await edition_rooms(db)
    places = ", ".join(f"#{room.name or room.external_id}" for room in rooms)
    layout = layout_of(club, edition)
    posts = lay_out(document, layout)
    longest = max(sum(map(size, sheet.card.parts)) for sheet in posts)
    papers = sum(item.kind == "paper" for item in document.items)
    return [
        Check(
            mark_text("contents"),
            not unpublishable,
            "; ".join(unpublishable)
            or _("{papers} of at most {items}", papers=_n("{n} paper", "{n} papers", papers), items=rules.items),
        ),
        Check(
            mark_text("picks"),
            not missing_picks,
            _("picked, but not in the edition: {missing_picks}", missing_picks=missing_picks)
            if missing_picks
            else _("every pick is in the edition"),
        ),
        Check(mark_text("texts"), not doubtful, text_detail or _("every text passed its checks")),
        Check(
            mark_text("quotes"),
            not misquoted,
            _list_unsupported(misquoted) or _("every quote was found in its source, word for word"),
        ),
        Check(
            mark_text("facts"),
            not ungrounded,
            _list_unsupported(ungrounded) or _("every number, name and link was found in its source"),
        ),
        Check(
            mark_text("citations"),
            not dangling,
            _("cited, but not in the references: {dangling}", dangling=", ".join(dangling[:12]))
            if dangling
            else _("every citation has its reference"),
        ),
        Check(mark_text("sources"), not unanswered, source_detail or _("every paper was checked for withdrawals")),
        Check(
            mark_text("details"),
            not details,
            details or _("every paper has its details"),
        ),
        Check(
            mark_text("channels"),
            bool(rooms),
            _("goes to {places}", places=places) if rooms else _("no channel is set; see `/clubadmin channels`"),
        ),
        Check(
            mark_text("posts"),
            True,
            _(
                "in each channel {layout_text}; the longest post has {longest} characters",
                layout_text=_layout_text(layout, len(posts)),
                longest=formatted(longest, ","),
            ),
        ),
    ]


def _check_text(check: Check) -> str:
    """Name of a text's failed check in the language in use; of a second reading, what the writer says of it."""
    if check.name == SECOND_READING:
        return _unread(check.detail)
    return _(FAILED_CHECK_TEXTS[check.name]) if check.name in FAILED_CHECK_TEXTS else check.name


def _is_address(title: str, url: str) -> bool:
    """True if a page's address stands for its title, as it does where no title could be read."""
    return bool(url) and title == truncate(url.split("://", 1)[-1], 120)


def _layout_text(layout: Layout, posts: int) -> str:
    """Number of posts in a layout: "1 post with 9 replies in its thread"."""
    if layout != "thread":
        return _n("{n} post", "{n} posts", posts)
    replies = _("{posts} replies", posts=posts - 1) if posts != 2 else _("1 reply")
    return _("1 post with {replies} in its thread", replies=replies)


def _model_failure(document: Document) -> str:
    """Sentence about a model that failed for every item of a draft; empty where it did not."""
    count, reason = _failed_everywhere(document, "model")
    if not count:
        return ""
    why = truncate(reason, 100)
    say = _(
        "The model failed for all {items} ({why}), so they show sentences from the abstracts.",
        items=_n("{n} item", "{n} items", count),
        why=why,
    )
    return _("{say} “Draft again” asks the model again.", say=say)


def _unread_texts(document: Document) -> str:
    """Words about a second reading that failed for every item of a draft; empty where it did not, or where something
    else has failed too.
    """
    failed = {c.name for item in document.items if item.provenance for c in item.provenance.checks if not c.passed}
    count, reason = _failed_everywhere(document, SECOND_READING)
    if not count or failed != {SECOND_READING}:
        return ""
    return f"{_n('{n} item', '{n} items', count)}: {_unread(reason)}"


def _unread(detail: str) -> str:
    """Words about a second reading that failed, with the reason, which is in English."""
    return _("not read a second time ({why})", why=truncate(detail.removeprefix(NOT_READ_AGAIN), 100))


def _failed_everywhere(document: Document, name: str) -> tuple[int, str]:
    """Number of texts if this check failed for all of them, with the first reason; else 0."""
    written = [item.provenance for item in document.items if item.provenance]
    failed = [check for text in written for check in text.checks if check.name == name and not check.passed]
    return (len(written), failed[0].detail) if written and len(failed) == len(written) else (0, "")


def _list_unsupported(claims: Sequence[edition_check.UnsupportedClaim]) -> str:
    """Claims that no source supports, grouped by item: the first few of each."""
    by_item: dict[str, list[str]] = {}
    for claim in claims:
        by_item.setdefault(claim.item.title, []).append(truncate(claim_text(claim.description), 80))
    lines = [f"{truncate(title, 60)}: {', '.join(words[:5])}" for title, words in by_item.items()]
    return "; ".join(lines[:8]) + (
        _("; and {more_items}", more_items=_n("{n} more item", "{n} more items", len(lines) - 8))
        if len(lines) > 8
        else ""
    )


@dataclass(frozen=True, slots=True)
class UnpublishableItem:
    """Item of a draft whose paper can no longer be published, with a sentence without a full stop that says why."""

    item: Item
    problem: str


async def unpublishable_items(
    db: UnitOfWork, edition: Edition, document: Document, rows: DocumentRows | None = None
) -> list[UnpublishableItem]:
    """Items of a draft that cannot be published: in another edition, merged, removed from the list, or withdrawn.

    `rows` are those behind the items where they are loaded already.
    """
    if edition.state != EditionState.DRAFT:
        return []
    rows = rows or await rows_of(db, document)
    items = {item.submission: item for item in document.items if item.submission}
    published_in = await db.editions.numbers_by_submission(list(items))
    unfit = []
    for id, item in items.items():
        if submission := rows.submissions.get(id):
            problem = _problem_of(submission, published_in.get(id))
            unfit += [UnpublishableItem(item, problem)] if problem else []
    numbers = {submission.paper.key: f"#{submission.number}" for submission in rows.submissions.values()}
    by_key = {item.key: item for item in document.items}
    for paper in (rows.papers[key] for key in by_key if key in rows.papers):
        if withdrawal := paper_withdrawal(paper):
            item = by_key[paper.key]
            name = numbers.get(paper.key) or _("“{text}”", text=truncate(item.title, 60))
            problem = _("{numbers} was {withdrawal_phrase}", numbers=name, withdrawal_phrase=withdrawal.phrase)
            unfit.append(UnpublishableItem(item, problem))
    return unfit


def _problem_of(submission: Submission, published_in: int | None) -> str:
    """Reason why a submission cannot be published with a draft; empty if it can."""
    number = submission.number
    if published_in is not None:
        return _(
            "#{submission_number} is already in No. {published_in}", submission_number=number, published_in=published_in
        )
    if submission.merged_into_id:
        return _("#{submission_number} was merged into another", submission_number=number)
    if submission.state not in OPEN_STATES and not submission.paper.withdrawn:
        return _("#{submission_number} is {state}", submission_number=number, state=state_text(submission))
    return ""


async def edition_rooms(db: UnitOfWork) -> Sequence[Room]:
    """Channels that editions are posted to: those for editions, else those for papers."""
    rooms = await db.rooms.all()
    return [room for room in rooms if room.purpose == "digest"] or [room for room in rooms if room.purpose == "papers"]


async def show_draft(
    app: App, db: UnitOfWork, edition: Edition, *, say: str = "", texts: Mapping[str, SourceTexts] | None = None
) -> None:
    """Post the card of an edition in progress to the moderators' channels, or update the posted cards."""
    async with club_language(db):
        card = to_json(draft_card(await load_draft_view(db, edition, app.now(), texts), say=say))
    if await db.deliveries.replace_card(DeliveryKind.DRAFT, edition.id, card):
        return
    for room in await db.rooms.with_purpose("moderators"):
        await db.deliveries.plan(DeliveryKind.DRAFT, edition.id, room, app.now(), card=card)


async def release_items(db: UnitOfWork, edition: Edition) -> None:
    """Release the papers and suggestions that an edition had claimed."""
    await db.editions.release_items(edition.id)
    for id in suggestions(from_json(edition.document)):
        if (suggestion := await db.suggestions.get(id)) and suggestion.edition_id == edition.id:
            suggestion.state, suggestion.edition_id = SuggestionState.NEW, None
