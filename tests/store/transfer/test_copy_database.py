"""Copies between engines: every row, in one spelling the same, and what is there is never overwritten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from bot.domain.models import Club, StoredFigure
from bot.errors import UserError
from bot.store.database.engine import lock_file
from bot.store.database.migrate import migrate
from bot.store.transfer.canonical_rows import TableDigest, copied_tables, digest
from bot.store.transfer.copy_database import copy_database
from tests.conftest import NUMBERS, create_database
from tests.upgrade.kept import connected, unpack_sqlite

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)
PICTURE = bytes(range(256))


@pytest.fixture
def source(tmp_path: Path) -> str:
    url = unpack_sqlite("0.1.0", tmp_path / "source.db")
    migrate(url)
    with connected(url) as connection:
        connection.execute(text("UPDATE submission SET merged_into_id = 3 WHERE id = 1"))
        connection.execute(text("UPDATE delivery SET card = NULL WHERE id = 1"))
        connection.execute(text("UPDATE delivery SET card = 'null' WHERE id = 2"))
        figure = {"club_id": 1, "member_id": 1, "name": "figures/x", "source": "", "at": NOW, "content": PICTURE}
        connection.execute(insert(StoredFigure).values(figure))
        connection.commit()
    return url


def digests(url: str) -> list[TableDigest]:
    with connected(url) as connection:
        return [digest(connection, table) for table in copied_tables()]


def test_to_postgresql_and_back_every_table_has_the_same_hash(source: str, postgres: str, tmp_path: Path) -> None:
    server = create_database(postgres, f"copy_{next(NUMBERS)}")
    before = digests(source)
    assert sum(table.rows for table in before) > 100
    report = copy_database(source, server, NOW)
    assert list(report.tables) == before == digests(server)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert list(copy_database(server, back, NOW).tables) == before == digests(back)
    assert (tmp_path / "back.db").stat().st_mode & 0o777 == 0o600
    with connected(server) as connection:
        assert connection.scalar(text("SELECT card IS NULL FROM delivery WHERE id = 1"))
        assert connection.scalar(text("SELECT card::text FROM delivery WHERE id = 2")) == "null"
        assert connection.scalars(select(StoredFigure.content)).one() == PICTURE


def test_new_rows_get_numbers_after_those_that_were_copied(source: str, postgres: str) -> None:
    server = create_database(postgres, f"copy_{next(NUMBERS)}")
    copy_database(source, server, NOW)
    with connected(server) as connection:
        highest = connection.scalar(select(Club.id).order_by(Club.id.desc()).limit(1))
        new = connection.execute(
            insert(Club).values(name="New", created_at=NOW, settings={}, timezone="UTC").returning(Club.id)
        ).scalar()
        assert highest is not None
        assert new == highest + 1
        connection.rollback()


def test_a_target_with_rows_is_refused_and_stays(source: str, url: str) -> None:
    with connected(url) as connection:
        connection.execute(insert(Club).values(name="Here first", created_at=NOW, settings={}, timezone="UTC"))
        connection.commit()
    before = digests(url)
    with pytest.raises(UserError, match="not empty"):
        copy_database(source, url, NOW)
    assert digests(url) == before


def test_rows_that_differ_leave_the_target_empty(source: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path / 'target.db'}"
    migrate(target)
    with connected(target) as connection:
        changed = "UPDATE delivery SET url = 'https://elsewhere.test' WHERE id = NEW.id"
        connection.execute(text(f"CREATE TRIGGER meddler AFTER INSERT ON delivery BEGIN {changed}; END"))
        connection.commit()
    empty = digests(target)
    with pytest.raises(UserError, match="delivery differ"):
        copy_database(source, target, NOW)
    assert digests(target) == empty
    with connected(target) as connection:
        connection.execute(text("DROP TRIGGER meddler"))
        connection.commit()
    assert copy_database(source, target, NOW).tables


def test_a_copy_has_keys_of_its_own_and_of_a_running_program_it_is_a_backup(source: str, tmp_path: Path) -> None:
    def facts(path: Path) -> dict[str, str]:
        with connected(f"sqlite:///{path}") as connection:
            return dict(connection.execute(text("SELECT name, value FROM fact")).all())

    assert not copy_database(source, f"sqlite:///{tmp_path / 'still.db'}", NOW).running
    with lock_file(tmp_path / "source.db"):
        assert copy_database(source, f"sqlite:///{tmp_path / 'live.db'}", NOW).running
    still, live = facts(tmp_path / "still.db"), facts(tmp_path / "live.db")
    assert still["delivery:key-prefix"] != live["delivery:key-prefix"]
    assert "backup:made-at" not in still
    assert live["backup:made-at"] == NOW.isoformat()
