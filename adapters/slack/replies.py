"""Ways back to whoever asked: by a response URL, or in the thread they spoke in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt.async_app import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.render import VALUE, fallback, render
from bot.app import App
from bot.chat.cards import Card, Text, Tone
from bot.chat.commands import Reply
from bot.chat.gateway import Where
from bot.chat.rich import spoken
from bot.dispatch import with_short_calls
from bot.errors import UserError

USES = 5
"""How often a response URL may be used, within thirty minutes (docs.slack.dev, "Handling user interaction")."""


class Way(Protocol):
    """A way back to one question."""

    async def show(self, card: Card, reply: Reply) -> None:
        """Show an answer, or a step on the way to it; a later one replaces it, where Slack can."""

    async def close(self) -> None:
        """Nothing more comes: show what was held back, so that the last word always arrives."""


async def mistake(way: Way, error: UserError) -> None:
    """Say what went wrong, to the asker alone."""
    await way.show(Card("That did not work", (Text(spoken(str(error))),), Tone.BAD), Reply.PRIVATE)
    await way.close()


@dataclass(slots=True)
class ByUrl:
    """By response URL: the answer to a command, a click or a form."""

    app: App
    respond: AsyncRespond
    where: Where
    clicked: bool = False
    posted: bool = False
    """Whether the clicked message is one that all see: the courier draws it anew."""
    _used: int = 0
    _held: tuple[Card, Reply] | None = None

    async def show(self, card: Card, reply: Reply) -> None:
        """In place of the clicked message, to all, or to the asker alone."""
        if reply is Reply.IN_PLACE and self.posted:
            return
        if self._used < USES - 1:
            await self._send(card, reply)
        else:
            self._held = card, reply

    async def close(self) -> None:
        """The last use of the URL is kept for the last word."""
        if self._held:
            await self._send(*self._held)

    async def _send(self, card: Card, reply: Reply) -> None:
        in_place = reply is Reply.IN_PLACE and self.clicked
        await self.respond(
            **await drawn(self.app, self.where, card),
            response_type="in_channel" if reply is Reply.PUBLIC else "ephemeral",
            replace_original=in_place or self._used > 0,
            unfurl_links=False,
            unfurl_media=False,
        )
        self._used += 1


@dataclass(slots=True)
class InThread:
    """By message: the answer to a mention, kept in its thread."""

    app: App
    client: AsyncWebClient
    where: Where
    user: str
    _held: tuple[Card, Reply] | None = None

    async def show(self, card: Card, reply: Reply) -> None:
        """Steps are not shown: what is said in a thread cannot be replaced."""
        self._held = card, reply

    async def close(self) -> None:
        """To all in the thread, or there to the asker alone."""
        if self._held is None:
            return
        card, reply = self._held
        to: dict[str, Any] = {"channel": self.where.room, "thread_ts": self.where.thread or None}
        message = await drawn(self.app, self.where, card)
        if reply is Reply.PUBLIC or self.where.room.startswith("D"):  # a direct message is private as it is
            await self.client.chat_postMessage(**to, **message, unfurl_links=False, unfurl_media=False)
        else:
            await self.client.chat_postEphemeral(**to, **message, user=self.user)


async def drawn(app: App, where: Where, card: Card) -> dict[str, Any]:
    """A card as a message; calls too long for a button are kept first."""
    async with app.store.look() as house:
        workspace = await house.workspace("slack", where.workspace)
    if workspace:
        card = await with_short_calls(app, card, workspace.club_id, VALUE)
    return {"text": fallback(card), "blocks": render(card)}
