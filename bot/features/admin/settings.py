"""Command `clubadmin settings`: shows the club's settings with their meaning, and changes one at a time, by a form."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Tone, note, text
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Span, Words, parse_backticks, plain
from bot.chat.text import one_line, truncate
from bot.domain.club_settings import ClubSettings, zone
from bot.domain.models import Club
from bot.errors import UserError
from bot.features.admin.setting_forms import (
    CLUB_COLUMNS,
    GROUP_TITLES,
    SettingGroup,
    description_of,
    group_buttons,
    group_of,
    setting_as_text,
    setting_entry,
    settings_of,
    shown_value,
    value_field,
)
from bot.features.shared.audit.entries import record_action
from bot.features.shared.editions.slot_planning import SCHEDULE_SETTINGS, replan
from bot.locale.current import _
from bot.store import UnitOfWork

commands = Commands()

MAX_SHOWN_VALUE = 60
"""Characters of a value in the list of all settings."""


async def by_setting(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest settings by name or meaning, names with the typed prefix first."""
    query = typed.strip().lower()
    meanings = {name: description_of(name) for name in (*CLUB_COLUMNS, *ClubSettings.model_fields)}
    names = sorted(
        (n for n in meanings if query in f"{n} {meanings[n]}".lower()), key=lambda n: not n.startswith(query)
    )
    return [(truncate(plain(parse_backticks(f"{name}: {meanings[name]}")), 100), name) for name in names][:25]


@commands(
    "clubadmin settings",
    reply=Reply.IN_PLACE,
    audience=Audience.ADMIN,
    examples=(
        "/clubadmin settings",
        "/clubadmin settings digest_at fri 16:00",
        "/clubadmin settings timezone Europe/Berlin",
    ),
)
async def settings(
    ctx: Context,
    key: Annotated[str, ParameterHint("which setting", suggest=by_setting, strict=True, fixed=True, most=40)] = "",
    value: Annotated[str, ParameterHint("the new value", rest=True, most=400, varies=value_field)] = "",
    group: Annotated[SettingGroup | None, ParameterHint("only the settings on one subject", in_forms=False)] = None,
) -> Card:
    """Show the club’s settings, or change one."""
    key = key.strip().lower().replace("-", "_")
    if group:
        return _group_card(ctx, group)
    if not key:
        return _all(ctx)
    if not value:
        return _one(ctx, key)
    async with ctx.begin() as db:
        card = await _change(ctx, db, key, one_line(value))
    if key == "language":
        ctx.app.languages.forget()
    return card


def _all(ctx: Context) -> Card:
    now = setting_values(ctx.club)
    lines: list[Words] = []
    for group, title in GROUP_TITLES.items():
        line: list[Span] = [Bold(f"{_(title)}:"), " "]
        for name in settings_of(group):
            line += [f"{name} ", Bold(truncate(shown_value(name, now[name]), MAX_SHOWN_VALUE)), " · "]
        lines.append(tuple(line[:-1]))
    return Card(
        _("The settings of {club}", club=ctx.club.name),
        (
            Points(tuple(lines)),
            group_buttons(),
            note(
                *parse_backticks(
                    _(
                        "Choose a subject to read what its settings mean and to change them, or run "
                        "`/clubadmin settings items 8`."
                    )
                )
            ),
        ),
    )


def _group_card(ctx: Context, group: SettingGroup) -> Card:
    """The settings of one subject, each with a button that opens its form."""
    now = setting_values(ctx.club)
    rows = [setting_entry(name, now[name]) for name in settings_of(group)]
    return Card(_(GROUP_TITLES[group]), (*rows, _way_back()))


def _one(ctx: Context, key: str) -> Card:
    now = setting_values(ctx.club)
    if key not in now:
        ClubSettings.of({}).changed(key, "")  # raises UserError, which lists the settings
    return Card(key, (setting_entry(key, now[key]), _way_back(group_of(key))))


def _way_back(group: SettingGroup | None = None) -> Buttons:
    """A button to the settings of the subject, and one to all of them."""
    subject = [Button(_(GROUP_TITLES[group]), Call.of("clubadmin settings", group=group))] if group else []
    return Buttons((*subject, Button(_("All settings"), Call.of("clubadmin settings"))))


def setting_values(club: Club) -> dict[str, object]:
    """Current value of every setting of a club, by name."""
    return {"name": club.name, "timezone": club.timezone, **ClubSettings.of(club.settings).model_dump()}


async def _change(ctx: Context, db: UnitOfWork, key: str, value: str) -> Card:
    club = await db.club()
    before = setting_values(club)
    change_setting(club, key, value)
    after = setting_values(club)
    if before == after:
        return Card(
            _("Nothing to change"),
            (
                text(_("{key} is already {setting_as_text}.", key=key, setting_as_text=shown_value(key, before[key]))),
                _way_back(group_of(key)),
            ),
        )
    await record_action(
        ctx, db, "settings", before={key: setting_as_text(before[key])}, after={key: setting_as_text(after[key])}
    )
    if key in SCHEDULE_SETTINGS:
        await replan(db, club, ctx.now)
    return Card(
        _("Changed"),
        (
            text(
                *phrase(
                    "{key} is now {setting_as_text} (was {setting_as_text_2}).",
                    key=Bold(key),
                    setting_as_text=shown_value(key, after[key]),
                    setting_as_text_2=shown_value(key, before[key]),
                )
            ),
            *(_about_reactions(ctx) if key == "vote_reaction" and after[key] != "off" else ()),
            _way_back(group_of(key)),
        ),
        Tone.GOOD,
    )


def _about_reactions(ctx: Context) -> tuple[Part, ...]:
    """Note on votes by reaction: on a platform with a button that checks if reactions arrive."""
    if ctx.where.platform not in ("slack", "discord"):
        return (note(_("There are no reactions in a terminal; they count on Slack and Discord.")),)
    asked = note(_("The check says whether reactions reach me, and what to do if not."))
    return asked, Buttons((Button(_("Check everything"), Call.of("clubadmin doctor")),))


def change_setting(club: Club, key: str, value: str) -> None:
    """Change one setting of a club. Raises UserError, which names the accepted values, if the value does not fit."""
    if key == "timezone":
        club.timezone = zone(value).key
    elif key == "name":
        if not 1 <= len(value) <= 80:
            raise UserError(_("The club’s name must have 1 to 80 characters."), field="value")
        club.name = value
    else:
        club.settings = ClubSettings.of(club.settings).changed(key, value).model_dump()
