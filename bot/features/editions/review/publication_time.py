"""Question for the time of publication, asked when an edition without one is approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Style, Text, text
from bot.domain.date_input import TypedDate
from bot.domain.edition_calendar import format_moment
from bot.locale.current import _, formatted


def publication_time_card(ctx: Context, question: str, *, sure: bool) -> Card:
    """Card that asks when to publish; each button approves with another time, and `sure` as before."""
    proposed = TypedDate(days_ahead=1).resolve(ctx.now, ctx.zone, ctx.settings.usual_hour)
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


def time_notes(
    ctx: Context, typed: TypedDate | None, moment: datetime | None, before: datetime | None
) -> Iterator[Text]:
    """Sentences about a typed time: the hour that was filled in, and the time that it replaces."""
    if typed is None or moment is None:
        return
    if typed.lacks_hour:
        hour = formatted(ctx.settings.usual_hour, "%H:%M")
        yield text(_("You gave no time of day, so it is the club’s usual one, {hour}.", hour=hour))
    if before is not None and before != moment:
        new = _("now") if moment <= ctx.now else format_moment(moment, ctx.zone)
        yield text(_("Its time was changed from {before} to {new}.", before=format_moment(before, ctx.zone), new=new))
