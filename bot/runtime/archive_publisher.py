"""Publishes the archive as files: to a folder, and from there by git or by a command of the operator's.

The folder has a list of the files that were written, so that files of editions that are no longer public are removed
and nothing else is. Publishing again changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from adapters.web.archive import export, write_whole
from adapters.web.archive.clubs import public_clubs
from bot.app import App
from bot.domain.club_settings import ClubSettings
from bot.errors import UserError
from bot.features.moderation.open_log import OPEN_VERBS
from bot.runtime.exclusive_lease import exclusive_lease
from bot.settings.model import PublishSettings
from bot.store.base.task_triggers import ARCHIVE

log = logging.getLogger(__name__)

INTERVAL, RETRY_INTERVAL = 20.0, 300.0
"""Seconds between two looks for something new that nothing woke, and until a failed publication is tried again."""
TIMEOUT = 300.0
"""Seconds that git or the command may take."""
END_SECONDS = 3.0
"""Seconds that they have to end in when they are stopped."""
WATCHED_MEETINGS = 50
"""Latest meetings of a club, whose changes are published at once."""
FILE_LIST = ".journalclub-files"
"""File in the folder with the paths of all files that were written."""
MAX_OUTPUT = 500
"""Characters of a failed program's output that are reported."""


async def publish(app: App, settings: PublishSettings, *, club: str = "") -> str:
    """Write the archive, remove what is no longer public, and run git and the command. Returns a sentence about it.

    Raises UserError if there is no folder, or if git or the command fails.
    """
    if not settings.folder:
        raise UserError("There is no folder to publish to: set JOURNALCLUB_PUBLISH__FOLDER.")
    folder = await asyncio.to_thread(Path(settings.folder).absolute)
    written = await export(app, folder, club=club) if club or await public_clubs(app) else []
    removed = await asyncio.to_thread(_remove_old, folder, [str(file.relative_to(folder)) for file in written])
    notes = [f"{len(written)} files are in {settings.folder}"]
    notes += [f"{removed} old ones were removed"] if removed else []
    if settings.git:
        notes.append(await _commit(folder))
    if arguments := shlex.split(settings.command):
        await _run(folder, arguments)
        notes.append("your command was run")
    return "; ".join(notes) + "."


class ArchivePublisher:
    """Publishes at the start, and whenever an edition was published, corrected or recalled, or a meeting took place.

    Where the log is open, every decision of a moderator is published too.
    """

    def __init__(self, app: App, settings: PublishSettings) -> None:
        self._app, self._settings = app, settings
        self._me = uuid4().hex
        self._published: object = None

    async def run(self) -> None:
        """Publish what is new, at once when this or another process has changed it, until cancelled."""
        changed = asyncio.Event()
        stop_waking = self._app.store.commit_listeners.subscribe(ARCHIVE, changed.set)
        try:
            while True:
                changed.clear()
                pause = INTERVAL if await self.round() else RETRY_INTERVAL
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await changed.wait()
        finally:
            stop_waking()

    async def round(self) -> bool:
        """Publish if anything has changed. False if it could not be published."""
        try:
            state = await self._state()
            if state == self._published:
                return True
            async with exclusive_lease(self._app, "publish archive", self._me) as mine:
                if not mine:
                    return True
                log.info("the archive was published: %s", await publish(self._app, self._settings))
        except UserError as error:
            log.error("the archive could not be published: %s", error)  # noqa: TRY400  no traceback is needed
            return False
        except Exception:
            log.exception("the archive could not be published")
            return False
        self._published = state
        return True

    async def _state(self) -> object:
        """Everything that the published pages of all public clubs depend on, apart from votes."""
        found = []
        for club in await public_clubs(self._app):
            async with self._app.store.read(club.id) as db:
                stamps = tuple(await db.published.stamps())
                meetings = await db.meetings.past(self._app.now(), limit=WATCHED_MEETINGS)
                listed = tuple(await db.published.listed_members())
                is_open = ClubSettings.of(club.settings).open_log
                decided = await db.audit_log.latest(verbs=OPEN_VERBS, limit=1) if is_open else ()
            changes = tuple((meeting.number, meeting.changed_at) for meeting in meetings)
            found.append(
                (club.id, club.name, repr(club.settings), stamps, changes, listed, [act.id for act in decided])
            )
        return found


def _remove_old(folder: Path, written: Sequence[str]) -> int:
    """Remove the files that were written before and are not any more, and remember those that are. Returns how many."""
    listing = folder / FILE_LIST
    before = set(listing.read_text("utf-8").splitlines()) if listing.exists() else set()
    removed = 0
    for name in sorted(before - set(written)):
        file = folder / name
        if file.is_file() and folder in file.resolve().parents:
            file.unlink()
            removed += 1
            for parent in file.parents:
                if parent == folder or any(parent.iterdir()):
                    break
                parent.rmdir()
    write_whole(folder, listing, "".join(f"{name}\n" for name in sorted(written)).encode())
    return removed


async def _commit(folder: Path) -> str:
    """Commit everything in the folder if it has changed, and push if there is an upstream.

    What was committed before and is not there yet, because a push failed or was interrupted, is pushed too.
    """
    await _run(folder, ["git", "add", "--all", "--", "."])
    changed = bool(await _run(folder, ["git", "status", "--porcelain", "--", "."]))
    if changed:
        known = await _run(folder, ["git", "config", "--default", "", "--get", "user.email"])
        author = [] if known else ["-c", "user.name=Journal Club", "-c", "user.email=journalclub@localhost"]
        await _run(folder, ["git", *author, "commit", "--quiet", "--message", "Publish the archive", "--", "."])
    note = "committed to git" if changed else "git has nothing new"
    upstream = await _run(
        folder, ["git", "for-each-ref", "--format=%(upstream)%(upstream:track)", await _branch(folder)]
    )
    if not upstream or not (changed or "ahead" in upstream or "gone" in upstream):
        return note
    await _run(folder, ["git", "push", "--quiet"])
    return "committed to git and pushed" if changed else "pushed to git what was committed before"


async def _branch(folder: Path) -> str:
    return await _run(folder, ["git", "symbolic-ref", "HEAD"])


async def _run(folder: Path, arguments: Sequence[str]) -> str:
    """Output of a program that is run in the folder, without the settings of this one.

    Raises UserError if it is not there, fails or takes too long.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOURNALCLUB_")}
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            cwd=folder,
            env=environment | {"GIT_TERMINAL_PROMPT": "0"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except OSError as error:
        raise UserError(f"`{arguments[0]}` could not be started: {error.strerror or error}.") from None
    try:
        output, _ = await asyncio.wait_for(process.communicate(), TIMEOUT)
    except BaseException as error:
        await _end(process)
        if isinstance(error, TimeoutError):
            raise UserError(f"`{arguments[0]}` took longer than {TIMEOUT:.0f} seconds.") from None
        raise
    text = output.decode("utf-8", "replace").strip()
    if process.returncode:
        raise UserError(f"`{shlex.join(arguments)}` failed ({process.returncode}): {text[-MAX_OUTPUT:]}")
    return text


async def _end(process: asyncio.subprocess.Process) -> None:
    """End a program that still runs. It may clean up first: git, killed at once, would leave its lock behind.

    Its output is closed: asyncio waits for its end too, and what the program has started may hold it for ever.
    """
    if process.returncode is not None:
        process._transport.close()  # type: ignore[attr-defined]
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        process.kill()
        process._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
        await process.wait()
