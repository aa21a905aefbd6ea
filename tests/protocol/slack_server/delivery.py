"""How commands, interactions and events reach the app: by Socket Mode or by signed HTTP, with Slack's retries."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tests.protocol.slack_server.ledger import Ack, Sent
from tests.protocol.slack_server.world import ServerState

Json = dict[str, Any]
Kind = Literal["slash_commands", "interactive", "events_api"]
ACK_SECONDS = 3.0
RETRIES = (0.0, 60.0, 300.0)  # seconds after the failure before, for events only
REASONS = {"operation_timeout": "http_timeout", "connection_failed": "connection_failed", "http_error": "http_error"}
MESSAGES = {"channel": "channels", "group": "groups", "im": "im"}
# The scope without which Slack does not send an event.
NEEDS = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "channel_archive": "channels:read",
    "channel_unarchive": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "group_archive": "groups:read",
    "group_left": "groups:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "subteam_updated": "usergroups:read",
    "link_shared": "links:read",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
}


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One attempt to hand something to the app."""

    kind: Kind
    payload: Json
    retry: int = 0
    reason: str = ""


class Transport(Protocol):
    """A way to the app; `send` never raises: what goes wrong is in the Ack."""

    async def send(self, parcel: DeliveryAttempt) -> Ack: ...


class PayloadDispatcher:
    """Hands things to the app, writes down the acks, and repeats events as Slack does."""

    def __init__(self, world: ServerState) -> None:
        self._world = world
        self.transport: Transport | None = None
        self.retry_events = True
        self._tasks: set[asyncio.Task[Any]] = set()

    async def hand_over(self, kind: Kind, payload: Json) -> Ack:
        """Deliver a command or an interaction once: these are never retried."""
        sent = self._note(kind, payload)
        ack = await self._attempt(sent, 0, "")
        sent.settled = True
        return ack

    async def report(self, team: str, event: Json) -> Ack | None:
        """Deliver an event; its retries go on in the background. None when the app does not subscribe to it."""
        payload = self._event(team, event)
        if payload is None:
            return None
        return await self.redeliver(payload)

    async def redeliver(self, payload: Json, retry: int = 0, reason: str = "") -> Ack:
        """Deliver this very event, as if for the first time or as a given retry: tests make duplicates with it."""
        sent = self._note("events_api", payload)
        ack = await self._attempt(sent, retry, reason)
        if ack.ok or ack.no_retry or not self.retry_events:
            sent.settled = True
        else:
            self.go(self._retry(sent, ack))
        return ack

    def go(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something in the background until this Slack closes."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Drop what is still under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _retry(self, sent: Sent, ack: Ack) -> None:
        for number, seconds in enumerate(RETRIES, start=1):
            await self._world.clock.sleep(seconds)
            ack = await self._attempt(sent, number, REASONS.get(ack.failure, "unknown_error"))
            if ack.ok or ack.no_retry:
                break
        sent.settled = True
        self._world.changes.notify()

    async def _attempt(self, sent: Sent, retry: int, reason: str) -> Ack:
        self._world.busy += 1
        try:
            if self.transport is None:
                ack = Ack(0.0, "not_connected")
            else:
                ack = await self.transport.send(DeliveryAttempt(sent.kind, sent.payload, retry, reason))
        finally:
            self._world.busy -= 1
            self._world.changes.notify()
        sent.acks.append(ack)
        return ack

    def _note(self, kind: Kind, payload: Json) -> Sent:
        sent = Sent(kind, payload, self._world.clock.now())
        self._world.ledger.sent.append(sent)
        self._world.changes.notify()
        return sent

    def _event(self, team: str, event: Json) -> Json | None:
        app, installation = self._world.app, self._world.installations.get(team)
        name = str(event["type"])
        if name == "message":
            name = f"message.{MESSAGES[event['channel_type']]}"
        if installation is None or (app.events is not None and name not in app.events):
            return None
        if name in NEEDS and not installation.allows([NEEDS[name]]):
            return None
        return {
            "token": app.verification_token,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self._world.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team,
                    "user_id": installation.bot_user,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{secrets.token_urlsafe(12)}",
        }
