"""Pictures of an imported edition: read with its text, stored, and asked about where they lack something."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Part, note
from bot.chat.rich_text import Link
from bot.chat.text import truncate
from bot.domain.figure_names import name_in_address
from bot.editions.edit import markup_writer
from bot.editions.edit.figure_images import MAX_UPLOAD, FigureImage, name_if_stored, prepare_figure
from bot.editions.importing.draft_files.containers import read_draft
from bot.editions.importing.draft_files.pictures import DraftWithPictures, local_addresses, with_named_pictures
from bot.editions.model import prose
from bot.editions.model.blocks import Block, Figure
from bot.editions.model.document import Document
from bot.editions.render.figure_addresses import with_addresses
from bot.errors import UserError
from bot.features.editions.editor.figure_command import LETTER, MAX_FIGURES
from bot.features.editions.editor.item_lookup import item_reference
from bot.features.shared.uploaded_text import MAX_FILE_SIZE, decode_any_text, read_file_bytes
from bot.locale.current import _, _n
from bot.store import UnitOfWork

MAX_DRAFT = 20 * 2**20
"""Maximum size in bytes of a file with a text and its pictures; its text has at most `MAX_FILE_SIZE`."""
WITH_FOLDERS = ("console",)
"""Platforms whose files have others beside them."""
MAX_OFFERED = 4
"""Pictures of which a card offers to say what they show."""


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """The document with the names of its stored figures, those to store, and questions about the others."""

    document: Document
    images: tuple[FigureImage, ...] = ()
    questions: tuple[str, ...] = ()


async def read_draft_file(ctx: Context, file: str, pasted: str) -> DraftWithPictures:
    """The text of a file, or the pasted one, with its pictures. Raises UserError if it cannot be read."""
    if not file:
        if not pasted.strip():
            raise UserError(_("Give a file with the edition, or paste its text."), field="file")
        return with_named_pictures(pasted, {})
    content = await read_file_bytes(ctx, file, limit=MAX_DRAFT)
    advice = _("Save the draft as Markdown in UTF-8.")
    beside = await _files_beside(ctx, file, content) if ctx.where.platform in WITH_FOLDERS else {}
    draft = await asyncio.to_thread(read_draft, content, lambda part: decode_any_text(part, advice), beside)
    if len(draft.text.encode("utf-8", "replace")) > MAX_FILE_SIZE:
        raise UserError(_("The file is larger than {limit} MB.", limit=MAX_FILE_SIZE // 2**20), field="file")
    return draft


async def _files_beside(ctx: Context, file: str, content: bytes) -> dict[str, bytes]:
    """The pictures that a text names and its folder has. Nothing outside of that folder is read."""
    found: dict[str, bytes] = {}
    for path in local_addresses(content.decode("utf-8", "ignore")):
        if normpath(path).startswith(("/", "..")):
            continue
        try:
            found[path] = await read_file_bytes(ctx, join(dirname(file), path), limit=MAX_UPLOAD)
        except UserError:
            continue  # asked for
    return found


async def read_figures(ctx: Context, document: Document, pictures: Mapping[str, bytes]) -> ReadFigures:
    """Prepare the pictures of a document that came along with its text or that are stored already."""
    figures = list({block.url: block for block in figures_of(document)}.values())
    known = await _stored_before(ctx, figures, pictures)
    names, images, questions = dict(known), list[FigureImage](), list[str]()
    for figure in figures:
        if figure.url in names or Link("", figure.url).is_safe:
            continue
        if (content := pictures.get(figure.url)) is None or len(images) >= MAX_FIGURES:
            questions.append(
                _("The picture `{file}` was not imported. Add it with `/edition item figure`.", file=_short(figure))
            )
            continue
        try:
            image = await asyncio.to_thread(prepare_figure, content)
        except UserError as error:
            questions.append(
                _("The picture `{file}` cannot be stored. {reason}", file=_short(figure), reason=str(error))
            )
            continue
        images.append(image)
        names[figure.url] = image.name
        if lacks := _lacks(figure):
            questions.append(
                _("The picture `{file}` is imported, but this is missing: {lacks}.", file=_short(figure), lacks=lacks)
            )
    return ReadFigures(with_addresses(document, lambda url: names.get(url, url)), tuple(images), tuple(questions))


async def _stored_before(ctx: Context, figures: Sequence[Figure], pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Names of the pictures that are stored already, by what the text calls them: an export names them so."""
    named = {figure.url: name_in_address(figure.url) or figure.url for figure in figures}
    for url, content in pictures.items():
        named[url] = await asyncio.to_thread(name_if_stored, content) or url
    async with ctx.read() as db:
        known = await db.figures.known(named.values())
    return {url: name for url, name in named.items() if name in known}


async def save_figures(ctx: Context, db: UnitOfWork, images: Sequence[FigureImage]) -> None:
    """Store the pictures of a document."""
    for image in images:
        await db.figures.save(image.name, image.content, ctx.member.id, ctx.now)


def offer_to_describe(document: Document, images: Sequence[FigureImage]) -> tuple[Part, ...]:
    """Note on new pictures that lack a description or a credit, with buttons that open a form; empty if none does."""
    new = {image.name for image in images}
    owners = [(item_reference(item), item.blocks) for item in document.items]
    letter: tuple[Block, ...] = document.letter.blocks if document.letter else ()
    lacking = [
        (word, place, figure)
        for word, blocks in [(LETTER, letter), *owners]
        for place, figure in enumerate((block for block in blocks if isinstance(block, Figure)), 1)
        if figure.url in new and _lacks(figure)
    ]
    if not lacking:
        return ()
    buttons = [
        Button(_("Describe picture {n}", n=number), _form(word, place, figure))
        for number, (word, place, figure) in enumerate(lacking[:MAX_OFFERED], 1)
    ]
    count = _n("{n} picture was stored", "{n} pictures were stored", len(new))
    say = _("{count}. Without a description or a credit: {n}.", count=count, n=len(lacking))
    return note(say), Buttons(tuple(buttons))


def _form(word: str, place: int, figure: Figure) -> Call:
    """Call that opens the form of a picture, filled in with what the text says of it."""
    known = {"alt": figure.alt, "caption": markup_writer.words(figure.caption), "credit": prose.plain(figure.credit)}
    given = {name: text for name, text in known.items() if text}
    return Call.of("edition item describe", word, picture=place, **given).as_form()


def _lacks(figure: Figure) -> str:
    """Words for the details that a picture lacks: description, credit, license; empty if nothing is missing."""
    if not figure.alt.strip():
        return _("a description, a credit and a license") if not figure.credit else _("a description")
    return "" if figure.credit else _("a credit and a license")


def _short(figure: Figure) -> str:
    return truncate(figure.url.removeprefix("figures/"), 60)


def figures_of(document: Document) -> list[Figure]:
    """The figures of a document, those of its letter first."""
    letter: tuple[Block, ...] = document.letter.blocks if document.letter else ()
    blocks = (*letter, *(block for item in document.items for block in item.blocks))
    return [block for block in blocks if isinstance(block, Figure)]
