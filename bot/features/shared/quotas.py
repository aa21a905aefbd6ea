"""Brakes: how much one member may add in a day, and how often they may ask in a minute. Moderators have none."""

from __future__ import annotations

from datetime import timedelta

from bot.app import Context
from bot.chat.commands import Audience
from bot.chat.text import plural
from bot.errors import UserError
from bot.store import UnitOfWork
from bot.store.members.activity import Contribution

_NOUNS: dict[Contribution, tuple[str, str]] = {
    "submission": ("submissions_per_day", "paper"),
    "report": ("reports_per_day", "report"),
    "quote": ("quotes_per_day", "quote"),
    "question": ("questions_per_day", "question"),
    "link": ("links_per_day", "link"),
}
"""The setting that limits each kind, and what one of it is called."""


async def check_quota(ctx: Context, db: UnitOfWork, what: Contribution) -> None:
    """Refuse one more of a kind today, by the club's calendar, where the member has had the most of it.

    Raises UserError that says when they can go on.
    """
    if what == "submission":
        await _check_pause(ctx, db)
    setting, noun = _NOUNS[what]
    most: int = getattr(ctx.settings, setting)
    if not most or ctx.may(Audience.MODERATOR):
        return
    today = ctx.now.astimezone(ctx.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if await db.activity.count(ctx.member.id, what, today) < most:
        return
    tomorrow = (today + timedelta(days=1)).strftime("%A")
    done = "asked" if what == "question" else "added"
    raise UserError(
        f"You have {done} {plural(most, noun)} today, the most that this club takes from one member a day. "
        f"Please try again on {tomorrow}, or ask a moderator."
    )


async def _check_pause(ctx: Context, db: UnitOfWork) -> None:
    """Raises UserError, with the reason, if moderators have paused the member's submissions."""
    if paused := await db.member_measures.pause(ctx.member.id, ctx.now):
        assert paused.until is not None
        end = f"{paused.until.astimezone(ctx.zone):%-d %b %Y, %H:%M}"
        raise UserError(
            f"Moderators have paused your submissions until {end}. Their reason: {paused.reason.rstrip('.')}."
        )
