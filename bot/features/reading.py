"""A member's own reading list."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Tone, text
from bot.chat.commands import Commands
from bot.chat.params import Ask
from bot.chat.rich import Bold
from bot.features.cards import PAGE, entry, listing, title_of
from bot.features.finding import PAPER, by_title, submission

commands = Commands()


@commands("my save", examples=("/my save 12",))
async def save(ctx: Context, paper: Annotated[str, Ask(PAPER, rest=True, here=True, suggest=by_title)] = "") -> Card:
    """Put a paper on your reading list. Only you see it."""
    async with ctx.begin() as db:
        chosen = await submission(ctx, db, paper)
        fresh = await db.reading.save(ctx.member.id, chosen.id, ctx.now)
    row = Buttons((Button("My list", Call.of("my list")), Button("Done reading", Call.of("my done", chosen.number))))
    return Card(
        "On your list" if fresh else "It is on your list already",
        (text(Bold(f"#{chosen.number} "), title_of(chosen)), row),
        Tone.GOOD,
    )


@commands("my list", examples=("/my list", "/my list done=yes"))
async def list_(
    ctx: Context,
    done: Annotated[bool, Ask("yes for what you have read")] = False,
    page: Annotated[int, Ask("which page")] = 1,
) -> Card:
    """Your reading list, or what you have read."""
    page = max(page, 1)
    async with ctx.read() as db:
        found = await db.reading.of(ctx.member.id, done=done, skip=(page - 1) * PAGE, limit=PAGE + 1)
    turn = Call.of("my list", done="yes" if done else None)
    title, empty = (
        ("What you have read", "Nothing yet.")
        if done
        else ("Your reading list", "It is empty. Save puts papers on it.")
    )
    card = listing(title, found, turn, page, empty=empty)
    other = (
        Button("To read", Call.of("my list", page=1))
        if done
        else Button("Done", Call.of("my list", done="yes", page=1))
    )
    return Card(card.title, (*card.parts, Buttons((other,))))


@commands("my done", examples=("/my done 12",))
async def done(ctx: Context, paper: Annotated[str, Ask(PAPER, rest=True, here=True, suggest=by_title)] = "") -> Card:
    """Tick a paper off your reading list."""
    async with ctx.begin() as db:
        chosen = await submission(ctx, db, paper)
        ticked = await db.reading.done(ctx.member.id, chosen.id, ctx.now)
        left = await db.reading.of(ctx.member.id, limit=4)
    if not ticked:
        return Card("Nothing to tick off", (text(f"#{chosen.number} {title_of(chosen)} is not on your list."),))
    parts: list[Part] = [text(Bold(f"#{chosen.number} "), title_of(chosen))]
    parts += [text("Next on your list:"), *map(entry, left[:3])] if left else [text("Your list is empty now.")]
    return Card("Read", tuple(parts), Tone.GOOD)
