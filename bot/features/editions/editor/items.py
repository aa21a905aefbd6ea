"""Commands that move, drop, replace and add items of a draft."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.parameters import ParameterHint
from bot.chat.text import join_names, one_line, truncate
from bot.domain.links import identify as links
from bot.domain.models import Edition, Paper
from bot.domain.withdrawals import paper_withdrawal
from bot.editions.compose.item_builder import MAX_AUTHORS_IN_BYLINE, reference, venue
from bot.editions.edit.changes import Change, Drop, InsertOrReplaceItem, Move, WriteText
from bot.editions.model.document import Badge, Item, ItemKind, from_json
from bot.editions.model.templates import SECTION_BY_LINK_KIND, badge_label
from bot.editions.model.translation import DOMAIN
from bot.errors import Unavailable, UserError
from bot.features.editions.draft.draft_card import draft_card
from bot.features.editions.draft.draft_changes import DraftInProgress, load_open_draft, revise, with_citation_keys
from bot.features.editions.draft.draft_pipeline import build_item
from bot.features.editions.draft.draft_state import load_draft_view
from bot.features.editions.editor.item_changes import change_item
from bot.features.editions.editor.item_lookup import (
    ItemWord,
    by_section,
    find_in_draft,
    item_reference,
    suggested_choice,
)
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import by_title, club_paper_key, find_submission
from bot.features.shared.papers.record_refresh import ask_source
from bot.latex.reader import latex_to_text
from bot.locale import find_language, translator
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

KINDS: tuple[ItemKind, ...] = (
    "news", "code", "post", "newsletter", "video", "event", "commentary", "data", "paper",
)  # fmt: skip
SectionWord = Annotated[
    str,
    ParameterHint(
        "its title, or `news`, `code`, `meta`, `picks`; a new title adds a section", suggest=by_section, free=True
    ),
]
Place = Annotated[int, ParameterHint("its place there; last if empty")]


@commands(
    "edition item move",
    audience=Audience.MODERATOR,
    examples=("/edition item move 12 1", '/edition item move 12 2 section="Meta-learning"'),
)
async def move(ctx: Context, item: ItemWord, place: Place = 0, section: SectionWord = "") -> Card:
    """Move an item to another place or section."""
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        target = find_in_draft(edition, item)
        if not place and not section:
            raise UserError(_("Where to? Give a place, a section, or both."), field="place")
        if place < 0:
            raise UserError(_("Places start at 1."), field="place")
        change = Move(target.key, place, one_line(section))
        return await change_item(ctx, db, edition, [change], target.key, _("Moved."))


@commands("edition item drop", audience=Audience.MODERATOR, examples=("/edition item drop 12",))
async def drop(ctx: Context, item: ItemWord) -> Card:
    """Remove an item from this edition. A paper stays on the list for later ones."""
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        target = find_in_draft(edition, item)
        if _is_next_in_place(edition, target, item):
            raise _question_about_the_next(target, item)
        await revise(ctx.app, db, edition, [Drop(target.key)], ctx.member.id)
        return draft_card(
            await load_draft_view(db, edition, ctx.now),
            say=_("Removed: {target_title}", target_title=truncate(target.title, 120)),
        )


def _is_next_in_place(edition: Edition, target: Item, typed: str) -> bool:
    """True if a place was typed, and the last change removed an item: another one may have moved to that place."""
    changes = DraftInProgress.of(edition).changes
    by_place = one_line(typed).rstrip(".").isdecimal() and str(target.brought) != one_line(typed)
    return by_place and bool(changes) and isinstance(changes[-1], Drop)


def _question_about_the_next(target: Item, typed: str) -> RefusedWithCard:
    call = Call.of("edition item drop", item_reference(target))
    say = _("Place {place} is now “{title}”. Remove it, too?", place=one_line(typed), title=truncate(target.title, 80))
    row = Buttons((Button(_("Remove it, too"), call, Style.DANGER),))
    return RefusedWithCard(Card(_("You have just removed an item"), (text(say), row)))


@commands("edition item replace", audience=Audience.MODERATOR, examples=("/edition item replace 12 15",))
async def replace(
    ctx: Context,
    item: ItemWord,
    *,
    paper: Annotated[
        str,
        ParameterHint(
            "the new paper’s number, link, or words of its title", rest=True, suggest=by_title, check=check_paper
        ),
    ],
) -> AsyncIterator[Card]:
    """Replace an item with another paper of the club."""
    async with ctx.read() as db:
        edition = await load_open_draft(db, lock=False)
        replaced = find_in_draft(edition, item)
        chosen = await find_submission(ctx, db, paper)
    yield Card(
        _("Replacing"),
        (text(_("Reading {title} …", title=truncate(latex_to_text(chosen.heading), 120))),),
        Tone.QUIET,
    )
    new_item, work = await build_item(ctx.app, ctx.club.id, chosen.id)
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        change = InsertOrReplaceItem(new_item, instead_of=replaced.key, work=work)
        say = _("It replaces {replaced_title}.", replaced_title=truncate(replaced.title, 100))
        yield await change_item(ctx, db, edition, [change], new_item.key, say)


@commands(
    "edition item add",
    audience=Audience.MODERATOR,
    examples=(
        '/edition item add news https://2021.emnlp.org/ title="EMNLP is held in Punta Cana"',
        "/edition item add paper 2110.03611 section=picks",
    ),
)
async def add(
    ctx: Context,
    kind: Annotated[str, suggested_choice(mark_text("what it is"), KINDS, "kind")],
    url: Annotated[str, ParameterHint("a link to it; for a paper, its arXiv id works too", most=2000)] = "",
    title: Annotated[str, ParameterHint("its title; if empty, the paper’s title", most=300)] = "",
    why: Annotated[str, ParameterHint("a text about it", long=True, most=2000)] = "",
    authors: Annotated[str, ParameterHint("its authors", most=300)] = "",
    section: SectionWord = "",
    place: Place = 0,
) -> Card:
    """Add news, code, a post, a video, an event, or a paper as a short pick."""
    link = _parse_link(url) if url else None
    heading = one_line(title)
    if link is None and not heading:
        raise UserError(_("Give a link to it, or at least a title."), field="title")
    paper = None
    if kind == "paper" and isinstance(link, links.PaperRef):
        paper = await _load_paper(ctx, link) if not heading else await _paper_or_placeholder(ctx, link, heading)
    if paper and (withdrawal := paper_withdrawal(paper)):
        raise UserError(
            _(
                "“{title}” was {withdrawal_phrase}, so it was not added.",
                title=truncate(latex_to_text(paper.title), 120),
                withdrawal_phrase=withdrawal.phrase,
            ),
            field="url",
        )
    cited = paper
    if heading:
        paper = None
    new_item = _build_item(ctx, kind, link, heading, one_line(authors), paper)
    where = one_line(section) or ("picks" if kind == "paper" else SECTION_BY_LINK_KIND.get(kind, "meta"))
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        if new_item.key in {candidate.key for candidate in from_json(edition.document).items}:
            raise UserError(_("That is already in the draft. Change it with `/edition edit`."), field="url")
        if cited:
            cited = await _reload(db, cited)
        changes: list[Change] = [
            InsertOrReplaceItem(new_item, where, max(place, 0), work=reference(cited, 0).work if cited else None)
        ]
        if why.strip():
            why_text = with_citation_keys(from_json(edition.document), why)
            changes.append(WriteText("why", why_text, new_item.key, by=ctx.member.name))
        return await change_item(ctx, db, edition, changes, new_item.key, _("Added."))


def _parse_link(url: str) -> links.IdentifiedLink:
    try:
        link = links.identify(url)
    except UserError as error:
        raise UserError(str(error), field="url") from None
    if isinstance(link, links.SearchPhrase):
        raise UserError(_("“{url}” is not a link.", url=truncate(url, 80)), field="url")
    return link


async def _load_paper(ctx: Context, link: links.PaperRef) -> Paper:
    """Paper behind a link, requested from its source outside any transaction. Raises UserError without an answer."""
    try:
        record = await ask_source(ctx.app, link)
    except Unavailable as error:
        raise UserError(_("{error} Give its title to add it without details.", error=error), field="title") from None
    if record is None:
        raise UserError(_("I found nothing about that paper. Give its title too."), field="title")
    async with ctx.begin() as db:
        return await db.papers.save_record(record, now=ctx.now)


async def _paper_or_placeholder(ctx: Context, link: links.PaperRef, title: str) -> Paper:
    """Paper behind a link that was given with a title; a placeholder if its source knows nothing of it yet."""
    try:
        return await _load_paper(ctx, link)
    except UserError:
        async with ctx.begin() as db:
            return await db.papers.by_key(link.key) or await db.papers.save_placeholder(
                link.key, link.url, title, now=ctx.now
            )


async def _reload(db: UnitOfWork, paper: Paper) -> Paper:
    return await db.papers.by_key(paper.key) or paper


def _build_item(
    ctx: Context, kind: str, link: links.IdentifiedLink | None, title: str, authors: str, paper: Paper | None
) -> Item:
    emoji, words = ctx.settings.emoji, translator(DOMAIN, find_language(ctx.settings.language).code)
    if paper:
        by = authors or join_names([latex_to_text(name) for name in paper.authors], MAX_AUTHORS_IN_BYLINE)
        badges = (Badge("paper", badge_label("paper", emoji=emoji, words=words), paper.url),)
        return Item(
            "paper", paper.key, latex_to_text(paper.title), paper.url,
            authors=by, venue=venue(paper, words), badges=badges, version=paper.version,
        )  # fmt: skip
    url = link.url if link else ""
    item_kind = next(name for name in KINDS if name == kind)
    return Item(item_kind, _item_key(ctx, link, title), title or title_from_url(url), url, authors=authors)


def title_from_url(url: str) -> str:
    """URL without its scheme, as a title."""
    return truncate(url.split("://", 1)[-1], 120)


def _item_key(ctx: Context, link: links.IdentifiedLink | None, title: str) -> str:
    if isinstance(link, links.PaperRef):
        return link.key
    if isinstance(link, links.LinkedItem):
        return club_paper_key(ctx.club.id, link)
    return "added:" + re.sub(r"[^\w]+", "-", title.casefold()).strip("-")[:80]
