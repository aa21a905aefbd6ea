"""What every repository has: a session and, but for the house-wide ones, the one club it may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.chat.text import clean
from bot.domain.models import Table

Result = TypeVar("Result")


class Repository:
    """Questions to one part of one club's shelf."""

    def __init__(self, session: AsyncSession, club_id: int) -> None:
        self._session = session
        self._club_id = club_id

    async def _at_once(self, work: Callable[[Connection], Result]) -> Result:
        """Carry several statements out in one go, on the block's own connection."""
        return await self._session.run_sync(lambda session: work(session.connection()))


async def put(
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


def like(words: str) -> str:
    """Words as the inside of a LIKE pattern (escaped with a backslash), cleaned and folded to lower case."""
    folded = clean(words).lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{folded}%"
