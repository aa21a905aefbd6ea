"""Lookup of the submission, member, topic or time zone that a typed word means."""

from __future__ import annotations

from functools import cache

from bot.app import Context
from bot.chat.mentions import PERSON, is_markup, parse_mention, people_by_name
from bot.chat.text import truncate
from bot.domain.club_settings import zone_names
from bot.domain.links import identify as links
from bot.domain.models import Member, Submission, Topic
from bot.errors import Ambiguous, UserError
from bot.features.shared.papers.paper_cards import title_of
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

PAPER = mark_text("number, link, or words of the title")
"""Label of a `paper` parameter, on every platform."""
TAKE_BACK = ("back", "undo", "remove", "revoke", "zurück", "rückgängig", "weg")
"""Words that people type beside a paper to take a vote or a nomination back."""


async def by_title(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest submissions by number and title: (title, number)."""
    wanted = typed.strip()[:100]
    number = number_in(wanted)
    async with ctx.read() as db:
        found = list(await db.search.by_title(wanted, limit=25))
        if number is not None and (by_number := await db.submissions.by_number(number)):
            found = [by_number, *(other for other in found if other.id != by_number.id)][:25]
    return [(f"#{s.number} {truncate(title_of(s), 90)}", str(s.number)) for s in found]


def number_in(typed: str) -> int | None:
    """Number in the typed text, if it is `12` or `#12`; else None."""
    number = typed.strip().removeprefix("#")
    return int(number) if number.isdecimal() and len(number) < 10 else None


async def find_submission(
    ctx: Context, db: UnitOfWork, typed: str, *, lock: bool = False, follow: bool = True
) -> Submission:
    """The submission with this number, link or title; with `follow`, a merged one is replaced by its merge target.

    Raises UserError, with similar titles, unless exactly one matches.
    """
    if not follow:
        return await _find(ctx, db, typed.strip(), lock)
    found = await _find(ctx, db, typed.strip(), lock=False)
    found = await _merge_target(db, found)
    if lock:  # only now: locking the duplicate first would break the lock order of a merge
        found = await db.submissions.get(found.id, lock=True) or found
        found = await _merge_target(db, found, lock=True)
    return found


async def _merge_target(db: UnitOfWork, found: Submission, *, lock: bool = False) -> Submission:
    """Submission that this one was merged into, if it was."""
    if not found.merged_into_id:
        return found
    return await db.submissions.get(found.merged_into_id, lock=lock) or found


async def _find(ctx: Context, db: UnitOfWork, typed: str, lock: bool) -> Submission:
    if not typed:
        current = await db.submissions.get(ctx.here, lock=lock) if ctx.here else None
        if current is None:
            raise UserError(_("Which paper? Give its number, a link, or some words of its title."), field="paper")
        return current
    number = number_in(typed)
    if number is not None:
        if found := await db.submissions.by_number(number, lock=lock):
            return found
        raise UserError(
            _("There is no paper #{number} in this club. Search with `/paper find`.", number=number), field="paper"
        )
    link = links.identify(typed)
    if isinstance(link, links.SearchPhrase):
        titled = await _titled(db, link.text)
        return (await db.submissions.get(titled.id, lock=True) or titled) if lock else titled
    key = link.key if isinstance(link, links.PaperRef) else club_paper_key(ctx.club.id, link)
    if found := await db.submissions.by_key(key, lock=lock):
        return found
    typed = typed if len(typed.split()) == 1 else link.url  # without the words around the link
    raise UserError(
        _("That paper is not in this club yet. Add it with `/paper submit {typed}`.", typed=typed[:200]), field="paper"
    )


async def _titled(db: UnitOfWork, words: str) -> Submission:
    found = await db.search.by_title(words, limit=4)
    exact = [s for s in found if title_of(s).casefold() == words.casefold()]
    if len(exact) == 1 or len(found) == 1:
        return (exact or list(found))[0]
    if not found and (number := number_in(words.split()[0])) is not None:
        say = _(
            "Write only #{number} for the paper, and give anything else by name, such as `why=…` or `reason=…`.",
            number=number,
        )
        raise UserError(_("No paper here has “{words}” in its title. {say}", words=words[:80], say=say), field="paper")
    if not found:
        raise UserError(
            _("No paper here has “{words}” in its title. Try `/paper find`.", words=words[:80]), field="paper"
        )
    names = "; ".join(f"#{s.number} {truncate(title_of(s), 60)}" for s in found[:3])
    more = _(" and more") if len(found) > 3 else ""
    raise Ambiguous(
        _(
            "Several papers have “{words}” in their titles: {names}{more}. Use the number.",
            words=words[:80],
            names=names,
            more=more,
        ),
        {f"#{s.number} {truncate(title_of(s), 40)}": str(s.number) for s in found[:3]},
        field="paper",
    )


def club_paper_key(club_id: int, item: links.LinkedItem) -> str:
    """Key of an item that only this club knows."""
    return f"web:{club_id}:{item.key.removeprefix('web:')}"


async def topic_named(db: UnitOfWork, name: str, *, field: str = "topic") -> Topic:
    """Topic of this name. Raises UserError, which lists the topics, if there is none."""
    if found := await db.topics.by_name(name):
        return found
    names = ", ".join(topic.name for topic in await db.topics.all())
    hint = (
        _("The club’s topics are: {names}.", names=truncate(names, 300))
        if names
        else _("The club has no topics yet. Admins add them with `/clubadmin topics`.")
    )
    raise UserError(_("There is no topic “{name}”. {hint}", name=truncate(name, 60), hint=hint), field=field)


async def by_topic(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest the club's topics."""
    async with ctx.read() as db:
        return [(t.name, t.name) for t in await db.topics.all() if typed.strip().lower() in t.name.lower()][:25]


async def by_name(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest members by name."""
    async with ctx.read() as db:
        return [(member.name, member.name) for member in await db.members.search(typed.strip()[:80])]


async def mentioned_member(ctx: Context, db: UnitOfWork, typed: str) -> Member | None:
    """Member whom a text mentions, if it is a mention of one account that is a member's."""
    who = parse_mention(typed)
    return await db.members.by_account(ctx.where.platform, who.id) if who.id and not who.group else None


async def with_member_name(ctx: Context, db: UnitOfWork, typed: str) -> str:
    """The text, with a mention of a person replaced by their name."""
    member = await mentioned_member(ctx, db, typed)
    return member.name if member else people_by_name(typed).strip().removeprefix("@")


async def with_member_names(ctx: Context, db: UnitOfWork, typed: str) -> str:
    """The text, with each mention of a person replaced by their name."""
    for found in dict.fromkeys(mention[0] for mention in PERSON.finditer(typed)):
        typed = typed.replace(found, await with_member_name(ctx, db, found))
    return typed


async def find_member(ctx: Context, db: UnitOfWork, typed: str, *, field: str = "who") -> Member:
    """Member of this name or mention, or whose name contains it. Raises UserError unless exactly one matches."""
    if member := await mentioned_member(ctx, db, typed):
        return member
    wanted = people_by_name(typed).strip().removeprefix("@")
    if is_markup(typed.strip()):  # somebody was picked: nobody else of that name is meant
        name = truncate(wanted, 60)
        raise UserError(
            _("{name} is not in this club yet: members are those who have used me here.", name=name), field=field
        )
    found = await db.members.search(wanted)
    exact = [member for member in found if member.name.casefold() == wanted.casefold()]
    chosen = exact or list(found)
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise UserError(_("Nobody called “{wanted}” is in this club.", wanted=truncate(wanted, 60)), field=field)
    names = ", ".join(member.name for member in chosen[:5])
    raise UserError(
        _("Several members match “{wanted}”: {names}. Use the full name.", wanted=truncate(wanted, 60), names=names),
        field=field,
    )


async def suggest_time_zones(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest time zones by any part of their names."""
    wanted = typed.strip().lower().replace(" ", "_")
    found = [name for name in _zones() if wanted in name.lower()]
    return [(name.replace("_", " "), name) for name in found[:25]]


@cache
def _zones() -> tuple[str, ...]:
    """Names of the zones of regions, sorted."""
    return tuple(sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/")))
