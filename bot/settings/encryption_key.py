"""The installation's encryption key: from the settings, or generated once and stored in the data folder."""

from __future__ import annotations

import os
import secrets
import stat
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr, TypeAdapter, ValidationError

from bot.settings.loader import SettingsError
from bot.settings.model import Settings
from bot.settings.value_types import Key


def current_key(settings: Settings) -> bytes:
    """The key that signs and encrypts: 32 bytes in URL-safe base64, as `cryptography.fernet.Fernet` takes them.

    If none is set, it is generated on first use in `secret.key` of the data folder, readable by its owner only. Two
    processes that start at once get the same key. Raises SettingsError if the file holds no valid key.
    """
    if settings.secret_key:
        return settings.secret_key.get_secret_value().encode()
    path = settings.data_dir / "secret.key"
    try:
        if not path.exists():
            _make(path)
        return _read(path)
    except OSError as error:
        raise SettingsError([f"{path} cannot be used: {error.strerror}."]) from None


def former_keys(settings: Settings) -> tuple[bytes, ...]:
    """The former keys, newest first: what they encrypted can still be decrypted."""
    return tuple(key.encode() for key in settings.former_keys.get_secret_value().split(",") if key)


def _make(path: Path) -> None:
    """Write the key to a temporary file, then rename it unless another process was first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(urlsafe_b64encode(secrets.token_bytes(32)))
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        # A container's volume may add permissions for its group; others must have none.
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & stat.S_IRWXO:
            raise SettingsError([f"{path} can be read by everyone on this machine. Run `chmod 600 {path}`."])
        text = file.read(1024)
    try:
        key: SecretStr = TypeAdapter(Key).validate_python(SecretStr(text.decode("ascii", "replace").strip()))
    except ValidationError:
        raise SettingsError(
            [
                f"{path} holds no key of 32 bytes in base64. Put the one from your backup there, or remove the file: "
                "then a new key is made, buttons on old messages say so, and workspaces must be connected again."
            ]
        ) from None
    return key.get_secret_value().encode()
