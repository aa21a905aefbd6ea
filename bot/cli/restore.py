"""Subcommand `restore`: put a backup in place of the database. Restored clubs post nothing until an admin says so."""

from __future__ import annotations

import argparse
import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

import migrations
from bot.chat.text import plural
from bot.cli.backup import read_passphrase
from bot.domain.clock import utc_now
from bot.errors import UserError
from bot.settings import Settings, load
from bot.store.database.open_errors import explain_open_errors
from bot.store.database.schema_check import check_version
from bot.store.transfer.backup_files import POSTGRESQL, whole_file
from bot.store.transfer.key_file import read_key
from bot.store.transfer.postgresql_backup import check_postgresql, restore_postgresql
from bot.store.transfer.sqlite_backup import BackupInfo, check_sqlite, restore_sqlite


async def restore_backup(given: argparse.Namespace) -> int:
    """Check a backup, and with `--sure` put it in place. Gives the exit code."""
    settings = load()
    if given.key and not given.passphrase_file:
        raise UserError("Give the passphrase of the key with --passphrase-file.")
    key = read_key(given.key, read_passphrase(given.passphrase_file)) if given.key else b""
    return await asyncio.to_thread(_restore, settings, given.file, key, sure=given.sure)


def _restore(settings: Settings, file: Path, key: bytes, *, sure: bool) -> int:
    now, url = utc_now(), settings.database
    of_postgresql = make_url(url).get_backend_name() != "sqlite"
    with explain_open_errors():
        if not file.exists():
            raise UserError(f"There is no file {file}.")
        if file.is_dir():
            raise UserError(f"{file} is a folder. Name the file in it that `journalclub backup` wrote.")
        if of_postgresql != file.name.endswith(POSTGRESQL):
            raise UserError(
                "The backup is of the other kind of database. Restore it where JOURNALCLUB_DATABASE_URL is of its "
                "kind, then `journalclub copy --to` this one."
            )
        info = check_postgresql(file) if of_postgresql else check_sqlite(file)
        check_version(info.version)
        print(f"{file}: {_described(info, now)}")
        if not sure:
            raise UserError("This takes the place of the database. Say it again with --sure; the present one is kept.")
        if of_postgresql:
            kept = restore_postgresql(file, url, now)
            where = f"in the schema {kept} of the same database" if kept else ""
        else:
            replaced = restore_sqlite(file, Path(make_url(url).database or ""), now)
            where = f"at {replaced}" if replaced else ""
        if key:
            _put_key(settings, key, now)
    print(f"Restored, at schema {migrations.HEAD}." + (f" What was there before is kept {where}." if where else ""))
    print(
        "Start the program: it compares the channels with what it remembers, and posts nothing until an admin of each "
        "club says `/clubadmin restored start`."
    )
    return 0


def _described(info: BackupInfo, now: datetime) -> str:
    """Age and content of a backup, in words."""
    said = f"made {info.made_at:%-d %b %Y, %H:%M} UTC ({_age(now - info.made_at)} ago), schema {info.version}"
    return f"{said}, {plural(info.clubs, 'club')}, {plural(info.papers, 'paper')}" if info.clubs else said


def _age(age: timedelta) -> str:
    hours = max(int(age.total_seconds() // 3600), 0)
    return plural(hours // 24, "day") if hours >= 48 else plural(hours, "hour") if hours else "less than an hour"


def _put_key(settings: Settings, key: bytes, now: datetime) -> None:
    """Put the key into the data folder; another one that is there is kept under another name."""
    if settings.secret_key:
        if settings.secret_key.get_secret_value().encode() != key:
            raise UserError("JOURNALCLUB_SECRET_KEY is another key than the backup's. Set it to that, or leave it out.")
        return
    path = settings.data_dir / "secret.key"
    if path.exists():
        if path.read_bytes().strip() == key:
            return
        os.link(path, path.with_name(f"secret.key.replaced-{now:%Y%m%dT%H%M%SZ}"))
    with whole_file(path) as part:
        part.write_bytes(key)
    print(f"The key is at {path}.")
