"""End of a ballot, as a moderator types it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.app import Context
from bot.domain.date_input import TypedDate
from bot.errors import UserError, about_field
from bot.features.shared.lookup import number_in
from bot.locale.current import _

MIN_OPEN = timedelta(minutes=5)
"""Shortest time for which a ballot is open, so that people can see it."""


def read_end(typed: str) -> TypedDate | None:
    """The typed end of a ballot; None if none was typed. Raises UserError if it is no time."""
    if number_in(typed) is not None:
        raise UserError(papers_are_nominated(typed), field="until")
    try:
        return TypedDate.read(typed) if typed.strip() else None
    except UserError as error:
        raise UserError(str(error), field="until") from None


def closing_time(ctx: Context, until: TypedDate) -> datetime:
    """The end of a ballot. Raises UserError for a time that is past or too near."""
    with about_field("until"):
        end = until.resolve(ctx.now, ctx.zone, ctx.settings.usual_hour)
    if end < ctx.now + MIN_OPEN:
        raise UserError(
            _("A ballot is open for at least {n} minutes. Give a later time.", n=MIN_OPEN.seconds // 60),
            field="until",
        )
    return end


def papers_are_nominated(word: str) -> str:
    """The sentence for a paper's number where a time or a method is expected: how a paper comes onto a ballot."""
    return _(
        "A ballot always has all nominated papers, so do not give numbers of papers here. To add a paper to it: "
        "`/club nominate {word}`.",
        word=word.strip().removeprefix("#"),
    )
