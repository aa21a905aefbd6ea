"""Commands for sections, references and credits of a draft, and to undo the last change."""

from __future__ import annotations

import re
from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, truncate
from bot.domain.links import identify as links
from bot.editions.edit.changes import CLEAR_KEYWORD, ArrangeSections, CreditChange, ReferenceChange
from bot.editions.model.derived_fields import citation_key
from bot.editions.model.document import Work, from_json
from bot.errors import Unavailable, UserError
from bot.features.editions.draft import draft_changes
from bot.features.editions.draft.draft_card import draft_card
from bot.features.editions.draft.draft_changes import load_open_draft, revise
from bot.features.editions.draft.draft_state import load_draft_view
from bot.features.editions.editor.item_lookup import by_section
from bot.features.editions.editor.undo_sentences import undone_sentence
from bot.features.shared.lookup import with_member_names
from bot.features.shared.papers.record_refresh import ask_source
from bot.latex.reader import latex_to_text
from bot.locale.current import _

commands = Commands()


@commands(
    "edition section",
    audience=Audience.MODERATOR,
    examples=('/edition section "Computer vision" title=Seeing place=1',),
)
async def section(
    ctx: Context,
    section: Annotated[str, ParameterHint("which section: its title", suggest=by_section, strict=True, most=120)],
    title: Annotated[str, ParameterHint("another heading for it", most=120)] = "",
    intro: Annotated[
        str, ParameterHint("the text before its items, or `none`", clears=True, long=True, most=2000)
    ] = "",
    place: Annotated[int, ParameterHint("its place among the sections")] = 0,
) -> Card:
    """Change a section: its heading, introduction or place."""
    if not title and not intro and not place:
        raise UserError(_("Nothing to change: give `title`, `intro` or `place`."), field="title")
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        intro_text = draft_changes.with_citation_keys(from_json(edition.document), intro)
        change = ArrangeSections(section, one_line(title), intro_text, max(place, 0))
        await revise(ctx.app, db, edition, [change], ctx.member.id)
        return draft_card(
            await load_draft_view(db, edition, ctx.now),
            say=_("The section {title} was changed.", title=truncate(title or section, 80)),
        )


@commands(
    "edition cite",
    audience=Audience.MODERATOR,
    examples=(
        "/edition cite 2001.08361",
        '/edition cite title="Bitter Lesson" authors="Rich Sutton" year=2019',
    ),
)
async def cite(
    ctx: Context,
    work: Annotated[str, ParameterHint("an arXiv id, a DOI or a link; empty if there is none", most=2000)] = "",
    title: Annotated[str, ParameterHint("its title, if it cannot be looked up", most=400)] = "",
    authors: Annotated[str, ParameterHint("its authors, separated by commas", most=1000)] = "",
    year: Annotated[int | None, ParameterHint("the year it came out")] = None,
) -> Card:
    """Add a reference that texts can cite by its number: `[5]`."""
    link = links.identify(work) if work.strip() else None
    found = await _lookup_reference(ctx, link, one_line(title), authors, year)
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        after = await revise(ctx.app, db, edition, [ReferenceChange(found)], ctx.member.id)
    number = next(entry.number for entry in after.references if citation_key(entry.work) == citation_key(found))
    say = _(
        "It is now [{number}]. In a text, cite it with [{number}], or with [@{citation_key}], which "
        "stays right if the number changes.",
        number=number,
        citation_key=citation_key(found),
    )
    return Card(f"[{number}] {truncate(found.title, 120)}", (text(say),), Tone.GOOD)


async def _lookup_reference(
    ctx: Context, link: links.IdentifiedLink | links.SearchPhrase | None, title: str, authors: str, year: int | None
) -> Work:
    """The cited work: from its source, else from what the moderator typed. Raises UserError if neither is enough."""
    if isinstance(link, links.PaperRef) and not title:
        try:
            record = await ask_source(ctx.app, link)
        except Unavailable as error:
            raise UserError(_("{error} Give its title and authors yourself.", error=error), field="title") from None
        if record:
            async with ctx.begin() as db:
                return Work.of(await db.papers.save_record(record, now=ctx.now), latex_to_text)
        raise UserError(_("I found nothing about that work. Give its title and authors."), field="title")
    if not title:
        raise UserError(_("Give its title."), field="title")
    people = tuple(filter(None, (one_line(name) for name in re.split(r",| and | & ", authors))))
    url = link.url if isinstance(link, links.PaperRef | links.LinkedItem) else ""
    paper = link if isinstance(link, links.PaperRef) else None
    return Work(
        title,
        people,
        url,
        title,
        people,
        year,
        arxiv_id=paper.id if paper and paper.source == "arxiv" else "",
        doi=paper.id if paper and paper.source == "doi" else "",
    )


@commands(
    "edition credit",
    audience=Audience.MODERATOR,
    examples=('/edition credit "Figures by" Ada, Ben', '/edition credit "Figures by" none'),
)
async def credit(
    ctx: Context,
    role: Annotated[str, ParameterHint("what they did, such as: Edited by", most=60)],
    names: Annotated[
        str,
        ParameterHint(
            "names, separated by commas; `none` removes the credit", clears=True, rest=True, people=True, most=500
        ),
    ],
) -> Card:
    """Credit people at the end of the edition."""
    async with ctx.begin() as db:
        named = "" if names.strip() == CLEAR_KEYWORD else await with_member_names(ctx, db, names)
        who = tuple(filter(None, map(one_line, named.split(","))))
        edition = await load_open_draft(db)
        await revise(ctx.app, db, edition, [CreditChange(one_line(role), who)], ctx.member.id)
    return Card(_("Changed: credits"), (text(f"{role}: {', '.join(who) or _('nobody')}"),), Tone.GOOD)


@commands("edition undo", audience=Audience.MODERATOR, examples=("/edition undo",))
async def undo(ctx: Context) -> Card:
    """Undo the last change to the draft; run it again for the one before."""
    async with ctx.begin() as db:
        edition = await load_open_draft(db)
        undone = await draft_changes.undo(ctx.app, db, edition, ctx.member.id)
        return draft_card(
            await load_draft_view(db, edition, ctx.now), say=undone_sentence(undone, from_json(edition.document))
        )
