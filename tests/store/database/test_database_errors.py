"""Database problems are reported to the member who asked, and by the readiness check."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from bot.errors import UserError
from bot.store.database import connection_checks, sqlite_dialect
from bot.store.database.database_errors import (
    BUSY,
    FULL,
    NO_RIGHT,
    READ_ONLY,
    UNREACHABLE,
    DatabaseTrouble,
    database_trouble,
)
from bot.store.database.migrate import migrate
from tests.conftest import NUMBERS, create_database
from tests.features.conversation import ATTENTION, submit_papers
from tests.stand_ins import Harness, open_harness, words
from tests.unloaded_clock import unloaded


@pytest.mark.parametrize(
    ("statement", "trouble"), [("max_page_count = 1", FULL), ("query_only = ON", READ_ONLY)], ids=["full", "read-only"]
)
async def test_a_full_or_read_only_disk_is_reported_to_the_member_and_by_readiness(
    club: Harness, statement: str, trouble: DatabaseTrouble
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store._engines.writer.connect() as connection:
        await connection.run_sync(lambda sync: sync.exec_driver_sql(f"PRAGMA {statement}"))
    answers = [await club.say(f"M{number}", f"/my note 1 text={'x' * 400}") for number in range(30)]
    refused = next(one for one in answers if one.failed)
    assert refused.card.title == trouble.title
    assert "This was not saved" in words(refused)
    assert "Something went wrong on our side" not in words(refused)
    if trouble is READ_ONLY:
        with pytest.raises(UserError, match=trouble.title):
            await club.app.store.check()


async def test_an_answer_fails_within_one_timeout_while_another_program_has_the_lock(
    club: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_dialect, "LOCK_TIMEOUT", 0.5)
    await submit_papers(club, "Ada", ATTENTION)
    with closing(sqlite3.connect(tmp_path / "club.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = unloaded()
        votes = await asyncio.gather(*(club.say(name, "/paper vote 1") for name in ("Ben", "Cy", "Dee", "Eve")))
        assert unloaded() - began < 1.5, "four answers, one patience"
        assert {said.card.title for said in votes} == {BUSY.title}
        other.execute("ROLLBACK")
    assert not (await club.say("Ben", "/paper vote 1")).failed


async def test_a_read_only_or_unreachable_postgresql_is_reported(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_checks, "REST", 0.0)
    url = create_database(postgres, f"club_{next(NUMBERS)}", template="template_club")
    name = make_url(url).database
    async with open_harness(tmp_path, url=url) as club:
        await submit_papers(club, "Ada", ATTENTION)
        with psycopg.connect(postgres, autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        said = await club.say("Ben", "/paper vote 1")
        assert said.card.title == READ_ONLY.title
        with pytest.raises(UserError, match=READ_ONLY.title):
            await club.app.store.check()


def test_a_user_without_rights_is_told_which_are_missing(postgres: str) -> None:
    url = create_database(postgres, f"club_{next(NUMBERS)}")
    reader = f"reader_of_{make_url(url).database}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        owner.execute(f"CREATE ROLE {reader} LOGIN".encode())
    try:
        with pytest.raises(UserError, match="GRANT USAGE, CREATE ON SCHEMA public"):
            migrate(url.replace("postgres:@", f"{reader}:@"))
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute(f"DROP ROLE {reader}".encode())


def raised(code: int) -> OperationalError:
    reason = sqlite3.OperationalError("why")
    reason.sqlite_errorcode = code
    return OperationalError("INSERT", {}, reason)


def test_each_problem_has_its_message_and_program_errors_have_none() -> None:
    assert database_trouble(raised(sqlite3.SQLITE_FULL)) is FULL
    assert database_trouble(raised(sqlite3.SQLITE_READONLY_DBMOVED)) is READ_ONLY
    assert database_trouble(raised(sqlite3.SQLITE_BUSY_SNAPSHOT)) is BUSY
    assert database_trouble(raised(sqlite3.SQLITE_ERROR)) is None
    assert database_trouble(IntegrityError("INSERT", {}, psycopg.errors.UniqueViolation())) is None
    assert database_trouble(OperationalError("INSERT", {}, psycopg.errors.DiskFull())) is FULL
    assert database_trouble(ProgrammingError("INSERT", {}, psycopg.errors.InsufficientPrivilege())) is NO_RIGHT
    assert database_trouble(OperationalError("INSERT", {}, psycopg.errors.AdminShutdown())) is UNREACHABLE
    assert database_trouble(OperationalError("", {}, psycopg.OperationalError("connection refused"))) is UNREACHABLE
    assert database_trouble(TimeoutError()) is None
