"""The Home tab: each member's own page, published when they open it and again after their actions."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

from adapters.slack.inbound.users import Users
from adapters.slack.outbound.sender import Sender
from adapters.slack.render.block_kit import render_all
from adapters.slack.transport.interaction import Origin
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.features.members.home_page import home_page_card
from bot.requester_lookup import identify

log = logging.getLogger(__name__)

REFRESH_WINDOW = 600.0
"""Seconds after opening for which a Home tab is updated after actions; opening it again always updates it."""


class HomeTabs:
    """The Home tabs that were opened lately."""

    def __init__(
        self,
        app: App,
        teams: WorkspaceClients,
        users: Users,
        sender: Sender,
        tasks: TaskGroup,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._teams = teams
        self._users = users
        self._sender = sender
        self._tasks = tasks
        self._clock = clock
        self._opened_at: dict[tuple[str, str], float] = {}
        self._scheduled: set[tuple[str, str]] = set()

    async def show(self, team: str, user: str) -> None:
        """Publish somebody's Home tab. Raises NotSent if Slack cannot be reached."""
        now = self._clock()
        self._opened_at = {key: at for key, at in self._opened_at.items() if now - at < REFRESH_WINDOW}
        self._opened_at[team, user] = now
        await self._publish(team, user)

    def refresh_later(self, team: str, user: str) -> None:
        """Publish the Home tab again in a moment, if it was opened lately."""
        key = (team, user)
        if key not in self._scheduled and self._clock() - self._opened_at.get(key, float("-inf")) < REFRESH_WINDOW:
            self._scheduled.add(key)
            self._tasks.start(self._refresh(*key), "draw a home tab")

    async def _refresh(self, team: str, user: str) -> None:
        await asyncio.sleep(self._teams.rate_limiter.gap)  # several actions of one person become one update
        self._scheduled.discard((team, user))
        try:
            await self._publish(team, user)
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.info("a Home tab was not published: %s", error)

    async def _publish(self, team: str, user: str) -> None:
        where = Location("slack", team)
        requester = await self._users.requester(team, user)
        cards = await home_page_card(await identify(self._app, requester, where))
        short = tuple([await self._sender.with_short_calls(where, card) for card in cards])
        view: dict[str, Any] = {
            "type": "home",
            "private_metadata": str(Origin(home=True)),
            "blocks": render_all(short),
        }
        await self._teams.call(team, "views.publish", lambda client: client.views_publish(user_id=user, view=view))
