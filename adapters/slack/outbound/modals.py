"""Modals: forms and cards for one person. A trigger opens one modal within three seconds, so it is used at once."""

from __future__ import annotations

import logging
from typing import Any

from adapters.slack.outbound.sender import Sender, with_retries
from adapters.slack.render.block_kit import VIEW_BLOCKS, plain, render
from adapters.slack.transport.interaction import Interaction, Origin
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.chat.cards import Card, Tone, text
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.text import one_line, truncate
from bot.locale.current import _

log = logging.getLogger(__name__)

View = dict[str, Any]

CARD_CALLBACK_ID = "jc-card"
"""Callback id of modals that show a card."""

MAX_TITLE, MAX_METADATA = 24, 3000
"""Characters of a title or a button at the bottom, and of private metadata (docs.slack.dev/reference/views)."""


def loading_view() -> Card:
    """Card that a modal shows until its content is there."""
    return Card(_("One moment …"), (text(_("Looking it up …")),), Tone.QUIET)


class Modals:
    """Opens modals and changes their content."""

    def __init__(self, teams: WorkspaceClients, sender: Sender) -> None:
        self._teams = teams
        self._sender = sender

    async def open(self, interaction: Interaction, view: View) -> str:
        """Open a modal, on top of the one in which somebody acted. Returns its id; empty if the trigger had expired."""
        try:
            if interaction.view:
                response = await self._teams.call(
                    interaction.where.workspace,
                    "views.push",
                    lambda client: client.views_push(trigger_id=interaction.trigger, view=view),
                )
            else:
                response = await self._teams.call(
                    interaction.where.workspace,
                    "views.open",
                    lambda client: client.views_open(trigger_id=interaction.trigger, view=view),
                )
        except (NotSent, OutcomeUnknown, Refused) as error:
            log.info("a form could not be opened: %s", error)
            return ""
        return str(response["view"]["id"])

    async def replace(self, team: str, view_id: str, view: View) -> bool:
        """Replace the content of a modal. False if it was closed meanwhile; it stays closed."""
        try:
            await with_retries(
                lambda: self._teams.call(
                    team, "views.update", lambda client: client.views_update(view_id=view_id, view=view)
                )
            )
        except (NotSent, OutcomeUnknown, Refused) as error:
            log.info("a modal could not be changed: %s", error)
            return False
        return True

    async def show(self, interaction: Interaction, card: Card) -> str:
        """Open a modal with a card. Returns its id; empty if the trigger had expired."""
        return await self.open(interaction, await self._view(interaction, card))

    async def update(self, interaction: Interaction, card: Card) -> bool:
        """Show a card in the modal in which somebody acted. False if it was closed meanwhile."""
        return await self.replace(interaction.where.workspace, interaction.view, await self._view(interaction, card))

    async def _view(self, interaction: Interaction, card: Card) -> View:
        return card_view(await self._sender.with_short_calls(interaction.where, card), interaction.origin())


def card_view(card: Card, origin: Origin) -> View:
    """A card as a modal. A title that is too long for the modal is shown in full among the blocks."""
    title = one_line(card.title) or "Journal Club"
    blocks = render(card, VIEW_BLOCKS)
    short = len(title) <= MAX_TITLE and not card.url and len(blocks) > 1
    return {
        "type": "modal",
        "callback_id": CARD_CALLBACK_ID,
        "title": plain(title if short else truncate(title, MAX_TITLE), MAX_TITLE),
        "close": plain(_("Close"), MAX_TITLE),
        "private_metadata": metadata(origin),
        "blocks": blocks[1:] if short else blocks,
    }


def metadata(origin: Origin) -> str:
    """An origin as private metadata; empty if it is too long, never cut."""
    return encoded if len(encoded := str(origin)) <= MAX_METADATA else ""
