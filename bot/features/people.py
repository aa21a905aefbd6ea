"""Which member do they mean?"""

from __future__ import annotations

from bot.app import Context
from bot.chat.text import truncate
from bot.domain.models import Member
from bot.errors import UserError
from bot.store import UnitOfWork


async def by_name(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest members by name."""
    async with ctx.read() as db:
        return [(member.name, member.name) for member in await db.members.named(typed.strip()[:80])]


async def find_member(db: UnitOfWork, typed: str, *, field: str = "who") -> Member:
    """The member whose name this is, or is part of; a UserError where there is none or more than one."""
    wanted = typed.strip().removeprefix("@")
    found = await db.members.named(wanted)
    exact = [member for member in found if member.name.casefold() == wanted.casefold()]
    chosen = exact or list(found)
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise UserError(f"Nobody called “{truncate(wanted, 60)}” has been in this club yet.", field=field)
    some = ", ".join(member.name for member in chosen[:5])
    raise UserError(f"Several members fit “{truncate(wanted, 60)}”: {some}. Give the whole name.", field=field)
