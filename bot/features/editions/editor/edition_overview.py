"""Command `edition edit`: overview of a draft and its items, each text with a button to change it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, ListEntry, Part, Points, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.form_texts import option_label
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.domain.models import Edition, SavedCall
from bot.editions.edit import markup_writer
from bot.editions.edit.changes import CLEAR_KEYWORD
from bot.editions.model import prose
from bot.editions.model.blocks import Paragraph
from bot.editions.model.document import Document, Item, from_json
from bot.editions.model.translation import words_in_use
from bot.editions.render import captions, card_renderer
from bot.editions.render.outline_builder import localized
from bot.editions.render.pagination import pieces
from bot.editions.verification import edition_check
from bot.editions.verification.claim_texts import claim_text
from bot.features.editions.draft.draft_changes import DraftInProgress, load_open_draft
from bot.features.editions.draft.source_texts import source_texts_of
from bot.features.editions.editor.citations import citation_notes
from bot.features.editions.editor.item_lookup import ITEM, by_item, find_item, item_reference
from bot.features.editions.editor.quote_review import quote_notice
from bot.features.shared.paged_lists import pager
from bot.locale.current import _, _n, mark_text
from bot.store import UnitOfWork

commands = Commands()

ITEMS_PER_PAGE = 8
"""Items on a page: with the buttons of the edition's texts, as many as a Discord card can hold."""
MAX_FORM_LENGTH = 2_900
"""Maximum length of a text in a form, in characters, on both platforms."""
MAX_INSIGHTS_LENGTH = 700
"""Maximum length of the key insights on the card, in characters."""
MAX_QUOTES_SHOWN = 6
"""Maximum number of quotes and notes on the card of an item."""

EDITION_TEXTS = {
    "title": mark_text("Title"),
    "headline": mark_text("Headline"),
    "letter": mark_text("Letter"),
    "signed": mark_text("Signature"),
    "video": mark_text("Video"),
    "themes": mark_text("Themes"),
    "intro": mark_text("Intro"),
    "sign-off": mark_text("Sign-off"),
}
"""Labels of the edition's texts that have a button, the most used first."""


