"""Command `my prefs`: a member's preferences."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Points, Tone
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.rich_text import Bold
from bot.domain.club_settings import zone
from bot.domain.preferences import Preferences, SummaryPreference
from bot.features.shared.lookup import suggest_time_zones

commands = Commands()


def parse_time_zone(word: str) -> str:
    """Name of the typed time zone; empty for "none", which is the club's. Raises UserError for an unknown zone."""
    return "" if word.strip().lower() == "none" else zone(word).key


@commands("my prefs", examples=("/my prefs", "/my prefs summaries=abstract", "/my prefs dm=no"))
async def prefs(
    ctx: Context,
    summaries: Annotated[SummaryPreference | None, ParameterHint("show the written summary, or the abstract")] = None,
    dm: Annotated[bool | None, ParameterHint("yes to get direct messages")] = None,
    reminders: Annotated[bool | None, ParameterHint("yes to be reminded of meetings")] = None,
    web: Annotated[bool | None, ParameterHint("yes to have a page in the club’s web archive")] = None,
    voted: Annotated[bool | None, ParameterHint("yes to be named as a voter in editions")] = None,
    timezone: Annotated[
        str | None,
        ParameterHint(
            "your time zone, such as Europe/Berlin; none for the club’s",
            suggest=suggest_time_zones,
            parse=parse_time_zone,
        ),
    ] = None,
) -> Card:
    """Show or change your preferences."""
    given = {
        "summaries": summaries,
        "dm": dm,
        "reminders": reminders,
        "web": web,
        "voted": voted,
        "timezone": timezone,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    member = ctx.member
    if chosen:
        async with ctx.begin() as db:
            member = await db.members.set_prefs(ctx.member, **chosen)
    now = Preferences.of(member.prefs)
    values: dict[str, str] = {"summaries": now.summaries}
    values |= {name: "yes" if getattr(now, name) else "no" for name in ("dm", "reminders", "web", "voted")}
    values["timezone"] = now.timezone or f"the club’s, {ctx.club.timezone}"
    fields = type(now).model_fields
    lines = tuple((Bold(f"{name}: {value}"), f" — {fields[name].description}") for name, value in values.items())
    other = "abstract" if now.summaries == "ai" else "ai"
    row = (
        Button(f"Summaries: {other}", Call.of("my prefs", summaries=other)),
        Button(
            "No direct messages" if now.dm else "Direct messages", Call.of("my prefs", dm="no" if now.dm else "yes")
        ),
        Button(
            "Remove my web page" if now.web else "Add my web page",
            Call.of("my prefs", web="no" if now.web else "yes"),
        ),
        Button(
            "Stop naming me as a voter" if now.voted else "Name me as a voter",
            Call.of("my prefs", voted="no" if now.voted else "yes"),
        ),
    )
    return Card("Your preferences", (Points(lines), Buttons(row)), Tone.GOOD if chosen else Tone.PLAIN)
