"""Finds the submission, member, topic or time zone that a word means."""

from __future__ import annotations

from functools import cache

from bot.app import Context
from bot.chat.text import truncate
from bot.domain.club_settings import zone_names
from bot.domain.links import identify as links
from bot.domain.models import Member, Submission, Topic
from bot.errors import UserError
from bot.features.shared.paper_cards import title_of
from bot.store import UnitOfWork

PAPER = "a paper: its number, a link, or some words of its title"
"""What a `paper` parameter asks for, on every platform."""


async def by_title(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest submissions by number and title: (title, number)."""
    wanted = typed.strip()[:100]
    number = number_in(wanted)
    async with ctx.read() as db:
        found = list(await db.search.by_title(wanted, limit=25))
        if number is not None and (meant := await db.submissions.by_number(number)):
            found = [meant, *(other for other in found if other.id != meant.id)][:25]
    return [(f"#{s.number} {truncate(title_of(s), 90)}", str(s.number)) for s in found]


def number_in(typed: str) -> int | None:
    """The number of a paper, where that is what was typed: `12` or `#12`."""
    number = typed.strip().removeprefix("#")
    return int(number) if number.isdecimal() and len(number) < 10 else None


async def find_submission(
    ctx: Context, db: UnitOfWork, typed: str, *, lock: bool = False, follow: bool = True
) -> Submission:
    """The submission that somebody means; a merged one leads to the one it was merged into, unless not to `follow`.

    Raises UserError, with the nearest titles, where there is none or more than one.
    """
    if not follow:
        return await _find(ctx, db, typed.strip(), lock)
    found = await _find(ctx, db, typed.strip(), lock=False)
    found = await _followed(db, found)
    if lock:  # only then: to hold the duplicate first would be another order than that of a merge
        found = await db.submissions.get(found.id, lock=True) or found
        found = await _followed(db, found, lock=True)
    return found


async def _followed(db: UnitOfWork, found: Submission, *, lock: bool = False) -> Submission:
    """What a submission was merged into, if it was."""
    if not found.merged_into_id:
        return found
    return await db.submissions.get(found.merged_into_id, lock=lock) or found


async def _find(ctx: Context, db: UnitOfWork, typed: str, lock: bool) -> Submission:
    if not typed:
        here = await db.submissions.get(ctx.here, lock=lock) if ctx.here else None
        if here is None:
            raise UserError("Which paper? Give its number, a link, or some words of its title.", field="paper")
        return here
    number = number_in(typed)
    if number is not None:
        if found := await db.submissions.by_number(number, lock=lock):
            return found
        raise UserError(f"There is no paper #{number} in this club. `/paper find` looks for one.", field="paper")
    meant = links.identify(typed)
    if isinstance(meant, links.SearchPhrase):
        titled = await _titled(db, meant.text)
        return (await db.submissions.get(titled.id, lock=True) or titled) if lock else titled
    key = meant.key if isinstance(meant, links.PaperRef) else club_paper_key(ctx.club.id, meant)
    if found := await db.submissions.by_key(key, lock=lock):
        return found
    raise UserError(f"Nobody has brought that one yet. `/paper submit {typed[:200]}` does.", field="paper")


async def _titled(db: UnitOfWork, words: str) -> Submission:
    found = await db.search.by_title(words, limit=4)
    exact = [s for s in found if title_of(s).casefold() == words.casefold()]
    if len(exact) == 1 or len(found) == 1:
        return (exact or list(found))[0]
    if not found and (number := number_in(words.split()[0])) is not None:
        say = f"For #{number} give the number alone, and name what else you say: `reason=…`."
        raise UserError(f"No paper here has “{words[:80]}” in its title. {say}", field="paper")
    if not found:
        raise UserError(f"No paper here has “{words[:80]}” in its title. `/paper find` looks further.", field="paper")
    some = "; ".join(f"#{s.number} {truncate(title_of(s), 60)}" for s in found[:3])
    more = " and more" if len(found) > 3 else ""
    raise UserError(
        f"Several papers have “{words[:80]}” in their titles: {some}{more}. Give the number.", field="paper"
    )


def club_paper_key(club_id: int, item: links.LinkedItem) -> str:
    """The key of an item that only this club knows."""
    return f"web:{club_id}:{item.key.removeprefix('web:')}"


async def topic_named(db: UnitOfWork, name: str, *, field: str = "topic") -> Topic:
    """The topic that somebody means; a UserError that names those there are where there is none like it."""
    if found := await db.topics.by_name(name):
        return found
    known = ", ".join(topic.name for topic in await db.topics.all())
    there = (
        f"There are: {truncate(known, 300)}."
        if known
        else "The club has none yet; admins add them: `/clubadmin topics`."
    )
    raise UserError(f"There is no topic “{truncate(name, 60)}”. {there}", field=field)


async def by_topic(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the club's topics."""
    async with ctx.read() as db:
        return [(t.name, t.name) for t in await db.topics.all() if typed.strip().lower() in t.name.lower()][:25]


async def by_name(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest members by name."""
    async with ctx.read() as db:
        return [(member.name, member.name) for member in await db.members.search(typed.strip()[:80])]


async def find_member(db: UnitOfWork, typed: str, *, field: str = "who") -> Member:
    """The member whose name this is, or is part of; a UserError where there is none or more than one."""
    wanted = typed.strip().removeprefix("@")
    found = await db.members.search(wanted)
    exact = [member for member in found if member.name.casefold() == wanted.casefold()]
    chosen = exact or list(found)
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise UserError(f"Nobody called “{truncate(wanted, 60)}” has been in this club yet.", field=field)
    some = ", ".join(member.name for member in chosen[:5])
    raise UserError(f"Several members fit “{truncate(wanted, 60)}”: {some}. Give the whole name.", field=field)


async def suggest_time_zones(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest time zones by any part of their names."""
    wanted = typed.strip().lower().replace(" ", "_")
    found = [name for name in _zones() if wanted in name.lower()]
    return [(name.replace("_", " "), name) for name in found[:25]]


@cache
def _zones() -> tuple[str, ...]:
    """The zones that people live in, by name."""
    return tuple(sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/")))
