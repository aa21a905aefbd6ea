"""A mark beside the database that says until when posts were made, so that a database older than that is found out.

Whoever puts a copy of the database file back, a snapshot of a disk, or a replica that lagged behind, leaves no trace in
it. The mark is a file in the data folder, one for each installation, and the same time is a fact in the database, which
is written first. At the start a database whose fact is older than the mark is treated like a restored backup.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.store.admin.restored_database import PostedUntil
from bot.store.database.sqlite_file import open_private
from bot.store.sessions import Store

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=10)
"""Time for which a mark serves: what is posted meanwhile is not marked again, since each mark costs a transaction."""


class PostingMark:
    """The mark of one process, in its data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._noted_at: datetime | None = None
        self._warned = False

    def read(self, installation: str) -> datetime | None:
        """Last time at which this process is known to have posted for an installation; None if nothing is known."""
        with suppress(OSError, ValueError):
            return datetime.fromisoformat(self._file(installation).read_text("ascii"))
        return None

    async def note(self, store: Store, now: datetime) -> None:
        """Note that something is going to be posted: in the database, then in the file. Repeats within `EVERY` do
        nothing. Raises SQLAlchemyError where the database cannot be written to; a folder that cannot only warns.
        """
        if self._noted_at is not None and self._noted_at <= now < self._noted_at + EVERY:
            return
        async with store.admin_session() as admin:
            posted = await admin.restored.note_posting(now)
        try:
            self._write(posted)
        except OSError as error:
            if not self._warned:
                log.warning("a copy of the database that is put back will not be recognized: %s", error)
            self._warned = True
        self._noted_at = now

    def _write(self, posted: PostedUntil) -> None:
        """Replace the file in one step."""
        if not posted.installation:
            return
        file = self._file(posted.installation)
        self._folder.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        with open(open_private(part), "w", encoding="ascii") as stream:
            stream.truncate()
            stream.write(posted.at.isoformat())
        part.replace(file)

    def _file(self, installation: str) -> Path:
        return self._folder / f"posted-until.{installation}"
