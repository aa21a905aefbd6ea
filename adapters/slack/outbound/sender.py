"""Sends cards: to a channel, as an ephemeral message, by response URL, or by direct message."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError

from adapters.slack.render.block_kit import NO_PICTURES, VALUE, message
from adapters.slack.render.command_prefix import CommandPrefixer
from adapters.slack.transport.outcomes import pause_seconds
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import App
from bot.chat.cards import Card, PicturePart
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.editions.render.attachments import Attachment, render_attachments
from bot.features.shared.editions.figure_loading import load_figures
from bot.locale.current import _
from bot.saved_calls import with_short_calls

log = logging.getLogger(__name__)

T = TypeVar("T")
Json = dict[str, Any]

NO_UNFURL: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
"""Arguments of every message: no previews of links."""

MAX_ATTEMPTS = 3
MAX_RETRY_PAUSE = 30.0
"""Attempts to send an answer that was certainly not sent, and the longest pause in seconds before another attempt."""
MAX_ANSWER_PAUSE = 3.0
"""Seconds to wait before a response URL is tried again; after that an answer goes another way."""

_ACCEPTED = re.compile(rb'\s*(?:ok\b|\{\s*"ok"\s*:\s*true)')
"""Text with which Slack accepts an answer; other text, such as a page of a proxy, is none of Slack's."""

MAX_ANSWER = 200
"""Bytes of that text that are read."""


