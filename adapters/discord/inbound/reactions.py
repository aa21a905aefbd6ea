"""Reactions to papers' cards on Discord, which a club may count as votes: events, and a recount at the start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import discord

from adapters.discord.inbound.interaction_context import requester_of
from adapters.discord.transport.requests import ask
from adapters.discord.transport.rest_client import RestClient
from adapters.discord.transport.task_group import TaskGroup
from bot.app import App, Context, Requester
from bot.chat.cards import Card
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.dispatch import check_rate
from bot.domain.vote_reactions import reaction_name, skin_tone
from bot.errors import UserError
from bot.features.papers.reaction_votes import change_reaction, correct_reaction, reacted_card
from bot.requester_lookup import identify
from bot.store.papers.card_reactions import ReactedCard

log = logging.getLogger(__name__)

MOST_PEOPLE = 1000
"""The most people with one reaction to a card that a recount asks for; Discord lists a hundred in a request."""


@dataclass(slots=True)
class Reactions:
    """Reactions as Discord tells of them, and as it lists them."""

    app: App
    rest_client: RestClient
    tasks: TaskGroup
    send_direct_message: Callable[[Location, str, Card], Awaitable[None]]
    platform: str = "discord"
    pause: float = 0.5
    """Seconds between two cards of a recount, whose requests discord.py spaces further as Discord asks."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Lets one event be handled after the other, in the order in which they came."""

    async def on_changed(self, event: discord.RawReactionActionEvent, *, present: bool) -> None:
        """Somebody added a reaction to a message, or took it away."""
        at = self.app.now()
        is_ours = event.message_author_id in (None, self.rest_client.me)
        if not is_ours or not reaction_name(str(event.emoji)):
            return
        if event.member is not None and event.member.bot:
            return
        with self.tasks.track():
            async with self._turn:
                card = await self._card(event.guild_id, event.channel_id, event.message_id, str(event.emoji))
                if card is None:
                    return
                who = requester_of(event.member) if event.member else Requester(str(event.user_id), "")
                answered = await self._change(card, who, present=present, at=at)
            await self._tell(*answered)

    async def on_cleared(
        self, guild_id: int | None, channel_id: int, message_id: int, emoji: str | None = None
    ) -> None:
        """A moderator removed all reactions from a message, or all of one emoji."""
        at = self.app.now()
        with self.tasks.track():
            async with self._turn:
                card = await self._card(guild_id, channel_id, message_id, emoji)
                if card is None:
                    return
                async with self.app.store.read(card.club_id) as db:
                    known = await db.card_reactions.known(card.address, self.platform)
                gone = [one for one in known if one.present and (not emoji or one.skin_tone == card.skin_tone)]
                answered = [
                    await self._change(
                        replace(card, skin_tone=one.skin_tone), Requester(min(one.accounts), ""), present=False, at=at
                    )
                    for one in gone
                ]
            for context, answer in answered:
                await self._tell(context, answer)

    async def reacting(self, card: ReactedCard) -> Mapping[str, Mapping[str, Requester]]:
        """People whose reaction to a card counts, by its skin tone and by account."""
        channel = self.rest_client.client.get_partial_messageable(int(card.thread or card.room))
        message = await ask(channel.fetch_message(int(card.message)))
        counted = [one for one in message.reactions if reaction_name(str(one.emoji)) == card.reaction]
        people = {skin_tone(str(one.emoji)): await ask(_users(one)) for one in counted}
        return {
            tone: {str(user.id): requester_of(user) for user in users if not user.bot} for tone, users in people.items()
        }

    async def correct(self, card: ReactedCard, who: Requester, *, present: bool, seen: datetime | None) -> None:
        """Have somebody's reaction corrected, and tell them if it does not count."""
        async with self._turn:
            context = await self._identify(card, who)
            answer = await correct_reaction(context, card, present=present, seen=seen)
        await self._tell(context, answer)

    async def _card(
        self, guild_id: int | None, channel_id: int, message_id: int, emoji: str | None
    ) -> ReactedCard | None:
        """The card that a message is, if its club counts this reaction; `emoji` None means all reactions."""
        if guild_id is None:
            return None
        where = Location(self.platform, str(guild_id), str(channel_id), message=str(message_id))
        return await reacted_card(self.app, where, emoji)

    async def _change(
        self, card: ReactedCard, who: Requester, *, present: bool, at: datetime
    ) -> tuple[Context | None, Card | None]:
        """The request that an event is, and what its person is to be told."""
        if not who.name and not await self._is_member(card, who):
            return None, None  # who takes away what nobody heard of, and is not named
        context = await self._identify(card, who)
        try:
            check_rate(context)
        except UserError as error:
            log.info("a reaction is not counted before the next start: %s", error)
            return context, None
        return context, await change_reaction(context, card, present=present, at=at)

    async def _is_member(self, card: ReactedCard, who: Requester) -> bool:
        async with self.app.store.read(card.club_id) as db:
            return await db.members.by_account(self.platform, who.id) is not None

    async def _identify(self, card: ReactedCard, who: Requester) -> Context:
        return await identify(
            self.app, who, Location(self.platform, card.workspace, card.room, card.thread, card.message)
        )

    async def _tell(self, context: Context | None, answer: Card | None) -> None:
        """Tell somebody by direct message why their reaction does not count."""
        if context is None or answer is None:
            return
        try:
            await self.send_direct_message(context.where, context.who.id, answer)
        except (NotSent, OutcomeUnknown, Refused) as error:
            log.info("somebody was not told why their reaction does not count: %s", error)


async def _users(reaction: discord.Reaction) -> list[discord.User | discord.Member]:
    return [user async for user in reaction.users(limit=MOST_PEOPLE)]
