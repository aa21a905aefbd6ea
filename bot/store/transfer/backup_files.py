"""Files of backups: their names, how one is put in place whole, and which are kept."""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.errors import UserError
from bot.store.database.sqlite_file import open_private

SQLITE, POSTGRESQL, KEY = ".db", ".sql.gz", ".key"
"""Endings of the three kinds of files."""
DAYS, WEEKS = 7, 4
"""Days and weeks of each of which the newest backup is kept."""

_NAME = re.compile(r"journalclub-(\d{8}T\d{6}Z)(\.db|\.sql\.gz|\.key)")
_STAMP = "%Y%m%dT%H%M%SZ"
_PART = re.compile(r"\.journalclub-\d{8}T\d{6}Z\.[a-z.]+\.[0-9a-f]{16}\.part(-wal|-shm|-journal)?")
_PART_SECONDS = 24 * 3600


def backup_path(folder: Path, made_at: datetime, ending: str) -> Path:
    """The name of a backup made at a moment."""
    return folder / f"journalclub-{made_at.astimezone(UTC):{_STAMP}}{ending}"


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A file beside the target to be written, for its owner alone; once it is on the disk it takes the target's name.

    Nothing is left of it where the block raises. Raises UserError where there is no room, or no right, to write it.
    """
    part = target.with_name(f".{target.name.lstrip('.')}.{secrets.token_hex(8)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(open_private(part))
        try:
            yield part
            sync(part)
            part.replace(target)
            sync(target.parent)
        finally:
            for beside in ("", "-wal", "-shm", "-journal"):
                part.with_name(part.name + beside).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise UserError(f"{target} was not written: {reason}.") from error


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rotate(folder: Path, now: datetime, version: Callable[[Path], str] = lambda _file: "") -> list[Path]:
    """Remove the backups that are not kept, and what a killed backup left; the files removed.

    Kept are the newest backup of each of the last seven days and of each of the last four weeks that have one,
    the newest of each version of the schema that is at most four weeks old (to go back after an upgrade), and the
    newest key. Files with other names are left alone. `version` reads the version that a backup has, "" for none.
    """
    found: dict[datetime, list[Path]] = {}
    removed = []
    for file in sorted(folder.iterdir()):
        if match := _NAME.fullmatch(file.name):
            found.setdefault(datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), []).append(file)
        elif _PART.fullmatch(file.name) and now.timestamp() - file.stat().st_mtime > _PART_SECONDS:
            removed.append(file)
    kept = moments_to_keep([at for at, files in found.items() if any(file.suffix != KEY for file in files)])
    kept |= _last_of_versions(found, now, version)
    keys = [file for _, files in sorted(found.items()) for file in files if file.suffix == KEY]
    old = [file for at, files in found.items() if at not in kept for file in files]
    removed += [file for file in old if file not in keys[-1:]]
    for file in removed:
        file.unlink(missing_ok=True)
    return removed


def _last_of_versions(
    found: Mapping[datetime, Sequence[Path]], now: datetime, version: Callable[[Path], str]
) -> set[datetime]:
    """Moments of the newest backup of each version of the schema, of the last weeks."""
    newest: dict[str, datetime] = {}
    for at, files in sorted(found.items(), reverse=True):
        if now - at > timedelta(weeks=WEEKS):
            break
        for file in files:
            if file.suffix != KEY and (read := version(file)):
                newest.setdefault(read, at)
    return set(newest.values())


def moments_to_keep(made: Sequence[datetime]) -> set[datetime]:
    """Moments of these whose backups are kept: by UTC's days and ISO weeks."""
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for at in sorted(made, reverse=True):
        days.setdefault(at.date(), at)
        weeks.setdefault(at.isocalendar()[:2], at)
    return {*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]}
