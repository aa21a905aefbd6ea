"""Delivers files to one person by direct message: Slack cannot show a file to one person in a channel."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from adapters.slack.outbound.sender import Sender
from adapters.slack.transport.interaction import Interaction
from adapters.slack.transport.outcomes import REQUEST_FAILURES
from bot.chat.cards import Card, File, Note, Part, note
from bot.chat.platform_error_texts import reason_text
from bot.chat.rich_text import parse_backticks
from bot.editions.render.attachments import attachment_of
from bot.locale.current import _

log = logging.getLogger(__name__)


async def deliver_files(sender: Sender, interaction: Interaction, card: Card) -> Card:
    """Send the card's files to the asker by direct message, and return the card with a note in place of each file."""
    parts: list[Part] = [
        await _deliver(sender, interaction, part) if isinstance(part, File) else part for part in card.parts
    ]
    return replace(card, parts=tuple(parts))


async def _deliver(sender: Sender, interaction: Interaction, file: File) -> Note:
    try:
        await sender.upload_to(
            interaction.where.workspace, interaction.user, await asyncio.to_thread(attachment_of, file)
        )
    except REQUEST_FAILURES as error:
        log.info("%s was not delivered: %s", file.name, error)
        say = _("{file} could not be sent: {error}.", file=file.name, error=reason_text(error))
        return note(*parse_backticks(say))
    return note(_("{file} is in our direct messages.", file=file.name))
