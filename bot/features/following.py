"""What a member follows: topics, authors, words and people; and the papers of the running window that fit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Entry, Part, Tone, note, text
from bot.chat.commands import Commands
from bot.chat.params import Ask
from bot.chat.rich import Bold, spoken
from bot.chat.text import plural
from bot.domain.following import MOST, About, Follow, Kind, followed
from bot.domain.models import Submission
from bot.domain.prefs import Prefs
from bot.errors import UserError
from bot.features.cards import entry
from bot.features.finding import by_topic
from bot.features.window import window_start
from bot.store import UnitOfWork

commands = Commands()

LOOKED_AT = 200
"""Papers of the window that are looked through, newest first."""

SHOWN = 20
"""Papers shown; and how many follows with a button to stop each."""


@commands("my follow", examples=("/my follow keyword diffusion", "/my follow author Yoshua Bengio"))
async def follow(
    ctx: Context,
    kind: Annotated[Kind, Ask("a topic, an author, words of the title or the abstract, or who brings papers")],
    value: Annotated[str, Ask("which one", rest=True, suggest=by_topic, free=True, most=80)],
) -> Card:
    """Follow a topic, an author, words, or a person.

    New papers that fit are shown on your home. Only you see what you follow.
    """
    value = " ".join(value.split())
    async with ctx.begin() as db:
        if kind == "topic":
            if (topic := await db.topics.named(value)) is None:
                there = ", ".join(topic.name for topic in await db.topics.all()) or "none yet"
                raise UserError(f"This club has no topic “{value}”. There are: {there}.", field="value")
            value = topic.name
        if kind == "person":
            if not (people := await db.members.named(value)):
                raise UserError(f"Nobody here is called “{value}”.", field="value")
            value = people[0].name
        if not any(map(str.isalnum, value)):
            raise UserError("Please give a word or a name to follow.", field="value")
        member = await db.members.held(ctx.member.id)
        follows = Prefs.of(member.prefs).follows
        fresh = (kind, value.casefold()) not in {(k, v.casefold()) for k, v in follows}
        if fresh and len(follows) >= MOST:
            raise UserError(f"You follow {plural(MOST, 'thing')} already. `/my follows` shows them; end one first.")
        if fresh:
            await db.members.set_prefs(member, follows=[*follows, (kind, value)])
    what = text("You follow the ", kind, " ", Bold(value), "." if fresh else " already.")
    row = Buttons((Button("What I follow", Call.of("my follows")), _stop(kind, value)))
    return Card("Followed" if fresh else "Nothing changed", (what, row), Tone.GOOD)


@commands("my unfollow", examples=("/my unfollow keyword diffusion",))
async def unfollow(
    ctx: Context,
    kind: Annotated[Kind, Ask("what it is that you follow")],
    value: Annotated[str, Ask("which one", rest=True, most=80)],
) -> Card:
    """Follow something no longer."""
    gone = (kind, " ".join(value.split()).casefold())
    async with ctx.begin() as db:
        member = await db.members.held(ctx.member.id)
        follows = Prefs.of(member.prefs).follows
        rest = [(k, v) for k, v in follows if (k, v.casefold()) != gone]
        if len(rest) == len(follows):
            raise UserError("You do not follow that. `/my follows` shows what you follow.", field="value")
        await db.members.set_prefs(member, follows=rest)
    row = Buttons((Button("What I follow", Call.of("my follows")),))
    return Card("Followed no longer", (text("The ", kind, " ", Bold(value), "."), row), Tone.GOOD)


@commands("my follows", examples=("/my follows",))
async def follows(ctx: Context) -> Card:
    """What you follow, and which papers since the last edition fit."""
    following = Prefs.of(ctx.member.prefs).follows
    async with ctx.read() as db:
        found = await fitting(ctx, db)
    parts: list[Part] = [
        Entry((Bold(value), f" ({kind})"), button=_stop(kind, value)) for kind, value in following[:SHOWN]
    ]
    if len(following) > SHOWN:
        parts.append(note(", ".join(f"{value} ({kind})" for kind, value in following[SHOWN:])))
    if not following:
        say = "Nothing yet. `/my follow keyword diffusion` follows a word. Topics, authors, people too."
        parts.append(text(*spoken(say)))
    else:
        parts.append(text("New since the last edition:" if found else "Nothing new since the last edition fits."))
    parts += map(entry, found)
    return Card("What you follow", tuple(parts))


async def fitting(ctx: Context, db: UnitOfWork, most: int = SHOWN) -> list[Submission]:
    """The papers of the running window that a member follows and did not bring, newest first."""
    follows = Prefs.of(ctx.member.prefs).follows
    if not follows:
        return []
    since, until = await window_start(ctx, db), ctx.now + timedelta(seconds=1)
    brought = await db.submissions.brought(since, until, limit=LOOKED_AT)
    return _fitting(brought, follows, ctx.member.id)[:most]


def _fitting(brought: Sequence[Submission], follows: Sequence[Follow], but: int) -> list[Submission]:
    return [s for s in brought if s.member_id != but and followed(_about(s), follows)]


def _about(submission: Submission) -> About:
    paper = submission.paper
    return About(
        submission.title or paper.title,
        paper.abstract,
        paper.authors,
        submission.topic.name if submission.topic else "",
        "" if submission.anonymous else submission.member.name,
    )


def _stop(kind: Kind, value: str) -> Button:
    return Button("Follow no longer", Call.of("my unfollow", kind, value))
