"""Age of membership from which a vote counts, where a club asks for one."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import App, Context


def counts_from(ctx: Context) -> datetime | None:
    """Time from which a vote that the requester casts now counts; None if it counts at once.

    Members of a club's first days do not wait: somebody has to begin.
    """
    wait = timedelta(days=ctx.settings.vote_age_days)
    joined = ctx.member.created_at
    if not wait or joined <= ctx.club.created_at + wait or joined + wait <= ctx.now:
        return None
    return joined + wait


async def count_waiting_votes(app: App, club_id: int) -> None:
    """Begin to count the votes of a club whose time has come, and update the papers' cards."""
    async with app.store.begin(club_id) as db:
        for submission in await db.vote_review.admit(app.now()):
            await db.deliveries.mark_stale(submission.id)
    app.wake_up.set()
