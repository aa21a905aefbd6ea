"""Command `clubadmin setup`: all first steps in one command, which can be repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.app import Context
from bot.chat import mentions
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, Points, Style, Tone, note, text
from bot.chat.command import Audience, Reply
from bot.chat.commands import Commands
from bot.chat.form_texts import option_label
from bot.chat.mentions import Mention
from bot.chat.parameters import ParameterHint
from bot.chat.phrases import phrase
from bot.chat.rich_text import Bold, Words, parse_backticks
from bot.domain.club_settings import PURPOSES, ClubSettings, Purpose, zone
from bot.domain.edition_calendar import PublicationTime, format_moment, next_due
from bot.domain.models import Club, Room, SavedCall
from bot.errors import Mistakes
from bot.features.admin.channels import (
    PURPOSE_TEXT,
    assign_room,
    channel_name,
    described,
    here_label,
    unsuitable,
)
from bot.features.admin.setting_forms import setting_as_text
from bot.features.admin.settings import change_setting, setting_values
from bot.features.shared.audit.entries import record_action
from bot.features.shared.channel_links import link_channels_in
from bot.features.shared.delivery.channel_recovery import take_over
from bot.features.shared.editions.slot_planning import replan
from bot.features.shared.lookup import suggest_time_zones
from bot.features.shared.papers.older_papers import introduce_papers
from bot.features.shared.platform_texts import PURPOSE_LABELS
from bot.locale.current import _, mark_text
from bot.store import UnitOfWork

commands = Commands()

UNAPPROVED_TEXT = {
    "publish": mark_text("it is published as it is"),
    "hold": mark_text("it waits"),
    "skip": mark_text("the edition is skipped"),
}
"""Values of the setting `at_deadline`, in words."""


@commands(
    "clubadmin setup",
    reply=Reply.IN_PLACE,
    audience=Audience.ADMIN,
    dialog=True,
    chooses_channels=True,
    examples=(
        "/clubadmin setup",
        '/clubadmin setup papers=here digest=here moderators=#mods timezone=Europe/Berlin digest_at="fri 16:00"',
    ),
)
async def setup(
    ctx: Context,
    papers: Annotated[
        object, ParameterHint("where papers are posted and discussed", most=200, parse=mentions.parse_channel)
    ] = None,
    digest: Annotated[
        object, ParameterHint("where editions are posted", most=200, parse=mentions.parse_channel)
    ] = None,
    moderators: Annotated[
        object,
        ParameterHint("where moderators see drafts, reports and the log", most=200, parse=mentions.parse_channel),
    ] = None,
    timezone: Annotated[
        ZoneInfo | None,
        ParameterHint(
            "the club’s time zone, such as Europe/Berlin", suggest=suggest_time_zones, strict=True, parse=zone
        ),
    ] = None,
    digest_at: Annotated[
        PublicationTime | None, ParameterHint("when editions are due, such as mon 09:00", parse=PublicationTime.read)
    ] = None,
    template: Annotated[Literal["weekly-update", "best-of"] | None, ParameterHint("the edition’s template")] = None,
) -> Card:
    """Set up the club: channels, time zone and schedule. Shows what is missing.

    A channel given here replaces the current ones for that purpose; `/clubadmin channels` adds more.
    """
    rooms: dict[Purpose, object] = {"papers": papers, "digest": digest, "moderators": moderators}
    rules = {
        "timezone": timezone and timezone.key,
        "digest_at": digest_at and str(digest_at),
        "template": template,
    }
    chosen = {purpose: channel for purpose, channel in rooms.items() if isinstance(channel, Mention)}
    checked = {purpose: await unsuitable(ctx, purpose, channel) for purpose, channel in chosen.items()}
    if refused := {purpose: why for purpose, why in checked.items() if why}:
        raise Mistakes({str(purpose): why for purpose, why in refused.items()})
    async with ctx.begin() as db:
        club = await db.club()
        changed = [await _use(ctx, db, p, rooms[p]) for p in PURPOSES if rooms[p] is not None]
        changed += [await _set(ctx, db, club, key, value) for key, value in rules.items() if value]
        if timezone or digest_at:
            await replan(db, club, ctx.now)
        return await _overview(ctx, db, club, changed=any(changed))


async def _use(ctx: Context, db: UnitOfWork, purpose: Purpose, channel: object) -> bool:
    """Assign a channel to a purpose in place of all others of this workspace. True if that changed anything."""
    assert isinstance(channel, Mention)
    room, added = await assign_room(ctx, db, purpose, channel)
    others = [
        other
        for other in await db.rooms.with_purpose(purpose)
        if other.workspace_id == ctx.workspace_id and other.id != room.id
    ]
    for other in others:
        await db.rooms.deactivate(other)
    if added or others:
        await take_over(db, room, ctx.now)
        if purpose == "papers":
            await introduce_papers(db, room, ctx.now)
        before = ", ".join(channel_name(other) for other in others)
        await record_action(ctx, db, "channels", before={purpose: before}, after={purpose: channel_name(room)})
    return bool(added or others)


async def _set(ctx: Context, db: UnitOfWork, club: Club, key: str, value: str) -> bool:
    before = setting_values(club)[key]
    change_setting(club, key, value)
    after = setting_values(club)[key]
    if before != after:
        await record_action(
            ctx, db, "settings", before={key: setting_as_text(before)}, after={key: setting_as_text(after)}
        )
    return before != after


async def _overview(ctx: Context, db: UnitOfWork, club: Club, *, changed: bool) -> Card:
    """Card of the current setup: what is set, what is missing, and a button for each missing channel."""
    rooms = await db.rooms.all()
    missing = [purpose for purpose in PURPOSES if not any(room.purpose == purpose for room in rooms)]
    rules = ClubSettings.of(club.settings)
    publication_time, club_zone = PublicationTime.read(rules.digest_at), zone(club.timezone)
    due = next_due(publication_time, rules.cadence, club_zone, ctx.now)
    lines: list[Words] = [_channel_line(purpose, rooms) for purpose in PURPOSES]
    lines.append((Bold(_("Time zone: ")), club.timezone))
    lines.append(
        phrase(
            "{text}{describe}, as “{template}”",
            text=Bold(_("Editions: ")),
            describe=publication_time.describe(rules.cadence),
            template=option_label("template", rules.template),
        )
    )
    lines.append((Bold(_("If nobody approves a draft in time: ")), _(UNAPPROVED_TEXT[rules.at_deadline])))
    lines.append((Bold(_("Next: ")), format_moment(due.at, club_zone)))
    parts: list[Part] = (
        [Points(tuple(lines)), *([Buttons(tuple(_here(purpose) for purpose in missing))] if _in_channel(ctx) else [])]
        if missing
        else [
            Points(tuple(lines)),
            text(*parse_backticks(_("Everything is set up. Submit a paper with `/paper submit`."))),
        ]
    )
    parts.append(Buttons(await _next_steps(ctx, db, club, rules)))
    parts.append(
        note(*parse_backticks(_("All other rules: `/clubadmin settings`. Who runs the club: `/clubadmin roles`.")))
    )
    title = _("The club is set up") if not missing else _("Setting up {club}", club=club.name)
    return link_channels_in(Card(title, tuple(parts), Tone.GOOD if changed else Tone.PLAIN), rooms)


def _in_channel(ctx: Context) -> bool:
    """True if the request comes from a channel that could be the club's; a direct message is none."""
    pattern = mentions.ROOM_IDS.get(ctx.where.platform)
    return bool(ctx.where.room) and (pattern is None or bool(pattern.fullmatch(ctx.where.room)))


