"""Rows in one spelling, whichever engine holds them: by their hashes two databases are compared, table by table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from typing import Any

from sqlalchemy import JSON, Connection, Text, bindparam, cast, select, type_coerce
from sqlalchemy import Table as SqlTable

from bot.domain.models import CachedFact, SearchEntry, Table
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.database.schema_check import OLDEST_PROGRAM
from bot.store.delivery.key_prefix import KEY_PREFIX

OWN_FACTS = (OLDEST_PROGRAM, KEY_PREFIX, BACKED_UP_AT, "probe", "lookups")
"""Facts that each database has of its own: they are neither copied nor compared."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class TableDigest:
    """One table: how many rows it has, and their hash."""

    name: str
    rows: int
    sha256: str


def copied_tables() -> Sequence[SqlTable]:
    """The tables that are copied, each after those that it points at. What papers are found by is made anew."""
    return [table for table in Table.metadata.sorted_tables if table.name != SearchEntry.__tablename__]


def rows_of(connection: Connection, table: SqlTable) -> Iterator[Sequence[dict[str, Any]]]:
    """All rows of a table, some at a time. JSON is left as its text: so NULL and JSON's null stay apart."""
    as_text: Any = cast if connection.dialect.name == "postgresql" else type_coerce
    question = select(*(as_text(c, Text).label(c.name) if isinstance(c.type, JSON) else c for c in table.c))
    if table.name == CachedFact.__tablename__:
        question = question.where(table.c.name.not_in(OWN_FACTS))
    streamed = connection.execute(question, execution_options={"yield_per": BATCH})
    for batch in streamed.mappings().partitions():
        yield [dict(row) for row in batch]


def insert_of(connection: Connection, table: SqlTable) -> Any:
    """The statement that puts such rows into a table."""

    def given(column: Any) -> Any:
        if not isinstance(column.type, JSON):
            return bindparam(column.name, type_=column.type)
        text = bindparam(column.name, type_=Text())
        return cast(text, JSON) if connection.dialect.name == "postgresql" else text

    return table.insert().values({column.name: given(column) for column in table.c})


def digest(connection: Connection, table: SqlTable) -> TableDigest:
    """The hash of a table's rows: of each row's own hash, in order, since the engines sort texts differently."""
    found = sorted(
        sha256(canonical(table, row).encode("utf-8", "surrogatepass")).digest()
        for batch in rows_of(connection, table)
        for row in batch
    )
    return TableDigest(table.name, len(found), sha256(b"".join(found)).hexdigest())


def canonical(table: SqlTable, row: dict[str, Any]) -> str:
    """A row as JSON whose keys are in order."""
    read = {
        name: [json.loads(value)] if isinstance(table.c[name].type, JSON) and value is not None else value
        for name, value in row.items()
    }
    return json.dumps(read, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_spelled)


def _spelled(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    raise TypeError(f"a column holds a {type(value).__name__}, which has no spelling")
