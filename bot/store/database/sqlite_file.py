"""The SQLite file on its disk: readable by its owner alone, still at its path, with room to grow."""

from __future__ import annotations

import logging
import os
import shutil
import stat
from pathlib import Path

from bot.errors import UserError

log = logging.getLogger(__name__)

PRIVATE = 0o600
"""Read and written by the program's own user, and by nobody else: votes and private notes are in there."""

LEAST_SPACE = 8 * 1024**2
"""Bytes that must be free on the disk: with less, the next write may fail."""


class SqliteFile:
    """The file that a program has open. Another one put at its path, or none, is found by its device and inode."""

    def __init__(self, path: Path) -> None:
        self.path = path
        descriptor = open_private(path)
        try:
            self._identity = _identity(os.fstat(descriptor))
        finally:
            os.close(descriptor)
        for beside in ("-wal", "-shm"):
            restrict(path.with_name(path.name + beside))

    def check(self) -> None:
        """Raise UserError where the open file is not the one at the path, or its disk is full."""
        try:
            there = _identity(self.path.stat())
        except FileNotFoundError:
            there = None
        if there != self._identity:
            found = "was removed" if there is None else "was replaced by another one"
            raise UserError(
                f"The file {self.path.name} {found} while the program runs: what is saved now will be lost. "
                "Restart the program, and restore a backup if the file does not come back."
            )
        free = shutil.disk_usage(self.path.parent).free
        if free < LEAST_SPACE:
            raise UserError(f"The disk of {self.path.name} is full ({free // 1024:,} KB are free). Free some space.")


def open_private(path: Path) -> int:
    """Open a file for reading and writing, made for its owner alone where it is new; a descriptor.

    SQLite gives the files it puts beside it the same rights. Raises OSError where the file cannot be written to.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
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
    """Take the rights of others from a file that is there; where that is not ours to do, it is logged."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & ~PRIVATE:
            path.chmod(mode & PRIVATE)
    except FileNotFoundError:
        return
    except PermissionError:
        log.warning("others on this machine can read %s: run `chmod 600` on it as its owner", path)


def _identity(found: os.stat_result) -> tuple[int, int]:
    return found.st_dev, found.st_ino
