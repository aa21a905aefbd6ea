"""Command `edition item figure`: a picture of an item, from a file, or of its paper on arXiv if the license permits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Card, FigurePart, ListEntry, Note, Part, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, Link
from bot.chat.text import one_line, truncate
from bot.domain.paper_figures import NO_LICENSE, License, PaperFigure, PaperFigures, permits_showing, read_license
from bot.editions.edit import markup_parser
from bot.editions.edit.changes import FigureChange
from bot.editions.edit.figure_images import MAX_UPLOAD, FigureImage, prepare_figure
from bot.editions.model import prose
from bot.editions.model.blocks import Figure
from bot.editions.model.document import Document, Item, from_json
from bot.editions.model.prose import Prose
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import load_open_draft, revise
from bot.features.editions.editor.item_lookup import by_item, find_in_draft, item_reference
from bot.features.shared.uploaded_text import read_file_bytes
from bot.locale.current import _, mark_text

commands = Commands()

LETTER = "letter"
"""Word for the letter in place of an item."""
MAX_FIGURES = 40
"""Figures of an edition."""
SHOWN = 8
"""Figures of a paper that the card offers."""
MAX_ALT = 500
OWN = ("own", "own work", "our own")
"""Words for a picture that the club made itself."""
LICENSE_HINT = mark_text("its license, such as CC BY 4.0; `own` if the picture is yours")


@dataclass(frozen=True, slots=True)
class FigureSource:
    """A picture that was read: its content, where it is from, and what is known of it."""

    content: bytes
    address: str = ""
    caption: str = ""
    credit: str = ""
    license: License = NO_LICENSE


@commands(
    "edition item figure",
    audience=Audience.MODERATOR,
    examples=(
        "/edition item figure 12 number=2",
        '/edition item figure 12 file=loss.png alt="Loss falls with size" license="CC BY 4.0" credit="Figure 1"',
    ),
)
async def figure(
    ctx: Context,
    item: Annotated[
        str,
        ParameterHint("paper’s number, place, or title; `letter` for the edition’s letter", suggest=by_item, most=300),
    ],
    *,
    file: Annotated[str, ParameterHint("the picture as a file: PNG, JPEG or WebP", most=2000, file=True)] = "",
    number: Annotated[int, ParameterHint("or the number of a figure of the paper on arXiv")] = 0,
    alt: Annotated[str, ParameterHint("what it shows, for people who cannot see it", long=True, most=MAX_ALT)] = "",
    caption: Annotated[str, ParameterHint("its caption", long=True, most=1000)] = "",
    credit: Annotated[str, ParameterHint("who made it, such as: Figure 1 of the paper", most=300)] = "",
    license: Annotated[str, ParameterHint(LICENSE_HINT, most=120)] = "",
) -> AsyncIterator[Card]:
    """Add a figure to an item: attach a picture, or give the number of a figure of the paper.

    A figure of a paper is used if its license permits (CC BY, CC BY-SA or CC0). Without a file or a number, I list the
    paper’s figures. The picture is stored smaller and without metadata.
    """
    async with ctx.read() as db:
        edition = await load_open_draft(db, lock=False)
    chosen = None if item.strip().casefold() == LETTER else find_in_draft(edition, item)
    if not file:
        yield Card(_("Reading the paper"), (note(truncate(chosen.title if chosen else LETTER, 150)),), Tone.QUIET)
        found = await _figures_of_paper(ctx, chosen)
        if not number:
            yield _choice(found, chosen)
            return
        source = await _figure_of_paper(ctx, chosen, found, number, license)
    else:
        source = FigureSource(await read_file_bytes(ctx, file, limit=MAX_UPLOAD))
    description = one_line(alt) or truncate(source.caption, MAX_ALT)
    named = _license(license) if license.strip() else source.license
    _require(description, named, license)
    prepared = await asyncio.to_thread(prepare_figure, source.content)
    new = Figure(
        prepared.name,
        description,
        markup_parser.parse_line(caption or source.caption),
        _credit_line(credit or source.credit, named),
    )
    yield await _add(ctx, chosen, new, prepared, source.address)


@commands(
    "edition item describe",
    audience=Audience.MODERATOR,
    examples=('/edition item describe 12 alt="Loss falls with size" license="CC BY 4.0" credit="Figure 1"',),
)
async def describe(
    ctx: Context,
    item: Annotated[str, ParameterHint("its number or title", suggest=by_item, most=300)],
    *,
    license: Annotated[str, ParameterHint("such as CC BY 4.0; or own", most=120)],
    picture: Annotated[int, ParameterHint("which one: 1, 2, …", fixed=True)] = 1,
    alt: Annotated[str, ParameterHint("what it shows", long=True, most=MAX_ALT)] = "",
    caption: Annotated[str, ParameterHint("its caption", long=True, most=1000)] = "",
    credit: Annotated[str, ParameterHint("who made it", most=300)] = "",
) -> Card:
    """Describe a picture of the draft.

    Say what it shows (for people who cannot see it), who made it, and under which license.
    """
    async with ctx.read() as db:
        edition = await load_open_draft(db, lock=False)
    document = from_json(edition.document)
    chosen = None if item.strip().casefold() == LETTER else find_in_draft(edition, item)
    blocks = chosen.blocks if chosen else document.letter.blocks if document.letter else ()
    figures = [block for block in blocks if isinstance(block, Figure)]
    if not 0 < picture <= len(figures):
        raise UserError(_("That picture is no longer in the draft."), field="picture")
    before = figures[picture - 1]
    description, named = one_line(alt) or before.alt, _license(license)
    _require(description, named, license)
    words = markup_parser.parse_line(caption) if caption.strip() else before.caption
    new = Figure(before.url, description, words, _credit_line(credit or prose.plain(before.credit), named))
    return await _add(ctx, chosen, new, None, "")


def _require(alt: str, license: License, typed: str) -> None:
    """Raise UserError for what a picture lacks: a description, and the right to show it."""
    if not alt:
        raise UserError(_("Describe the figure in `alt`, for people who cannot see it."), field="alt")
    if not license.name and not typed.strip():
        raise UserError(
            _('Give its license, such as `license="CC BY 4.0"`, or `license=own` if it is your own.'),
            field="license",
        )


def _license(typed: str) -> License:
    """The license that was typed; an own picture has none to name."""
    return NO_LICENSE if one_line(typed).casefold() in OWN else read_license(typed)


def _credit_line(credit: str, license: License) -> Prose:
    """Credit and license in a row, the license with its link."""
    words = markup_parser.parse_line(one_line(credit)) if credit.strip() else ()
    if not license.name:
        return words
    named = Link(license.name, license.url) if license.url else license.name
    return (*words, ", ", named) if words and not isinstance(words[-1], str) else _joined(words, named)


def _joined(words: Prose, named: Link | str) -> Prose:
    if not words:
        return (named,)
    *before, last = words
    lead = f"{str(last).rstrip(' .')}, "
    return (*before, f"{lead}{named}") if isinstance(named, str) else (*before, lead, named)


async def _figures_of_paper(ctx: Context, item: Item | None) -> PaperFigures:
    """The figures of an item's paper. Raises UserError if they cannot be read."""
    attach = _("Attach the picture as a file.")
    if item is None or not item.key.startswith("arxiv:") or ctx.app.figure_source is None:
        raise UserError(_("I can read only the figures of papers on arXiv. {attach}", attach=attach), field="file")
    found = await ctx.app.figure_source.figures(item.key.removeprefix("arxiv:"), item.version)
    if found is None or not found.figures:
        raise UserError(
            _("arXiv has no figures of “{title}”. {attach}", title=truncate(item.title, 80), attach=attach),
            field="file",
        )
    return found


