"""Custom ids of buttons: the call of the button, signed so that nobody can make up one of their own.

A custom id comes back from outside and may be forged. The signature proves that this installation created this call for
this guild. The member's rights and the state of the paper or edition are checked at every click.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b, sha256

import discord

MAX_CUSTOM_ID = 100
"""Characters of a custom id and of a menu option's value (Discord, "Component Reference")."""
MAX_CALL_LENGTH = MAX_CUSTOM_ID - len("jc?99:") - len(":") - 11
"""Characters of a call that fit beside the signature; longer calls are saved in the database and referred to."""

MAX_KEY = blake2b.MAX_KEY_SIZE

SIGNED_ID_PATTERN = r"jc(?P<act>[?!f]?)\d{0,2}:(?P<call>.+):(?P<seal>[\w-]{11})"
"""Pattern of the custom ids of buttons and forms, and of the values of menu options."""


class ComponentAction(StrEnum):
    """The effect of a press or a submission."""

    RUN = ""
    ASK = "?"
    """Ask for confirmation first."""
    CONFIRMED = "!"
    """The confirmation was given; the result replaces the question."""
    FORM = "f"
    """A form was submitted; its fields complete the call."""


@dataclass(frozen=True, slots=True)
class CustomIdSigner:
    """Signs calls for one guild and verifies them."""

    secret: bytes
    guild: str

    def custom_id(self, call: object, action: ComponentAction = ComponentAction.RUN, number: int = 0) -> str:
        """The custom id of a call. `number` distinguishes two buttons of one message with the same call."""
        return f"jc{action}{number or ''}:{call}:{self._sign(action, str(call))}"

    def verify(self, custom_id: str) -> tuple[str, ComponentAction] | None:
        """The call behind a custom id, as it would be typed, with its action; None if the signature is not this
        guild's.
        """
        match = re.fullmatch(SIGNED_ID_PATTERN, custom_id, re.DOTALL)
        if match is None:
            return None
        action, call = ComponentAction(match["act"]), match["call"]
        return (call, action) if hmac.compare_digest(match["seal"], self._sign(action, call)) else None

    def _sign(self, action: ComponentAction, call: str) -> str:
        """Eight bytes of a keyed BLAKE2 (RFC 7693). That is enough against forging, which needs one click a guess.

        HMAC-SHA256 is as safe but takes three times as long, and a card has a dozen buttons.
        """
        signed = f"{self.guild}\n{action}\n{call}".encode()
        digest = blake2b(signed, digest_size=8, key=self.secret[:MAX_KEY], person=b"journalclub").digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")


LOWEST_MARK = 0x4000_0000
"""Marks of deliveries begin here; components that are no delivery have small ids."""


def delivery_mark(key: str) -> int:
    """A number that identifies a delivery inside its message: the id of the outermost component.

    Discord stores component ids (32-bit numbers chosen by the sender) and returns them with the message's history, so a
    delivery can be found again without any visible text.
    """
    return int.from_bytes(sha256(key.encode()).digest()[:4]) & 0x3FFF_FFFF | LOWEST_MARK


def mark_of(message: discord.Message) -> int | None:
    """The mark that a message carries, or None if it is no delivery."""
    first = message.components[0] if message.components else None
    return first.id if isinstance(first, discord.Container) else None
