"""What a button carries: the call it stands for, sealed, so that nobody can write one of their own.

A custom id comes back from outside and may have been made up. The seal says that this installation drew this call
for this guild; whether the member may do it, and whether it still makes sense, is looked up at every click.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b, sha256

import discord

CUSTOM_ID = 100
"""The most characters of a custom id and of a menu option's value (Discord, "Component Reference")."""
MAX_CALL_LENGTH = CUSTOM_ID - len("jc?99:") - len(":") - 11
"""The most characters of a call that fit beside the seal; longer ones are kept, and a short one stands for them."""

MOST_KEY = blake2b.MAX_KEY_SIZE

SIGNED_ID_PATTERN = r"jc(?P<act>[?!f]?)\d{0,2}:(?P<call>.+):(?P<seal>[\w-]{11})"
"""The custom id of a button or a form, and the value of a menu's option."""


class ComponentAction(StrEnum):
    """What pressing does."""

    RUN = ""
    ASK = "?"
    """Ask first: the call has a question."""
    SURE = "!"
    """The answer to that question: what comes of it takes the question's place."""
    FORM = "f"
    """A form was sent: its fields complete the call."""


@dataclass(frozen=True, slots=True)
class CustomIdSigner:
    """Seals calls for one guild, and knows its own again."""

    secret: bytes
    guild: str

    def custom_id(self, call: object, act: ComponentAction = ComponentAction.RUN, number: int = 0) -> str:
        """The custom id of a call. `number` tells apart two buttons of one message that do the same."""
        return f"jc{act}{number or ''}:{call}:{self._sign(act, str(call))}"

    def open(self, custom_id: str) -> tuple[str, ComponentAction] | None:
        """The call behind a custom id, as it would be typed; None if the seal is not this guild's."""
        match = re.fullmatch(SIGNED_ID_PATTERN, custom_id, re.DOTALL)
        if match is None:
            return None
        act, call = ComponentAction(match["act"]), match["call"]
        return (call, act) if hmac.compare_digest(match["seal"], self._sign(act, call)) else None

    def _sign(self, act: ComponentAction, call: str) -> str:
        """Eight bytes of a keyed BLAKE2 (RFC 7693): the tampering it has to outlast is one guess a click.

        An HMAC of SHA-256 says the same and takes three times as long, and a card has a dozen buttons.
        """
        said = f"{self.guild}\n{act}\n{call}".encode()
        sealed = blake2b(said, digest_size=8, key=self.secret[:MOST_KEY], person=b"journalclub").digest()
        return urlsafe_b64encode(sealed).decode().rstrip("=")


LOWEST_MARK = 0x4000_0000
"""Marks of deliveries begin here; components that are no delivery have small ids."""


def delivery_mark(key: str) -> int:
    """A number that names a delivery inside its message: the id of the outermost component.

    Discord keeps component ids (32-bit numbers of our choice) and returns them with the message's history, so a
    delivery can be found again without anything that a reader would see.
    """
    return int.from_bytes(sha256(key.encode()).digest()[:4]) & 0x3FFF_FFFF | LOWEST_MARK


def mark_of(message: discord.Message) -> int | None:
    """The mark that a message carries, if it is a delivery."""
    first = message.components[0] if message.components else None
    return first.id if isinstance(first, discord.Container) else None
