"""Listening on PostgreSQL for what other processes have committed, so that nobody waits for the next half minute."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable

import psycopg
from sqlalchemy import URL

log = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds before a lost connection is opened again; meanwhile the loops look by themselves."""


async def listen(
    url: URL, channel: str, notify: Callable[[Iterable[str]], None], notify_all: Callable[[], None]
) -> None:
    """Call `notify` with the topics of each notification on a channel, until cancelled.

    `notify_all` is called whenever listening begins, since something may have been missed before.
    """
    conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
                await connection.execute(f"LISTEN {channel}")
                notify_all()
                async for notification in connection.notifies():
                    notify(notification.payload.split())
        except psycopg.Error as error:
            log.info("not listening for other processes (%s); it is tried again", type(error).__name__)
        await asyncio.sleep(PAUSE)
