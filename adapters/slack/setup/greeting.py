"""The first message in a workspace: to who installed the app, else its owner, else another who runs it; once."""

from __future__ import annotations

import logging
from typing import Any

from adapters.slack.outbound.sender import Sender
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.chat.cards import Card
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.features.shared.delivery.reachability import tell_admins
from bot.features.shared.languages import club_language
from bot.features.shared.platform_texts import greeting_card, returned_card

log = logging.getLogger(__name__)

PAGE, MOST_PAGES = 200, 10
"""People in one request for those who run a workspace, and requests that are made."""
MOST_ASKED = 5
"""People who are tried, one after the other, until one can be sent a message."""


class Greeting:
    """Greets a workspace once, and says that the app is back after it was removed."""

    def __init__(self, app: App, teams: WorkspaceClients, sender: Sender) -> None:
        self._app = app
        self._teams = teams
        self._sender = sender

    async def greet(self, team: str, installed_by: str = "", *, is_set_up: bool = False) -> None:
        """Greet a workspace, unless that was done. One that is set up already needs no greeting.

        The greeting is recorded before it is sent, so that it is never sent twice. Raises NotSent, Refused and
        OutcomeUnknown if Slack does not say who runs the workspace; then it is greeted at the next start.
        """
        fact = f"slack:greeted:{team}"
        async with self._app.store.read_admin_session() as admin:
            if await admin.facts.value(fact):
                return
        people = [] if is_set_up else [installed_by] if installed_by else await self._runners(team)
        async with self._app.store.admin_session() as admin:
            if await admin.facts.value(fact):
                return
            await admin.facts.store(fact, self._app.now().isoformat())
        await self._send_to_one(team, people, greeting_card("workspace"))

    async def tell_return(self, team: str, name: str, club_id: int, installed_by: str = "") -> None:
        """Tell who installed the app again, and the club's admins, that everything is as it was; if that reaches
        nobody, those who run the workspace.
        """
        async with self._app.store.read(club_id) as db, club_language(db):
            card = returned_card("workspace", name)
        sent = await tell_admins(self._app, club_id, card, except_account=installed_by)
        if installed_by:
            await self._send_to_one(team, [installed_by], card)
        elif not sent:
            try:
                await self._send_to_one(team, await self._runners(team), card)
            except (NotSent, Refused, OutcomeUnknown) as error:
                log.info("nobody in %s was told that the app is back: %s", team, error)

    async def _send_to_one(self, team: str, people: list[str], card: Card) -> None:
        """Send a card to the first of some people who takes it; what may have arrived has."""
        for person in people:
            try:
                await self._sender.send_direct_message(team, person, card)
            except Refused as error:
                log.info("%s could not be sent the first message: %s", person, error)
            except (NotSent, OutcomeUnknown) as error:
                log.info("the first message to %s may not have arrived: %s", person, error)
                return
            else:
                return

    async def _runners(self, team: str) -> list[str]:
        """People who run a workspace: its primary owner, then other owners, then admins; at most `MOST_ASKED`."""
        found: list[tuple[int, str]] = []
        cursor = ""
        for _page in range(MOST_PAGES):
            response = await self._page(team, cursor)
            found += [(rank, str(user["id"])) for user in response["members"] if (rank := _rank(user)) is not None]
            cursor = str((response.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor or any(rank == 0 for rank, _unused in found):
                break
        return [user for _unused, user in sorted(found)[:MOST_ASKED]]

    async def _page(self, team: str, cursor: str) -> Any:
        return await self._teams.call(
            team, "users.list", lambda client: client.users_list(limit=PAGE, cursor=cursor or None)
        )


def _rank(user: dict[str, Any]) -> int | None:
    """Place of a person among those to be greeted, 0 for the first; None for those who do not run the workspace."""
    if user.get("deleted") or user.get("is_bot"):
        return None
    rights = ("is_primary_owner", "is_owner", "is_admin")
    return next((place for place, right in enumerate(rights) if user.get(right)), None)
