"""SQLite chooses the right index after ANALYZE."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from bot.domain.models import Submission
from tests.stand_ins import fresh_sqlite
from tests.store.papers.test_votes import founded, opened

DOZEN = select(Submission).where(Submission.club_id == 1, Submission.id.in_(range(1, 13)))


def query_plan(path: Path) -> str:
    """SQLite's plan for finding a dozen papers of a club."""
    asked = DOZEN.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute(f"EXPLAIN QUERY PLAN {asked}").fetchone()[3])


async def test_after_analyze_papers_are_found_by_key(tmp_path: Path) -> None:
    async with opened(fresh_sqlite(tmp_path / "club.db")) as store:
        await founded(store, papers=60)
        assert "club_id" in query_plan(tmp_path / "club.db")
        await store.analyze()
        assert query_plan(tmp_path / "club.db") == "SEARCH submission USING INTEGER PRIMARY KEY (rowid=?)"


async def test_analyze_is_harmless_on_both_databases(url: str) -> None:
    async with opened(url) as store:
        await founded(store)
        await store.analyze()
        await store.check()
