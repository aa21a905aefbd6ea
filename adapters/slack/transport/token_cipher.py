"""Encryption of stored tokens with the installation's key (Fernet: AES-128-CBC and HMAC-SHA256)."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class TokenCipher:
    """Encrypts with the newest key; decrypts with the older keys too, while they are in the settings."""

    def __init__(self, key: bytes, older: Sequence[bytes] = ()) -> None:
        self._fernet = MultiFernet([Fernet(one) for one in (key, *older)])
        self._newest = Fernet(key)

    def encrypt(self, token: str) -> str:
        """The token in encrypted form."""
        return self._fernet.encrypt(token.encode()).decode()

    def decrypt(self, locked: str) -> str:
        """The token in clear; empty if no key fits."""
        try:
            return self._fernet.decrypt(locked.encode()).decode()
        except InvalidToken:
            return ""

    def needs_rotation(self, locked: str) -> bool:
        """True if the token was encrypted with an older key and should be encrypted again."""
        try:
            self._newest.decrypt(locked.encode())
        except InvalidToken:
            return bool(self.decrypt(locked))
        return False
