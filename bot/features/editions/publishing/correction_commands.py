"""Commands that correct or recall a published edition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Style, Tone, note, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.error_cards import RefusedWithCard
from bot.chat.form_texts import option_label
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.chat.text import one_line, truncate
from bot.domain.models import DeliveryKind, Edition
from bot.editions.edit.apply_changes import apply_all
from bot.editions.edit.changes import EDITION_PARTS, ITEM_PARTS, Change, CorrectionChange, Drop, WriteText
from bot.editions.edit.text_edits import set_item_text
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import Document, Item, from_json
from bot.editions.model.translation import words_of
from bot.editions.render import captions
from bot.editions.verification import edition_check
from bot.editions.verification.claim_texts import claim_text
from bot.editions.verification.dangling_citations import dangling_citations
from bot.errors import UserError
from bot.features.editions.draft.draft_changes import template_of, with_citation_keys
from bot.features.editions.draft.source_texts import source_texts_of
from bot.features.editions.editor.item_lookup import find_item, item_reference, suggested_choice
from bot.features.editions.editor.plain_notes import note_lines
from bot.features.editions.editor.text_commands import MAX_TEXT_LENGTH, QUOTED_PARTS, text_change, validate_text
from bot.features.editions.publishing.amend import amend, published_edition, recall
from bot.features.shared.editions.edition_lookup import edition_parameter, leading_number
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

PARTS = (*ITEM_PARTS, "drop", "nothing", *EDITION_PARTS)
"""Correctable parts: a text of an item, the item itself, a note alone, or a text of the edition."""


async def by_published_item(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the items of the latest edition: (title, reference)."""
    async with ctx.read() as db:
        found = await db.editions.latest()
    items = from_json(found[0].document).items if found else ()
    wanted = typed.strip().lower()
    return [(truncate(item.title, 100), item_reference(item)) for item in items if wanted in item.title.lower()][:25]


@commands(
    "edition correct",
    audience=Audience.MODERATOR,
    examples=(
        '/edition correct why item=12 text="It is twice as fast." erratum="We had said four times."',
        '/edition correct title "Agents that learn" "The title named the wrong subject."',
        '/edition correct nothing item=12 erratum="The authors have told us that the code moved."',
    ),
)
async def correct(
    ctx: Context,
    part: Annotated[
        str,
        suggested_choice(mark_text("which text; `drop` removes the item, `nothing` adds only a note"), PARTS),
    ],
    *,
    text: Annotated[
        str,
        ParameterHint(
            "the new text; `none` empties it", clears=True, long=True, most=MAX_TEXT_LENGTH, keeps_marks=QUOTED_PARTS
        ),
    ] = "",
    erratum: Annotated[str, ParameterHint("what was wrong, for everyone to read", long=True, most=1000)],
    item: Annotated[
        str,
        ParameterHint(
            "which item; empty for the edition’s own texts", suggest=by_published_item, strict=True, most=300
        ),
    ] = "",
    edition: Annotated[int | None, edition_parameter(mark_text("which edition; the latest if empty"))] = None,
    sure: Annotated[bool, ParameterHint("yes, do it")] = False,
) -> Card:
    """Correct a published edition everywhere, and say what was wrong.

    The earlier text stays in the records. Quotes in a correction must also match their source word for word. If
    anything else in the correction is not found in the sources, I first ask you about it.
    """
    async with ctx.begin() as db:
        chosen = await published_edition(db, edition)
        document = from_json(chosen.document)
        target = find_item(document, item) if item.strip() else None
        changes = await _changes(ctx, db, document, part, target, text)
        await _refuse_same(db, chosen, document, changes, one_line(erratum), target)
        changes.append(
            CorrectionChange(ctx.now, one_line(erratum), target.key if target else "", target.title if target else "")
        )
        known = await _unsupported_claims(db, document, target)
        planned, _applied, _rejected = apply_all(document, changes, await template_of(db, chosen))
        claims = await _unsupported_claims(db, planned, target)
        if not sure and (new := [claim for claim in claims if claim not in known]):
            typed = {"text": text or None, "erratum": erratum, "item": item or None, "edition": edition}
            raise RefusedWithCard(_doubts_card(new, Call.of("edition correct", part, **typed, sure="yes")))
        after = await amend(ctx.app, db, chosen, changes, by=ctx.member.id, why=one_line(erratum))
        corrected = next((entry for entry in after.items if target and entry.key == target.key), None)
        notes = note_lines(target, corrected) if target and corrected else ()
        copies = len({(d.room_id, d.part) for d in await db.deliveries.by_subject(DeliveryKind.EDITION, chosen.id)})
        count = len(after.corrections)
        erratum_line = captions.correction(after.corrections[-1], words_of(after))
    ctx.app.wake_up.set()
    return _receipt(chosen.number, count, copies, erratum_line, claims, notes)


