"""Subcommand `doctor`: check an installation and say how to fix what is wrong."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Sequence

from bot.app import App
from bot.chat.gateway import DoctorFinding, Location
from bot.cli.checked_database import checked_database
from bot.domain.models import Room
from bot.errors import UserError
from bot.features.shared.stream.service_check import check_service
from bot.features.shared.writer_check import check_writer
from bot.runtime.composition import open_app, platforms
from bot.runtime.status import first_steps_lines, status_lines
from bot.settings import Settings, load
from bot.store.database.schema_check import Differences


async def run_doctor(given: argparse.Namespace) -> int:
    """Check the configuration. Returns the exit code: 1 if anything needs fixing."""
    return await check_installation(load(), online=given.online)


CHECK_TIMEOUT = 20.0
"""Seconds that each outside service has to answer."""


KNOWN_PAPER = "1706.03762"


async def check_installation(settings: Settings, *, online: bool = False) -> int:
    """Print what is on and what is wrong. Returns the exit code: 1 if anything needs fixing."""
    with checked_database(settings) as (checked, database):
        wrong = await _check(settings, checked, database, online=online)
    if not online:
        asks = "Slack, Discord, arXiv, OpenReview and the model"
        print(f"\nOnly this machine was checked. `journalclub doctor --online` also checks {asks}.")
    return 1 if wrong else 0


async def _check(settings: Settings, checked: Settings, database: DoctorFinding | None, *, online: bool) -> int:
    """Print what is on and what is wrong. Returns the number of findings that need fixing."""
    wrong = 0
    async with open_app(checked, platforms(checked)) as app:
        print("\n".join(await status_lines(settings, app)))
        if not app.gateways:
            print("\n".join(first_steps_lines()))
        print()
        async for finding in _findings(app, database, online=online):
            wrong += not finding.ok
            print(f"{'ok    ' if finding.ok else 'fix   '} {finding.subject}: {finding.say}", flush=True)
    return wrong


async def _findings(app: App, database: DoctorFinding | None, *, online: bool) -> AsyncIterator[DoctorFinding]:
    await app.store.check()
    yield database or DoctorFinding("Database", True, f"can be written to, schema {await app.store.version()}")
    yield _schema(await app.store.check_schema())
    async with app.store.read_admin_session() as admin:
        quarantined = await admin.restored.quarantined()
    for held in quarantined:
        made = f"{held.backed_up_at:%-d %b %Y, %H:%M} UTC"
        say = f"was restored from a backup of {made}: nothing is posted until one of its"
        yield DoctorFinding(f"Club {held.name}", False, f"{say} admins says `/clubadmin restored start`")
    if not online:
        return
    yield await _arxiv(app)
    yield await check_writer(app.writer)
    async with app.store.read_admin_session() as admin:
        clubs = await admin.directory.all_clubs()
        workspaces = {club.id: await admin.directory.workspaces(club.id) for club in clubs}
    kinds: set[str] = set()
    rooms: dict[int, Sequence[Room]] = {}
    for club in clubs:
        async with app.store.read(club.id) as db:
            kinds.update(subscribed.source.kind.value for subscribed in await db.sources.all())
            rooms[club.id] = await db.rooms.all()
    for service in app.service_checks:
        for finding in await check_service(service, used=service.name in kinds):
            yield finding
    asked = set()
    for club in clubs:
        for workspace in workspaces[club.id]:
            if workspace.left_at is None and workspace.platform in app.gateways:
                asked.add(workspace.platform)
                places = [
                    Location(workspace.platform, workspace.external_id, r.external_id)
                    for r in rooms[club.id]
                    if r.workspace_id == workspace.id
                ]
                for finding in await _platform(app, workspace.platform, workspace.external_id, places):
                    yield finding
    for name in app.gateways.keys() - asked:
        for finding in await _platform(app, name, "", []):
            yield finding


def _schema(found: Differences) -> DoctorFinding:
    """A finding about tables that this version does not know: a newer version's, or another program's."""
    extra = (*found.extra_tables, *found.extra)
    more = f"; it also has {', '.join(extra)}, which this version does not use" if extra else ""
    return DoctorFinding("Tables", True, f"are as this version needs them{more}")


async def _arxiv(app: App) -> DoctorFinding:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            known = KNOWN_PAPER in await app.paper_source.records([KNOWN_PAPER])
    except TimeoutError:
        return DoctorFinding(
            "arXiv", False, f"did not answer within {CHECK_TIMEOUT:g} s; you can still submit papers, details follow"
        )
    except UserError as error:
        return DoctorFinding("arXiv", False, str(error))
    return DoctorFinding(
        "arXiv", known, "is answering" if known else "is answering, but is JOURNALCLUB_ARXIV__BASE_URL arXiv's?"
    )


async def _platform(app: App, name: str, workspace: str, places: list[Location]) -> list[DoctorFinding]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            return await app.gateways[name].doctor(workspace, places)
    except TimeoutError:
        return [DoctorFinding(name.title(), False, f"did not answer within {CHECK_TIMEOUT:g} s; see its status page")]
