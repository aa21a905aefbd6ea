"""Reading of the sources that are due, once for all clubs; an interrupted reading goes on where it stopped."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app import App
from bot.domain.models import StreamSource
from bot.domain.stream.items import StreamPage
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.errors import Unavailable
from bot.locale.translatable import TranslatableText, stored_text
from bot.ports import StreamReader

log = logging.getLogger(__name__)

MOST_PAGES = 60
"""Pages of one group of sources that are read in a row; then others have their turn."""
STORED_TOGETHER = 50
"""Items that are stored in one transaction."""
FIRST_PAUSE = timedelta(minutes=15)
"""Pause after the first failure; it doubles with each further one."""
LONGEST_PAUSE = timedelta(hours=6)
NOT_READ = TranslatableText("Sources of this kind are turned off in this installation.")


@dataclass(frozen=True, slots=True)
class ReadingGroup:
    """Sources of one kind that are asked for together, and where their reading is."""

    kind: StreamSourceKind
    sources: tuple[StreamSource, ...]
    position: str
    started_at: datetime

    @property
    def ids(self) -> list[int]:
        """Ids of the sources."""
        return [source.id for source in self.sources]

    @property
    def addresses(self) -> list[str]:
        """Addresses of the sources."""
        return [source.address for source in self.sources]


async def read_due_sources(app: App) -> int:
    """Read every source that is due, and return the number of new papers. Never raises for a failing source."""
    async with app.store.read_admin_session() as admin:
        due = await admin.stream_reading.due(app.now())
    new = 0
    for kind in StreamSourceKind:
        waiting = [source for source in due if source.kind == kind]
        if waiting and (reader := app.stream_readers.get(kind)):
            for group in reading_groups(kind, waiting, reader, app.now()):
                new += await _read_group(app, reader, group)
        elif waiting:
            ids = [source.id for source in waiting]
            async with app.store.admin_session() as admin:
                await admin.stream_reading.fail(ids, stored_text(NOT_READ), app.now() + LONGEST_PAUSE, app.now())
    return new


def reading_groups(
    kind: StreamSourceKind, due: Iterable[StreamSource], reader: StreamReader, now: datetime
) -> Iterator[ReadingGroup]:
    """The sources in groups that are at the same place, each as large as the reader allows."""
    places = dict[tuple[str, datetime], list[StreamSource]]()
    for source in due:
        begun = source.started_at if source.position else None
        place = (source.position, begun) if begun else (reader.start(source.read_until, now), now)
        places.setdefault(place, []).append(source)
    for (position, started_at), sources in places.items():
        for start in range(0, len(sources), reader.together):
            yield ReadingGroup(kind, tuple(sources[start : start + reader.together]), position, started_at)


async def _read_group(app: App, reader: StreamReader, group: ReadingGroup) -> int:
    """Read the pages of a group, each stored before the next is asked for. Returns the number of new papers.

    What was read counts as of the start of the reading, even if that was long before an outage: the next one begins
    there, since pages that were read then may have more by now.
    """
    if not any(source.started_at for source in group.sources):
        async with app.store.admin_session() as admin:
            await admin.stream_reading.begin(group.ids, group.position, group.started_at)
    new, until, remark = 0, app.now(), ""
    for _unused in range(MOST_PAGES):
        try:
            page = await reader.read(group.addresses, group.position, until)
        except Exception as error:
            await _record_failure(app, group, error)
            return new
        remark = stored_text(page.remark) if page.remark else remark
        new += await _store_page(app, reader, group, page, remark)
        if not page.position:
            break
        group = replace(group, position=page.position)
    return new


async def _store_page(app: App, reader: StreamReader, group: ReadingGroup, page: StreamPage, remark: str) -> int:
    """Store a page in short transactions, since votes wait for each. Storing a part of it again changes nothing.

    `remark` is what this page or an earlier one of the reading left out.
    """
    oldest = app.now() - timedelta(days=app.installation.stream_days)
    new = 0
    items = sorted(page.items, key=lambda item: item.published)  # the newest last: it is noted at its source
    for start in range(0, len(items), STORED_TOGETHER):
        part = items[start : start + STORED_TOGETHER]
        async with app.store.admin_session() as admin:
            new += await admin.stream.store(group.sources, part, app.now(), oldest=oldest)
    async with app.store.admin_session() as admin:
        if page.position:
            await admin.stream_reading.go_on(group.ids, page.position, remark)
        else:
            next_at = reader.next_time(app.now())
            await admin.stream_reading.finish(group.ids, group.started_at, next_at, remark)
        if new:
            await admin.stream_reading.mark_shortlists_stale(group.ids)
    return new


async def _record_failure(app: App, group: ReadingGroup, error: Exception) -> None:
    """Note why a group was not read, and when it is tried again: later each time, or when the host asks for it."""
    if not isinstance(error, Unavailable):
        log.error("the sources %s could not be read", ", ".join(group.addresses), exc_info=error)
    failures = max(source.failures for source in group.sources)
    pause = min(FIRST_PAUSE * 2 ** min(failures, 10), LONGEST_PAUSE)
    asked_for: datetime | None = getattr(error, "retry_at", None)
    next_at = max(app.now() + pause, asked_for or app.now())
    async with app.store.admin_session() as admin:
        await admin.stream_reading.fail(group.ids, stored_text(failure_text(error)), next_at, app.now())


def failure_text(error: Exception) -> object:
    """Reason why a source was not read, without the advice to try again, which the program does by itself."""
    if isinstance(error, Unavailable):
        return error.message
    return TranslatableText(
        "Its answer could not be read ({name}); the log has the details.", name=type(error).__name__
    )


async def clean_up(app: App, *, batches: int = 5) -> None:
    """Delete what was stored long enough, some thousands at a time."""
    before = app.now() - timedelta(days=app.installation.stream_days)
    for _unused in range(batches):
        async with app.store.admin_session() as admin:
            if not await admin.stream.clean_up(before):
                await admin.stream_reading.remove_unused()
                await admin.stream_words.prune(before)
                return


async def sample(app: App, kind: StreamSourceKind, address: str) -> Sequence[str] | None:
    """Titles of what a source announced lately, of its first page that has any; None if this kind is not read here.

    Nothing is stored. Raises Unavailable.
    """
    reader = app.stream_readers.get(kind)
    if reader is None:
        return None
    position = reader.start(None, app.now())
    for _unused in range(4):
        page = await reader.read([address], position, app.now())
        if page.items or not page.position:
            break
        position = page.position
    newest = sorted(page.items, key=lambda item: item.published, reverse=True)
    return [item.title for item in newest]
