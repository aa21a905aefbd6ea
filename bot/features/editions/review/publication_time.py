"""Question for the time of publication, asked when an edition without one is approved."""

from __future__ import annotations

from datetime import datetime, time

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, text
from bot.domain.date_input import TypedDate
from bot.domain.edition_calendar import format_moment
from bot.locale.current import _

PROPOSED_HOUR = time(9)
"""Time of the next day that is proposed, in the club's zone."""


def publication_time_card(ctx: Context, question: str, *, sure: bool) -> Card:
    """Card that asks when to publish; each button approves with another time, and `sure` as before."""
    proposed = TypedDate(days_ahead=1, at=PROPOSED_HOUR).resolve(ctx.now, ctx.zone)
    confirmed = "yes" if sure else None

    def approve(when: str | None) -> Call:
        return Call.of("edition approve", when=when, sure=confirmed)

    row = Buttons(
        (
            Button(_("Publish now"), approve("now"), Style.MAIN),
            Button(format_moment(proposed, ctx.zone), approve(typed_time(ctx, proposed))),
            Button(_("Choose a time…"), approve(None).as_form()),
        )
    )
    say = _("It has no due time yet, so nothing is approved or posted until you choose one.")
    return Card(question, (text(say), row))


def typed_time(ctx: Context, moment: datetime | None) -> str | None:
    """A time as a moderator would type it: "now", or date and time in the club's zone; None if there is none."""
    if moment is None:
        return None
    return "now" if moment <= ctx.now else f"{moment.astimezone(ctx.zone):%Y-%m-%d %H:%M}"
