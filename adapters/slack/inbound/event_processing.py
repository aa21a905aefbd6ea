"""Stores events before they are handled: a crash loses none, and a repeated one is handled once.

Slack repeats an event whose acknowledgement it did not receive. The key is the event's own id; the header that marks a
repeat does not count, since the first copy may have been lost. A message in a shared channel arrives once for each
workspace, so messages are identified by channel and timestamp.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from adapters.slack.transport.task_group import TaskGroup
from bot.app import App
from bot.chat.gateway import NotSent
from bot.domain.models import InboxState
from bot.store.database.outage import write_until_stored

log = logging.getLogger(__name__)

Json = dict[str, Any]

ABANDONED_AFTER = timedelta(minutes=2)
"""Age after which an unhandled event counts as abandoned, since no process can still be working on it."""
MAX_ATTEMPTS = 3
"""Attempts to handle an event before it is given up."""
RETENTION = timedelta(days=1)
"""Time that handled events are remembered for. Slack sends its last repeat after six minutes."""


class EventProcessor:
    """Stores events, handles them, and retries abandoned ones."""

    def __init__(self, app: App, handle: Callable[[Json], Awaitable[None]], tasks: TaskGroup) -> None:
        self._app = app
        self._handle = handle
        self._tasks = tasks

    async def store(self, body: Json) -> bool:
        """Store an event and start handling it; False if it was stored before. Raises database errors if it cannot be
        stored.
        """
        key = key_of(body)
        payload = {name: value for name, value in body.items() if name != "token"}
        async with self._app.store.admin_session() as admin:
            is_new = await admin.events.receive(key, "slack", payload, self._app.now())
        if is_new:
            self._tasks.start(self._handle_stored(key, payload, 0), f"handle {body['event'].get('type')}")
        return is_new

    async def retry_pending(self) -> int:
        """Handle events abandoned by a crash or a failure, and delete old ones. Returns the number of retried
        events.
        """
        now = self._app.now()
        async with self._app.store.read_admin_session() as admin:
            abandoned = await admin.events.unhandled("slack", now - ABANDONED_AFTER)
        retried = 0
        for event in abandoned:
            async with self._app.store.admin_session() as admin:
                claimed = await admin.events.claim(event, now)
            if claimed:
                retried += 1
                handling = self._handle_stored(event.key, event.payload, event.tries + 1)
                # A task of its own: a stop waits for it, so that an answered event is also marked as handled.
                await asyncio.shield(self._tasks.start(handling, f"retry {event.key}"))
        async with self._app.store.admin_session() as admin:
            await admin.events.delete_before("slack", now - RETENTION)
        return retried

    async def _handle_stored(self, key: str, body: Json, tries: int) -> None:
        try:
            await self._handle(body)
        except Exception as error:
            if isinstance(error, NotSent):
                log.info("%s: Slack could not be reached: %s", key, error)
            else:
                log.exception("%s was not handled", key)
            if tries + 1 < MAX_ATTEMPTS:
                return  # it stays in the inbox for the next retry
            state = InboxState.FAILED
        else:
            state = InboxState.DONE

        async def mark() -> None:
            async with self._app.store.admin_session() as admin:
                await admin.events.mark_handled(key, state)

        # Its answer may be out: if this were not stored, it would be answered once more.
        await write_until_stored(f"that {key} was handled", mark)


def key_of(body: Json) -> str:
    """The key that identifies an event, the same in every copy of it."""
    event = body.get("event", {})
    kind = str(event.get("type", ""))
    if kind in ("message", "app_mention") and event.get("channel") and event.get("ts"):
        return f"slack:{kind}:{event['channel']}:{event['ts']}"
    return f"slack:{body.get('event_id') or kind}"
