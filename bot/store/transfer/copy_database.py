"""Copies of a whole installation from one engine to the other, compared table by table before they count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, event, func, inspect, make_url, select, text, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import DataError

from bot.domain.models import CachedFact
from bot.errors import UserError
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.database.engine import lock_file
from bot.store.database.migrate import migrate
from bot.store.database.schema_check import check_schema
from bot.store.delivery.key_prefix import KEY_PREFIX, new_prefix
from bot.store.transfer.canonical_rows import TableDigest, copied_tables, digest, insert_of, rows_of
from bot.store.transfer.postgresql_backup import other_sessions


@dataclass(frozen=True, slots=True)
class CopyReport:
    """Result of a copy. `running`: a program was using the source, so the copy counts as a backup."""

    tables: Sequence[TableDigest]
    running: bool


def copy_database(source: str, target: str, now: datetime) -> CopyReport:
    """Copy every row to an empty database of any engine. Returns the tables' hashes, which are equal on both sides.

    The copy posts under keys of its own. If a program used the source meanwhile, the copy starts in quarantine, as a
    restored backup does. Raises UserError if the target is not empty, or if rows differ; then it is left empty.
    """
    if make_url(source) == make_url(target):
        raise UserError("The source and the target are the same database.")
    if _is_sqlite(source) and not Path(make_url(source).database or "").exists():
        raise UserError("There is no database to copy yet.")
    with _reading(source) as (origin, running):
        check_schema(origin)
        with _connection(target, writes=True) as found:
            _need_empty(found)
        migrate(target)
        with _connection(target, writes=True) as made:
            _need_empty(made)
            if not _is_sqlite(target):
                made.execute(text("LOCK TABLE club, fact IN EXCLUSIVE MODE"))
            tables = [_copy(origin, made, table) for table in copied_tables()]
            old = origin.scalar(select(CachedFact.value).where(CachedFact.name == KEY_PREFIX)) or ""
            marks = {KEY_PREFIX: new_prefix(old)} | ({BACKED_UP_AT: now.astimezone(UTC).isoformat()} if running else {})
            for name, value in marks.items():
                made.execute(CachedFact.__table__.insert().values(name=name, value=value))  # type: ignore[attr-defined]
    return CopyReport(tables, running)


def _copy(origin: Connection, made: Connection, table: SqlTable) -> TableDigest:
    """Copy one table and compare both sides. Columns that refer to the same table are filled at the end."""
    within = [column.name for column in table.c for key in column.foreign_keys if key.column.table is table]
    later: list[dict[str, object]] = []
    insert = insert_of(made, table)
    try:
        for batch in rows_of(origin, table):
            later += [row for row in batch if any(row[name] is not None for name in within)]
            made.execute(insert, [{**row, **dict.fromkeys(within)} for row in batch])
        for row in later:
            same = [column == row[column.name] for column in table.primary_key]
            made.execute(update(table).where(*same).values({name: row[name] for name in within}))
    except DataError as error:
        raise UserError(f"A row of {table.name} cannot be kept by the other engine: {error.orig}") from error
    _continue_numbers(made, table)
    before, after = digest(origin, table), digest(made, table)
    if before != after:
        raise UserError(f"The rows of {table.name} differ after they were copied, so nothing is kept of the copy.")
    return after


def _continue_numbers(made: Connection, table: SqlTable) -> None:
    """Set the table's sequence in PostgreSQL to the highest number that was copied."""
    keys = list(table.primary_key)
    if made.dialect.name != "postgresql" or len(keys) != 1 or keys[0].type.python_type is not int:
        return
    sequence = made.scalar(
        text("SELECT pg_get_serial_sequence(:name, :key)"), {"name": table.name, "key": keys[0].name}
    )
    highest = made.scalar(select(func.max(keys[0])))
    if sequence and highest:
        made.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})


def _need_empty(target: Connection) -> None:
    """Raises UserError if a database has anything but the empty tables of this program."""
    there = {name for name in inspect(target).get_table_names() if not name.startswith("lookup_index")}
    ours = {table.name: table for table in copied_tables()}
    strange = there - ours.keys() - {"alembic_version", "lookup"}
    if (there and "alembic_version" not in there) or strange:
        raise UserError("The target has tables of another program. Give an empty database.")
    for name in sorted((there & ours.keys()) - {CachedFact.__tablename__}):
        if target.execute(select(ours[name]).limit(1)).first() is not None:
            raise UserError("The target is not empty. Give an empty database: nothing is overwritten.")
    if CachedFact.__tablename__ in there:
        target.execute(CachedFact.__table__.delete().where(CachedFact.name.in_((KEY_PREFIX, BACKED_UP_AT))))  # type: ignore[attr-defined]


@contextmanager
def _reading(url: str) -> Iterator[tuple[Connection, bool]]:
    """The source at one moment, and True if a program uses it. SQLite files that no program uses stay locked."""
    lock = None
    running = False
    if _is_sqlite(url):
        try:
            lock = lock_file(Path(make_url(url).database or ""))
        except UserError:
            running = True
    try:
        with _connection(url, writes=False) as connection:
            if not _is_sqlite(url):
                raw: object = connection.connection.dbapi_connection
                running = other_sessions(raw) > 0  # type: ignore[arg-type] # psycopg's
            yield connection, running
    finally:
        if lock:
            lock.close()


@contextmanager
def _connection(url: str, *, writes: bool) -> Iterator[Connection]:
    """One transaction that sees one moment."""
    parsed = make_url(url)
    if _is_sqlite(url):
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed.set(drivername="sqlite"), connect_args={"timeout": 60}, hide_parameters=True)

        @event.listens_for(engine, "connect")
        def connect(connection: object, record: object) -> None:
            connection.isolation_level = None  # type: ignore[attr-defined] # as in migrations

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    else:
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"), isolation_level="REPEATABLE READ", hide_parameters=True
        )
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"
