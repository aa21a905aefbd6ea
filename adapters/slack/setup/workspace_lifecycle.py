"""Coming and going: workspaces that install or remove the app, channels that are archived, deleted, left, renamed.

What goes is noticed, said to the club's admins somewhere else, and not asked again and again. Data is kept.
"""

from __future__ import annotations

import logging

from adapters.slack.transport.outcomes import FIXABLE_ERRORS
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.chat.cards import Card, Tone, text
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.dispatch import register_workspace
from bot.domain.models import Room, Workspace
from bot.features.shared.reachability import rename_channel, report_lost_channel, report_trouble, restore_channel

log = logging.getLogger(__name__)

NAME = "slack"
FAILED = (NotSent, OutcomeUnknown, Refused)


class WorkspaceLifecycle:
    """The club's own places in Slack."""

    def __init__(self, app: App, teams: WorkspaceClients) -> None:
        self._app = app
        self._teams = teams

    async def on_installed(self, team: str) -> None:
        """The app is in a workspace: installed just now, or found there after a start."""
        client = await self._teams.get(team)
        workspace = await self._workspace(team)
        if workspace is None or workspace.left_at is not None or (client.name and workspace.name != client.name):
            await register_workspace(self._app, NAME, team, client.name)
        await self.check_rooms(team)

    async def on_removed(self, team: str, why: str) -> None:
        """The app was removed from a workspace, or its token revoked. The club's other places are told."""
        self._teams.forget(team)
        async with self._app.store.admin_session() as admin:
            news = await admin.directory.leave(NAME, team, why, self._app.now())
            await admin.installations.delete_token(NAME, team)
            workspace = await admin.directory.workspace(NAME, team)
        if not news or workspace is None:
            return
        name = workspace.name or team
        log.warning("gone from the workspace %s: %s", name, why)
        say = (
            f"I can no longer work in the Slack workspace {name}: {why}. Everything is kept; install me again to go on."
        )
        card = Card("Gone from Slack", (text(say),), Tone.BAD)
        await report_trouble(self._app, workspace.club_id, f"gone from the workspace {name}", card)

    async def on_channel_lost(self, team: str, channel: str, why: str) -> None:
        """A channel is out of reach."""
        for room in await self._rooms(team, channel):
            await report_lost_channel(self._app, room, why)

    async def on_channel_restored(self, team: str, channel: str) -> None:
        """A channel can be used (again)."""
        for room in await self._rooms(team, channel):
            await restore_channel(self._app, room)

    async def on_channel_renamed(self, team: str, channel: str, name: str) -> None:
        """A channel has another name."""
        for room in await self._rooms(team, channel):
            await rename_channel(self._app, room, name)

    async def check_rooms(self, team: str) -> None:
        """See whether the club's channels can be used, and join those that anybody may join.

        Much may have happened while the program was not running, or a channel has only just been chosen.
        """
        for channel in {room.external_id for room in await self._rooms(team)}:
            try:
                problem, name = await self._check_channel(team, channel)
            except Refused as error:
                await self.on_channel_lost(team, channel, str(error))
            except (NotSent, OutcomeUnknown) as error:
                log.info("a channel was not looked over: %s", error)
            else:
                await self.on_channel_renamed(team, channel, name)
                await (self.on_channel_lost(team, channel, problem) if problem else self.on_channel_restored(team, channel))

    async def _check_channel(self, team: str, channel: str) -> tuple[str, str]:
        """What is wrong with a channel, if anything, and its name."""
        response = await self._teams.call(
            team, "conversations.info", lambda client: client.conversations_info(channel=channel)
        )
        found = response["channel"]
        problem = channel_problem(found)
        if problem == FIXABLE_ERRORS["not_in_channel"] and not found.get("is_private"):
            await self._teams.call(
                team, "conversations.join", lambda client: client.conversations_join(channel=channel)
            )
            problem = ""
        return problem, str(found.get("name", ""))

    async def _workspace(self, team: str) -> Workspace | None:
        async with self._app.store.read_admin_session() as admin:
            return await admin.directory.workspace(NAME, team)

    async def _rooms(self, team: str, channel: str = "") -> list[Room]:
        """The club's rooms in a workspace, or what one channel of it is for."""
        workspace = await self._workspace(team)
        if workspace is None:
            return []
        async with self._app.store.read(workspace.club_id) as db:
            rooms = [room for room in await db.rooms.all() if room.workspace_id == workspace.id]
        return [room for room in rooms if not channel or room.external_id == channel]


def channel_problem(channel: dict[str, object]) -> str:
    """Why nothing can be posted in a channel, as Slack describes it; empty where it can."""
    if channel.get("is_archived"):
        return FIXABLE_ERRORS["is_archived"]
    return "" if channel.get("is_member") or channel.get("is_im") else FIXABLE_ERRORS["not_in_channel"]
