"""Encryption of stored tokens with the installation's key (Fernet: AES-128-CBC and HMAC-SHA256)."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class TokenCipher:
    """Encrypts with the newest key; decrypts with the older keys too, while they are in the settings."""

    def __init__(self, key: bytes, older: Sequence[bytes] = ()) -> None:
        self._fernet = MultiFernet([Fernet(fernet_key) for fernet_key in (key, *older)])
        self._newest = Fernet(key)

    def encrypt(self, token: str) -> str:
        """The token in encrypted form."""
        return self._fernet.encrypt(token.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The token in clear; empty if no key fits."""
        try:
            return self._fernet.decrypt(encrypted.encode()).decode()
        except InvalidToken:
            return ""

    def needs_rotation(self, encrypted: str) -> bool:
        """True if the token was encrypted with an older key and should be encrypted again."""
        try:
            self._newest.decrypt(encrypted.encode())
        except InvalidToken:
            return bool(self.decrypt(encrypted))
        return False
