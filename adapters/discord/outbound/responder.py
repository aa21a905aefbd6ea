"""The way back to one interaction: who will see the answer is promised within three seconds, then it is shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import Any

import aiohttp
import discord
from discord import ui

from adapters.discord.outbound.posting import files
from adapters.discord.render.components import render
from adapters.discord.render.custom_ids import MAX_CALL_LENGTH, ComponentAction, CustomIdSigner, mark_of
from adapters.discord.transport.requests import FORBIDDEN, RequestTrace, code_of, send, traced
from adapters.discord.transport.rest_client import NO_MENTIONS
from bot.app import App
from bot.chat.cards import Card, File, note
from bot.chat.commands import Reply
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.dispatch import AnswerCard, with_short_calls
from bot.editions.render.attachments import render_attachments, without_files

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

FIRST_ANSWER_TIMEOUT = 2.5
"""Seconds that one try of a first answer may take; Discord waits for three."""
FIRST_ANSWER_ATTEMPTS = 4
"""Tries of a first answer: where one was lost and had arrived, the next is refused, and so it is known."""
RETRY_PAUSES = (0.2, 2.0)
"""Seconds before an answer that may have been lost is sent again."""
ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION = 40060, 10062
"""Error codes: somebody has answered this interaction already; it is older than three seconds. Two processes on
one token each get it, and the first to answer has it."""


class Responder:
    """Answers one interaction. Later answers replace earlier ones, each shown to whom it is meant for."""

    def __init__(self, app: App, interaction: Interaction, *, replace_clicked: bool = False) -> None:
        self._app = app
        self._interaction = interaction
        self._replace_clicked = replace_clicked
        """Whether private answers take the place of the message that was clicked (the question before an act)."""
        self._deferred: Reply | None = None
        self._has_answered = False
        self._follow_up: discord.WebhookMessage | None = None
        self._received_at = monotonic()
        self.signer = CustomIdSigner(app.installation.secret, str(interaction.guild_id or ""))

    async def defer(self, reply: Reply) -> bool:
        """Tell Discord who will see the answer. False if the interaction is somebody else's by now."""
        in_place = self._interaction.message is not None and (reply is Reply.IN_PLACE or self._replace_clicked)
        self._deferred = Reply.IN_PLACE if in_place else Reply.PRIVATE if reply is Reply.IN_PLACE else reply
        ephemeral = self._deferred is Reply.PRIVATE
        defer = self._interaction.response.defer
        return await self._respond(lambda: defer(thinking=not in_place, ephemeral=ephemeral))

    async def form(self, modal: ui.Modal) -> bool:
        """Open a form instead of an answer. False if the interaction is somebody else's by now."""
        return await self._respond(lambda: self._interaction.response.send_modal(modal))

    async def send_private(self, card: Card, action: ComponentAction = ComponentAction.RUN) -> bool:
        """Answer at once, to the asker alone. False if the interaction is somebody else's by now."""
        view = render(await self._with_short_calls(card), self.signer, action=action)
        send_message = self._interaction.response.send_message
        return await self._respond(lambda: send_message(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS))

    async def send(self, answer_card: AnswerCard) -> None:
        """Show an answer that was promised. One for other eyes than promised is sent apart.

        Where we may attach no files it comes without them, and says so.
        """
        try:
            try:
                await self._show(answer_card)
            except Refused as error:
                if code_of(error) != FORBIDDEN or without_files(answer_card.card) is answer_card.card:
                    raise
                await self._show(replace(answer_card, card=_without_files(answer_card.card)))
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.warning("an answer could not be shown: %s", error)
        self._has_answered = True

    async def _show(self, answer_card: AnswerCard) -> None:
        message = self._interaction.message
        marked = mark_of(message) if message and self._fits_deferred(answer_card) and self._deferred is Reply.IN_PLACE else None
        view = render(await self._with_short_calls(answer_card.card), self.signer, mark=marked, pictures=True)
        attachments = await render_attachments(answer_card.card)

        def onto(edit: Callable[..., Awaitable[object]]) -> Callable[[], Awaitable[object]]:
            return lambda: edit(
                view=view, attachments=files(attachments), allowed_mentions=NO_MENTIONS
            )  # a file is sent once

        if self._fits_deferred(answer_card):
            await _edit_with_retry(onto(self._interaction.edit_original_response))
        elif self._follow_up is not None:
            await _edit_with_retry(onto(self._follow_up.edit))
        else:
            await self._send_follow_up(view, files(attachments), ephemeral=answer_card.reply is not Reply.PUBLIC)

    def _fits_deferred(self, answer_card: AnswerCard) -> bool:
        """Whether an answer may stand where it was promised."""
        if self._replace_clicked and self._deferred is Reply.IN_PLACE:
            return answer_card.reply is not Reply.PUBLIC
        if self._deferred is Reply.PRIVATE:
            return answer_card.reply is not Reply.PUBLIC
        return answer_card.reply is self._deferred

    async def _send_follow_up(self, view: ui.LayoutView, attachments: list[discord.File], *, ephemeral: bool) -> None:
        """Send a message of its own. The first one after a promise would take the promise's place, for all to see
        (Discord, "Create Followup Message"), unless that was edited before: so it is, and then taken back."""
        needs_cleanup = self._deferred is not Reply.IN_PLACE and not self._has_answered
        if needs_cleanup:
            await send(self._interaction.edit_original_response(view=_thinking_message(), allowed_mentions=NO_MENTIONS))
        sending = self._interaction.followup.send
        self._follow_up = await send(
            sending(view=view, files=attachments, ephemeral=ephemeral, wait=True, allowed_mentions=NO_MENTIONS)
        )
        if needs_cleanup:
            await send(self._interaction.delete_original_response())

    async def _respond(self, answer: Callable[[], Awaitable[object]]) -> bool:
        """Give the first answer. One that was lost on the way is given again: if Discord has it already then, it was
        ours that arrived."""
        trace = RequestTrace()
        for _ in range(FIRST_ANSWER_ATTEMPTS):
            try:
                with traced(trace):
                    async with asyncio.timeout(FIRST_ANSWER_TIMEOUT):
                        await answer()
                break
            except discord.InteractionResponded:
                return False
            except discord.HTTPException as error:
                if error.code == ALREADY_ACKNOWLEDGED and trace.doubtful:
                    break
                is_unexpected = error.code not in (ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION)
                log.log(logging.WARNING if is_unexpected else logging.INFO, "an interaction could not be answered: %s", error)
                return False
            except (
                aiohttp.ClientError,
                OSError,
                ValueError,
            ) as error:  # a timeout is an OSError, bad JSON a ValueError
                trace.doubtful = trace.may_have_arrived
                log.info("the first answer to an interaction was lost: %r", error)
        else:
            return False
        self._app.metrics.acknowledged("discord", monotonic() - self._received_at)
        return True

    async def _with_short_calls(self, card: Card) -> Card:
        """The card with calls that fit a custom id."""
        if all(len(str(button.call)) <= MAX_CALL_LENGTH for button in card.buttons()):
            return card
        async with self._app.store.read_admin_session() as admin:
            workspace = await admin.directory.workspace("discord", self.signer.guild)
        return await with_short_calls(self._app, card, workspace.club_id, MAX_CALL_LENGTH) if workspace else card


async def _edit_with_retry(edit: Callable[[], Awaitable[object]]) -> None:
    """Edit a message, again where that failed on the way: to edit it twice does no harm."""
    for pause in RETRY_PAUSES:
        try:
            await send(edit())
        except (NotSent, OutcomeUnknown) as error:
            log.info("an answer may not have arrived, it is sent again: %s", error)
            await asyncio.sleep(pause)
        else:
            return
    await send(edit())


def _without_files(card: Card) -> Card:
    """The card without its files, with a word on each that was to be handed out."""
    missed = [
        note(f"{part.name} is missing: I may attach no files here.") for part in card.parts if isinstance(part, File)
    ]
    return replace(without_files(card), parts=(*without_files(card).parts, *missed))


def _thinking_message() -> ui.LayoutView:
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay("-# …"))
