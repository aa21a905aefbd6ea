"""Commands that have an item's text written again, or replace it by the abstract."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.app import Context
from bot.chat.cards import Card, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.text import truncate
from bot.domain.models import Paper
from bot.editions.compose.item_builder import abstract_of, provenance, rewritten_texts
from bot.editions.edit.changes import RewriteItem
from bot.editions.model.document import Item
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import load_open_draft, template_of
from bot.features.editions.editor.item_changes import change_item
from bot.features.editions.editor.item_lookup import ItemWord, find_in_draft
from bot.features.shared.papers import summarization
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()


@commands("edition item regenerate", audience=Audience.MODERATOR, examples=("/edition item regenerate 12",))
async def regenerate(ctx: Context, item: ItemWord) -> AsyncIterator[Card]:
    "Have an item written again. Then you see which sentences the paper does not support."
    async with ctx.read() as db:
        target, paper = await _paper(db, item)
    yield Card(
        _("Rewriting"), (text(_("Reading {target_title} …", target_title=truncate(target.title, 120))),), Tone.QUIET
    )
    written = None
    async for _unused, summary in summarization.write_summaries(ctx.app, ctx.club, [paper], refresh=True):
        written = summary
    if written is None:
        raise UserError(
            _("In this club no texts are generated. An admin can change the `writer` setting."), field="item"
        )
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        shape = await template_of(db, edition)
        why, insights, quotes = rewritten_texts(written, paper, shape)
        change = RewriteItem(target.key, why, insights, quotes, provenance(written, paper, ctx.now))
        yield await change_item(ctx, db, edition, [change], target.key, _("Rewritten."))


@commands("edition item abstract", audience=Audience.MODERATOR, examples=("/edition item abstract 12",))
async def abstract(ctx: Context, item: ItemWord) -> Card:
    """Show only the abstract of an item, without “Why read it” and “Key insights”."""
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        target, paper = await _paper(db, item)
        change = abstract_only(target, paper, ctx)
        return await change_item(ctx, db, edition, [change], target.key, _("It now shows only the abstract."))


def abstract_only(item: Item, paper: Paper, ctx: Context) -> RewriteItem:
    """The change that reduces an item to its abstract."""
    return RewriteItem(item.key, (), (), abstract_of(paper), provenance(None, paper, ctx.now))


async def _paper(db: UnitOfWork, typed: str) -> tuple[Item, Paper]:
    """The referenced item and its paper. Raises UserError if it is not a paper, or has no abstract."""
    edition = await load_open_draft(db, lock=False)
    item = find_in_draft(edition, typed)
    paper = await db.papers.by_key(item.key)
    if paper is None or not paper.abstract:
        raise UserError(_("“{item_title}” has no abstract to read.", item_title=truncate(item.title, 80)), field="item")
    return item, paper
