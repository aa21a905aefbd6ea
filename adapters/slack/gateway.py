"""Slack as a platform that the club posts to: one way out, which never sends anything twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from typing import Any

from aiohttp import ClientConnectorError, ClientError
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.listeners import Listeners
from adapters.slack.render import fallback, render
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import Finding, NotSent, OutcomeUnknown, Posted, Refused, Where
from bot.settings import Slack

log = logging.getLogger(__name__)

TIMEOUT = 20
"""Seconds a send may take before its outcome counts as unknown."""

EVENT = "journalclub_delivery"
"""The type of the metadata that names a delivery, so that it can be found again."""

MENDABLE = {
    "channel_not_found": "the channel does not exist, or is private and I am not in it: invite me with /invite",
    "not_in_channel": "I am not in that channel: invite me there with /invite",
    "is_archived": "the channel is archived: choose another with /clubadmin channels",
    "missing_scope": "the app lacks a permission: reinstall it from the manifest (`journalclub manifest slack`)",
    "invalid_auth": "Slack does not accept the token: reinstall the app and set JOURNALCLUB_SLACK__BOT_TOKEN",
    "account_inactive": "the app was removed from the workspace: reinstall it",
    "token_revoked": "the token was revoked: reinstall the app and set JOURNALCLUB_SLACK__BOT_TOKEN",
    "restricted_action": "a workspace setting keeps me from posting there: ask a workspace admin",
    "message_not_found": "the message was deleted",
    "cant_update_message": "the message is not mine to change",
}
"""What Slack's refusals mean for a person."""

PERHAPS_SENT = {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "ratelimited_unknown"}
"""Errors after which, in Slack's own words, some of the operation may have succeeded."""


class SlackGateway:
    """Also the one who listens: in Socket Mode, no public address is needed."""

    name = "slack"
    redraws = False  # many votes in a row become one chat.update, which also keeps the message's metadata

    def __init__(self, app: App, settings: Slack) -> None:
        self._app = app
        self._settings = settings
        token = settings.bot_token.get_secret_value()
        # The default client sends a lost request again, which posts twice; this one never does.
        self._client = AsyncWebClient(token=token, base_url=settings.base_url, timeout=TIMEOUT, retry_handlers=[])
        self._bolt = AsyncApp(client=self._client, signing_secret=settings.signing_secret.get_secret_value() or None)
        Listeners(app, settings.command_prefix).join(self._bolt)

    async def serve(self) -> None:
        """Listen by Socket Mode until cancelled."""
        client = AsyncWebClient(base_url=self._settings.base_url)
        handler = AsyncSocketModeHandler(self._bolt, self._settings.app_token.get_secret_value(), web_client=client)
        try:
            await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt does not type it
            await asyncio.Event().wait()
        finally:
            await handler.close_async()  # type: ignore[no-untyped-call] # Bolt does not type it

    async def post(self, where: Where, card: Card, *, key: str) -> Posted:
        """Post a card; its metadata carries the delivery's key."""
        said = await _send(
            self._client.chat_postMessage(
                channel=where.room,
                thread_ts=where.thread or None,
                text=fallback(card),
                blocks=render(card),
                metadata={"event_type": EVENT, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        ts = str(said["ts"])
        return Posted(ts, ts, await self._permalink(str(said["channel"]), ts))

    async def edit(self, where: Where, card: Card, *, key: str) -> None:
        """Draw a posted card anew. The metadata is sent again: whether Slack keeps it otherwise is not documented."""
        await _send(
            self._client.chat_update(
                channel=where.room,
                ts=where.message,
                text=fallback(card),
                blocks=render(card),
                metadata={"event_type": EVENT, "event_payload": {"key": key}},
            )
        )

    async def discuss(self, where: Where, title: str, card: Card) -> Posted:
        """Say the first words in the thread of a posted card. In Slack every message can have one."""
        await _send(
            self._client.chat_postMessage(
                channel=where.room,
                thread_ts=where.message,
                text=fallback(card),
                blocks=render(card),
                unfurl_links=False,
                unfurl_media=False,
            )
        )
        return Posted(where.message, where.message, await self._permalink(where.room, where.message))

    async def find(self, where: Where, *, key: str, since: float) -> Posted | None:
        """Look for a delivery in the channel's history, which needs the optional history scope."""
        if not self._settings.history:
            raise Refused("without the history scope Slack does not let me look; a moderator can")
        said = await _send(
            self._client.conversations_history(
                channel=where.room, oldest=f"{since:.6f}", limit=15, include_all_metadata=True
            )
        )
        for message in said["messages"]:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("key") == key:
                ts = str(message["ts"])
                return Posted(ts, ts, await self._permalink(where.room, ts))
        return None

    async def tell(self, where: Where, person: str, card: Card) -> None:
        """Say something to one person, in a direct message."""
        opened = await _send(self._client.conversations_open(users=[person]))
        await _send(
            self._client.chat_postMessage(
                channel=opened["channel"]["id"],
                text=fallback(card),
                blocks=render(card),
                unfurl_links=False,
                unfurl_media=False,
            )
        )

    async def doctor(self, workspace: str, rooms: Sequence[Where]) -> list[Finding]:
        """Check the token and whether each room may be posted to."""
        try:
            said = await _send(self._client.auth_test())
        except (Refused, NotSent, OutcomeUnknown) as error:
            return [Finding("Slack", False, str(error))]
        findings = [Finding("Slack", True, f"connected to {said.get('team')} as {said.get('user')}")]
        for room in rooms:
            try:
                info = await _send(self._client.conversations_info(channel=room.room))
            except (Refused, NotSent, OutcomeUnknown) as error:
                findings.append(Finding(f"Slack channel {room.room}", False, str(error)))
                continue
            channel = info["channel"]
            trouble = (
                "is_archived" if channel.get("is_archived") else "" if channel.get("is_member") else "not_in_channel"
            )
            name = f"#{channel.get('name', room.room)}"
            findings.append(Finding(name, not trouble, MENDABLE.get(trouble, "may be posted to")))
        return findings

    async def _permalink(self, channel: str, ts: str) -> str:
        try:
            return str((await _send(self._client.chat_getPermalink(channel=channel, message_ts=ts)))["permalink"])
        except (Refused, NotSent, OutcomeUnknown) as error:
            log.info("no permalink for a message: %s", error)
            return ""


async def _send(request: Awaitable[Any]) -> Any:
    """Carry out one request and say for certain what became of it, or that nobody knows."""
    try:
        return await request
    except SlackApiError as error:
        raise _outcome(error) from error
    except ClientConnectorError as error:
        raise NotSent(f"Slack cannot be reached ({error})") from error
    except (TimeoutError, ClientError, OSError) as error:
        raise OutcomeUnknown(f"the connection to Slack broke ({error!r})") from error


def _outcome(error: SlackApiError) -> Exception:
    response: Any = error.response
    status = getattr(response, "status_code", 200)
    said = response.get("error", "") if isinstance(getattr(response, "data", None), dict) else ""
    if status == 429 or said in ("ratelimited", "rate_limited"):
        return NotSent("Slack asks for a pause", _retry_after(response.headers))
    if status >= 500 or not said or said in PERHAPS_SENT:
        return OutcomeUnknown(f"Slack answered {status} {said}".strip())
    if said in MENDABLE:
        return Refused(MENDABLE[said])
    return Refused(f"Slack refused it: {said}")


def _retry_after(headers: Any) -> float:
    try:
        return max(1.0, float(headers.get("Retry-After", 30)))
    except (TypeError, ValueError):
        return 30.0
