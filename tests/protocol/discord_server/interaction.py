"""One interaction: what somebody did, and the life of the bot's answer to it.

Three seconds to the first answer, fifteen minutes for all that follows (Discord, "Receiving and Responding").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

from .state import Channel, Guild, Json, Message, User

FIRST_ANSWER = timedelta(seconds=3)
TOKEN_LIFE = timedelta(minutes=15)


class InteractionType(IntEnum):
    """What somebody did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class CallbackType(IntEnum):
    """How the bot answered first."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """One suggestion under an option being typed."""

    name: str
    value: str | int | float


@dataclass(slots=True, eq=False)
class Interaction:
    """What somebody did and what came of it."""

    id: int
    token: str
    type: InteractionType
    user: User
    channel: Channel
    guild: Guild | None
    data: Json
    at: datetime
    begun_at: datetime
    """The same moment by the clock for limits."""
    source: Message | None = None
    """The message whose button was pressed, or whose button opened the form."""
    answered_as: CallbackType | None = None
    answered_at: datetime | None = None
    settled_at: datetime | None = None
    """When the person saw the outcome: an answer that is not "thinking"."""
    response: Message | None = None
    """The message that answers: `@original`. For updates, the message that was clicked."""
    modal: Json | None = None
    choices: list[Choice] = field(default_factory=list)
    followups: list[Message] = field(default_factory=list)

    def answerable(self, now: datetime) -> bool:
        """Whether a first answer is still accepted; `now`, here and below, is by the clock for limits."""
        return now - self.begun_at <= FIRST_ANSWER

    def alive(self, now: datetime) -> bool:
        """Whether its token still works."""
        return now - self.begun_at <= TOKEN_LIFE

    def failed(self, now: datetime) -> bool:
        """Whether the person was told that the application did not respond."""
        return self.answered_as is None and not self.answerable(now)

    @property
    def seconds_to_answer(self) -> float | None:
        """How long the first answer took."""
        return (self.answered_at - self.at).total_seconds() if self.answered_at else None

    def awaited(self, now: datetime) -> bool:
        """Whether the person still waits for something the bot can give."""
        if self.answered_as is None:
            return self.answerable(now)
        thinking = self.response is not None and self.response.loading and not self.response.gone
        return thinking and self.alive(now)
