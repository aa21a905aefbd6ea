"""Command `edition quotes`: quotes of a draft that are in no text, each with the nearest passage and its ways out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, QuotePart, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import truncate
from bot.editions.edit.changes import Change, ResolveQuote
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import Document, Item, from_json
from bot.editions.verification import edition_check
from bot.editions.verification.edition_check import SourceTexts
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.verification.running_quotes import RunningQuote
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import load_open_draft, revise
from bot.features.editions.draft.source_texts import passages_of_paper, source_texts_of
from bot.features.editions.editor.item_lookup import ITEM, by_item, find_in_draft, find_item, item_reference
from bot.features.editions.editor.plain_notes import note_as_quote
from bot.features.editions.editor.quote_lookup import found_quotes, hash_of_words, nearest_passage
from bot.features.shared.paged_lists import pager
from bot.locale.current import _, _n
from bot.store import UnitOfWork

commands = Commands()

QUOTES_PER_PAGE = 4
"""Quotes on a page: with their buttons as many as a Discord card can hold."""
MAX_NAMED = 6
"""Quotes whose first words a notice names."""

QuoteAction = Literal["nearest", "vouch", "drop", "quote"]


@dataclass(frozen=True, slots=True)
class UnverifiedQuote:
    """A quote of a draft that is in no text of its item, with the most similar passage; empty if there is none."""

    item: Item
    quote: Quotation
    nearest: str


@commands(
    "edition quotes",
    audience=Audience.MODERATOR,
    examples=("/edition quotes", '/edition quotes 12 action=vouch quote="we were surprised"'),
)
async def review_quotes(
    ctx: Context,
    item: Annotated[str, ParameterHint(ITEM, suggest=by_item, most=300)] = "",
    *,
    action: Annotated[
        QuoteAction | None,
        ParameterHint("use the closest passage, vouch for the quote, remove it, or turn a note into a quote"),
    ] = None,
    quote: Annotated[str, ParameterHint("which quote: its first words", most=300)] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """List the quotes that were not found in a source, each with the closest passage.

    You can use the closest passage, vouch for the quote (readers see your name beside it), or remove it. `/edition
    source` adds a source to look in.
    """
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        document = from_json(edition.document)
        done = ""
        if action:
            target = find_in_draft(edition, item)
            if action != "quote" and not quote:
                quote = await _only_open_quote(db, document, target)
            change, done = await _resolution(ctx, db, document, target, action, quote)
            document = await revise(ctx.app, db, edition, [change], ctx.member.id)
        texts = await source_texts_of(db, document)
    asked = find_item(document, item).key if item and not action else ""
    open_quotes, in_texts = await asyncio.to_thread(
        lambda: (list(unverified(document, texts)), list(edition_check.unfound_running_quotes(document, texts)))
    )
    open_quotes = [quote for quote in open_quotes if asked in ("", quote.item.key)]
    in_texts = [(owner, quote) for owner, quote in in_texts if asked in ("", owner.key)]
    shown = [each for each in document.items if asked in ("", each.key)]
    vouched = [q for each in shown for q in each.blocks if isinstance(q, Quotation) and q.voucher]
    allowed = ctx.settings.vouching
    return _card(open_quotes, in_texts, vouched if allowed else [], max(page, 1), done=done, vouching=allowed)


def unverified(document: Document, texts: dict[str, SourceTexts]) -> Iterator[UnverifiedQuote]:
    """Quotes that are in no text of their item and that nobody vouches for, each with the nearest passage."""
    for item, quote in edition_check.unverified_quotes(document, texts):
        found = texts.get(item.key)
        nearest = nearest_passage(QuoteFinder(found.passages), quote.text) if found and found.passages else ""
        yield UnverifiedQuote(item, quote, nearest)


async def quote_notice(db: UnitOfWork, document: Document, item: Item | None = None) -> tuple[Part, ...]:
    """Sentence that names the unverified quotes of a draft, or of one item, with a button; empty if there are none.

    Those in running text are among them; an item's own card lists these with its other doubts.
    """
    texts = await source_texts_of(db, document)
    every = await asyncio.to_thread(lambda: list(edition_check.unverified_quotes(document, texts)))
    found = [quote.text for owner, quote in every if item is None or owner.key == item.key]
    if item is None:
        in_texts = await asyncio.to_thread(lambda: list(edition_check.unfound_running_quotes(document, texts)))
        found += [quote.words for _unused, quote in in_texts if quote.statement]
    if not found:
        return ()
    named = ", ".join(_("“{text}”", text=truncate(words, 50)) for words in found[:MAX_NAMED])
    more = _(" and {found_count} more", found_count=len(found) - MAX_NAMED) if len(found) > MAX_NAMED else ""
    say = _(
        "{quotes} not found in any source: {named}{more}.",
        quotes=_n("{n} quote", "{n} quotes", len(found)),
        named=named,
        more=more,
    )
    return text(say), Buttons((Button(_("Check the quotes"), Call.of("edition quotes")),))


async def _only_open_quote(db: UnitOfWork, document: Document, item: Item) -> str:
    """The text of an item's open quote; empty unless there is exactly one."""
    texts = await source_texts_of(db, document)
    found = [each.quote.text for each in unverified(document, texts) if each.item.key == item.key]
    return found[0] if len(found) == 1 else ""


