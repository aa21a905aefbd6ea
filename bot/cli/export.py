"""Subcommand `export`: write the papers of a club into a file that `/clubadmin import` reads, or its meetings."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

from bot.cli.checked_database import need_database
from bot.domain.bibliography.writing import LIST_WRITERS, ListFormat
from bot.domain.clock import utc_now
from bot.domain.meeting_export import MEETING_FORMATS, MeetingEntry, write_meetings
from bot.domain.models import Club
from bot.errors import UserError
from bot.features.shared.meetings.meeting_list import meeting_entries
from bot.features.shared.papers.paper_list import listed_entries
from bot.runtime.composition import open_store
from bot.settings import load
from bot.store import Store


async def export_papers(given: argparse.Namespace) -> int:
    """Write the papers or meetings of a club, or of the only one, into a file. Returns the exit code."""
    file: Path = given.file
    form = given.format or _format_of(file)
    settings = load()
    need_database(settings)
    store = await open_store(settings)
    try:
        club = await _club(store, given.club)
        async with store.read(club.id) as db:
            if given.meetings:
                return await _export_meetings(club.name, await meeting_entries(db), file, form)
            entries = await listed_entries(db, ZoneInfo(club.timezone), utc_now(), only_read=given.read)
    finally:
        await store.close()
    await asyncio.to_thread(_write, file, LIST_WRITERS[form].write(entries))
    print(f"{len(entries)} papers of {club.name} are in {file}.")
    return 0


async def _export_meetings(club: str, entries: list[MeetingEntry], file: Path, form: ListFormat) -> int:
    """Write the meetings of a club into a file. Returns the exit code."""
    if form not in MEETING_FORMATS:
        raise UserError(f"Meetings are written as {', '.join(MEETING_FORMATS)}.")
    await asyncio.to_thread(_write, file, write_meetings(entries, form))
    print(f"{len(entries)} meetings of {club} are in {file}.")
    return 0


def _write(file: Path, content: str) -> None:
    """Write the file. Raises UserError where there is no room, or no right, to write it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8", newline="")
    except OSError as error:
        raise UserError(f"I cannot write to {file}: {error.strerror}.") from error


def _format_of(file: Path) -> ListFormat:
    """Format by the file's extension. Raises UserError if it names none."""
    name = file.name.lower()
    found = [form for form, writer in LIST_WRITERS.items() if name.endswith(writer.extension)]
    if not found:
        raise UserError(f"Say in which format: --format with one of {', '.join(get_args(ListFormat))}.")
    longest: ListFormat = max(found, key=lambda form: len(LIST_WRITERS[form].extension))
    return longest


async def _club(store: Store, name: str) -> Club:
    """The club of a name, or the only one. Raises UserError, with the names, if that leaves a choice."""
    async with store.read_admin_session() as admin:
        clubs = await admin.directory.all_clubs()
    named = [club for club in clubs if club.name.casefold() == name.strip().casefold()] if name else list(clubs)
    if len(named) != 1:
        if not clubs:
            raise UserError("There is no club in this database yet.")
        names = ", ".join(club.name for club in clubs)
        raise UserError(f"Which club? Add --club with its name. There are: {names}.")
    return named[0]
