"""Answers one interaction: the audience of the answer is fixed within three seconds, then the answer is shown."""

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
from bot.chat.command import Reply
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.dispatch import AnswerCard
from bot.editions.render.attachments import render_attachments, without_files
from bot.features.shared.editions.figure_loading import load_figures
from bot.locale.current import _
from bot.saved_calls import with_short_calls

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]

FIRST_ANSWER_TIMEOUT = 2.5
"""Seconds for one attempt at the first answer; Discord waits for three."""
FIRST_ANSWER_ATTEMPTS = 4
"""Attempts at the first answer. If an attempt arrived but its response was lost, Discord refuses the next one with
ALREADY_ACKNOWLEDGED.
"""
RETRY_PAUSES = (0.2, 2.0)
"""Seconds before an answer that may have been lost is sent again."""
ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION = 40060, 10062
"""Discord's error codes: the interaction was already answered; it is older than three seconds. If two processes use the
same token, both receive the interaction and the first to answer keeps it.
"""


class Responder:
    """Answers one interaction. Later answers replace earlier ones; each is shown to its own audience."""

    def __init__(self, app: App, interaction: Interaction, guild: str, *, replace_clicked: bool = False) -> None:
        self._app = app
        self._interaction = interaction
        self._replace_clicked = replace_clicked
        """True if private answers replace the clicked message: the question before an action."""
        self._deferred: Reply | None = None
        self._has_answered = False
        self._follow_up: discord.WebhookMessage | None = None
        self._unshown: Card | None = None
        """The last answer, if it could not be shown."""
        self._received_at = monotonic()
        self.signer = CustomIdSigner(app.installation.secret, guild)

    async def defer(self, reply: Reply) -> bool:
        """Tell Discord the audience of the coming answer. False if another process answered the interaction."""
        in_place = self._interaction.message is not None and (reply is Reply.IN_PLACE or self._replace_clicked)
        self._deferred = Reply.IN_PLACE if in_place else Reply.PRIVATE if reply is Reply.IN_PLACE else reply
        ephemeral = self._deferred is Reply.PRIVATE
        defer = self._interaction.response.defer
        return await self._respond(lambda: defer(thinking=not in_place, ephemeral=ephemeral))

    async def form(self, modal: ui.Modal) -> bool:
        """Open a form instead of an answer. False if another process answered the interaction."""
        return await self._respond(lambda: self._interaction.response.send_modal(modal))

    async def send_private(self, card: Card, action: ComponentAction = ComponentAction.RUN) -> bool:
        """Answer at once, visible to the asker only. False if another process answered the interaction."""
        view = render(await self._with_short_calls(card), self.signer, action=action)
        send_message = self._interaction.response.send_message
        return await self._respond(lambda: send_message(view=view, ephemeral=True, allowed_mentions=NO_MENTIONS))

    async def send(self, answer_card: AnswerCard) -> None:
        """Show an answer after `defer`; an answer for another audience is sent as a message of its own.

        If attaching files is not allowed, the answer is sent without them and says so.
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
            self._unshown = answer_card.card
        else:
            self._unshown = None
        self._has_answered = True

    async def close(self) -> None:
        """Send the last answer by direct message if it could not be shown, as after the quarter of an hour in which
        Discord takes answers. No more answers follow.
        """
        if self._unshown is None:
            return
        where, person = Location("discord", self.signer.guild, ""), str(self._interaction.user.id)
        try:
            await self._app.gateways["discord"].send_direct_message(where, person, self._unshown)
        except (NotSent, Refused, OutcomeUnknown) as error:
            log.warning("nor could it be sent by direct message: %s", error)

    async def _show(self, answer_card: AnswerCard) -> None:
        message = self._interaction.message
        marked = (
            mark_of(message)
            if message and self._fits_deferred(answer_card) and self._deferred is Reply.IN_PLACE
            else None
        )
        card, figures = await load_figures(self._app, "discord", self.signer.guild, answer_card.card)
        view = render(await self._with_short_calls(card), self.signer, mark=marked, pictures=True)
        attachments = await render_attachments(card, figures)

        def edit_once(edit: Callable[..., Awaitable[object]]) -> Callable[[], Awaitable[object]]:
            return lambda: edit(
                view=view, attachments=files(attachments), allowed_mentions=NO_MENTIONS
            )  # a file can be sent once

        if self._fits_deferred(answer_card):
            await _edit_with_retry(edit_once(self._interaction.edit_original_response))
        elif self._follow_up is not None:
            await _edit_with_retry(edit_once(self._follow_up.edit))
        else:
            await self._send_follow_up(view, files(attachments), ephemeral=answer_card.reply is not Reply.PUBLIC)

    def _fits_deferred(self, answer_card: AnswerCard) -> bool:
        """True if an answer may take the place of the deferred message."""
        if self._replace_clicked and self._deferred is Reply.IN_PLACE:
            return answer_card.reply is not Reply.PUBLIC
        if self._deferred is Reply.PRIVATE:
            return answer_card.reply is not Reply.PUBLIC
        return answer_card.reply is self._deferred

    async def _send_follow_up(self, view: ui.LayoutView, attachments: list[discord.File], *, ephemeral: bool) -> None:
        """Send a follow-up message of its own.

        The first follow-up after `defer` would replace the deferred message with its audience (Discord, "Create
        Followup Message"), unless that message was edited before. So it is edited first and deleted afterwards.
        """
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
        """Send the first answer, again if it was lost. If Discord then says that the interaction is already answered,
        the lost attempt had arrived.
        """
        trace = RequestTrace()
        for _unused in range(FIRST_ANSWER_ATTEMPTS):
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
                log.log(
                    logging.WARNING if is_unexpected else logging.INFO,
                    "an interaction could not be answered: %s",
                    error,
                )
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
        """The card with calls short enough for a custom id."""
        if all(len(str(button.call)) <= MAX_CALL_LENGTH for button in card.buttons()):
            return card
        async with self._app.store.read_admin_session() as admin:
            workspace = await admin.directory.workspace("discord", self.signer.guild)
        return await with_short_calls(self._app, card, workspace.club_id, MAX_CALL_LENGTH) if workspace else card


async def _edit_with_retry(edit: Callable[[], Awaitable[object]]) -> None:
    """Edit a message, with retries: editing twice does no harm."""
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
    """The card without its files, with a note for each file that could not be attached."""
    missed = [
        note(_("I need the permission “Attach Files” here to send {part}.", part=part.name))
        for part in card.parts
        if isinstance(part, File)
    ]
    return replace(without_files(card), parts=(*without_files(card).parts, *missed))


def _thinking_message() -> ui.LayoutView:
    return ui.LayoutView(timeout=None).add_item(ui.TextDisplay("-# …"))
