"""Tokens at rest: encrypted with the installation's key (Fernet: AES-128-CBC and HMAC-SHA256)."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class TokenCipher:
    """Encrypts with the newest key; opens what older ones encrypted, as long as they are given."""

    def __init__(self, key: bytes, older: Sequence[bytes] = ()) -> None:
        self._fernet = MultiFernet([Fernet(fernet_key) for fernet_key in (key, *older)])
        self._newest = Fernet(key)

    def encrypt(self, token: str) -> str:
        """A token as it may be kept."""
        return self._fernet.encrypt(token.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The token again; empty where no key that we have fits."""
        try:
            return self._fernet.decrypt(encrypted.encode()).decode()
        except InvalidToken:
            return ""

    def needs_rotation(self, encrypted: str) -> bool:
        """Whether it was encrypted with an older key, so that it should be encrypted anew."""
        try:
            self._newest.decrypt(encrypted.encode())
        except InvalidToken:
            return bool(self.decrypt(encrypted))
        return False
