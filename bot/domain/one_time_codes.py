"""One-time codes that link accounts and workspaces of two platforms."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

CODE_LIFETIME = timedelta(minutes=10)
"""Validity of a code."""

CODE_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters of a code, without those that look alike (0 and O, 1 and I)."""

CODE_LENGTH = 10
"""Characters of a code.

Ten of 32 characters are 50 bits: 100 guesses per second need about 19 billion attempts to find a valid code.
"""


def new_code() -> str:
    """A random code in readable form: `K7QMX-2NPRW`."""
    characters = "".join(secrets.choice(CODE_CHARACTERS) for _ in range(CODE_LENGTH))
    return f"{characters[: CODE_LENGTH // 2]}-{characters[CODE_LENGTH // 2 :]}"


def digest(code: str, secret: bytes) -> str:
    """Hash of a code, the same for lower case and without the hyphen."""
    bare = "".join(c for c in code.upper() if c.isalnum())
    return hmac.new(secret, bare.encode(), "sha256").hexdigest()
