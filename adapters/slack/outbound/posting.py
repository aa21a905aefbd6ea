"""Posts, edits and deletes messages in Slack's channels and threads."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.outbound.pictures import FileIds, PictureUploads
from adapters.slack.outbound.sender import NO_UNFURL, Sender
from adapters.slack.render.block_kit import BLOCKS
from adapters.slack.render.delivery_metadata import metadata, with_delivery_key
from adapters.slack.transport.outcomes import FIXABLE_ERRORS, REQUEST_FAILURES
from adapters.slack.transport.task_group import TaskGroup
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.cards import Card, PicturePart
from bot.chat.gateway import Location, MessageGone, NotSent, OutcomeUnknown, Posted, Refused
from bot.chat.gateway_capabilities import ThreadState
from bot.editions.render.attachments import Attachment

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SlackPosts:
    """The club's messages in Slack's channels. Methods raise NotSent, Refused or OutcomeUnknown, and nothing else."""

    teams: WorkspaceClients
    sender: Sender
    pictures: PictureUploads
    tasks: TaskGroup
    """Takes the uploads of pictures that a post could not show, which follow it."""

    async def post(self, where: Location, card: Card, key: str) -> Posted:
        """Post a card; the message's metadata carries the delivery's key."""

        async def request(pictures: FileIds) -> Any:
            message = with_delivery_key(await self.sender.message(where, card, pictures), key)
            if card.ping and len(message["blocks"]) < BLOCKS:
                mention = {"type": "mrkdwn", "text": f"<!subteam^{card.ping}>"}
                message = {**message, "blocks": [*message["blocks"], {"type": "section", "text": mention}]}
            self.teams.rate_limiter.check_pause(where.workspace, "chat.postMessage")
            await self.teams.rate_limiter.wait(where.workspace, where.room)
            response = await self.teams.call(
                where.workspace,
                "chat.postMessage",
                lambda client: client.chat_postMessage(
                    channel=where.room, thread_ts=where.thread or None, metadata=metadata(key), **message, **NO_UNFURL
                ),
            )
            shown = {block["slack_file"]["id"] for block in message["blocks"] if "slack_file" in block}
            return str(response["ts"]), {part for part, id in pictures.items() if id in shown}

        ts, shown = await self.pictures.send(where, card, request)
        others = (part for part in card.parts if not (isinstance(part, PicturePart) and part in shown))
        for file in await self.sender.attachments(where, replace(card, parts=tuple(others))):
            self.tasks.start(self._upload_file(where, ts, file), f"upload {file.name} after {key}")
        posted = await self.posted(where, ts)
        return replace(posted, thread=where.thread) if where.thread else posted

    async def edit(self, where: Location, card: Card, key: str) -> None:
        """Update a posted card. The metadata is sent again, since Slack does not document that it keeps it."""

        async def request(pictures: FileIds) -> Any:
            message = with_delivery_key(await self.sender.message(where, card, pictures), key)
            self.teams.rate_limiter.check_pause(where.workspace, "chat.update")
            await self.teams.rate_limiter.wait(where.workspace, where.room, where.message)
            return await self.teams.call(
                where.workspace,
                "chat.update",
                lambda client: client.chat_update(
                    channel=where.room, ts=where.message, metadata=metadata(key), **message
                ),
            )

        await self.pictures.send(where, card, request)

    async def thread_of(self, where: Location) -> Posted:
        """The thread of a posted card, with its permalink if Slack gives one. Every message can have a thread.

        Raises MessageGone if the card was deleted, for which a reply to it gets another reason.
        """
        try:
            return await self.locate(where)
        except MessageGone:
            raise
        except REQUEST_FAILURES as error:
            log.info("no permalink for a message: %s", error)
            return Posted(where.message, where.message)

    async def locate(self, where: Location) -> Posted:
        """The message with its permalink; its thread has the message's own `ts`."""
        response = await self.teams.call(
            where.workspace,
            "chat.getPermalink",
            lambda client: client.chat_getPermalink(channel=where.room, message_ts=where.message),
        )
        return Posted(where.message, where.message, str(response["permalink"]))

    async def thread_state(self, where: Location) -> ThreadState:
        """State of a thread: gone with the message that it is below, unless others have replied; never locked."""
        try:
            await self.locate(replace(where, message=where.thread))
        except MessageGone:
            return ThreadState.GONE
        except (NotSent, OutcomeUnknown, Refused):
            pass
        return ThreadState.OPEN

    async def posted(self, where: Location, ts: str) -> Posted:
        """A message that exists, with its permalink if Slack gives one. Raises nothing."""
        try:
            return await self.locate(replace(where, message=ts))
        except REQUEST_FAILURES as error:
            log.info("no permalink for a message: %s", error)
            return Posted(ts, ts)

    async def remove(self, where: Location) -> None:
        """Delete one of the bot's own messages; a message that is already deleted is no error."""
        try:
            await self.teams.call(
                where.workspace, "chat.delete", lambda client: client.chat_delete(channel=where.room, ts=where.message)
            )
        except Refused as error:
            if str(error) != FIXABLE_ERRORS["message_not_found"]:
                raise

    async def remove_copy(self, where: Location, ts: str) -> bool:
        """Delete the second copy of a post. False, with a warning in the log, if Slack refuses. Raises nothing."""
        try:
            await self.remove(replace(where, message=ts))
        except REQUEST_FAILURES as error:
            log.warning("a duplicate post was not deleted: %s", error)
            return False
        return True

    async def _upload_file(self, where: Location, ts: str, file: Attachment) -> None:
        """Upload a picture into the thread of a post. The post's text says the same, so a failed upload is not
        retried.
        """
        try:
            await self.sender.upload(replace(where, thread=where.thread or ts), file)
        except REQUEST_FAILURES as error:
            log.info("a picture was not uploaded: %s", error)
