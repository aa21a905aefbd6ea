"""Checks of an edition before it is published, each with its result in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.chat.text import truncate
from bot.domain import edition_calendar
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import Edition, Room, Submission
from bot.domain.summary_values import NOT_READ_AGAIN, SECOND_READING, Check
from bot.editions.compose.composer import submissions
from bot.editions.model.authorship import own_sentences
from bot.editions.model.document import Document
from bot.editions.render.layouts import Layout, lay_out
from bot.editions.render.pagination import size
from bot.editions.verification import edition_check
from bot.editions.verification.claim_texts import claim_text
from bot.editions.verification.dangling_citations import dangling_citations
from bot.editions.verification.edition_check import SourceTexts
from bot.features.editions.draft.edition_posts import edition_rooms, layout_of
from bot.features.editions.draft.source_texts import DocumentRows, rows_of, source_texts_of
from bot.features.editions.draft.unpublishable_items import UnpublishableItem, unpublishable_items
from bot.features.shared.papers import record_refresh
from bot.locale.current import _, _n, formatted, mark_text
from bot.store import UnitOfWork

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

MAX_DANGLING = 12
"""Citations without a reference that a check names."""


async def checks(
    db: UnitOfWork, edition: Edition, document: Document, texts: Mapping[str, SourceTexts] | None = None
) -> list[Check]:
    """Checks of an edition in progress; `texts` are its sources by item where they are loaded already."""
    club = await db.club()
    missed = [pick for pick in await db.picks.all() if pick not in submissions(document)]
    rows = await rows_of(db, document, *missed)
    texts = await source_texts_of(db, document, rows) if texts is None else texts
    misquoted, ungrounded = await edition_check.doubts(document, texts)
    return [
        _contents(document, await unpublishable_items(db, edition, document, rows), ClubSettings.of(club.settings)),
        _picks([rows.submissions[pick] for pick in missed if pick in rows.submissions]),
        _texts(document),
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
        _citations(document),
        _sources(document, rows, zone(club.timezone)),
        _details(document),
        _channels(await edition_rooms(db)),
        _posts(document, layout_of(club, edition)),
    ]


def _contents(document: Document, unpublishable: Sequence[UnpublishableItem], rules: ClubSettings) -> Check:
    papers = sum(item.kind == "paper" for item in document.items)
    problems = "; ".join(unfit.problem for unfit in unpublishable)
    counts = _("{papers} of at most {items}", papers=_n("{n} paper", "{n} papers", papers), items=rules.items)
    return Check(mark_text("contents"), not unpublishable, problems or counts)


def _picks(missing: Sequence[Submission]) -> Check:
    detail = _("every pick is in the edition")
    if missing:
        numbers = ", ".join(f"#{submission.number}" for submission in missing)
        detail = _("picked, but not in the edition: {missing_picks}", missing_picks=numbers)
    return Check(mark_text("picks"), not missing, detail)


def _texts(document: Document) -> Check:
    doubtful = [
        f"{truncate(item.title, 60)} ({', '.join(_check_text(c) for c in item.provenance.checks if not c.passed)})"
        for item in document.items
        if item.provenance and not all(c.passed for c in item.provenance.checks)
    ]
    detail = _model_failure(document) or _unread_texts(document) or "; ".join(doubtful)
    detail = detail or _("every text passed its checks")
    if own := sum(own_sentences(item)[0] for item in document.items):
        replaced = _n(
            "{n} sentence is the paper’s own, as the model’s was not in its words",
            "{n} sentences are the papers’ own, as the model’s were not in their words",
            own,
        )
        detail = f"{detail}; {replaced}"
    return Check(mark_text("texts"), not doubtful, detail)


def _citations(document: Document) -> Check:
    dangling = list(dict.fromkeys(found.mark for found in dangling_citations(document)))
    detail = _("every citation has its reference")
    if dangling:
        listed = ", ".join(dangling[:MAX_DANGLING])
        detail = _("cited, but not in the references: {dangling}", dangling=listed)
    return Check(mark_text("citations"), not dangling, detail)


def _sources(document: Document, rows: DocumentRows, club_zone: ZoneInfo) -> Check:
    keys = record_refresh.keys_of(document)
    unanswered = record_refresh.earliest_unanswered(rows.papers[key] for key in keys if key in rows.papers)
    detail = _("every paper was checked for withdrawals")
    if unanswered:
        since = edition_calendar.format_moment(unanswered, club_zone)
        detail = _("a source did not answer; the papers were last checked {since}", since=since)
    return Check(mark_text("sources"), not unanswered, detail)


def _details(document: Document) -> Check:
    """Check of papers whose details no source has given yet, and of items that have their address for a title."""
    missing: list[str] = []
    if pending := ", ".join(f"#{item.brought}" for item in document.items if item.pending):
        missing.append(_("details missing: {pending}", pending=pending))
    untitled = [item for item in document.items if _is_address(item.title, item.url)]
    if unnamed := ", ".join(f"#{item.brought}" if item.brought else item.title for item in untitled):
        hint = _("only a web address instead of a title: {items}; set the title with `/paper title`", items=unnamed)
        missing.append(hint)
    return Check(mark_text("details"), not missing, "; ".join(missing) or _("every paper has its details"))


def _channels(rooms: Sequence[Room]) -> Check:
    places = ", ".join(f"#{room.name or room.external_id}" for room in rooms)
    detail = _("goes to {places}", places=places) if rooms else _("no channel is set; see `/clubadmin channels`")
    return Check(mark_text("channels"), bool(rooms), detail)


def _posts(document: Document, layout: Layout) -> Check:
    """Number and length of the posts: no check that could fail, but what moderators want to know beside the others."""
    posts = lay_out(document, layout)
    longest = max(sum(map(size, sheet.card.parts)) for sheet in posts)
    detail = _(
        "in each channel {layout_text}; the longest post has {longest} characters",
        layout_text=_layout_text(layout, len(posts)),
        longest=formatted(longest, ","),
    )
    return Check(mark_text("posts"), True, detail)


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
