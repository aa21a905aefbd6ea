"""The database that `journalclub doctor` checks: the real one if no program uses it, else a copy. It creates none."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import make_url

import migrations
from bot.chat.gateway import DoctorFinding
from bot.errors import UserError
from bot.settings import Settings, current_key
from bot.store.transfer.sqlite_backup import copy_sqlite, version_of_sqlite


@contextmanager
def checked_database(settings: Settings) -> Iterator[tuple[Settings, DoctorFinding | None]]:
    """Settings to check with, and the finding about the database where these settings lead to another one.

    A SQLite file that is not there is not made, one that a program uses is not taken from it, and an older one is not
    upgraded: each is checked on a copy in a temporary folder. Raises UserError if it cannot be copied.
    """
    url = make_url(settings.database)
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or not url.database or (file.exists() and _is_free(file)):
        yield settings, None
        return
    with TemporaryDirectory(prefix="journalclub-doctor-") as folder:
        copy = Path(folder, "journalclub.db")
        finding = _about(file)
        if file.exists():
            try:
                copy_sqlite(file, copy)
            except (sqlite3.Error, OSError) as error:
                raise UserError(f"{file} cannot be read: {error}.") from error
        key = settings.secret_key
        if not key and (settings.data_dir / "secret.key").exists():
            key = SecretStr(current_key(settings).decode())
        elsewhere = {"data_dir": Path(folder), "database_url": SecretStr(f"sqlite:///{copy}"), "secret_key": key}
        yield settings.model_copy(update=elsewhere), finding


def need_database(settings: Settings) -> None:
    """Raises UserError if there is no SQLite file: a command that only reads must not make an empty one."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).exists():
        raise UserError(f"There is no database at {url.database}.")


def _is_free(file: Path) -> bool:
    """True for a database at this program's schema, or of an unknown one, that no program uses."""
    return not _is_in_use(file) and version_of_sqlite(file) in ("", migrations.HEAD)


def _is_in_use(file: Path) -> bool:
    try:
        with file.with_name(file.name + ".lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _about(file: Path) -> DoctorFinding:
    """Finding about a file that is not there, or not to be opened."""
    if not file.exists():
        place = next(folder for folder in file.absolute().parents if folder.exists())
        if not (place.is_dir() and os.access(place, os.W_OK)):
            return DoctorFinding("Database", False, f"cannot be made at {file}: this user may not write to {place}")
        return DoctorFinding("Database", True, f"there is none at {file} yet; the program makes it when it starts")
    version = version_of_sqlite(file)
    if version != migrations.HEAD:
        say = f"is at schema {version}; the program upgrades it to {migrations.HEAD} when it starts"
        return DoctorFinding("Database", True, f"{say} (checked on a copy)")
    return DoctorFinding("Database", True, f"is in use by a running program, schema {version} (checked on a copy)")
