"""Rows that other rows refer to, by the foreign keys of the schema."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import FromClause, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.models import Table

CHUNK = 500
"""Ids that are looked up by one statement."""


async def used_rows(
    session: AsyncSession, table: FromClause, ids: Collection[int], *, apart_from: str = ""
) -> set[int]:
    """Those of the ids of a table that a row of another table refers to, or of this one, apart from one named table."""
    columns = [
        column
        for other in Table.metadata.sorted_tables
        if other.name != apart_from
        for column in other.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]
    wanted = sorted(ids)
    found: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        for column in columns:
            found |= set(await session.scalars(select(column).where(column.in_(chunk)).distinct()))
    return found
