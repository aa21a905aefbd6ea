"""Command `edition source`: a text of an item, given once, in which its quotes are looked up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import one_line, truncate
from bot.domain.models import EditionState, Paper
from bot.domain.summary_values import Passage
from bot.editions.edit.changes import Change, ResolveQuote
from bot.editions.model.blocks import Block, Quotation, QuoteState
from bot.editions.model.document import Document, Item, from_json
from bot.editions.text_analysis.broken_lines import unbroken
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import revise
from bot.features.editions.draft.source_texts import passages_of_paper
from bot.features.editions.editor.quote_command import by_paper_or_item, resolve_source
from bot.features.editions.editor.quote_lookup import found_quotes
from bot.features.editions.editor.quote_review import quote_notice
from bot.features.shared.papers.full_text import FullTextReader
from bot.features.shared.uploaded_text import decode_text, read_file_bytes
from bot.locale.current import _, _n, formatted
from bot.sources.link_metadata.page_text import page_text
from bot.store import UnitOfWork

commands = Commands()

MAX_PASTED = 40_000
"""Maximum length of a pasted text in characters."""
MAX_TEXT = 400_000
"""Maximum length of an uploaded text in characters: a long paper with its appendix."""
_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body|article|div|p|h1)\b", re.IGNORECASE)


@commands(
    "edition source",
    audience=Audience.MODERATOR,
    examples=("/edition source 12", "/edition source 12 file=post.html name='blog post'"),
)
async def give_source(
    ctx: Context,
    item: Annotated[
        str,
        ParameterHint(
            "an item of the draft; or a paper’s number, link, or words of its title", suggest=by_paper_or_item, most=300
        ),
    ],
    *,
    file: Annotated[str, ParameterHint("its text as a file: plain text, Markdown or HTML", most=2000, file=True)] = "",
    text: Annotated[str, ParameterHint("or its text, pasted", long=True, most=MAX_PASTED)] = "",
    name: Annotated[str, ParameterHint("what it is, for readers, such as: blog post", most=80)] = "",
) -> AsyncIterator[Card]:
    """Add the source text of an item, so that I can look up its quotes.

    Attach a file or paste the text; without either, I read the paper’s HTML on arXiv. Readers see that a quote is from
    a text that you added.
    """
    given = await _given_text(ctx, file, text)
    async with ctx.read() as db:
        key, title, _unused, paper = await resolve_source(ctx, db, item)
    if not given:
        yield Card(_("Reading the paper"), (note(truncate(title, 150)),), Tone.QUIET)
    where = one_line(name) or "text"
    count = "" if given else await _read_paper(ctx, title, paper)
    async with ctx.begin() as db:
        if given:
            await db.quote_ledger.save_text(key, where, given, ctx.member.id, ctx.now)
        parts = await _look_up_again(ctx, db, key)
    say = (
        _("{given_count} characters, as “{where}”.", given_count=formatted(len(given), ","), where=where)
        if given
        else _("I have the paper’s text: {count}.", count=count)
    )
    yield Card(_("I have the text"), (_title(title), note(say), *parts), Tone.GOOD)


def _title(title: str) -> Part:
    return text(Bold(truncate(title, 200)))


async def _given_text(ctx: Context, file: str, pasted: str) -> str:
    """The text of the file, or the pasted one. Raises UserError if the file has no text."""
    if not file:
        return unbroken(pasted.strip())
    content = await read_file_bytes(ctx, file)
    if _HTML.match(content.removeprefix(b"\xef\xbb\xbf")):
        found = await asyncio.to_thread(page_text, content)
    else:
        found = unbroken(decode_text(content, _("Save it as plain text or HTML.")).strip())
    if not found:
        raise UserError(_("I found no text in that file."), field="file")
    if len(found) > MAX_TEXT:
        raise UserError(
            _("The text is longer than {max_text} characters.", max_text=formatted(MAX_TEXT, ",")), field="file"
        )
    return found


async def _read_paper(ctx: Context, title: str, paper: Paper | None) -> str:
    """Read the paper's HTML, and say how much it has. Raises UserError if there is none."""
    sections = (await FullTextReader(ctx.app, ctx.club).source(paper)).passages[1:] if paper else ()
    if not sections:
        raise UserError(
            _("I cannot read “{title}” on arXiv. Attach its text or paste it.", title=truncate(title, 80)), field="file"
        )
    return _n("{n} section", "{n} sections", len(sections))


async def _look_up_again(ctx: Context, db: UnitOfWork, key: str) -> tuple[Part, ...]:
    """Verify the item's quotes that were in no text before. Returns what came of it, as parts of a card."""
    edition = await db.editions.current(lock=True)
    document = from_json(edition.document) if edition and edition.state == EditionState.DRAFT else None
    item = next((entry for entry in document.items if entry.key == key), None) if document else None
    if edition is None or document is None or item is None:
        return (note(_("It is not in a draft now. The text is kept for later quotes from it.")),)
    open_quotes = [
        b for b in item.blocks if isinstance(b, Quotation) and b.state in (QuoteState.UNVERIFIED, QuoteState.VOUCHED)
    ]
    paper = await db.papers.by_key(key)
    found = found_quotes(open_quotes, key, paper, await passages_of_paper(db, key, paper))
    if found:
        changes: list[Change] = [ResolveQuote(key, quoted, quote) for quoted, quote in found.items()]
        document = await revise(ctx.app, db, edition, changes, ctx.member.id)
    said = (text(_("Now verified: {quotes}.", quotes=_n("{n} quote", "{n} quotes", len(found)))),) if found else ()
    return (*said, *await quote_notice(db, document, item))


async def with_quotes_looked_up(db: UnitOfWork, document: Document) -> Document:
    """The document with each quote that is in a text of its item as it stands there; others stay as they are."""
    looked_up: dict[str, dict[str, Quotation]] = {}
    for item in document.items:
        quotes = [b for b in item.blocks if isinstance(b, Quotation) and b.state == QuoteState.UNVERIFIED]
        if quotes:
            paper = await db.papers.by_key(item.key)
            looked_up[item.key] = await _found(quotes, item, paper, await passages_of_paper(db, item.key, paper))

    def verified(item: Item) -> Item:
        if not (found := looked_up.get(item.key)):
            return item
        return replace(item, insights=_verified(item.insights, found), passages=_verified(item.passages, found))

    return document.map_items(verified)


async def _found(
    quotes: list[Quotation], item: Item, paper: Paper | None, passages: tuple[Passage, ...]
) -> dict[str, Quotation]:
    return await asyncio.to_thread(found_quotes, quotes, item.key, paper, passages)


def _verified(blocks: tuple[Block, ...], found: dict[str, Quotation]) -> tuple[Block, ...]:
    """The blocks with the quotes as they were typed and where they were found: an import keeps every word."""
    return tuple(
        replace(quote, text=block.text) if isinstance(block, Quotation) and (quote := found.get(block.text)) else block
        for block in blocks
    )
