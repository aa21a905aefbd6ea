"""Commands for a member's reading list."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, QuotePart, Style, Tone
from bot.chat.cards import text as said
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold, InlineCode
from bot.domain.models import Submission
from bot.features.shared.field_checks import check_paper
from bot.features.shared.lookup import PAPER, by_title, find_submission
from bot.features.shared.paged_lists import ROWS_PER_PAGE, submission_entry, submission_list
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _

commands = Commands()

MAX_NOTE_LENGTH = 1_000
"""Maximum length of a note in characters."""


@commands("my save", examples=("/my save 12",))
async def save(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Save a paper to your reading list. Only you see it."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        added = await db.reading_list.save(ctx.member.id, chosen.id, ctx.now)
    row = Buttons(
        (Button(_("My reading list"), Call.of("my list")), Button(_("Done reading"), Call.of("my done", chosen.number)))
    )
    return Card(
        _("On your reading list") if added else _("Already on your reading list"),
        (said(Bold(f"#{chosen.number} "), title_of(chosen)), row),
        Tone.GOOD,
    )


@commands("my list", examples=("/my list", "/my list done=yes"))
async def list_(
    ctx: Context,
    done: Annotated[bool, ParameterHint("show the papers that you marked as read")] = False,
    page: Annotated[int, ParameterHint("which page")] = 1,
) -> Card:
    """Show your reading list, or what you have read."""
    page = max(page, 1)
    async with ctx.read() as db:
        found = await db.reading_list.papers(
            ctx.member.id, done=done, skip=(page - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE + 1
        )
        notes = await db.reading_list.notes(ctx.member.id, [submission.id for submission in found])
    turn = Call.of("my list", done="yes" if done else None)
    title, empty = (
        (_("What you have read"), _("Nothing yet."))
        if done
        else (_("Your reading list"), _("Your reading list is empty. Press Save on a paper to add it."))
    )
    card = submission_list(title, found, turn, page, empty=empty, notes=notes)
    other = (
        Button(_("To read"), Call.of("my list", page=1))
        if done
        else Button(_("What I have read"), Call.of("my list", done="yes", page=1))
    )
    return Card(card.title, (*card.parts, Buttons((other,))))


@commands("my done", examples=("/my done 12",))
async def done(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, rest=True, here=True, suggest=by_title, check=check_paper)] = "",
) -> Card:
    """Mark a paper as read."""
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        ticked = await db.reading_list.mark_done(ctx.member.id, chosen.id, ctx.now)
        was_done = not ticked and await db.reading_list.is_done(ctx.member.id, chosen.id)
        remaining = await db.reading_list.papers(ctx.member.id, limit=4)
    if was_done:
        return Card(_("Already marked as read"), (said(Bold(f"#{chosen.number} "), title_of(chosen)),))
    if not ticked:
        return Card(
            _("Not on your reading list"),
            (
                said(
                    _(
                        "#{chosen_number} {chosen} is not on your reading list.",
                        chosen_number=chosen.number,
                        chosen=title_of(chosen),
                    )
                ),
            ),
        )
    parts: list[Part] = [said(Bold(f"#{chosen.number} "), title_of(chosen))]
    parts += (
        [said(_("Next on your reading list:")), *map(submission_entry, remaining[:3])]
        if remaining
        else [said(_("Your reading list is now empty."))]
    )
    return Card(_("Marked as read"), tuple(parts), Tone.GOOD)


@commands("my note", examples=("/my note 12 the proof of lemma 3 is what to look at", "/my note 12"))
async def save_note(
    ctx: Context,
    paper: Annotated[str, ParameterHint(PAPER, here=True, suggest=by_title, check=check_paper)] = "",
    text: Annotated[str, ParameterHint("your note; empty to see it", long=True, most=MAX_NOTE_LENGTH)] = "",
    away: Annotated[bool, ParameterHint("delete your note")] = False,
) -> Card:
    """Write a private note on a paper. Only you see it.

    It appears on your reading list and, for you alone, on the paper’s card. Leave it empty to see your note.
    """
    words = text.strip()
    async with ctx.begin() as db:
        chosen = await find_submission(ctx, db, paper)
        before = (await db.reading_list.notes(ctx.member.id, [chosen.id])).get(chosen.id, "")
        if not words and not away:
            return _note_card(chosen, before)
        added = await db.reading_list.set_note(ctx.member.id, chosen.id, "" if away else words, ctx.now)
    parts: list[Part] = [said(Bold(f"#{chosen.number} "), title_of(chosen))]
    if away:
        if not before:
            return Card(_("Nothing to change"), (*parts, said(_("You have no note on it."))))
        return Card(_("Note deleted"), tuple(parts), Tone.GOOD)
    parts.append(QuotePart(words, _("your note; only you see it")))
    if added:
        parts.append(said(_("It is now on your reading list.")))
    parts.append(Buttons((Button(_("My reading list"), Call.of("my list")),)))
    if words == before:
        return Card(_("Nothing to change: this is already your note"), tuple(parts))
    return Card(_("Note saved"), tuple(parts), Tone.GOOD)


def _note_card(chosen: Submission, before: str) -> Card:
    """Card of the current note, with the ways to change it."""
    n = chosen.number
    parts: list[Part] = [said(Bold(f"#{n} "), title_of(chosen))]
    if not before:
        parts.append(
            said(_("You have no note on it. "), InlineCode(f"/my note {n} {_('your words')}"), _(" adds one."))
        )
        return Card(_("Your note"), tuple(parts))
    parts.append(QuotePart(before, _("your note; only you see it")))
    parts.append(said(_("To change it: "), InlineCode(f"/my note {n} {_('your words')}"), "."))
    parts.append(Buttons((Button(_("Delete it"), Call.of("my note", n, away="yes"), Style.DANGER),)))
    return Card(_("Your note"), tuple(parts))
