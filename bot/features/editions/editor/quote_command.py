"""Command `edition quote`: exact words of a text, stored with their position."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Note, Part, QuotePart, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, parse_backticks
from bot.chat.text import one_line, truncate
from bot.domain.models import EditionState, Paper, StoredQuote
from bot.domain.summary_values import SourceQuote
from bot.editions.edit import changes
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import from_json
from bot.editions.model.translation import words_in_use
from bot.editions.render import captions
from bot.editions.text_analysis.broken_lines import unbroken
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import revise
from bot.features.editions.draft.source_texts import passages_of_paper
from bot.features.editions.editor.item_lookup import by_item, find_item, item_reference
from bot.features.editions.editor.quote_lookup import QuoteNotFound, look_up, quotation
from bot.features.shared.lookup import by_title, find_submission
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, formatted
from bot.store import UnitOfWork

commands = Commands()

MAX_QUOTE_LENGTH = 2_000
"""Maximum length of a quote in characters: a long paragraph."""
MAX_SOURCE_LENGTH = 20_000
"""Maximum length of a text to quote from, in characters: a long blog post, or a section of a paper."""
DEFAULT_SECTION = "text"
"""Name of a text whose section was not given."""


async def by_paper_or_item(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest items of the draft, then the club's papers."""
    found = [*await by_item(ctx, typed), *await by_title(ctx, typed)]
    return list({word: (label, word) for label, word in reversed(found)}.values())[::-1][:25]


@commands(
    "edition quote",
    audience=Audience.MODERATOR,
    examples=(
        '/edition quote 12 text="dispensing with recurrence and convolutions entirely"',
        '/edition quote 12 text="we were surprised" section="section 4.1" source="… We were surprised to see …"',
    ),
)
async def quote(
    ctx: Context,
    paper: Annotated[
        str,
        ParameterHint(
            "a paper’s number, link, or words of its title; or an item of the draft",
            here=True,
            suggest=by_paper_or_item,
        ),
    ] = "",
    *,
    text: Annotated[
        str,
        ParameterHint("the exact words; […] where you leave something out", long=True, most=MAX_QUOTE_LENGTH),
    ],
    section: Annotated[str, ParameterHint("such as section 4.1", most=80)] = "",
    source: Annotated[
        str,
        ParameterHint(
            "a longer text that contains these words, if they are not in the abstract",
            long=True,
            most=MAX_SOURCE_LENGTH,
        ),
    ] = "",
) -> Card:
    """Quote a paper, a post or anything else, word for word, in the next edition.

    I look for the words in the paper, in texts added with `/edition source`, and in the text that you paste as
    `source`. If they are not there, I show you the closest sentence.
    """
    section_name = one_line(section)
    async with ctx.begin() as db:
        key, title, word, work = await resolve_source(ctx, db, paper)
        if source.strip():
            await db.quote_ledger.save_text(
                key, section_name or DEFAULT_SECTION, unbroken(source.strip()), ctx.member.id, ctx.now
            )
        try:
            found = look_up(await passages_of_paper(db, key, work), text, _("“{text}”", text=truncate(title, 80)))
        except QuoteNotFound as error:
            return _not_found_card(error, word, section_name)
        quoted = quotation(found, key, work, where=section_name)
        new_quote = StoredQuote(
            key=key, text=quoted.text, passage=quoted.where, source=quoted.source, start=found.start, end=found.end,
            member_id=ctx.member.id, at=ctx.now,
        )  # fmt: skip
        stored = await db.quote_ledger.add(new_quote)
        outcome = await _put_into_draft(ctx, db, key, quoted)
    shown = QuotePart(quoted.text, captions.passage(quoted.where, words_in_use()))
    parts = (_title_line(title), shown, note(outcome), _position(found, stored.source))
    return Card(_("Quoted word for word"), parts, Tone.GOOD)


def _position(found: SourceQuote, source: str) -> Note:
    """Line that says where in its source a quote was found."""
    return note(
        _(
            "{source}, {passage}, characters {start} to {end}.",
            source=source,
            passage=captions.passage(found.passage, words_in_use()),
            start=formatted(found.start, ","),
            end=formatted(found.end, ","),
        )
    )


async def _put_into_draft(ctx: Context, db: UnitOfWork, key: str, quoted: Quotation) -> str:
    """Put a quote into the draft if the draft has its item. Returns a sentence on where it will be."""
    edition = await db.editions.current(lock=True)
    is_draft = edition is not None and edition.state == EditionState.DRAFT
    if edition is None or not is_draft or key not in {item.key for item in from_json(edition.document).items}:
        return _("The edition that contains this paper will quote it.")
    await revise(ctx.app, db, edition, [changes.QuoteChange(key, quoted)], ctx.member.id)
    return _("It is in the draft of No. {edition_number}.", edition_number=edition.number)


def _title_line(title: str) -> Part:
    return text(Bold(truncate(title, 200)))


async def resolve_source(ctx: Context, db: UnitOfWork, typed: str) -> tuple[str, str, str, Paper | None]:
    """Source of a quote: its key, its title, a reference to it, and its paper, if it is one."""
    edition = await db.editions.current()
    if typed.strip() and edition:
        try:
            item = find_item(from_json(edition.document), typed)
        except UserError:
            pass  # not in the draft: looked up in the club below
        else:
            return item.key, item.title, item_reference(item), await db.papers.by_key(item.key)
    chosen = await find_submission(ctx, db, typed)
    return chosen.paper.key, title_of(chosen), str(chosen.number), chosen.paper


def _not_found_card(error: QuoteNotFound, word: str, section: str) -> Card:
    """Card with the most similar sentence, ready to be quoted instead."""
    if not error.nearest:
        raise error
    instead = Call.of("edition quote", word, text=error.nearest, section=section or None)
    row = Buttons((Button(_("Quote this instead"), instead),))
    return Card(_("Not word for word"), (text(*parse_backticks(str(error))), row), Tone.BAD)
