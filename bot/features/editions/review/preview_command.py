"""Command `edition preview`: the checks of an edition, and its posts as they will be on each platform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Card, Heading, Part, Points, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain import edition_calendar
from bot.domain.models import EditionState, Room
from bot.editions.model.document import Document
from bot.editions.render.card_renderer import EditionCard
from bot.features.editions.draft.draft_card import DraftView
from bot.features.editions.draft.draft_state import load_draft_view
from bot.features.editions.draft.edition_posts import edition_rooms, render_posts
from bot.features.editions.draft.named_edition import CurrentEdition, current_edition
from bot.features.editions.review import approval
from bot.features.editions.review.previews import PAGE_FORMATS, Platform, as_page, preview_choices, render_preview
from bot.features.shared.channel_links import link_channels
from bot.features.shared.delivery.delivery_cards import with_tally
from bot.features.shared.editions.edition_lookup import edition_url
from bot.features.shared.paged_lists import pager
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


@commands(
    "edition preview",
    audience=Audience.MODERATOR,
    examples=("/edition preview", "/edition preview slack", "/edition preview web"),
)
async def preview(
    ctx: Context,
    platform: Annotated[
        Platform | None, ParameterHint("platform to preview it for; if empty, you see the posts here")
    ] = None,
    page: Annotated[int, ParameterHint("which page; the first lists the checks")] = 0,
    edition: CurrentEdition = None,
) -> Card:
    """Preview the edition: its checks first, then post by post.

    For Slack or Discord, it shows the number of messages, their size compared with the limits, and what would be cut.
    The whole preview is attached as a file. For the web and Markdown, you get the whole text as a file.
    """
    async with ctx.read() as db:
        current = await current_edition(db, edition, again=Call.of("edition preview", platform=platform))
        view = await load_draft_view(db, current, ctx.now)
        names = await db.members.shown_names(platform or ctx.where.platform)
        posts = render_posts(ctx.app, view.club, current, document=_document(view), names=names)
        if platform is None:
            return await _preview_here(ctx, db, view, posts, page)
        cards = [await _with_tally(db, post) for post in posts]
        rooms = await edition_rooms(db)
    if platform in PAGE_FORMATS:
        url = edition_url(ctx.app.installation.public_url, view.club, current.number)
        return await as_page(ctx, current.number, _document(view), platform, url)
    return await render_preview(ctx, current.number, cards, rooms, platform, page)


async def _preview_here(ctx: Context, db: UnitOfWork, view: DraftView, posts: Sequence[EditionCard], page: int) -> Card:
    """One page of the preview, drawn by the requester's own platform."""
    page = min(max(page, 1), len(posts) + 1)
    card = (
        _checks_card(view, len(posts), await edition_rooms(db)) if page == 1 else await _with_tally(db, posts[page - 2])
    )
    page_buttons = pager(Call.of("edition preview"), page, more=page <= len(posts))
    others = (preview_choices(ctx),) if page == 1 else ()
    return replace(card, parts=(*card.parts, *((page_buttons,) if page_buttons else ()), *others))


def _document(view: DraftView) -> Document:
    """Document of the edition; of a draft, with those who have approved it."""
    if view.edition.state != EditionState.DRAFT:
        return view.document
    return approval.reviewed(view.document, view.approvers)


def _checks_card(view: DraftView, posts: int, rooms: Sequence[Room]) -> Card:
    """First page of the preview: the results of all checks."""
    details = [
        link_channels((check.detail,), rooms) if check.name == "channels" else (check.detail,) for check in view.checks
    ]
    rows = [
        (("✓ " if check.passed else "✗ "), Bold(_(check.name)), ": ", *detail)
        for check, detail in zip(view.checks, details, strict=True)
    ]
    parts: list[Part] = [text(Bold(view.document.title)), Heading(_("Checks")), Points(tuple(rows))]
    if view.deadline:
        parts.append(
            note(_("Due {format_moment}.", format_moment=edition_calendar.format_moment(view.deadline, view.zone)))
        )
    parts.append(note(_("The next pages show its {posts} posts, one per page.", posts=posts)))
    return Card(_("Preview of No. {edition_number}", edition_number=view.edition.number), tuple(parts))


async def _with_tally(db: UnitOfWork, sheet: EditionCard) -> Card:
    """A post as the delivery worker renders it: with the current tally of its paper."""
    submission = await db.submissions.get(sheet.submission) if sheet.submission else None
    if submission is None:
        return sheet.card
    return with_tally(sheet.card, submission, await db.discussions.by_submission(submission.id))
