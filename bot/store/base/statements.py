"""What repositories ask in common: rows put or overwritten, rows held, texts that hold what was typed."""

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
    """Insert a row; one that is there is left (no `keys`) or overwritten (all but `keys`). True if written.

    With `unless`, a row that has the same in that column already is left as it is.
    """
    dialect = session.get_bind().dialect.name
    written = await session.execute(upsert(dialect, table, tuple(values), tuple(keys), unless), values)
    return written.first() is not None


@cache
def upsert(dialect: str, table: type[Table], columns: tuple[str, ...], keys: tuple[str, ...], unless: str = "") -> Any:
    """The statement, built once: building it anew takes longer than carrying it out.

    What comes back says for certain whether a row was written; PostgreSQL's driver does not count them here.
    """
    rows: Any = table.__table__
    insert: Any = postgresql.insert(rows) if dialect == "postgresql" else sqlite.insert(rows)
    if keys:
        changed = {name: insert.excluded[name] for name in columns if name not in keys}
        news = rows.c[unless] != insert.excluded[unless] if unless else None
        insert = insert.on_conflict_do_update(index_elements=list(keys), set_=changed, where=news)
    else:
        insert = insert.on_conflict_do_nothing()
    return insert.returning(*rows.primary_key)


def for_update(question: Select[Result], *, table: type[Table] | None = None) -> Select[Result]:
    """The question with its rows held until the block ends, read as they are then, also where they were read before."""
    return question.with_for_update(of=table).execution_options(populate_existing=True)


def contains_text(column: Any, typed: str) -> ColumnElement[bool]:
    """Whether a column's text has what was typed in it, in capitals or not.

    SQLite knows capitals of the letters A to Z alone, PostgreSQL those of its locale, so of other alphabets the usual
    spellings are looked for: as it was typed, small, with capitals in front, in capitals.
    """
    text = clean(typed)
    spellings = dict.fromkeys(map(_ascii_lower, (text.lower(), text, text.title(), text.capitalize(), text.upper())))
    return or_(*(_lowercase(column).like(_pattern(word), escape="\\") for word in spellings))


class _lowercase(FunctionElement[str]):  # noqa: N801 # it reads as the function it is
    """A text in small letters, to be compared by LIKE. SQLite compares A to Z that way by itself, in half the time."""

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
