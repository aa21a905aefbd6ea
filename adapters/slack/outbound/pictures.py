"""Pictures in Slack's messages: uploaded once to a workspace, and shown by image blocks that name the uploaded file.

The ids of the files are stored, so that a post that is edited after a restart shows the same file.

Slack looks at an upload before it shows it, and until then, for a second or so, refuses blocks with it
(slackapi/python-slack-sdk#1521). Nothing was posted then, so the message is sent again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TypeVar

from adapters.slack.outbound.sender import Sender
from adapters.slack.transport.outcomes import REQUEST_FAILURES, BlocksRefused
from bot.app import App
from bot.chat.cards import Card, PicturePart
from bot.chat.gateway import Location
from bot.editions.render.attachments import draw_pictures, is_uploaded
from bot.features.shared.editions.figure_loading import load_figures

log = logging.getLogger(__name__)

RETRY_PAUSES = (1.0, 2.0, 4.0)
"""Seconds between attempts to send a message whose pictures Slack has not looked at yet."""
MAX_REMEMBERED = 2000
"""Uploaded pictures whose file ids are remembered. One that is forgotten is uploaded again when it is needed."""

T = TypeVar("T")
FileIds = Mapping[PicturePart, str]


class PictureUploads:
    """The pictures that were uploaded, by workspace. They are the bot's, and seen in its messages alone."""

    def __init__(self, app: App, sender: Sender) -> None:
        self._app = app
        self._sender = sender
        self._known: OrderedDict[tuple[str, PicturePart], str] = OrderedDict()
        self._from_store: set[tuple[str, PicturePart]] = set()
        """Known pictures that another process uploaded: Slack may have lost their files since."""

    async def send(self, where: Location, card: Card, request: Callable[[FileIds], Awaitable[T]]) -> T:
        """Send a card with its pictures.

        `request` sends the card with pictures of these file ids; it is called without any if Slack does not take them.
        Returns and raises what it does.
        """
        ids = await self._upload(where, card)
        for pause in RETRY_PAUSES if ids else ():
            try:
                return await request(ids)
            except BlocksRefused:
                if stored := [part for part in ids if (where.workspace, part) in self._from_store]:
                    await self._forget(where.workspace, stored)
                    ids = await self._upload(where, card)
                await asyncio.sleep(pause)
        if ids:
            log.info("Slack takes no message with the pictures %s", ", ".join(ids.values()))
            await self._forget(where.workspace, list(ids))
        return await request({})

    async def _upload(self, where: Location, card: Card) -> FileIds:
        """File ids of a card's pictures, without those that could not be uploaded."""
        parts = [part for part in card.parts if isinstance(part, PicturePart) and is_uploaded(part)]
        await self._recall(where.workspace, [part for part in parts if (where.workspace, part) not in self._known])
        missing = tuple(part for part in dict.fromkeys(parts) if (where.workspace, part) not in self._known)
        if missing:
            uploaded: dict[PicturePart, str] = {}
            _unused, figures = await load_figures(self._app, "slack", where.workspace, replace(card, parts=missing))
            drawn = await asyncio.to_thread(lambda: list(draw_pictures(missing, figures)))
            for part, file in drawn:
                try:
                    uploaded[part] = await self._sender.upload_unshared(where.workspace, file)
                except REQUEST_FAILURES as error:
                    log.info("a picture was not uploaded: %s", error)
                    break
                self._remember(where.workspace, part, uploaded[part])
            await self._store(where.workspace, uploaded)
        return {part: id for part in parts if (id := self._known.get((where.workspace, part)))}

    async def _recall(self, team: str, parts: Sequence[PicturePart]) -> None:
        """Read the file ids of pictures that were uploaded before this process began."""
        if not parts:
            return
        names = {_fact(team, part): part for part in parts}
        async with self._app.store.read_admin_session() as admin:
            found = await admin.facts.values(list(names))
        for name, id in found.items():
            self._remember(team, names[name], id)
            self._from_store.add((team, names[name]))

    async def _store(self, team: str, ids: FileIds) -> None:
        if not ids:
            return
        async with self._app.store.admin_session() as admin:
            for part, id in ids.items():
                await admin.facts.store(_fact(team, part), id)

    async def _forget(self, team: str, parts: Sequence[PicturePart]) -> None:
        """Forget files that Slack does not take; they are uploaded again when they are needed."""
        async with self._app.store.admin_session() as admin:
            for part in parts:
                self._known.pop((team, part), None)
                self._from_store.discard((team, part))
                await admin.facts.forget(_fact(team, part))

    def _remember(self, team: str, part: PicturePart, id: str) -> None:
        self._known[team, part] = id
        while len(self._known) > MAX_REMEMBERED:
            forgotten, _id = self._known.popitem(last=False)
            self._from_store.discard(forgotten)


def _fact(team: str, part: PicturePart) -> str:
    """Name of the stored fact that holds a picture's file id: the hash of what the picture shows."""
    return f"slack-picture:{team}:{sha256(repr(part).encode()).hexdigest()[:32]}"
