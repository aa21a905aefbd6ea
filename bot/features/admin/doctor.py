"""Command `clubadmin doctor`: checks everything the club needs, and explains how to fix each problem."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Annotated

from bot.app import Context
from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Heading, Part, Points, Tone, text
from bot.chat.command import Audience
from bot.chat.commands import Commands
from bot.chat.gateway import DoctorFinding, Location
from bot.chat.parameters import ParameterHint
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import Bold, Words, parse_backticks
from bot.chat.text import truncate
from bot.domain.club_settings import PURPOSES
from bot.domain.edition_calendar import format_moment
from bot.domain.models import Delivery, DeliveryState, Quarantine, Room, Workspace
from bot.errors import UserError
from bot.features.admin.channels import channel_name
from bot.features.admin.schedule_check import check_schedule
from bot.features.shared.channel_links import link_channels_in
from bot.features.shared.platform_texts import PURPOSE_LABELS
from bot.features.shared.stream.service_check import check_service
from bot.features.shared.writer_check import check_writer
from bot.locale.current import _, _n, formatted, mark_text

log = logging.getLogger(__name__)
commands = Commands()

CHECK_TIMEOUT = 20.0
"""Seconds that each check may take."""

FAILED_TEXT = mark_text("could not be posted")

KNOWN_PAPER = "1706.03762"
"""Paper that is requested from arXiv to test the connection."""


@commands("clubadmin doctor", audience=Audience.ADMIN, examples=("/clubadmin doctor", "/clubadmin doctor retry=yes"))
async def doctor(
    ctx: Context,
    retry: Annotated[bool, ParameterHint("try failed posts again, once the cause is fixed")] = False,
) -> AsyncIterator[Card]:
    """Check the connections, channels, database, arXiv, model, schedule and failed posts."""
    if retry:
        async with ctx.begin() as db:
            retried = await db.deliveries.retry(ctx.now)
        yield Card(
            _("Trying again"),
            (
                text(
                    _(
                        "{failed_posts} will be tried again.",
                        failed_posts=_n("{n} failed post", "{n} failed posts", retried),
                    )
                ),
            ),
            Tone.GOOD,
        )
        return
    yield Card(
        _("Looking …"), (text(_("Platforms, channels, database, arXiv. This takes a few seconds.")),), Tone.QUIET
    )
    async with ctx.app.store.read_admin_session() as admin:
        workspaces = [w for w in await admin.directory.workspaces(ctx.club.id) if w.left_at is None]
    async with ctx.read() as db:
        rooms = await db.rooms.all()
        kinds = {subscribed.source.kind.value for subscribed in await db.sources.all()}
        findings = [
            *_check_rooms(rooms),
            *_delivery_problems(await db.deliveries.count_unfinished(), await db.deliveries.problems(limit=5)),
        ]
        findings += _check_quarantine(ctx, await db.restored.quarantine())
        if refused := await db.meeting_events.refused(ctx.now):
            findings.append(DoctorFinding(_("Meeting events"), False, f"{refused}."))
        findings += await check_schedule(ctx, db)
    answers = await asyncio.gather(
        _check_database(ctx),
        _check_arxiv(ctx),
        _check_writer(ctx),
        *(check_service(service, used=service.name in kinds) for service in ctx.app.service_checks),
        *(_check_platform(ctx, workspace, rooms) for workspace in workspaces),
    )
    report = _report_card([finding for found in (*answers, findings) for finding in found])
    yield link_channels_in(report, rooms)


def _report_card(findings: Sequence[DoctorFinding]) -> Card:
    """Report with the problems first, each with a way to fix it."""
    failed = [finding for finding in findings if not finding.ok]
    passed = [finding for finding in findings if finding.ok]
    parts: list[Part] = []
    if failed:
        parts += [Heading(_("To fix")), Points(tuple(_finding_line(finding) for finding in failed))]
    parts += [Heading(_("No problems")), Points(tuple(_finding_line(finding) for finding in passed))]
    row = [Button(_("Check again"), Call.of("clubadmin doctor")), Button(_("Post a test"), Call.of("clubadmin test"))]
    if any(_(FAILED_TEXT) in finding.say for finding in failed):
        row.append(Button(_("Try failed posts again"), Call.of("clubadmin doctor", retry="yes")))
    row.append(Button(_("Back to setup"), Call.of("clubadmin setup")))
    parts.append(Buttons(tuple(row)))
    title = _("{things} to fix", things=_n("{n} thing", "{n} things", len(failed))) if failed else _("Everything works")
    return Card(title, tuple(parts), Tone.BAD if failed else Tone.GOOD)


def _finding_line(finding: DoctorFinding) -> Words:
    return (Bold(f"{finding.subject}: "), *parse_backticks(truncate(finding.say, 300)))


async def _check_platform(ctx: Context, workspace: Workspace, rooms: Sequence[Room]) -> list[DoctorFinding]:
    """Findings of the platform's own checks of this club's workspace and channels."""
    subject = f"{workspace.platform.title()} {workspace.name or workspace.external_id}"
    gateway = ctx.app.gateways.get(workspace.platform)
    if gateway is None:
        if workspace.platform == "console":  # a terminal only exists while somebody uses it
            return []
        say = _(
            "is not running here. Give this program its token (`journalclub doctor` says which settings), then restart."
        )
        return [DoctorFinding(subject, False, say)]
    of_workspace = [room.external_id for room in rooms if room.workspace_id == workspace.id]
    places = [Location(workspace.platform, workspace.external_id, channel) for channel in dict.fromkeys(of_workspace)]
    trouble = ctx.app.health.trouble(workspace.platform, ctx.now)
    posts = (
        [DoctorFinding(_("Posts to {platform}", platform=workspace.platform.title()), False, trouble)]
        if trouble
        else []
    )
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            found = await gateway.doctor(workspace.external_id, places)
            return [*posts, *(_with_platform(finding, workspace.platform) for finding in found)]
    except TimeoutError:
        return [
            *posts,
            DoctorFinding(
                subject,
                False,
                _(
                    "did not answer within {check_timeout} s. Try again; see its status page.",
                    check_timeout=formatted(CHECK_TIMEOUT, "g"),
                ),
            ),
        ]


def _with_platform(finding: DoctorFinding, platform: str) -> DoctorFinding:
    """The finding, with the name of the platform before that of a channel: another one may have the same channel."""
    is_channel = finding.subject.startswith("#")
    return replace(finding, subject=f"{platform.title()} {finding.subject}") if is_channel else finding


def _check_rooms(rooms: Sequence[Room]) -> list[DoctorFinding]:
    """Findings about channels: each purpose needs a channel, and no channel may be in trouble."""
    found = []
    for purpose in PURPOSES:
        used = [room for room in rooms if room.purpose == purpose]
        if used:
            found.append(DoctorFinding(_(PURPOSE_LABELS[purpose]), True, ", ".join(map(channel_name, used))))
        else:
            say = _(
                "no channel for “{label}”. Run `/clubadmin channels {purpose} here` in the one you want.",
                label=_(PURPOSE_LABELS[purpose]),
                purpose=purpose,
            )
            found.append(DoctorFinding(_(PURPOSE_LABELS[purpose]), False, say))
    for room in rooms:
        if room.trouble:
            advice = _("Fix that or choose another channel, then run `/clubadmin test`.")
            say = _("nothing can be posted: {trouble}. {advice}", trouble=reason_text(room.trouble), advice=advice)
            found.append(DoctorFinding(channel_name(room), False, say))
    return found


async def _check_database(ctx: Context) -> list[DoctorFinding]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            await ctx.app.store.check()
            await ctx.app.store.check_schema()
            version = await ctx.app.store.version()
    except UserError as error:
        return [DoctorFinding(_("Database"), False, str(error))]
    except Exception:
        log.exception("the database cannot be written to")
        return [DoctorFinding(_("Database"), False, _("cannot be written to. The server’s log has the reason."))]
    return [DoctorFinding(_("Database"), True, _("can be written to, schema {version}", version=version))]


async def _check_arxiv(ctx: Context) -> list[DoctorFinding]:
    later = _("You can still submit papers; their details are added later.")
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            records = await ctx.app.paper_source.records([KNOWN_PAPER])
    except TimeoutError:
        return [
            DoctorFinding(
                "arXiv",
                False,
                _(
                    "did not answer within {check_timeout} s. {later}",
                    check_timeout=formatted(CHECK_TIMEOUT, "g"),
                    later=later,
                ),
            )
        ]
    except UserError as error:
        return [DoctorFinding("arXiv", False, f"{error} {later}")]
    if KNOWN_PAPER not in records:
        return [
            DoctorFinding(
                "arXiv",
                False,
                _(
                    "is answering, but does not know arXiv:{known_paper}. Is the base URL right?",
                    known_paper=KNOWN_PAPER,
                ),
            )
        ]
    return [DoctorFinding("arXiv", True, _("is answering"))]


async def _check_writer(ctx: Context) -> list[DoctorFinding]:
    """Findings about the writer, which summarizes a sample: only a real request shows that a model answers."""
    if ctx.settings.writer != "auto":
        return [
            DoctorFinding(_("Writer"), True, _("set to {writer}, so no model is asked", writer=ctx.settings.writer))
        ]
    found = await check_writer(ctx.app.writer)
    return [replace(found, say=f"{found.say}{await _spent(ctx)}") if found.ok else found]


async def _spent(ctx: Context) -> str:
    """Use of the model by this club in the current month (UTC), as text; empty if there was none."""
    month = ctx.now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    async with ctx.read() as db:
        spent = await db.spending_log.since(month)
    if not spent:
        return ""
    tokens = sum(entry.tokens_in + entry.tokens_out for entry in spent)
    cost = sum(entry.cost for entry in spent)
    price = _(", at a price of {cost}", cost=formatted(cost, ".2f")) if cost else ""
    return _(
        "; {texts} for this club used {tokens} tokens this month{price}",
        texts=_n("{n} text", "{n} texts", len(spent)),
        tokens=formatted(tokens, ","),
        price=price,
    )


def _check_quarantine(ctx: Context, quarantine: Quarantine | None) -> list[DoctorFinding]:
    """Finding that the club was restored from a backup and waits for an admin; none where it was not."""
    if quarantine is None:
        return []
    when = format_moment(quarantine.backed_up_at, ctx.zone)
    say = _("restored from a backup of {when}: nothing is posted until you run `/clubadmin restored start`.", when=when)
    return [DoctorFinding(_("Posting"), False, say)]


def _delivery_problems(waiting: dict[DeliveryState, int], troubled: Sequence[Delivery]) -> list[DoctorFinding]:
    """Findings about posts that are waiting, and about posts that failed or whose outcome is unknown."""
    under_way = waiting.get(DeliveryState.READY, 0) + waiting.get(DeliveryState.SENDING, 0)
    found = [DoctorFinding(_("Posts"), True, _("{posts} on the way", posts=_n("{n} post", "{n} posts", under_way)))]
    for delivery in troubled:
        where = channel_name(delivery.room)
        if delivery.state == DeliveryState.UNKNOWN:
            say = _("I could not check whether it was posted. Say what to do with it in `/clubadmin runs`.")
        else:
            say = _("{failed_text}. Fix the channel, then try again.", failed_text=_(FAILED_TEXT))
        found.append(
            DoctorFinding(
                _("Post {key} to {where}", key=delivery.key, where=where), False, f"{say} {reason_text(delivery.error)}"
            )
        )
    return found
