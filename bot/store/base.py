"""What every repository has: a session and, but for the house-wide ones, the one club it may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Insert, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.text import clean
from bot.domain.models import Table


class Repository:
    """Questions to one part of one club's shelf."""

    def __init__(self, session: AsyncSession, club_id: int) -> None:
        self._session = session
        self._club_id = club_id


async def put(session: AsyncSession, table: type[Table], values: dict[str, Any], *, keys: Sequence[str] = ()) -> bool:
    """Insert a row; one that is there is left (no `keys`) or overwritten (all but `keys`). True if written."""
    statement: Any = _insert(session, table).values(**values)
    if keys:
        changed = {name: value for name, value in values.items() if name not in keys}
        statement = statement.on_conflict_do_update(index_elements=list(keys), set_=changed)
    else:
        statement = statement.on_conflict_do_nothing()
    # What comes back says for certain whether a row was written; PostgreSQL's driver does not count them here.
    written = await session.execute(statement.returning(*inspect(table).primary_key))
    return written.first() is not None


def _insert(session: AsyncSession, table: type[Table]) -> Insert:
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def like(words: str) -> str:
    """Words as the inside of a LIKE pattern (escaped with a backslash), cleaned and folded to lower case."""
    folded = clean(words).lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{folded}%"
