"""Reactions to papers' cards on Slack, which a club may count as votes: events, and a recount at the start."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.slack.inbound.users import Users
from adapters.slack.outbound.sender import Sender
from adapters.slack.transport.outcomes import REQUEST_FAILURES
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App, Context, Requester
from bot.chat.cards import Card
from bot.chat.gateway import Location
from bot.dispatch import check_rate
from bot.domain.vote_reactions import reaction_name, skin_tone
from bot.errors import UserError
from bot.features.papers.reaction_votes import change_reaction, correct_reaction, reacted_card
from bot.requester_lookup import identify
from bot.store.papers.card_reactions import ReactedCard

log = logging.getLogger(__name__)

Json = dict[str, Any]


def is_vote_reaction(event: Json, bot_user: str) -> bool:
    """True if a reaction may be a vote: one that a club can choose, to a message of the bot."""
    item = event.get("item") or {}
    return (
        item.get("type") == "message"
        and event.get("item_user", bot_user) == bot_user
        and event.get("user") != bot_user
        and bool(reaction_name(str(event.get("reaction", ""))))
    )


class Reactions:
    """Reactions as Slack tells of them, and as it lists them."""

    platform = "slack"

    def __init__(self, app: App, teams: WorkspaceClients, users: Users, sender: Sender, pause: float) -> None:
        self.pause = pause
        self._app = app
        self._teams = teams
        self._users = users
        self._sender = sender

    async def on_event(self, team: str, event: Json) -> None:
        """Handle `reaction_added` and `reaction_removed`."""
        item, user = event["item"], str(event["user"])
        where = Location("slack", team, str(item["channel"]), message=str(item["ts"]))
        card = await reacted_card(self._app, where, str(event["reaction"]))
        if card is None or await self._users.is_bot(team, user):
            return
        present = event["type"] == "reaction_added"
        context = await self._identify(card, await self._users.requester(team, user, rights=False))
        try:
            check_rate(context)
        except UserError as error:
            log.info("a reaction is not counted before the next start: %s", error)
            return
        at = datetime.fromtimestamp(float(event["event_ts"]), UTC)
        await self._tell(context, await change_reaction(context, card, present=present, at=at))

    async def reacting(self, card: ReactedCard) -> Mapping[str, Mapping[str, Requester]]:
        """People whose reaction to a card counts, by its skin tone and by account."""
        response = await self._teams.call(
            card.workspace,
            "reactions.get",
            lambda client: client.reactions_get(channel=card.room, timestamp=card.message, full=True),
        )
        reactions = (response.get("message") or {}).get("reactions") or ()
        people: dict[str, dict[str, Requester]] = {}
        for reaction in reactions:
            name = str(reaction.get("name", ""))
            if reaction_name(name) == card.reaction:
                users = sorted(str(user) for user in reaction.get("users") or ())
                people.setdefault(skin_tone(name), {}).update(await self._people(card.workspace, users))
        return people

    async def _people(self, team: str, users: Sequence[str]) -> dict[str, Requester]:
        """Those of some users who are no bots, by account."""
        return {
            user: await self._users.requester(team, user, rights=False)
            for user in users
            if not await self._users.is_bot(team, user)
        }

    async def correct(self, card: ReactedCard, who: Requester, *, present: bool, seen: datetime | None) -> None:
        """Have somebody's reaction corrected, and tell them if it does not count."""
        context = await self._identify(card, who)
        await self._tell(context, await correct_reaction(context, card, present=present, seen=seen))

    async def _identify(self, card: ReactedCard, who: Requester) -> Context:
        where = Location("slack", card.workspace, card.room, card.thread, card.message)
        return await identify(self._app, who, where)

    async def _tell(self, context: Context, answer: Card | None) -> None:
        """Show somebody alone why their reaction does not count."""
        if answer is None:
            return
        where = context.where
        try:
            await self._sender.post_ephemeral(where, context.who.id, answer)
        except REQUEST_FAILURES as error:
            log.info("somebody was not told why their reaction does not count: %s", error)
