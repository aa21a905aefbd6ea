"""Values of `.env`: what is there stays, in its order and with its comments."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from bot.errors import UserError

PRIVATE = 0o600
"""Only the owner may read the file."""

_PLAIN = re.compile(r"[\w.:/@+=,-]*")


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The text of a `.env` file with these values: in place of an earlier line of the name, or at the end."""
    left = dict(values)
    lines = []
    for line in text.splitlines():
        name = line.removeprefix("export ").partition("=")[0].strip()
        if name in values:
            if name in left:
                prefix = "export " if line.startswith("export ") else ""
                lines.append(prefix + _line(name, left.pop(name)))
            continue  # a second line of the same name would win over the first
        lines.append(line)
    lines += [_line(name, value) for name, value in left.items()]
    return "\n".join(lines) + "\n"


def prepare_folder(path: Path) -> None:
    """Make the folder of a `.env` file if it is missing. Raises UserError if nothing can be written there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_writable = os.access(path.parent, os.W_OK | os.X_OK) and (not path.exists() or path.is_file())
    except OSError:
        is_writable = False
    if not is_writable:
        raise UserError(f"I cannot write {path}. Choose another file with --env-file.")


def save_values(path: Path, values: Mapping[str, str]) -> None:
    """Write values into a `.env` file that only its owner can read; it is replaced whole. Raises OSError."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else ""
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".env-", delete=False) as file:
        os.chmod(file.name, PRIVATE)
        file.write(with_values(text, values))
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


def _line(name: str, value: str) -> str:
    """One line, quoted if the value needs it."""
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{name}='{escaped}'"
