"""Ways back to whoever asked: by a response URL, in the thread they spoke in, in a modal, or in a direct message."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, Protocol

from adapters.slack.outbound.modals import Modals
from adapters.slack.outbound.sender import NO_UNFURL, Sender
from adapters.slack.transport.interaction import Interaction
from bot.chat.cards import Card, Text, Tone
from bot.chat.commands import Reply
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.rich_text import parse_backticks
from bot.errors import UserError

log = logging.getLogger(__name__)

MAX_USES = 5
"""How often a response URL may be used, within thirty minutes (docs.slack.dev, "Handling user interaction")."""


class Responder(Protocol):
    """A way back to one question."""

    async def show(self, card: Card, reply: Reply) -> None:
        """Show an answer, or a step on the way to it; a later one replaces it, where Slack can."""

    async def close(self) -> None:
        """Nothing more comes: show what was held back, so that the last word always arrives."""


def responder_for(interaction: Interaction, sender: Sender, modals: Modals) -> Responder:
    """The way back that an act leaves open."""
    if interaction.view:
        return ModalResponder(modals, interaction)
    if interaction.response_url:
        return UrlResponder(sender, interaction)
    return ThreadResponder(sender, interaction)


async def error_card(responder: Responder, error: UserError) -> None:
    """Say what went wrong, to the asker alone."""
    await responder.show(Card("That did not work", (Text(parse_backticks(str(error))),), Tone.BAD), Reply.PRIVATE)
    await responder.close()


@dataclass(slots=True)
class UrlResponder:
    """By response URL: the answer to a command, a click or a form.

    Slack lets such an answer replace the message that was clicked, or else the one before it. A message that others
    see is never replaced: only the asker's own copy of a card is, and steps on the way to an answer.
    """

    sender: Sender
    interaction: Interaction
    _used: int = 0
    _last_reply: Reply | None = None
    _pending: tuple[Card, Reply] | None = None

    async def show(self, card: Card, reply: Reply) -> None:
        """In place of the clicked message, to all, or to the asker alone."""
        steps = 1 if self._would_replace_others else MAX_USES - 1
        if self._used < steps:
            await self._send(card, reply)
        else:
            self._pending = card, reply

    async def close(self) -> None:
        """The last use of the URL is kept for the last word."""
        if self._pending:
            await self._send(*self._pending)

    @property
    def _would_replace_others(self) -> bool:
        """Whether to replace a message would replace one that others see: then each step is a message of its own."""
        return self.interaction.public and bool(self.interaction.where.message)

    def _may_replace(self, reply: Reply) -> bool:
        """Whether an answer may take the place of what Slack would replace."""
        if self._would_replace_others:
            return False
        if self.interaction.where.message:  # the asker's own card was clicked
            return reply is not Reply.PUBLIC and (reply is Reply.IN_PLACE or self._used > 0)
        return self._last_reply is reply  # what was said to all stays, and is not told to one; nor the other way round

    async def _send(self, card: Card, reply: Reply) -> None:
        in_place = self._may_replace(reply)
        message: dict[str, Any] = {
            **await self.sender.message(self.interaction.where, card),
            **NO_UNFURL,
            "response_type": "in_channel" if reply is Reply.PUBLIC else "ephemeral",
            "replace_original": in_place,
        }
        if self.interaction.where.thread and not in_place:
            message["thread_ts"] = self.interaction.where.thread
        self._used += 1
        self._last_reply = reply
        try:
            await self.sender.respond(self.interaction.response_url, message)
        except Refused as error:  # half an hour later nobody waits in the channel any more
            log.info("an answer goes by direct message instead: %s", error)
            await self.sender.send_direct_message(self.interaction.where.workspace, self.interaction.user, card)
        except (NotSent, OutcomeUnknown) as error:  # one that is there twice does no harm, one that is missing does
            log.info("an answer may not have arrived, it is shown to its asker: %s", error)
            await self.sender.post_private(self.interaction.where, self.interaction.user, card)


@dataclass(slots=True)
class ThreadResponder:
    """By message: the answer to a mention, where it was said; without a channel, in a direct message."""

    sender: Sender
    interaction: Interaction
    _pending: tuple[Card, Reply] | None = None

    async def show(self, card: Card, reply: Reply) -> None:
        """Steps are not shown: what is said in a thread cannot be replaced."""
        self._pending = card, reply

    async def close(self) -> None:
        """To all in the thread of the mention, or to the asker alone where they said it."""
        if self._pending is None:
            return
        (card, reply), where = self._pending, self.interaction.where
        if where.room and reply is Reply.PUBLIC:
            await self.sender.post(replace(where, thread=where.thread or where.message), card)
        elif where.room.startswith("D"):  # a direct message is private as it is
            await self.sender.post(where, card)
        else:
            await self.sender.post_private(where, self.interaction.user, card)


@dataclass(slots=True)
class ModalResponder:
    """In a modal: each answer takes the place of the one before."""

    modals: Modals
    interaction: Interaction

    async def show(self, card: Card, reply: Reply) -> None:
        """Only the asker sees a modal, so who may see the answer makes no difference."""
        await self.modals.update(self.interaction, card)

    async def close(self) -> None:
        """Nothing was held back."""
