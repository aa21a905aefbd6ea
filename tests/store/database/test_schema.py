"""Schema: the migrations create the tables of the models, and frequent queries use indexes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, event, make_url, text

from bot.domain.models import DeliveryKind, Table, TaskKind
from bot.store import AdminSession, Store
from tests.stand_ins import fresh_sqlite
from tests.store.papers.test_votes import founded, opened

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)


def test_the_migrations_create_the_schema_of_the_models(url: str) -> None:
    driver = {"postgresql": "postgresql+psycopg"}.get(make_url(url).get_backend_name(), "sqlite")
    engine = create_engine(make_url(url).set(drivername=driver))
    with engine.connect() as connection:
        told = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_in_models})
        changes = [change for change in compare_metadata(told, Table.metadata) if "FLOAT()" not in str(change)]
        assert changes == [], "but for floats, which PostgreSQL calls by another name"
        partial = {"sqlite": "SELECT sql FROM sqlite_master", "postgresql": "SELECT indexdef FROM pg_indexes"}
        [stale] = [sql for (sql,) in connection.execute(text(partial[engine.dialect.name])) if sql and "_stale " in sql]
        assert "WHERE" in stale, "only the few that are stale are in it"
    engine.dispose()


def _is_in_models(told: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """Everything but the full-text index, which differs between the databases and is tested with the search."""
    return not (reflected and name and name.startswith("lookup_index"))


async def test_the_query_for_work_reads_no_finished_deliveries(tmp_path: Path) -> None:
    async with opened(fresh_sqlite(tmp_path / "club.db")) as store:
        club, _, papers = await founded(store)
        async with store.admin_session() as admin:
            await admin.directory.join(club, "wall", "W1", "")
        async with store.begin(club.id) as db:
            room = await db.rooms.assign(1, "papers", "papers", "papers")
            for number in range(200):
                await db.deliveries.plan(DeliveryKind.SKIP_NOTICE, number, room, NOW, submission_id=papers[0].id)
            await db._session.execute(text("UPDATE delivery SET state = 'sent'"))
        await store.analyze()
        steps = await query_plan(store, lambda admin: admin.claims.due_kinds(NOW))
    assert "SCAN delivery" not in steps
    assert "ix_delivery_stale" in steps


async def test_looking_for_due_tasks_reads_no_club_that_needs_nothing(tmp_path: Path) -> None:
    async with opened(fresh_sqlite(tmp_path / "club.db")) as store:
        async with store.admin_session() as admin:
            for number in range(200):
                await admin.directory.create_club(f"Club {number}", "UTC", NOW)
        await store.analyze()
        steps = await query_plan(store, lambda admin: admin.tasks.may_have_due(TaskKind.NEWS, "me", NOW))
        due = await query_plan(store, lambda admin: admin.notification_queue.due(NOW, ["wall"], limit=1))
    assert "ix_task_due" in steps
    assert "ix_task_lease" in steps
    assert "SCAN task" not in steps
    assert "ix_alert_due" in due


async def test_names_that_differ_are_looked_for_among_linked_accounts_alone(tmp_path: Path) -> None:
    async with opened(fresh_sqlite(tmp_path / "club.db")) as store:
        club, _, _ = await founded(store)
        async with store.begin(club.id) as db:
            for number in range(200):
                await db.members.get_or_create("slack", f"U{number}", f"Person {number}", "T1", NOW)
            ada = await db.members.get_or_create("slack", "UADA", "Ada", "T1", NOW)
            other = await db.members.get_or_create("discord", "D1", "ada_l", "G1", NOW)
            assert await db.members.other_names("discord") == {}
            await db.account_linking.link(other, ada, NOW)
        await store.analyze()
        async with store.begin(club.id) as db:
            assert await db.members.other_names("discord") == {ada.id: "ada_l"}
            assert await db.members.other_names("slack") == {}
            await db.members.rename(ada, "slack", "UADA", "Ada L.")
            assert await db.members.other_names("discord") == {ada.id: "ada_l"}
            await db.members.rename(ada, "discord", "D1", "Ada L.")
            await db.members.rename(ada, "discord", "D1", "Countess")
            assert await db.members.other_names("slack") == {ada.id: "Ada L."}, "now named after the other account"
        asked: list[Any] = []
        event.listen(store._engines.reader.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
        async with store.read(club.id) as db:
            await db.members.other_names("slack")
            [(question, given)] = [said for said in asked if "account" in said[0]]
            plan = await db._session.run_sync(
                lambda session: session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", given).all()
            )
    assert "ix_account_linked" in str(plan)


async def query_plan(store: Store, ask: Callable[[AdminSession], Awaitable[object]]) -> str:
    """SQLite's plan for a query."""
    asked: list[Any] = []
    event.listen(store._engines.lookup.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
    async with store.read_admin_session() as admin:
        assert not await ask(admin)
        [(question, given)] = [said for said in asked if said[0].startswith("SELECT")]
        plan = await admin._session.run_sync(
            lambda session: session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", given).all()
        )
    return "\n".join(str(row) for row in plan)
