"""Connections of a pool are tried before use where they have rested; one that is in use all the time is not."""

from __future__ import annotations

from time import monotonic
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

REST = 0.05
"""Seconds after which a connection that nobody used is tried before it is used. A try is a round trip."""
_USED_AT = "used_at"
PREPARE_AFTER = 1
"""Times that a connection runs a statement before it prepares it, so that the server no longer plans it."""
PREPARED = 200
"""Prepared statements of a connection; each takes 40 KB of the server's memory. An edition needs 120 on its way: with
fewer, each would be prepared and dropped all the time."""


def ping_after_rest(engine: AsyncEngine) -> None:
    """Try connections of an engine's pool that have rested; one that is cut is replaced, and all as old with it."""
    dialect = engine.sync_engine.dialect

    def used(connection: Any, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = monotonic()

    def try_rested(connection: Any, record: ConnectionPoolEntry, proxy: object) -> None:
        if monotonic() - record.info.get(_USED_AT, monotonic()) < REST:
            return
        try:
            dialect.do_ping(connection)
        except Exception as error:
            if not dialect.is_disconnect(error, connection, None):  # type: ignore[arg-type] # of whatever it is
                raise
            raise InvalidatePoolError from error

    event.listen(engine.sync_engine, "checkin", used)
    event.listen(engine.sync_engine, "checkout", try_rested)


def keep_prepared(engine: AsyncEngine) -> None:
    """Have PostgreSQL keep the plans of the program's statements on each connection."""

    def opened(connection: Any, record: ConnectionPoolEntry) -> None:
        driver = connection.driver_connection
        driver.prepare_threshold, driver.prepared_max = PREPARE_AFTER, PREPARED

    event.listen(engine.sync_engine, "connect", opened)