async def _refuse_same(
    db: UnitOfWork, edition: Edition, document: Document, changes: Sequence[Change], erratum: str, item: Item | None
) -> None:
    """Raise UserError if the edition says all of a correction already: the text as well as the erratum."""
    key = item.key if item else ""
    if not any(known.item == key and known.say == erratum for known in document.corrections):
        return
    after, _applied, _rejected = apply_all(document, changes, await template_of(db, edition))
    if after == document:
        raise UserError(
            _("No. {number} is already corrected like that. Nothing was changed.", number=edition.number),
            field="erratum",
        )


async def _changes(
    ctx: Context, db: UnitOfWork, document: Document, part: str, item: Item | None, text: str
) -> list[Change]:
    """Changes of a correction, beside its note. Raises UserError if the arguments contradict each other."""
    if part == "nothing":
        return []
    if part == "drop":
        if item is None:
            raise UserError(_("Which item should be removed?"), field="item")
        return [Drop(item.key)]
    if (part in ITEM_PARTS) != (item is not None):
        say = (
            _("Which item is it about?")
            if item is None
            else _(
                "An item has no “{part}”. To correct the “{part}” of the edition itself, leave `item` out.",
                part=option_label("part", part),
            )
        )
        raise UserError(say, field="item")
    if not text.strip():
        raise UserError(_("What should it say? `none` empties it."), field="text")
    if item is not None:
        change = await text_change(ctx, db, document, item, part, text)
        _refuse_unverified(document, item, change)
        return [change]
    assert part in EDITION_PARTS
    return [WriteText(part, with_citation_keys(document, validate_text(part, text)), by=ctx.member.name)]


def _refuse_unverified(document: Document, item: Item, change: WriteText) -> None:
    """Raises UserError that names every new quote of a correction that is in no text."""
    blocks = set_item_text(document, item, change).blocks
    new = [b for b in blocks if isinstance(b, Quotation) and b not in item.blocks and not b.voucher and not b.source]
    if new:
        quotes = "; ".join(_("“{text}”", text=truncate(quote.text, 120)) for quote in new[:6])
        raise UserError(
            _("Not found in any source: {quotes}. Add their source first with `/edition source`.", quotes=quotes),
            field="text",
        )


async def _unsupported_claims(db: UnitOfWork, document: Document, item: Item | None) -> list[str]:
    """Claims of the corrected item that its source does not support, or citations of the edition's own texts that meet
    nothing. A person may know better, so they are asked about."""
    if item is None:
        return [claim_text(f"citation “{found.mark}”") for found in dangling_citations(document) if not found.item]
    _unused, found = await edition_check.doubts(document, await source_texts_of(db, document))
    return [claim_text(claim.description) for claim in found if claim.item.key == item.key]


def _doubts_card(claims: Sequence[str], call: Call) -> Card:
    """Question before a correction that says what no source says, which every copy would show at once."""
    rows = Points(tuple((truncate(words, 150),) for words in claims[:8]))
    lead = text(_("This was not found in the sources. Please check it:"))
    return Card(_("Not corrected yet"), (lead, rows, Buttons((Button(_("Correct it anyway"), call),))), Tone.BAD)


