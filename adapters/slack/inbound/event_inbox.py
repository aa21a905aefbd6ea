"""Events, written down before they are handled: a crash loses none, and one that comes twice is handled once.

Slack tells of an event again when it did not hear our acknowledgement; the key is the event's own id, never the header
that says "again", since the first copy may be the one that was lost. A message in a shared channel comes once for each
workspace, so messages are known by channel and time.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from adapters.slack.transport.task_group import TaskGroup
from bot.app import App
from bot.chat.gateway import NotSent
from bot.domain.models import InboxState

log = logging.getLogger(__name__)

Json = dict[str, Any]

ABANDONED_AFTER = timedelta(minutes=2)
"""Age from which an event that is not handled counts as left behind: nobody is at work on it any more."""
MAX_ATTEMPTS = 3
"""How often handling an event is begun before it is given up."""
RETENTION = timedelta(days=1)
"""How long events are remembered. Slack sends the last copy after six minutes."""


class StoredEvents:
    """Takes events in, hands them on, and goes back for what was left behind."""

    def __init__(self, app: App, handle: Callable[[Json], Awaitable[None]], tasks: TaskGroup) -> None:
        self._app = app
        self._handle = handle
        self._tasks = tasks

    async def store(self, body: Json) -> bool:
        """Write an event down and set about it; False if it came before. Raises where it cannot be written down."""
        key = key_of(body)
        payload = {name: value for name, value in body.items() if name != "token"}
        async with self._app.store.admin_session() as admin:
            is_new = await admin.events.receive(key, "slack", payload, self._app.now())
        if is_new:
            self._tasks.start(self._handle_stored(key, payload, 0), f"handle {body['event'].get('type')}")
        return is_new

    async def retry_pending(self) -> int:
        """Handle what was left behind by a crash or a failure, and forget what is old. How many were begun again."""
        now = self._app.now()
        async with self._app.store.read_admin_session() as admin:
            abandoned = await admin.events.unhandled("slack", now - ABANDONED_AFTER)
        retried = 0
        for event in abandoned:
            async with self._app.store.admin_session() as admin:
                claimed = await admin.events.claim(event, now)
            if claimed:
                retried += 1
                await self._handle_stored(event.key, event.payload, event.tries + 1)
        async with self._app.store.admin_session() as admin:
            await admin.events.delete_before("slack", now - RETENTION)
        return retried

    async def _handle_stored(self, key: str, body: Json, tries: int) -> None:
        try:
            await self._handle(body)
        except Exception as error:
            if isinstance(error, NotSent):
                log.info("%s: Slack could not be told just now: %s", key, error)
            else:
                log.exception("%s was not handled", key)
            if tries + 1 < MAX_ATTEMPTS:
                return  # it stays in the inbox, and the sweep comes back for it
            state = InboxState.FAILED
        else:
            state = InboxState.DONE
        async with self._app.store.admin_session() as admin:
            await admin.events.mark_handled(key, state)


def key_of(body: Json) -> str:
    """What tells an event from all others."""
    event = body.get("event", {})
    kind = str(event.get("type", ""))
    if kind in ("message", "app_mention") and event.get("channel") and event.get("ts"):
        return f"slack:{kind}:{event['channel']}:{event['ts']}"
    return f"slack:{body.get('event_id') or kind}"
