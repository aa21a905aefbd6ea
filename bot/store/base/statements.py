"""Statements that several repositories share: insert or overwrite a row, lock rows, search texts by substring."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from string import ascii_uppercase
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.chat.text import clean
from bot.domain.models import Table

Result = TypeVar("Result")


async def insert_if_absent(
    session: AsyncSession,
    table: type[Table],
    values: dict[str, Any],
    *,
    keys: Sequence[str] = (),
    unless: str = "",
) -> bool:
    """Insert a row. An existing row stays (no `keys`) or is overwritten in all columns but `keys`. True if a row was
    written.

    With `unless`, an existing row that already has the same value in that column stays unchanged.
    """
    dialect = session.get_bind().dialect.name
    written = await session.execute(upsert(dialect, table, tuple(values), tuple(keys), unless), values)
    return written.first() is not None


async def insert_absent(session: AsyncSession, table: type[Table], rows: Sequence[dict[str, Any]]) -> int:
    """Insert those rows that do not exist, all with the same columns, in one statement. Returns their number."""
    if not rows:
        return 0
    dialect = session.get_bind().dialect.name
    written = await session.execute(upsert(dialect, table, tuple(rows[0]), ()), list(rows))
    return len(written.all())


@cache
def upsert(dialect: str, table: type[Table], columns: tuple[str, ...], keys: tuple[str, ...], unless: str = "") -> Any:
    """The INSERT statement of `insert_if_absent`, cached: building it takes longer than executing it.

    It returns the primary key of a row that was written, since PostgreSQL's driver does not count rows here.
    """
    rows: Any = table.__table__
    insert: Any = postgresql.insert(rows) if dialect == "postgresql" else sqlite.insert(rows)
    if keys:
        changed = {name: insert.excluded[name] for name in columns if name not in keys}
        is_changed = rows.c[unless] != insert.excluded[unless] if unless else None
        insert = insert.on_conflict_do_update(index_elements=list(keys), set_=changed, where=is_changed)
    else:
        insert = insert.on_conflict_do_nothing()
    return insert.returning(*rows.primary_key)


def for_update(statement: Select[Result], *, table: type[Table] | None = None) -> Select[Result]:
    """The statement with its rows locked until the transaction ends; rows that were read before are read again."""
    return statement.with_for_update(of=table).execution_options(populate_existing=True)


def contains_text(column: Any, query: str) -> ColumnElement[bool]:
    """Condition: the column's text contains the typed text, whatever its case.

    SQLite folds the case of A to Z only, PostgreSQL that of its locale. For other alphabets the usual spellings are
    compared: as typed, lower case, title case, capitalized, upper case.
    """
    text = clean(query)
    spellings = dict.fromkeys(map(_ascii_lower, (text.lower(), text, text.title(), text.capitalize(), text.upper())))
    return or_(*(_lowercase(column).like(_pattern(word), escape="\\") for word in spellings))


class _lowercase(FunctionElement[str]):  # noqa: N801 # SQL function
    """A text in lower case, for LIKE. SQLite's LIKE already ignores the case of A to Z, in half the time."""

    type = String()
    inherit_cache = True


@compiles(_lowercase)
def _compile_lower(element: _lowercase, compiler: SQLCompiler, **given: Any) -> str:
    return f"lower({compiler.process(element.clauses, **given)})"


@compiles(_lowercase, "sqlite")
def _compile_unchanged(element: _lowercase, compiler: SQLCompiler, **given: Any) -> str:
    return compiler.process(element.clauses, **given)


def _ascii_lower(text: str) -> str:
    return text.translate(_ASCII_LOWER)


_ASCII_LOWER = {ord(letter): letter.lower() for letter in ascii_uppercase}


def _pattern(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