class Sender:
    """Sends cards. A message that may have been sent is never sent again."""

    def __init__(self, app: App, teams: WorkspaceClients, base_url: str, prefix: str = "") -> None:
        self._app = app
        self._prefix = CommandPrefixer(prefix, app.commands.roots)
        self._teams = teams
        base = urlsplit(base_url)
        self._response_hosts = {(base.scheme, host) for host in (base.netloc, f"hooks.{base.netloc}")}

    async def message(self, where: Location, card: Card, pictures: Mapping[PicturePart, str] = NO_PICTURES) -> Json:
        """A card as a message: text for notifications, and blocks. `pictures` are the file ids of those uploaded."""
        card = await self.with_short_calls(where, card)
        return message(card, pictures)

    async def attachments(self, where: Location, card: Card) -> tuple[Attachment, ...]:
        """The card's pictures, which follow a post as uploads."""
        card, figures = await load_figures(self._app, "slack", where.workspace, card)
        return await render_attachments(card, figures)

    async def with_short_calls(self, where: Location, card: Card) -> Card:
        """The card with calls that fit a button: longer calls are saved, and short ones refer to them.

        Command names in it get the installation's prefix.
        """
        card = self._prefix.apply(card)
        if all(len(str(button.call)) <= VALUE for button in card.buttons()):
            return card
        async with self._app.store.read_admin_session() as admin:
            workspace = await admin.directory.workspace("slack", where.workspace)
        return await with_short_calls(self._app, card, workspace.club_id, VALUE) if workspace else card

    async def respond(self, url: str, message: Json) -> None:
        """Answer by response URL. Raises Refused if it is used up, expired, or not Slack's."""
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) not in self._response_hosts:
            raise Refused(_("that is not one of Slack’s response URLs"))
        await with_retries(lambda: self._respond(url, message), longest=MAX_ANSWER_PAUSE)

    async def _respond(self, url: str, message: Json) -> None:
        if self._teams.closed:
            raise NotSent(_("the program is about to stop"))
        try:
            with self._teams.in_progress():
                async with self._teams.session.post(url, json=message, allow_redirects=False) as response:
                    if response.status == 429:
                        raise NotSent(_("Slack’s rate limit was reached"), pause_seconds(response.headers))
                    if response.status >= 500:
                        raise OutcomeUnknown(_("Slack answered {status}", status=response.status))
                    if response.status != 200:
                        raise Refused(
                            _("Slack accepts no more replies to that command ({status})", status=response.status)
                        )
                    if (said := await response.content.read(MAX_ANSWER)) and not _ACCEPTED.match(said):
                        raise OutcomeUnknown(_("Slack answered {status}", status=f"200 {said[:60]!r}"))
        except ClientConnectorError as error:
            raise NotSent(_("Slack cannot be reached ({error})", error=error)) from error
        except (TimeoutError, ClientError, OSError) as error:
            raise OutcomeUnknown(_("the connection to Slack broke ({error})", error=repr(error))) from error

    async def post(self, where: Location, card: Card) -> None:
        """Post to all in a channel or thread."""
        message = await self.message(where, card)
        await self._teams.rate_limiter.wait(where.workspace, where.room)
        await with_retries(
            lambda: self._teams.call(
                where.workspace,
                "chat.postMessage",
                lambda client: client.chat_postMessage(
                    channel=where.room, thread_ts=where.thread or None, **message, **NO_UNFURL
                ),
            )
        )

    async def post_ephemeral(self, where: Location, user: str, card: Card) -> None:
        """Post to one person in a channel or thread that the bot is in."""
        message = await self.message(where, card)
        await with_retries(
            lambda: self._teams.call(
                where.workspace,
                "chat.postEphemeral",
                lambda client: client.chat_postEphemeral(
                    channel=where.room, user=user, thread_ts=where.thread or None, **message
                ),
            )
        )

    async def post_private(self, where: Location, user: str, card: Card) -> None:
        """Send to one person: ephemeral in the channel if possible, else by direct message."""
        if where.room:
            try:
                await self.post_ephemeral(where, user, card)
            except (NotSent, OutcomeUnknown, Refused) as error:
                log.info("an answer goes by direct message instead: %s", error)
            else:
                return
        await self.send_direct_message(where.workspace, user, card)

    async def send_direct_message(self, team: str, user: str, card: Card) -> None:
        """Send to one person by direct message, which stays."""
        await self.post(await self._open_direct_message(team, user), card)

    async def upload_to(self, team: str, user: str, file: Attachment) -> None:
        """Send a file to one person by direct message: Slack cannot show a file to one person in a channel."""
        where = await self._open_direct_message(team, user)
        await with_retries(lambda: self.upload(where, file))

    async def upload(self, where: Location, file: Attachment) -> None:
        """Upload a file into a channel or a thread."""
        await self._teams.call(
            where.workspace,
            "files.completeUploadExternal",
            lambda client: client.files_upload_v2(
                channel=where.room,
                thread_ts=where.thread or None,
                filename=file.name,
                content=file.content,
                title=file.title,
                alt_txt=file.alt or None,
            ),
        )

    async def upload_unshared(self, team: str, file: Attachment) -> str:
        """Upload a picture into no channel, and return its id, which blocks of the bot's messages may name."""
        response = await self._teams.call(
            team,
            "files.completeUploadExternal",
            lambda client: client.files_upload_v2(
                filename=file.name, content=file.content, title=file.title, alt_txt=file.alt or None
            ),
        )
        return str(response["files"][0]["id"])

    async def _open_direct_message(self, team: str, user: str) -> Location:
        """The location of the bot's direct messages with somebody.

        Opening posts nothing and may be repeated, so where its outcome is unknown, nothing was sent. Raises NotSent and
        Refused.
        """
        try:
            response = await with_retries(
                lambda: self._teams.call(
                    team, "conversations.open", lambda client: client.conversations_open(users=[user])
                )
            )
        except OutcomeUnknown as error:
            raise NotSent(str(error)) from error
        return Location("slack", team, str(response["channel"]["id"]))


async def with_retries(send: Callable[[], Awaitable[T]], *, longest: float = MAX_RETRY_PAUSE) -> T:
    """Send, with a few attempts if it was certainly not sent. A person is waiting, so pauses of more than `longest`
    seconds are not waited for.
    """
    for _unused in range(MAX_ATTEMPTS - 1):
        try:
            return await send()
        except NotSent as error:
            if error.retry_after > longest:
                raise
            log.info("a message is sent again later: %s", error)
            await asyncio.sleep(error.retry_after)
    return await send()
