"""What a person sees after doing something: kept live, so later edits and followups show as they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .forms import Form, form_of
from .interaction import CallbackType, Choice, Interaction
from .state import Message, Version

if TYPE_CHECKING:
    from .server import DiscordServer

NO_ANSWER = "The application did not respond"


class ActionUnavailable(AssertionError):
    """A person cannot do this: Discord's own app would not let them."""


class InteractionResult:
    """The outcome of one interaction as its person sees it, now and later."""

    def __init__(self, discord: DiscordServer, interaction: Interaction) -> None:
        self._discord = discord
        self.interaction = interaction

    @property
    def failed(self) -> bool:
        """Whether Discord showed "The application did not respond"."""
        return self.interaction.failed(self._discord.clock.for_limits())

    @property
    def answered_as(self) -> CallbackType | None:
        """How the bot answered first; None: not yet."""
        return self.interaction.answered_as

    @property
    def seconds_to_answer(self) -> float | None:
        """How long the first answer took."""
        return self.interaction.seconds_to_answer

    @property
    def message(self) -> Message:
        """The message that answers (for an update: the message that was clicked)."""
        if self.interaction.response is None:
            raise ActionUnavailable(f"there is no message to see: {self!r}")
        return self.interaction.response

    @property
    def followups(self) -> list[Message]:
        """The messages sent after it, oldest first, without those deleted."""
        return [message for message in self.interaction.followups if not message.gone]

    @property
    def latest(self) -> Message:
        """The newest message this brought: the last followup, else the answer."""
        return self.followups[-1] if self.followups else self.message

    @property
    def text(self) -> str:
        """All the words that came of it: of the answer and its followups, or the notice that none came."""
        if self.failed:
            return NO_ANSWER
        response = self.interaction.response
        shown = [response] if response and not response.gone else []
        return "\n".join(message.text for message in [*shown, *self.followups])

    @property
    def buttons(self) -> list[str]:
        """What is written on the buttons of the newest message."""
        return self.latest.buttons

    @property
    def ephemeral(self) -> bool:
        """Whether only this person sees the newest message."""
        return self.latest.ephemeral

    @property
    def thinking(self) -> bool:
        """Whether the bot still thinks."""
        response = self.interaction.response
        return response is not None and response.loading

    @property
    def history(self) -> list[Version]:
        """Every look of the answering message, oldest first."""
        return self.message.history

    @property
    def choices(self) -> list[Choice]:
        """The suggestions of an autocomplete."""
        return self.interaction.choices

    @property
    def form(self) -> Form:
        """The form that opened."""
        if self.interaction.modal is None:
            raise ActionUnavailable(f"no form opened: {self!r}")
        return form_of(self.interaction)

    async def until(
        self, look: Callable[[InteractionResult], object], within: float | None = None
    ) -> InteractionResult:
        """Wait until a later edit or followup makes `look` true: `await seen.until(lambda s: "12 of 12" in s.text)`."""
        patience = self._discord.patience if within is None else within
        await self._discord.wait_for(lambda: look(self), patience, f"the awaited look of {self!r}")
        return self

    def __repr__(self) -> str:
        one = self.interaction
        answer = one.answered_as.name if one.answered_as else "unanswered"
        shown = "did not respond" if self.failed else (self.text[:60] if one.response else "")
        return f"<Seen {one.type.name} by {one.user.name}: {answer} {shown!r}>"
