"""The secret key in a backup: in a file of its own, encrypted with a passphrase."""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode, urlsafe_b64encode
from pathlib import Path
from typing import Any

from bot.errors import UserError
from bot.store.transfer.backup_files import whole_file

COST = {"n": 2**17, "r": 8, "p": 1}
"""Scrypt's cost: 128 MiB and some tenths of a second a guess (OWASP's advice of 2023)."""
SHORTEST = 12
"""Characters that a passphrase has at the least."""


def write_key(target: Path, key: bytes, passphrase: str) -> None:
    """Keep a key, encrypted. Raises UserError where the passphrase is too short."""
    from cryptography.fernet import Fernet

    check_length(passphrase)
    salt = secrets.token_bytes(16)
    token = Fernet(_derived(passphrase, salt, COST)).encrypt(key)
    content = {"journalclub": "key", "kdf": "scrypt", **COST, "salt": b64encode(salt).decode(), "key": token.decode()}
    with whole_file(target) as part:
        part.write_text(json.dumps(content) + "\n", encoding="ascii")


def check_length(passphrase: str) -> None:
    """Raises UserError for a passphrase that is too short."""
    if len(passphrase) < SHORTEST:
        raise UserError(f"The passphrase must have {SHORTEST} characters or more.")


def read_key(source: Path, passphrase: str) -> bytes:
    """The key in a file. Raises UserError where the file is not one of ours, or the passphrase is wrong."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        content = json.loads(source.read_text(encoding="ascii"))
        cost = {name: min(int(content[name]), most) for name, most in (("n", 2**20), ("r", 32), ("p", 16))}
        salt, token = b64decode(content["salt"]), str(content["key"]).encode()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{source.name} is no key that `journalclub backup` wrote.") from error
    try:
        return Fernet(_derived(passphrase, salt, cost)).decrypt(token)
    except InvalidToken as error:
        raise UserError("The passphrase is not the one that the key was written with.") from error


def _derived(passphrase: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return urlsafe_b64encode(Scrypt(salt=salt, length=32, **cost).derive(passphrase.encode()))