async def _figure_of_paper(
    ctx: Context, item: Item | None, found: PaperFigures, number: int, license: str
) -> FigureSource:
    """A figure of a paper with its picture. Raises UserError if there is none, or if its license does not permit."""
    assert item is not None
    assert ctx.app.figure_source is not None
    wanted = next((figure for figure in found.figures if figure.number == number), None)
    if wanted is None:
        raise UserError(
            _("The paper has no figure {number} on arXiv; it has {numbers}.", number=number, numbers=_numbers(found)),
            field="number",
        )
    if not permits_showing(found.license) and not license.strip():
        raise UserError(
            _(
                "The paper’s license ({license}) does not let others show its figures. If the authors allowed "
                'it, say so: `license="with permission of the authors"`.',
                license=found.license.name or _("none is given"),
            ),
            field="license",
        )
    content = await ctx.app.figure_source.picture(wanted)
    credit = _("{figure} of {authors}", figure=wanted.label, authors=item.authors or item.title)
    return FigureSource(content, wanted.url, wanted.caption, credit, found.license)


def _numbers(found: PaperFigures) -> str:
    return ", ".join(str(figure.number) for figure in found.figures)


def _choice(found: PaperFigures, item: Item | None) -> Card:
    """The figures of a paper, each with a button that takes it."""
    assert item is not None
    free = permits_showing(found.license)
    entries = [_entry(figure, item, take=free) for figure in found.figures[:SHOWN]]
    license = found.license.name or _("none is given")
    state = _("its figures may be shown") if free else _("its figures may not be shown without permission")
    return Card(
        _("Figures of “{title}”", title=truncate(item.title, 100)),
        (text(_("License: {license}; {state}.", license=license, state=state)), *entries),
    )


def _entry(figure: PaperFigure, item: Item, *, take: bool) -> ListEntry:
    call = Call.of("edition item figure", item_reference(item), number=figure.number)
    button = Button(_("Use it"), call) if take else None
    return ListEntry((Bold(figure.label), " ", truncate(figure.caption, 200)), button=button)


async def _add(ctx: Context, item: Item | None, new: Figure, stored: FigureImage | None, address: str) -> Card:
    """Store the picture, if it is a new one, and put it into the draft."""
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        if stored and _count(from_json(edition.document)) >= MAX_FIGURES:
            raise UserError(_("An edition has at most {n} figures.", n=MAX_FIGURES))
        if stored:
            await db.figures.save(stored.name, stored.content, ctx.member.id, ctx.now, source=address)
        await revise(ctx.app, db, edition, [FigureChange(item.key if item else "", new)], ctx.member.id)
    below = (*prose.words(new.caption), *((" ",) if new.caption and new.credit else ()), *prose.words(new.credit))
    parts: list[Part] = [FigurePart(new.url, new.alt)]
    if below:
        parts.append(Note(below))
    parts.append(note(_("Described as: {alt}", alt=new.alt)))
    if stored is None:
        return Card(_("Picture described"), tuple(parts), Tone.GOOD)
    parts.append(
        note(_("The figure is at the end of the item’s quotes and notes. You can move or delete its line there."))
    )
    title = _("Figure added: {title}", title=truncate(item.title, 80)) if item else _("Figure added to the letter")
    return Card(title, tuple(parts), Tone.GOOD)


def _count(document: Document) -> int:
    letter = document.letter.blocks if document.letter else ()
    blocks = (*letter, *(block for item in document.items for block in item.blocks))
    return sum(isinstance(block, Figure) for block in blocks)
