"""Searches of a large club stop at the first page: SQLite reads the newest first instead of sorting all it has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.dispatch import welcome
from tests.stand_ins import house


async def test_a_search_reads_the_newest_first_and_sorts_nothing(tmp_path: Path) -> None:
    asked: list[tuple[str, Any]] = []
    async with house(tmp_path) as opened:
        club = await welcome(opened.app, "wall", "W1", "Readers")
        async with opened.app.store.read(club.id) as db:
            connection = await db.submissions._session.connection()
            line = connection.sync_connection
            assert line is not None
            event.listen(line, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
            await db.submissions.search("learning")
            ((statement, values),) = asked
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            assert "ORDER BY" not in str(plan.all())
