"""Handing files out: Slack shows a file to one person only in their direct messages with us."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from adapters.slack.outbound.sender import Sender
from adapters.slack.transport.interaction import Interaction
from adapters.slack.transport.outcomes import REQUEST_FAILURES
from bot.chat.cards import Card, File, Note, Part, note
from bot.editions.render.attachments import attachment_of

log = logging.getLogger(__name__)


async def deliver_files(sender: Sender, interaction: Interaction, card: Card) -> Card:
    """The card once its files are in the asker's direct messages, saying so; or why they are not."""
    parts: list[Part] = [await _deliver(sender, interaction, part) if isinstance(part, File) else part for part in card.parts]
    return replace(card, parts=tuple(parts))


async def _deliver(sender: Sender, interaction: Interaction, file: File) -> Note:
    try:
        await sender.upload_to(interaction.where.workspace, interaction.user, await asyncio.to_thread(attachment_of, file))
    except REQUEST_FAILURES as error:
        log.info("%s was not handed out: %s", file.name, error)
        return note(f"{file.name} could not be sent: {error}.")
    return note(f"{file.name} is in our direct messages.")