@commands("edition edit", audience=Audience.MODERATOR, examples=("/edition edit", "/edition edit 12"))
async def edit_draft(
    ctx: Context,
    item: Annotated[str, ParameterHint(ITEM, rest=True, suggest=by_item, most=300)] = "",
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Edit the draft’s texts and items with forms.

    Your changes stay when the edition is drafted again, and can be undone.
    """
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        document = from_json(edition.document)
        if item:
            return await item_card(ctx, db, edition, document, find_item(document, item))
        return await _edition_card(ctx, db, edition, document, max(page, 1))


async def _edition_card(ctx: Context, db: UnitOfWork, edition: Edition, document: Document, page: int) -> Card:
    rows: list[Part] = [text(Bold(document.title))]
    row = [
        await text_form_button(ctx, db, _(label), "write", part, edition_text(document, part))
        for part, label in EDITION_TEXTS.items()
    ]
    rows.append(Buttons(tuple(row[:4]), tuple(row[4:])))
    entries = [(section, item) for section in document.sections for item in section.items]
    heading = ""
    for section, item in entries[(page - 1) * ITEMS_PER_PAGE : page * ITEMS_PER_PAGE]:
        if section.heading != heading:
            heading = section.heading
            rows.append(Heading(heading))
        rows.append(ListEntry((truncate(item.title, 120),), (option_label("kind", item.kind),), _edit_button(item)))
    changed = len(DraftInProgress.of(edition).changes)
    rows.append(
        note(
            _("{changes} made by hand.", changes=_n("{n} change", "{n} changes", changed))
            if changed
            else _("No manual changes yet.")
        )
    )
    if page_buttons := pager(
        Call.of("edition edit"),
        page,
        more=len(entries) > page * ITEMS_PER_PAGE,
        empty=len(entries) <= (page - 1) * ITEMS_PER_PAGE,
    ):
        rows.append(page_buttons)
    return Card(_("Editing No. {edition_number}", edition_number=edition.number), tuple(rows))


def _edit_button(item: Item) -> Button:
    return Button(_("Edit"), Call.of("edition edit", item_reference(item)))


async def item_card(
    ctx: Context,
    db: UnitOfWork,
    edition: Edition,
    document: Document,
    item: Item,
    *lead: str,
    below: Sequence[Part] = (),
    tone: Tone = Tone.PLAIN,
) -> Card:
    """Card of an item of the draft: its texts, their unsupported claims, and buttons to change it."""
    parts: list[Part] = [*(text(Bold(line)) for line in lead), *below]
    section = next(s for s in document.sections if item in s.items)
    place = section.items.index(item) + 1
    parts.append(
        note(
            _(
                "{section_title}, {place} of {items_count}",
                section_title=section.title,
                place=place,
                items_count=len(section.items),
            )
        )
    )
    parts += _text_preview(item)
    parts += citation_notes(document, item.why, item.why_more, item.insights, item.passages, item=item)
    parts += await quote_notice(db, document, item)
    claims = [claim for claim in await unsupported_claims(db, document) if claim.item.key == item.key]
    if claims:
        parts.append(Heading(_("Not found in the sources")))
        parts.append(Points(tuple((truncate(claim_text(claim.description), 200),) for claim in claims[:8])))
    if origin := captions.item_origin(item, words_in_use()):
        parts.append(note(origin))
    word = item_reference(item)
    texts = {"why": _("Why"), "insights": _("Key insights"), "passages": _("Quotes and notes"), "heading": _("Heading")}
    row = [
        await text_form_button(ctx, db, label, "write", part, item_text(item, part), word)
        for part, label in texts.items()
    ]
    if (all_texts := await _all_texts_button(ctx, db, item, word)) is not None:
        row.insert(0, all_texts)
    more = [
        Button(_("Move…"), Call.of("edition item move", word)),
        Button(_("Remove it"), Call.of("edition item drop", word), Style.DANGER),
        Button(_("Replace…"), Call.of("edition item replace", word)),
    ]
    if item.kind == "paper":
        more += [
            Button(_("Rewrite"), Call.of("edition item regenerate", word)),
            Button(_("Abstract only"), Call.of("edition item abstract", word)),
        ]
    more.append(Button(_("Undo the last change"), Call.of("edition undo")))
    parts += [Buttons(tuple(row)), Buttons(tuple(more)), Buttons((Button(_("Back"), Call.of("edition edit")),))]
    return Card(truncate(item.title, 140), tuple(parts), tone, item.url)


def _text_preview(item: Item) -> Iterator[Part]:
    if item.why or item.why_more:
        yield text(Bold(_("Why ")), *prose.words(item.why))
    for part in card_renderer.block_parts(item.why_more):
        yield from pieces(part)
    if item.insights:
        yield text(
            Bold(_("Key insights ")),
            truncate(markup_writer.without_escapes(markup_writer.write_blocks(item.insights)), MAX_INSIGHTS_LENGTH),
        )
    for part in islice(card_renderer.block_parts(localized(item.passages, words_in_use())), MAX_QUOTES_SHOWN):
        yield from pieces(part)
    if (more := len(item.passages) - MAX_QUOTES_SHOWN) > 0:
        yield note(
            _("And {more_texts}; the form has them all.", more_texts=_n("{n} more text", "{n} more texts", more))
        )


async def unsupported_claims(db: UnitOfWork, document: Document) -> list[edition_check.UnsupportedClaim]:
    """Claims of a draft, quotes aside, that no text the club has read supports."""
    texts = await source_texts_of(db, document)
    _unused, ungrounded = await edition_check.doubts(document, texts)
    return ungrounded


async def text_form_button(
    ctx: Context, db: UnitOfWork, label: str, command: str, part: str, current_text: str, item: str = ""
) -> Button:
    """Button that opens the form of a text, with the current text in it; a text too long for a form can be added to."""
    words = (item, part) if item else (part,)
    call = Call.of(f"edition item {command}" if item else f"edition {command}", *words)
    if not current_text:
        return Button(label, call)
    if len(current_text) > MAX_FORM_LENGTH:
        return Button(_("Add to: {label}", label=label), Call.of(call.command, *words, more="yes"))
    saved_id = await db.saved_calls.save(
        SavedCall(call=str(Call.of(call.command, *words, text=current_text)), at=ctx.now)
    )
    return Button(label, Call.of("fill", saved_id))


async def _all_texts_button(ctx: Context, db: UnitOfWork, item: Item, word: str) -> Button | None:
    """Button that opens one form with all texts of an item; None if one of them is too long for a form."""
    current = {part: item_text(item, part) for part in ("heading", "why", "insights", "passages")}
    if any(len(text) > MAX_FORM_LENGTH for text in current.values()):
        return None
    call = Call.of("edition item texts", word, **{part: text for part, text in current.items() if text})
    saved_id = await db.saved_calls.save(SavedCall(call=str(call), at=ctx.now))
    return Button(_("All texts"), Call.of("fill", saved_id), Style.MAIN)


def edition_text(document: Document, part: str) -> str:
    """One of the edition's texts, in the markup that moderators type."""
    match part:
        case "title":
            return document.title
        case "headline":
            return document.headline
        case "intro":
            return markup_writer.words(document.intro)
        case "letter":
            return markup_writer.write_blocks(document.letter.blocks) if document.letter else ""
        case "signed":
            return document.letter.by if document.letter else ""
        case "video":
            return f"{document.video.label} {document.video.url}".strip() if document.video else ""
        case "selected":
            return f"{document.selected_from} {document.selected_where}".strip() if document.selected_from else ""
        case "themes":
            return "\n".join(theme.line for theme in document.themes)
        case _:
            return markup_writer.words(document.sign_off)


def item_text(item: Item, part: str) -> str:
    """One of an item's texts, in the markup that moderators type."""
    match part:
        case "heading":
            return item.title
        case "authors":
            return item.authors
        case "venue":
            return item.venue
        case "why":
            if not item.why_more:
                return markup_writer.words(item.why)
            return markup_writer.write_blocks((*((Paragraph(item.why),) if item.why else ()), *item.why_more))
        case "insights":
            return markup_writer.write_blocks(item.insights)
        case "said":
            return "\n".join(remark.text for remark in item.said) or CLEAR_KEYWORD
        case _:
            return markup_writer.write_blocks(item.passages)
