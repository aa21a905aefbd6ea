"""Command `clubadmin settings`: shows the club's settings with their meaning, and changes one at a time."""

from __future__ import annotations

from typing import Annotated

from bot.app import Context
from bot.chat.cards import Card, Points, Tone, note, text
from bot.chat.commands import Audience, Commands
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, InlineCode, Words, parse_backticks, plain
from bot.chat.text import one_line, truncate
from bot.domain.club_settings import ClubSettings, meaning_of, zone
from bot.domain.models import Club
from bot.errors import UserError
from bot.features.shared.audit import record_action
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

CLUB_COLUMNS = {
    "name": mark_text("what the club is called in editions and on the web"),
    "timezone": mark_text("the club's time zone, such as Europe/Berlin"),
}
"""Descriptions of the settings that are columns of the club itself."""


async def by_setting(ctx: Context, typed: str) -> list[tuple[str, str]]:
    """Suggest settings by name or meaning, names with the typed prefix first."""
    query = typed.strip().lower()
    meanings = {name: _(means) for name, means in CLUB_COLUMNS.items()} | {
        name: meaning_of(field) for name, field in ClubSettings.model_fields.items()
    }
    names = sorted(
        (n for n in meanings if query in f"{n} {meanings[n]}".lower()), key=lambda n: not n.startswith(query)
    )
    return [(truncate(plain(parse_backticks(f"{name}: {meanings[name]}")), 100), name) for name in names][:25]


@commands(
    "clubadmin settings",
    audience=Audience.ADMIN,
    examples=(
        "/clubadmin settings",
        "/clubadmin settings digest_at fri 16:00",
        "/clubadmin settings timezone Europe/Berlin",
    ),
)
async def settings(
    ctx: Context,
    key: Annotated[str, ParameterHint("which setting", suggest=by_setting, most=40)] = "",
    value: Annotated[str, ParameterHint("the new value", rest=True, most=200)] = "",
) -> Card:
    """Show the club's settings, or change one."""
    key = key.strip().lower().replace("-", "_")
    if not key:
        return _all(ctx)
    if not value:
        return _one(ctx, key)
    async with ctx.begin() as db:
        return await _change(ctx, db, key, one_line(value))


def _all(ctx: Context) -> Card:
    now = setting_values(ctx.club)
    lines = [_line(name, now[name], _(means)) for name, means in CLUB_COLUMNS.items()]
    lines += [_line(name, now[name], meaning_of(field)) for name, field in ClubSettings.model_fields.items()]
    return Card(
        _("The settings of {club}", club=ctx.club.name),
        (Points(tuple(lines)), note(*parse_backticks(_("Change one with `/clubadmin settings items 8`.")))),
    )


def _one(ctx: Context, key: str) -> Card:
    now = setting_values(ctx.club)
    if key not in now:
        ClubSettings.of({}).changed(key, "")  # raises UserError, which lists the settings
    means = (_(CLUB_COLUMNS[key]) if key in CLUB_COLUMNS else "") or meaning_of(ClubSettings.model_fields[key])
    return Card(
        key,
        (
            text(*_line(key, now[key], means)),
            text(*phrase("Change it with {command}", command=InlineCode(f"/clubadmin settings {key} …"))),
        ),
    )


def _line(name: str, value: object, means: str) -> Words:
    return (Bold(f"{name}: {setting_as_text(value)}"), *parse_backticks(f" — {means}"))


def setting_as_text(value: object) -> str:
    """Value of a setting as people write it."""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value) or "none"


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
            (text(_("{key} is already {setting_as_text}.", key=key, setting_as_text=setting_as_text(before[key]))),),
        )
    await record_action(
        ctx, db, "settings", before={key: setting_as_text(before[key])}, after={key: setting_as_text(after[key])}
    )
    return Card(
        _("Changed"),
        (
            text(
                *phrase(
                    "{key} is now {setting_as_text} (was {setting_as_text_2}).",
                    key=Bold(key),
                    setting_as_text=setting_as_text(after[key]),
                    setting_as_text_2=setting_as_text(before[key]),
                )
            ),
        ),
        Tone.GOOD,
    )


def change_setting(club: Club, key: str, value: str) -> None:
    """Change one setting of a club. Raises UserError, which names the accepted values, if the value does not fit."""
    if key == "timezone":
        club.timezone = zone(value).key
    elif key == "name":
        if not 1 <= len(value) <= 80:
            raise UserError(_("The club's name has 1 to 80 characters."), field="value")
        club.name = value
    else:
        club.settings = ClubSettings.of(club.settings).changed(key, value).model_dump()
