"""Command `curate edit`: corrects a paper's heading, topic and links, and the texts of its pick."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Tone
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.text import one_line, truncate
from bot.domain.models import SavedCall, Submission
from bot.errors import Mistakes, UserError
from bot.features.moderation.case_card import case_card
from bot.features.moderation.curation_snapshot import load_for_decision, record_decision, take_snapshot
from bot.features.moderation.decisions import PaperParameter, by_theme, canonical_theme, place_number, shift_places
from bot.features.shared.editions.edition_lookup import edition_number
from bot.features.shared.field_checks import check_topic
from bot.features.shared.lookup import by_topic, topic_named
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()

CLEAR_WORD = "none"
"""Word that clears a field; an empty or missing value leaves it unchanged."""


def _parse_place(word: str) -> str:
    return CLEAR_WORD if word.lower() == CLEAR_WORD else str(place_number(word))


@commands(
    "curate edit",
    reply=Reply.IN_PLACE,
    audience=Audience.MODERATOR,
    examples=("/curate edit 12", '/curate edit 12 title="A shorter title" topic=NLP', "/curate edit 12 note=none"),
)
async def edit(
    ctx: Context,
    paper: PaperParameter = "",
    title: Annotated[
        str, ParameterHint("its title in this club; `none` restores the original title", clears=True, most=300)
    ] = "",
    topic: Annotated[
        str,
        ParameterHint(
            "one of the club’s topics, or `none`",
            suggest=by_topic,
            check=check_topic,
            strict=True,
            clears=True,
            most=80,
        ),
    ] = "",
    theme: Annotated[
        str, ParameterHint("the theme of its pick, or `none`", clears=True, suggest=by_theme, free=True, most=80)
    ] = "",
    why: Annotated[
        str, ParameterHint("why it matters (shown with its pick), or `none`", clears=True, long=True, most=1000)
    ] = "",
    note: Annotated[str, ParameterHint("the note of its pick, or `none`", clears=True, long=True, most=1000)] = "",
    place: Annotated[str, ParameterHint("the place of its pick, or `none`", clears=True, parse=_parse_place)] = "",
    drop_link: Annotated[str, ParameterHint("a link to remove", most=2000)] = "",
) -> Card:
    """Edit what the club shows about a paper. `none` empties a field.

    If you give only the paper, you see the current values, with a button to change them. Members add links with `/paper
    add-link`.
    """
    picked = {"theme": one_line(theme), "why": why.strip(), "note": note.strip(), "place": place}
    async with ctx.begin() as db:
        chosen = await load_for_decision(ctx, db, paper, published=True)
        if not any((title, topic, drop_link, *picked.values())):
            return await _offer_form(ctx, db, chosen)
        before = await take_snapshot(db, chosen)
        if title:
            _set_heading(chosen, one_line(title))
        if topic:
            await _set_topic(db, chosen, topic)
        if given := {name: value for name, value in picked.items() if value}:
            await _annotate(ctx, db, chosen, given)
        removed_links = await _unlink(db, chosen, drop_link.strip()) if drop_link else []
        if not removed_links and await take_snapshot(db, chosen) == before:
            return await case_card(ctx, db, chosen, _("It already says that."))
        await record_decision(ctx, db, "edit", chosen, before | {"links": removed_links}, more={"links": []})
        return await case_card(ctx, db, chosen, _("Changed."), tone=Tone.GOOD)


async def _offer_form(ctx: Context, db: UnitOfWork, chosen: Submission) -> Card:
    """Card of the current values, with a button that opens a form with them."""
    pick = await db.picks.get(chosen.id)
    values = {"title": title_of(chosen), "topic": chosen.topic.name if chosen.topic else None}
    if pick:
        values |= {"theme": pick.theme or None, "why": pick.why or None, "note": pick.note or None}
        values["place"] = str(pick.place) if pick.place else None
    filled_in = Call.of("curate edit", chosen.number, **values)
    saved_id = await db.saved_calls.save(SavedCall(call=str(filled_in), at=ctx.now))
    row = Buttons((Button(_("Edit in a form"), Call.of("fill", saved_id), Style.MAIN),))
    return await case_card(ctx, db, chosen, _("Current values"), turn=row)


def _set_heading(chosen: Submission, title: str) -> None:
    """Set the club's own heading of a paper; the paper's title clears it."""
    own = title.lower() == CLEAR_WORD or title in (chosen.paper.title, title_of(chosen) if not chosen.title else "")
    chosen.title = "" if own else title


async def _set_topic(db: UnitOfWork, chosen: Submission, name: str) -> None:
    """Set or clear the topic of a paper."""
    chosen.topic = None if name.lower() == CLEAR_WORD else await topic_named(db, name)


def _about_each(fields: Collection[str], message: Callable[[str], str]) -> UserError:
    """Refusal of all these fields, with a message about each."""
    said = {field: message(field) for field in fields}
    [first, *others] = fields
    return Mistakes(said) if others else UserError(said[first], field=first)


def _in_edition(chosen: Submission, edition: int, field: str) -> str:
    say = _(
        "#{chosen_number} is in edition No. {edition}, where its {field} cannot be changed.",
        chosen_number=chosen.number,
        edition=edition,
        field=field,
    )
    return _("{say} Use `/edition correct` for published text.", say=say)


def _not_picked(chosen: Submission, field: str) -> str:
    n = chosen.number
    return _("#{n} is not picked, so it has no {field}. Run `/curate pick {n}` first.", n=n, field=field)


async def _annotate(ctx: Context, db: UnitOfWork, chosen: Submission, given: dict[str, str]) -> None:
    """Change the theme, reason, note or place of a pick. Raises UserError if there is no pick, or it is published."""
    if edition := await edition_number(db, chosen):
        raise _about_each(given, lambda field: _in_edition(chosen, edition, field))
    if await db.picks.get(chosen.id) is None:
        raise _about_each(given, lambda field: _not_picked(chosen, field))
    values: dict[str, str | int | None] = {
        name: "" if value.lower() == CLEAR_WORD else value for name, value in given.items()
    }
    if "place" in values:
        number = int(given["place"]) if values["place"] else None
        values["place"] = number
        await shift_places(db, chosen.id, number)
    if values.get("theme"):
        values["theme"] = await canonical_theme(db, str(values["theme"]))
    await db.picks.set(chosen.id, ctx.member.id, ctx.now, **values)


async def _unlink(db: UnitOfWork, chosen: Submission, url: str) -> list[dict[str, str]]:
    """Remove a link. Returns it as the audit log stores it, for an undo. Raises UserError if there is none."""
    links = await db.submissions.links(chosen.id)
    removed = next((link for link in links if link.url == url), None)
    if removed is None or not await db.submissions.remove_link(chosen.id, url):
        known = ", ".join(truncate(link.url, 80) for link in links) or "none"
        raise UserError(
            _("#{chosen_number} has no such link. It has: {known}.", chosen_number=chosen.number, known=known),
            field="drop_link",
        )
    return [{"kind": removed.kind, "url": removed.url}]