async def _resolution(
    ctx: Context, db: UnitOfWork, document: Document, item: Item, action: QuoteAction, typed: str
) -> tuple[Change, str]:
    """The change of one quote, and a sentence about it. Raises UserError if it is not possible."""
    if action == "quote":
        change, made = await note_as_quote(db, document, item, typed, ctx.member.name)
        return change, _("Now a quote: “{words}”", words=truncate(made.text, 80))
    chosen = _chosen(item, typed)
    shown = _("“{text}”", text=truncate(chosen.text, 80))
    if action == "drop":
        return ResolveQuote(item.key, chosen.text), _("Removed: {shown}", shown=shown)
    if action == "vouch":
        if not ctx.settings.vouching:
            raise UserError(
                _("This club prints only quotes that are found in a source. Add the source with `/edition source`.")
            )
        vouched = replace(chosen, source="", start=None, end=None, given_by="", voucher=ctx.member.name)
        return ResolveQuote(item.key, chosen.text, vouched), _(
            "You vouch for {shown}. Readers see your name beside it.", shown=shown
        )
    paper = await db.papers.by_key(item.key)
    passages = await passages_of_paper(db, item.key, paper)
    nearest = nearest_passage(QuoteFinder(passages), chosen.text)
    verified = found_quotes([Quotation(nearest)], item.key, paper, passages).get(nearest)
    if verified is None:
        raise UserError(
            _("I have nothing close to {shown}. Add the source with `/edition source`.", shown=shown), field="quote"
        )
    return ResolveQuote(item.key, chosen.text, verified), _(
        "Taken from {where}: “{nearest}”", where=verified.where, nearest=truncate(nearest, 80)
    )


def _chosen(item: Item, typed: str) -> Quotation:
    """The quote with this id or these first words. Raises UserError unless there is exactly one."""
    quotes = [block for block in item.blocks if isinstance(block, Quotation)]
    wanted = " ".join(typed.split()).strip("“”\"'").casefold()
    found = [quote for quote in quotes if hash_of_words(quote.text) == wanted]
    if not wanted:
        raise UserError(_("Which quote? Give its first words: `/edition quotes` lists them."), field="quote")
    found = found or [q for q in quotes if " ".join(q.text.split()).casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError(_("That quote is no longer in the draft. `/edition quotes` lists the others."), field="quote")
    raise UserError(
        _(
            "{quotes} begin like that. Give more words of the one you mean.",
            quotes=_n("{n} quote", "{n} quotes", len(found)),
        ),
        field="quote",
    )


def _card(
    found: Sequence[UnverifiedQuote],
    in_texts: Sequence[tuple[Item, RunningQuote]],
    vouched: Sequence[Quotation],
    page: int,
    *,
    done: str,
    vouching: bool,
) -> Card:
    parts: list[Part] = [text(Bold(done))] if done else []
    first = (page - 1) * QUOTES_PER_PAGE
    for entry in found[first : first + QUOTES_PER_PAGE]:
        parts += _entry(entry, vouching=vouching)
    for quote in vouched[:5] if page == 1 else ():
        parts.append(
            note(
                _(
                    "Vouched for by {voucher}: “{quote_text}”",
                    voucher=quote.voucher,
                    quote_text=truncate(quote.text, 120),
                )
            )
        )
    if page == 1 or not found:
        parts += _in_running_text(in_texts)
    if page_buttons := pager(
        Call.of("edition quotes"), page, more=len(found) > first + QUOTES_PER_PAGE, empty=len(found) <= first
    ):
        parts.append(page_buttons)
    if found:
        parts.append(note(*parse_backticks(_("`/edition source` adds a source to look them up in."))))
        return Card(_("Quotes not found in any source: {found_count}", found_count=len(found)), tuple(parts), Tone.BAD)
    if not in_texts:
        parts.append(
            text(
                _("Every quote was found in its source.")
                if not vouched
                else _("Every other quote was found in its source.")
            )
        )
    row = Buttons((Button(_("Preview"), Call.of("edition preview")), Button(_("Edit"), Call.of("edition edit"))))
    if in_texts:
        return Card(
            _("Words in quotation marks outside the quotes, not found: {n}", n=len(in_texts)), (*parts, row), Tone.BAD
        )
    return Card(_("No quote left to check"), (*parts, row), Tone.GOOD)


def _in_running_text(found: Sequence[tuple[Item, RunningQuote]]) -> Iterator[Part]:
    """The words in quotation marks within texts that are in no source, each with a button that edits its item."""
    if not found:
        return
    yield Heading(_("Words in quotation marks outside the quotes, not found in any source"))
    for item, quote in found[:QUOTES_PER_PAGE]:
        yield QuotePart(truncate(quote.words, 600), truncate(item.title, 100))
    if len(found) > QUOTES_PER_PAGE:
        yield note(_n("{n} more", "{n} more", len(found) - QUOTES_PER_PAGE))
    items = dict.fromkeys(item_reference(item) for item, _unused in found[:QUOTES_PER_PAGE])
    yield Buttons(tuple(Button(_("Edit {item}", item=word), Call.of("edition edit", word)) for word in items))
    yield note(_("Correct them, or remove the quotation marks. Whoever approves the edition is asked about them."))


def _entry(entry: UnverifiedQuote, *, vouching: bool) -> Iterator[Part]:
    word, name = item_reference(entry.item), hash_of_words(entry.quote.text)

    def button(label: str, action: QuoteAction) -> Button:
        return Button(label, Call.of("edition quotes", word, action=action, quote=name))

    yield QuotePart(truncate(entry.quote.text, 600), truncate(entry.item.title, 100))
    row = []
    if entry.nearest:
        yield note(_("Closest: “{nearest}”", nearest=truncate(entry.nearest, 600)))
        row.append(button(_("Use the closest"), "nearest"))
    else:
        yield note(_("Nothing close to it in the sources I have."))
    row += [button(_("Vouch for it"), "vouch")] if vouching else []
    yield Buttons((*row, button(_("Remove it"), "drop")))
