"""Handles Slack's events from the inbox: mentions, home tabs, threads, reactions, installs and channel changes."""

from __future__ import annotations

import logging
from typing import Any

from adapters.slack.inbound import payloads
from adapters.slack.inbound.home_tab import HomeTabs
from adapters.slack.inbound.interactions import InteractionHandler
from adapters.slack.inbound.reactions import Reactions
from adapters.slack.setup.manifest import REACTION_EVENTS
from adapters.slack.setup.workspace_lifecycle import WorkspaceLifecycle
from adapters.slack.transport.interaction import Interaction
from adapters.slack.transport.outcomes import FIXABLE_ERRORS
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.gateway import Location, OutcomeUnknown, Refused
from bot.features.shared.platform_texts import CHANNEL_DELETED
from bot.locale.current import _

log = logging.getLogger(__name__)

Json = dict[str, Any]

REMOVED_EVENTS = {
    "channel_archive": FIXABLE_ERRORS["is_archived"],
    "group_archive": FIXABLE_ERRORS["is_archived"],
    "channel_deleted": CHANNEL_DELETED,
    "group_deleted": CHANNEL_DELETED,
    "channel_left": FIXABLE_ERRORS["not_in_channel"],
    "group_left": FIXABLE_ERRORS["not_in_channel"],
}
"""Events after which a channel cannot be used, with the reason."""

RESTORED_EVENTS = ("channel_unarchive", "group_unarchive")
RENAMED_EVENTS = ("channel_rename", "group_rename")


class EventHandler:
    """Handles events one by one. An event may be handled a second time after a crash."""

    def __init__(
        self,
        teams: WorkspaceClients,
        interactions: InteractionHandler,
        home_tabs: HomeTabs,
        lifecycle: WorkspaceLifecycle,
        reactions: Reactions,
    ) -> None:
        self._teams = teams
        self._reactions = reactions
        self._interactions = interactions
        self._home_tabs = home_tabs
        self._lifecycle = lifecycle

    async def handle(self, body: Json) -> None:
        """Handle an event. Raises NotSent if Slack could not be reached: the event is then retried."""
        try:
            await self._handle(str(body["team_id"]), body["event"], body)
        except (Refused, OutcomeUnknown) as error:
            # A retry would be refused again, or could post twice.
            log.warning("the event %s was handled, but not answered: %s", body["event"].get("type"), error)

    async def _handle(self, team: str, event: Json, body: Json) -> None:
        kind = str(event.get("type", ""))
        match kind:
            case "app_mention":
                await self._interactions.on_mention(payloads.from_mention(body), event.get("text") or "")
            case "message":
                await self._message(team, event, body)
            case "app_home_opened" if event.get("tab", "home") == "home":
                await self._home_tabs.show(team, str(event["user"]))
            case "link_shared" if event.get("source") != "composer":
                await self._interactions.on_link_shared(*payloads.from_link_shared(team, event))
            case _ if kind in REACTION_EVENTS:
                await self._reactions.on_event(team, event)
            case "app_uninstalled":
                await self._lifecycle.on_removed(team, _("the app was removed from the workspace"))
            case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
                await self._lifecycle.on_removed(team, _("the app’s token was revoked"))
            case "member_joined_channel" if event.get("user") == (await self._teams.get(team)).bot_user:
                await self._lifecycle.on_channel_restored(team, str(event["channel"]))
            case _ if kind in REMOVED_EVENTS:
                await self._lifecycle.on_channel_lost(team, _channel_id(event), REMOVED_EVENTS[kind])
            case _ if kind in RESTORED_EVENTS:
                await self._lifecycle.on_channel_restored(team, _channel_id(event))
            case _ if kind in RENAMED_EVENTS:
                await self._lifecycle.on_channel_renamed(
                    team, _channel_id(event), str(event["channel"].get("name", ""))
                )

    async def _message(self, team: str, event: Json, body: Json) -> None:
        """Answer a direct message to the bot; count a thread message as a reply, and a deleted one as one less."""
        if event.get("subtype") == "message_deleted":
            before = event["previous_message"]
            await self._interactions.on_thread_message(_thread_interaction(team, event, before), -1)
        elif event.get("channel_type") == "im":
            await self._interactions.on_mention(payloads.from_mention(body), event.get("text") or "")
        else:
            await self._interactions.on_thread_message(_thread_interaction(team, event, event), 1)


def _thread_interaction(team: str, event: Json, message: Json) -> Interaction:
    where = Location("slack", team, str(event["channel"]), str(message["thread_ts"]), str(message["ts"]))
    return Interaction(user=str(message.get("user", "")), name="", where=where)


def _channel_id(event: Json) -> str:
    """The channel id of an event, which holds an id or an object with one."""
    channel = event.get("channel")
    return str(channel.get("id", "")) if isinstance(channel, dict) else str(channel)
