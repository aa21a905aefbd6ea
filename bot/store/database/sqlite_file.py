"""Checks of the SQLite file: readable by its owner only, still at its path, enough free disk space."""

from __future__ import annotations

import logging
import os
import shutil
import stat
from pathlib import Path

from bot.errors import UserError

log = logging.getLogger(__name__)

OWNER_ONLY = 0o600
"""File mode: read and write for the program's own user only, because the file has votes and private notes."""

MIN_FREE_BYTES = 8 * 1024**2
"""Bytes that must be free on the disk; with less, the next write may fail."""


class SqliteFile:
    """The file that the program has open. A replaced or removed file is noticed by its device and inode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        descriptor = open_private(path)
        try:
            self._identity = _identity(os.fstat(descriptor))
        finally:
            os.close(descriptor)
        for suffix in ("-wal", "-shm"):
            restrict(path.with_name(path.name + suffix))

    def check(self) -> None:
        """Raises UserError if the file at the path is not the open one, or if its disk is full."""
        try:
            current = _identity(self.path.stat())
        except FileNotFoundError:
            current = None
        if current != self._identity:
            found = "was removed" if current is None else "was replaced by another one"
            raise UserError(
                f"The file {self.path.name} {found} while the program runs: what is saved now will be lost. "
                "Restart the program, and restore a backup if the file does not come back."
            )
        free = shutil.disk_usage(self.path.parent).free
        if free < MIN_FREE_BYTES:
            raise UserError(f"The disk of {self.path.name} is full ({free // 1024:,} KB are free). Free some space.")


def open_private(path: Path) -> int:
    """Descriptor of a file opened for reading and writing; a new file is created for its owner only.

    SQLite gives its own files beside it the same mode. Raises OSError if the file cannot be written to.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, OWNER_ONLY)
    restrict(path)
    return descriptor


def make_private(path: Path) -> None:
    """Make a file for its owner alone where there is none. One that is there is not opened.

    To close it again would let go of all locks that this process has on it (POSIX): another program that looks at the
    database would then take its own connection for the last one, and remove the write-ahead log under this one.
    """
    if path.exists():
        restrict(path)
    else:
        os.close(open_private(path))


def restrict(path: Path) -> None:
    """Remove the permissions of other users from an existing file; logs a warning if the program may not."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~OWNER_ONLY:
            path.chmod(mode & OWNER_ONLY)
    except FileNotFoundError:
        return
    except PermissionError:
        log.warning("others on this machine can read %s: run `chmod 600` on it as its owner", path)


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
