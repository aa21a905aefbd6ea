"""Ways to answer an interaction: response URL, thread, modal, or direct message."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any, Protocol

from adapters.slack.outbound.modals import Modals
from adapters.slack.outbound.sender import NO_UNFURL, Sender
from adapters.slack.transport.interaction import Interaction
from bot.chat.cards import Card
from bot.chat.command import Reply
from bot.chat.error_cards import error_card_of
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.errors import UserError

log = logging.getLogger(__name__)

MAX_USES = 5
"""Uses of a response URL, within thirty minutes (docs.slack.dev, "Handling user interaction")."""


class Responder(Protocol):
    """A way to answer one interaction."""

    async def show(self, card: Card, reply: Reply) -> None:
        """Show an answer or a progress step; a later one replaces it if Slack can."""

    async def close(self) -> None:
        """Show the last answer if it was held back. No more answers follow."""


def responder_for(interaction: Interaction, sender: Sender, modals: Modals) -> Responder:
    """The responder for the answers that an interaction allows."""
    if interaction.view:
        return ModalResponder(modals, interaction, responder_for(interaction.in_modal(""), sender, modals))
    if interaction.response_url:
        return UrlResponder(sender, interaction)
    return ThreadResponder(sender, interaction)


async def error_card(responder: Responder, error: UserError) -> None:
    """Show an error to the asker only."""
    await responder.show(error_card_of(error), Reply.PRIVATE)
    await responder.close()


@dataclass(slots=True)
class UrlResponder:
    """Answers a command, a click or a form by response URL.

    Slack lets such an answer replace the message that was clicked, or else the answer before it. A message that others
    see is never replaced; only the asker's own copy of a card is, and progress steps.
    """

    sender: Sender
    interaction: Interaction
    _used: int = 0
    _last_reply: Reply | None = None
    _pending: tuple[Card, Reply] | None = None
    _expired: bool = False

    async def show(self, card: Card, reply: Reply) -> None:
        """Show the answer in place of the clicked message, to all, or to the asker only."""
        steps = 1 if self._would_replace_others else MAX_USES - 1
        if self._used < steps and not self._expired:
            await self._send(card, reply)
        else:
            self._pending = card, reply

    async def close(self) -> None:
        """Send the last answer, for which one use of the URL is reserved; by direct message if the URL has expired."""
        if self._pending and not self._expired:
            await self._send(*self._pending)
        if self._pending and self._expired:  # nobody is waiting in the channel
            card, _unused = self._pending
            await self.sender.send_direct_message(self.interaction.where.workspace, self.interaction.user, card)

    @property
    def _would_replace_others(self) -> bool:
        """True if the clicked message is visible to others and must not be replaced."""
        return self.interaction.public and bool(self.interaction.where.message)

    def _may_replace(self, reply: Reply) -> bool:
        """True if an answer may replace the message that Slack would replace."""
        if self._would_replace_others:
            return False
        if self.interaction.where.message:  # the asker's own card was clicked
            return reply is not Reply.PUBLIC and (reply is Reply.IN_PLACE or self._used > 0)
        return self._last_reply is reply  # a public answer stays public, and a private one private

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
        except Refused as error:
            log.info("the last answer goes by direct message instead: %s", error)
            self._expired, self._pending = True, (card, reply)
        except (NotSent, OutcomeUnknown) as error:  # a repeated answer does no harm, a missing one does
            log.info("an answer may not have arrived, it is shown to its asker: %s", error)
            await self.sender.post_private(self.interaction.where, self.interaction.user, card)


@dataclass(slots=True)
class ThreadResponder:
    """Answers a mention by message, in its channel or thread; without a channel by direct message."""

    sender: Sender
    interaction: Interaction
    _pending: tuple[Card, Reply] | None = None

    async def show(self, card: Card, reply: Reply) -> None:
        """Hold the answer back until `close`: a message in a thread cannot be replaced."""
        self._pending = card, reply

    async def close(self) -> None:
        """Post to all in the mention's thread, or to the asker only where they wrote."""
        if self._pending is None:
            return
        (card, reply), where = self._pending, self.interaction.where
        if where.room and reply is Reply.PUBLIC:
            await self.sender.post(replace(where, thread=where.thread or where.message), card)
        elif where.room.startswith("D"):  # a direct message is private anyway
            await self.sender.post(where, card)
        else:
            await self.sender.post_private(where, self.interaction.user, card)


@dataclass(slots=True)
class ModalResponder:
    """Answers in a modal: each answer replaces the one before. Once the modal was closed, answers go to `elsewhere`."""

    modals: Modals
    interaction: Interaction
    elsewhere: Responder
    _closed: bool = False

    async def show(self, card: Card, reply: Reply) -> None:
        """Show the answer; only the asker sees a modal, so `reply` makes no difference there."""
        self._closed = self._closed or not await self.modals.update(self.interaction, card)
        if self._closed:
            await self.elsewhere.show(card, reply)

    async def close(self) -> None:
        """Send what is held back, if the modal was closed: in a modal nothing is."""
        if self._closed:
            await self.elsewhere.close()
