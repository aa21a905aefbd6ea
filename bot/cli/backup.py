"""Subcommand `backup`: write a checked copy of the database while the program runs, and keep the last weeks of them."""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url

from bot.domain.clock import utc_now
from bot.errors import UserError
from bot.settings import Settings, current_key, load
from bot.store.database.open_errors import explain_open_errors
from bot.store.transfer import backup_files
from bot.store.transfer.key_file import check_length, write_key
from bot.store.transfer.postgresql_backup import back_up_postgresql, version_of_postgresql
from bot.store.transfer.sqlite_backup import BackupInfo, back_up_sqlite, version_of_sqlite


async def back_up(given: argparse.Namespace) -> int:
    """Back up the configured database into a folder, and say what is in it. Gives the exit code."""
    settings = load()
    passphrase = read_passphrase(given.passphrase_file)
    if passphrase:
        check_length(passphrase)
    make_folder(given.folder)
    return await asyncio.to_thread(_back_up, settings, given.folder, passphrase, utc_now())


def _back_up(settings: Settings, folder: Path, passphrase: str, now: datetime) -> int:
    with explain_open_errors():
        target, info = _copy(settings.database, folder, now)
        if passphrase:
            key_file = backup_files.backup_path(folder, now, backup_files.KEY)
            write_key(key_file, current_key(settings), passphrase)
        removed = backup_files.rotate(folder, now, _version)
    print(f"{target}: schema {info.version}, {info.clubs} clubs, {info.papers} papers, checked")
    if passphrase:
        print(f"{key_file}: the secret key, encrypted with your passphrase")
    else:
        print(f"The secret key is not in the backup: keep {_key_place(settings)} in another place.")
    if removed:
        files = "1 old file" if len(removed) == 1 else f"{len(removed)} old files"
        print(f"Removed {files}; kept are {backup_files.DAYS} days and {backup_files.WEEKS} weeks.")
    return 0


def _version(file: Path) -> str:
    """Version of the schema of a backup of either kind; "" if it cannot be read."""
    return version_of_sqlite(file) if file.suffix == backup_files.SQLITE else version_of_postgresql(file)


def _copy(url: str, folder: Path, now: datetime) -> tuple[Path, BackupInfo]:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        target = backup_files.backup_path(folder, now, backup_files.SQLITE)
        return target, back_up_sqlite(Path(parsed.database or ""), target, now)
    target = backup_files.backup_path(folder, now, backup_files.POSTGRESQL)
    return target, back_up_postgresql(url, target, now)


def _key_place(settings: Settings) -> str:
    """Place of the installation's key: a setting or a file."""
    return "JOURNALCLUB_SECRET_KEY" if settings.secret_key else str(settings.data_dir / "secret.key")


def make_folder(folder: Path) -> None:
    """Create the folder that is written to, if it is not there. Raises UserError where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"I cannot write to {folder}: {error.strerror}.") from error
    if not os.access(folder, os.W_OK):
        raise UserError(f"I cannot write to {folder}: this user may not.")


def read_passphrase(path: Path | None) -> str:
    """The first line of a file; empty where none was given. Raises UserError where it cannot be read or is empty."""
    if path is None:
        return ""
    try:
        line = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, ValueError) as error:
        raise UserError(f"The passphrase cannot be read from {path}: {error}") from error
    if not line:
        raise UserError(f"There is no passphrase in {path}.")
    return line
