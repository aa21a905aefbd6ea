"""Workspaces that install or remove the app; channels that are archived, deleted, left or renamed.

Each loss is recorded, reported to the club's administrators elsewhere, and not retried all the time. Data is kept.
"""

from __future__ import annotations

import logging

from adapters.slack.setup.greeting import Greeting
from adapters.slack.transport.outcomes import FIXABLE_ERRORS, ScopeMissing
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.platform_error_texts import reason_text
from bot.domain.models import Room, Workspace
from bot.features.shared.delivery.reachability import (
    rename_channel,
    report_lost_channel,
    report_removed_workspace,
    restore_channel,
)
from bot.locale.current import _
from bot.requester_lookup import register_workspace

log = logging.getLogger(__name__)

NAME = "slack"


class WorkspaceLifecycle:
    """Keeps the club's record of its workspaces and channels on Slack up to date."""

    def __init__(self, app: App, teams: WorkspaceClients, greeting: Greeting) -> None:
        self._app = app
        self._teams = teams
        self._greeting = greeting

    async def on_installed(self, team: str, installed_by: str = "") -> None:
        """Register a workspace that installed the app, or has it at a start, greet it once, and check its channels."""
        client = await self._teams.get(team)
        workspace = await self._workspace(team)
        if workspace is None or workspace.left_at is not None or (client.name and workspace.name != client.name):
            await register_workspace(self._app, NAME, team, client.name)
        if workspace is not None and workspace.left_at is not None:
            await self._greeting.tell_return(team, client.name, workspace.club_id, installed_by)
        await self._greeting.greet(team, installed_by, is_set_up=bool(await self._rooms(team)))
        await self.check_rooms(team)

    async def on_removed(self, team: str, why: str) -> None:
        """Record that a workspace removed the app or revoked its token, and report it in the club's other places."""
        self._teams.forget(team)
        await report_removed_workspace(self._app, NAME, team, _("Slack workspace"), why)

    async def on_channel_lost(self, team: str, channel: str, why: str) -> None:
        """Report a channel that cannot be used any more."""
        for room in await self._rooms(team, channel):
            await report_lost_channel(self._app, room, why)

    async def on_channel_restored(self, team: str, channel: str) -> None:
        """Record that a channel can be used (again)."""
        for room in await self._rooms(team, channel):
            await restore_channel(self._app, room)

    async def on_channel_renamed(self, team: str, channel: str, name: str) -> None:
        """Record a channel's new name."""
        for room in await self._rooms(team, channel):
            await rename_channel(self._app, room, name)

    async def check_rooms(self, team: str) -> None:
        """Check that the club's channels can be used, and join public ones.

        Runs at a start, since channels may have changed while the program was not running, and after channels were
        chosen.
        """
        for channel in {room.external_id for room in await self._rooms(team)}:
            try:
                problem, name = await self._check_channel(team, channel)
            except Refused as error:
                await self.on_channel_lost(team, channel, str(error))
            except (NotSent, OutcomeUnknown) as error:
                log.info("a channel was not checked: %s", error)
            else:
                await self.on_channel_renamed(team, channel, name)
                await (
                    self.on_channel_lost(team, channel, problem) if problem else self.on_channel_restored(team, channel)
                )

    async def problem_of(self, team: str, channel: str) -> str:
        """Reason why a channel cannot be used, after joining it if it is public; empty if it can, or if Slack cannot be
        asked now.
        """
        try:
            problem, _unused = await self._check_channel(team, channel)
        except Refused as error:
            return reason_text(error)
        except (NotSent, OutcomeUnknown):
            return ""
        return problem and reason_text(problem)

    async def _check_channel(self, team: str, channel: str) -> tuple[str, str]:
        """The problem with a channel, empty if there is none; and the channel's name.

        Raises NotSent too if the app may not look at channels: nothing is known of this one then.
        """
        try:
            response = await self._teams.call(
                team, "conversations.info", lambda client: client.conversations_info(channel=channel)
            )
        except ScopeMissing as error:
            raise NotSent(str(error)) from error
        found = response["channel"]
        problem = channel_problem(found)
        if problem == FIXABLE_ERRORS["not_in_channel"] and not found.get("is_private"):
            try:
                await self._teams.call(
                    team, "conversations.join", lambda client: client.conversations_join(channel=channel)
                )
                problem = ""
            except ScopeMissing as error:
                log.info("a channel was not joined: %s", error)
        return problem, str(found.get("name", ""))

    async def _workspace(self, team: str) -> Workspace | None:
        async with self._app.store.read_admin_session() as admin:
            return await admin.directory.workspace(NAME, team)

    async def _rooms(self, team: str, channel: str = "") -> list[Room]:
        """The club's rooms in a workspace, or only those of one channel."""
        workspace = await self._workspace(team)
        if workspace is None:
            return []
        async with self._app.store.read(workspace.club_id) as db:
            rooms = [room for room in await db.rooms.all() if room.workspace_id == workspace.id]
        return [room for room in rooms if not channel or room.external_id == channel]


def channel_problem(channel: dict[str, object]) -> str:
    """The reason why nothing can be posted in a channel, from Slack's description of it; empty if it can."""
    if channel.get("is_archived"):
        return FIXABLE_ERRORS["is_archived"]
    return "" if channel.get("is_member") or channel.get("is_im") else FIXABLE_ERRORS["not_in_channel"]