def _receipt(number: int, count: int, copies: int, erratum: str, claims: list[str], notes: Sequence[str]) -> Card:
    parts: list[Part] = [text(Bold(_("Correction: ")), erratum), *map(note, notes)]
    parts.append(
        note(
            _(
                "Correction {count} to No. {number}. Posted copies that will be updated: {copies}.",
                count=count,
                number=number,
                copies=copies,
            )
        )
    )
    if claims:
        parts.append(text(_("This was not found in the sources. Please check it:")))
        parts.append(Points(tuple((truncate(words, 150),) for words in claims[:8])))
    parts.append(Buttons((Button(_("Read it"), Call.of("digest read", number)),)))
    return Card(_("No. {number} was corrected", number=number), tuple(parts), Tone.GOOD)


@commands(
    "edition recall",
    audience=Audience.MODERATOR,
    examples=("/edition recall the wrong draft went out", "/edition recall No. 3 it names the wrong authors"),
)
async def recall_edition(
    ctx: Context,
    reason: Annotated[str, ParameterHint("why, for everyone to read", rest=True, most=500)],
    edition: Annotated[int | None, edition_parameter(mark_text("which edition; the latest if empty"))] = None,
    again: Annotated[bool, ParameterHint("reuse its papers")] = True,
    sure: Annotated[bool, ParameterHint("yes, do it")] = False,
) -> Card:
    """Recall a published edition. Every copy will say that it was recalled, and why.

    Its papers can be in the next edition, and their earlier votes count again.
    """
    async with ctx.begin() as db:
        if edition is None:
            edition, reason = await _named_edition(db, reason)
        chosen = await published_edition(db, edition)
        if edition is None:
            await _refuse_repeat(db, chosen)
        if not reason:
            raise RefusedWithCard(_reason_question(chosen, again=again))
        if sure:
            await recall(ctx.app, db, chosen, by=ctx.member.id, why=one_line(reason), again=again)
    if not sure:
        return _recall_question(chosen, reason, again=again)
    ctx.app.wake_up.set()
    back = _("Its papers and their votes count for the next edition again.")
    rows = (text(reason), note(back)) if again else (text(reason),)
    return Card(_("No. {chosen_number} was recalled", chosen_number=chosen.number), rows, Tone.GOOD)


async def _refuse_repeat(db: UnitOfWork, chosen: Edition) -> None:
    """Raise UserError if an edition after the chosen one is recalled already: who named none meant that one."""
    if later := [recalled.number for recalled in await db.editions.recalled() if recalled.number > chosen.number]:
        say = _(
            "No. {recalled} is already recalled. To recall No. {number}, name it: `/edition recall No. {number} …`",
            recalled=max(later),
            number=chosen.number,
        )
        raise UserError(say, field="edition")


async def _named_edition(db: UnitOfWork, reason: str) -> tuple[int | None, str]:
    """The edition that a reason begins with, and the reason behind it; None and the whole reason if it names none.

    A number that could also be the first word of a reason ("3 papers are missing") has to be an edition's.
    """
    found = leading_number(reason)
    if found and (found.is_marked or not found.rest or await db.editions.by_number(found.number)):
        return found.number, found.rest
    return None, reason


def _reason_question(chosen: Edition, *, again: bool) -> Card:
    """Card that asks for the reason of a recall, with a button for its form."""
    call = Call.of("edition recall", edition=chosen.number, again=None if again else "no")
    row = Buttons((Button(_("Give the reason…"), call.as_form(), Style.MAIN),))
    say = _("Every copy of “{title}” will show the reason. Nothing has been recalled yet.", title=chosen.title)
    return Card(_("Why is No. {number} recalled?", number=chosen.number), (text(say), row))


def _recall_question(chosen: Edition, reason: str, *, again: bool) -> Card:
    """Card that asks before a recall: the edition, the reason, and what follows."""
    words = {"edition": str(chosen.number), "again": None if again else "no", "sure": "yes"}
    row = Buttons(
        (
            Button(
                _("Recall it"),
                Call.of("edition recall", reason, **words),
                Style.DANGER,
            ),
        )
    )
    say = _("Every copy of “{title}” will say that it was recalled, and why.", title=truncate(chosen.title, 80))
    papers = (
        _("Its papers and their votes will count for the next edition.")
        if again
        else _("Its papers will stay out of later editions.")
    )
    return Card(
        _("Recall No. {number}?", number=chosen.number),
        (text(Bold(_("Reason: ")), reason), text(f"{say} {papers}"), row),
    )
