"""One-time codes that people carry from one platform to the other."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

CODE_LIFETIME = timedelta(minutes=10)
"""How long a code counts: time to change windows, and no more."""

CODE_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs that nobody takes for another: no 0 and O, no 1 and I."""

CODE_LENGTH = 10
"""Ten of 32 signs are 50 bits: who guesses a hundred times a second finds a live code once in 19 billion tries."""


def new_code() -> str:
    """A new code, as people read it: `K7QMX-2NPRW`."""
    drawn = "".join(secrets.choice(CODE_CHARACTERS) for _ in range(CODE_LENGTH))
    return f"{drawn[: CODE_LENGTH // 2]}-{drawn[CODE_LENGTH // 2 :]}"


def digest(code: str, secret: bytes) -> str:
    """What is kept of a code. However it was typed (lower case, without its dash), the same code gives the same."""
    bare = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(secret, bare.encode(), "sha256").hexdigest()
