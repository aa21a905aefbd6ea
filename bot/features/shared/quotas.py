"""Quotas: how many papers, reports, quotes, questions and links a member may add in a day. Moderators have no limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.app import Context
from bot.chat.command import Audience
from bot.errors import UserError
from bot.locale.current import _, _n, formatted
from bot.store import UnitOfWork
from bot.store.members.activity import Contribution

_QUOTAS: dict[Contribution, tuple[str, Callable[[int], str]]] = {
    "submission": ("submissions_per_day", lambda n: _n("{n} paper", "{n} papers", n)),
    "report": ("reports_per_day", lambda n: _n("{n} report", "{n} reports", n)),
    "quote": ("quotes_per_day", lambda n: _n("{n} quote", "{n} quotes", n)),
    "question": ("questions_per_day", lambda n: _n("{n} question", "{n} questions", n)),
    "link": ("links_per_day", lambda n: _n("{n} link", "{n} links", n)),
}
"""The setting that limits each kind of addition, and a number of it in words."""


async def check_quota(ctx: Context, db: UnitOfWork, what: Contribution) -> None:
    """Raises UserError if a member has reached the limit of today, by the club's calendar, for one kind of addition.

    Papers are also refused while moderators have paused the member's submissions.
    """
    if what == "submission":
        await _check_pause(ctx, db)
    setting, several = _QUOTAS[what]
    most: int = getattr(ctx.settings, setting)
    if not most or ctx.may(Audience.MODERATOR):
        return
    today = ctx.now.astimezone(ctx.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if await db.activity.count(ctx.member.id, what, today) < most:
        return
    tomorrow = formatted(today + timedelta(days=1), "%A")
    done = _("asked") if what == "question" else _("added")
    raise UserError(
        _(
            "You have {done} {plural} today, which is this club’s daily limit. Please try again on "
            "{tomorrow}, or ask a moderator.",
            done=done,
            plural=several(most),
            tomorrow=tomorrow,
        )
    )


async def _check_pause(ctx: Context, db: UnitOfWork) -> None:
    """Raises UserError, with the reason, if moderators have paused the member's submissions."""
    if paused := await db.member_measures.pause(ctx.member.id, ctx.now):
        assert paused.until is not None
        end = formatted(paused.until.astimezone(ctx.zone), "%-d %b %Y, %H:%M")
        said = _("Moderators have paused your submissions until {end}.", end=end)
        if paused.reason:
            said += " " + _("Their reason: {reason}.", reason=paused.reason.rstrip("."))
        raise UserError(said)