def _channel_line(purpose: Purpose, rooms: Sequence[Room]) -> Words:
    used = parse_backticks(", ".join(described(room) for room in rooms if room.purpose == purpose))
    return (
        Bold(f"{'✓' if used else '✗'} {_(PURPOSE_LABELS[purpose])}: "),
        *(used or (_("no channel yet"),)),
        f" — {_(PURPOSE_TEXT[purpose])}",
    )


def _here(purpose: Purpose) -> Button:
    return Button(here_label(purpose), Call("clubadmin setup", (), ((purpose, "here"),)), Style.MAIN)


async def _next_steps(ctx: Context, db: UnitOfWork, club: Club, rules: ClubSettings) -> tuple[Button, ...]:
    """Buttons for the next steps: a form with the current values, a test post, a check."""
    filled_in = Call.of("clubadmin setup", timezone=club.timezone, digest_at=rules.digest_at, template=rules.template)
    saved_id = await db.saved_calls.save(SavedCall(call=str(filled_in), at=ctx.now))
    other, label = (
        ("publish", _("Publish without approval"))
        if rules.at_deadline == "hold"
        else ("hold", _("Never publish without approval"))
    )
    return (
        Button(_("Fill in a form"), Call.of("fill", saved_id)),
        Button(label, Call.of("clubadmin settings", "at_deadline", other)),
        Button(_("Post a test"), Call.of("clubadmin test")),
        Button(_("Check everything"), Call.of("clubadmin doctor")),
    )
