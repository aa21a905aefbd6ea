"""Many clubs at once: `python -m benchmarks.clubs [idle | due]`, with `--clubs N` and `--idle N` for other sizes.

`idle`: ten thousand clubs in which nothing is to be done; statements and processor time of one look at all that may be
due. `due`: a thousand clubs whose editions are due in the same minute, on PostgreSQL, with one, two and four processes.
They are the real schedule and delivery worker; the platform is a stand-in that takes as long as a real one and takes
one message a second in a channel. Every message is written to a ledger by the platform, and that is what is counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, process_time, sleep
from typing import Any

import psycopg
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from benchmarks.databases import postgres, sqlite
from benchmarks.kills.databases import Database
from benchmarks.kills.fast_time import children
from benchmarks.table import machine, percentile, table
from bot.app import App, InstallationInfo
from bot.chat.cards import Card
from bot.chat.gateway import Location, Posted
from bot.domain.clock import utc_now
from bot.domain.models import Club, ScheduledTask, Slot, Submission, Table
from bot.editions.writing.writer import ExtractiveWriter
from bot.features.registry import all_commands
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.scheduler import Scheduler
from bot.sources.recorded_arxiv import recorded_papers
from bot.store import Store
from tests.sent_statements import sent_statements
from tests.stand_ins import RecordingGateway

IDLE, DUE_CLUBS, PROCESSES = 10_000, 1_000, (1, 2, 4)
STATEMENTS, CPU_MS, LATE = 20, 50.0, 120.0
"""The goals: statements and processor time of an idle look, and seconds after due of the last post on two processes."""
DUE = datetime(2025, 12, 8, 9, 0, tzinfo=UTC)
FOUNDED, STEP = 20, 1_000_000
"""Clubs that the program founds, at most, and what is added to the ids of their rows for each copy of them."""
OF_CLUBS = {table.name for table in Table.metadata.sorted_tables if table.name == "club" or "club_id" in table.c}
PAPERS = 2
"""Papers of each edition; it is posted in four parts."""
ROUND_TRIP, PACE = 0.15, 1.0
"""Seconds that a post takes, and seconds between two posts in one channel."""
WARM_UP = 15.0
"""Seconds before the due time at which the processes start."""
PATIENCE = 900.0
TICKS = os.sysconf("SC_CLK_TCK")
"""Ticks a second, in which the kernel counts processor time."""
PUBLISHED = b"SELECT count(*) FROM edition WHERE state = 'published'"
PLANNED = b"SELECT count(*) FROM delivery WHERE kind = 'edition'"


class NoSource:
    """arXiv with nothing new to say."""

    async def records(self, ids: Sequence[str]) -> dict[str, Any]:
        """Nothing."""
        return {}

    async def search(
        self, words: str, *, author: str = "", since: datetime | None = None, limit: int = 10
    ) -> list[Any]:
        """Nothing."""
        return []


@dataclass(slots=True)
class RatedGateway(RecordingGateway):
    """A platform with a round trip, a pace for each channel, and a ledger that all processes share."""

    ledger: Path = Path(os.devnull)
    now: Callable[[], datetime] = utc_now
    last: dict[str, float] = field(default_factory=dict)

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        """Take a message, at the platform's pace, and write it into the ledger."""
        turn = max(monotonic(), self.last.get(where.workspace, 0.0) + PACE)
        self.last[where.workspace] = turn
        await asyncio.sleep(turn - monotonic())
        await asyncio.sleep(ROUND_TRIP)
        line = json.dumps([key, where.workspace, (self.now() - DUE).total_seconds()]) + "\n"
        with self.ledger.open("a") as file:
            file.write(line)
        return Posted(f"{where.workspace}-{key}", where.thread, "")


def app_on(url: str, now: Callable[[], datetime], ledger: Path = Path(os.devnull)) -> App:
    """The program on a database, with this clock."""
    return App(
        commands=all_commands,
        store=Store.open(url),
        paper_source=NoSource(),
        writer=ExtractiveWriter(now=now),
        installation=InstallationInfo(secret=b"s" * 32),
        now=now,
        platforms=(lambda _: RatedGateway(name="bench", ledger=ledger, now=now),),
    )


async def idle(many: int, url: str, kind: str) -> tuple[str, ...]:
    """Statements and milliseconds of CPU of a look when nothing is due, with so many clubs. One was served before."""
    app = app_on(url, lambda: DUE - timedelta(days=3))
    schedule, delivery_worker = Scheduler(app), DeliveryWorker(app)
    async with app.store.admin_session() as admin:
        await admin.directory.create_club("Club 0", "UTC", app.now())
    for _ in range(2):
        await schedule.tick()
    async with app.store.admin_session() as admin:
        for number in range(1, many):
            await admin.directory.create_club(f"Club {number}", "UTC", app.now())
        await _like_the_first(admin._session)
    await app.store.analyze()
    await schedule.tick()
    looks: list[tuple[int, float]] = []
    for _ in range(20):
        with sent_statements(app.store) as sent:
            began = process_time()
            await schedule.tick()
            await delivery_worker.round()
            looks.append((len(sent), (process_time() - began) * 1000))
    await app.store.close()
    statements, cpu = max(count for count, _ in looks), percentile([ms for _, ms in looks], 0.5)
    good = "yes" if statements <= STATEMENTS and cpu <= CPU_MS else "no"
    return (f"{many:,} on {kind}", str(statements), f"{cpu:.1f} ms", good)


async def _like_the_first(session: AsyncSession) -> None:
    """Give every club the due times and tasks of the first one."""
    tasks, slots = ScheduledTask.__table__, Slot.__table__
    first = select(func.min(Club.id)).scalar_subquery()
    of_first = tasks.alias()
    same = select(of_first.c.due_at).where(of_first.c.club_id == first, of_first.c.kind == tasks.c.kind)
    await session.execute(update(ScheduledTask).values(due_at=same.scalar_subquery(), owner="", lease_until=None))
    names = [column.name for column in slots.columns if column.name not in ("id", "club_id")]
    rows = (
        select(Club.id, *(slots.c[name] for name in names))
        .join(slots, slots.c.club_id == first)
        .where(Club.id != first)
    )
    await session.execute(insert(Slot).from_select(["club_id", *names], rows))


async def found(url: str, many: int) -> None:
    """So many clubs, each with a room and an edition that is drafted and due at `DUE`.

    The program founds some of them; the others are copies of their rows, which takes a hundredth of the time.
    """
    founded = next(number for number in range(min(many, FOUNDED), 0, -1) if many % number == 0)
    app = app_on(url, lambda: DUE - timedelta(hours=2))
    records = [record for record in recorded_papers() if not record.withdrawn][:PAPERS]
    async with app.store.admin_session() as admin:
        clubs = [
            await admin.directory.create_club(f"Club {number}", "UTC", DUE - timedelta(days=7), {"review_hours": 24})
            for number in range(founded)
        ]
        workspaces = {
            club.id: (await admin.directory.join(club, "bench", f"W{club.id}", club.name)).id for club in clubs
        }
    for club in clubs:
        async with app.store.begin(club.id) as db:
            await db.rooms.assign(workspaces[club.id], f"C{club.id}", "digest", "digest")
            member = await db.members.get_or_create("bench", "U1", "Ada", f"W{club.id}", app.now())
            for record in records:
                paper = await db.papers.save_record(record, now=app.now())
                await db.submissions.add(
                    Submission(paper_id=paper.id, member_id=member.id, submitted_at=DUE - timedelta(days=2))
                )
    schedule = Scheduler(app)
    for _ in range(2):
        await schedule.tick()
    await app.store.close()
    await _copy_clubs(url, many)


async def _copy_clubs(url: str, many: int) -> None:
    """Found as many clubs by copies of those that there are: the rows of each, under ids and names of their own."""
    engine = create_async_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    tables = [table for table in Table.metadata.sorted_tables if table.name in OF_CLUBS]
    async with engine.begin() as connection:
        rows = {
            table.name: [dict(row) for row in (await connection.execute(select(table))).mappings()] for table in tables
        }
        for copy in range(1, many // len(rows["club"])):
            for table in tables:
                if copies := [_copied(table, row, copy * STEP) for row in rows[table.name]]:
                    await connection.execute(insert(table), copies)
    await engine.dispose()


def _copied(table: Any, row: Mapping[str, Any], step: int) -> dict[str, Any]:
    """A row of another club: its references lead to that club's rows, and its names differ."""

    def moved(column: Any, value: Any) -> Any:
        if value is None:
            return None
        if column.name == "id" or any(key.column.table.name in OF_CLUBS for key in column.foreign_keys):
            return value + step
        if table.name in ("workspace", "room") and column.name == "external_id":
            return f"{value}-{step}"
        return _with_submissions(value, step) if isinstance(value, dict) else value

    return {column.name: moved(column, row[column.name]) for column in table.columns}


def _with_submissions(value: Any, step: int) -> Any:
    """A document whose items are those of another club."""
    if isinstance(value, dict):
        return {
            key: part + step if key == "submission" and isinstance(part, int) else _with_submissions(part, step)
            for key, part in value.items()
        }
    return [_with_submissions(part, step) for part in value] if isinstance(value, list) else value


async def work(url: str, ledger: Path, offset: float) -> None:
    """One process: schedule and delivery worker, until it is killed."""
    app = app_on(url, lambda: utc_now() + timedelta(seconds=offset), ledger)
    await asyncio.gather(Scheduler(app).run(), DeliveryWorker(app).run(), app.store.listen())


def due(many: int, processes: int) -> tuple[str, ...]:
    """Delay of the posts with so many processes, and the number that came twice."""
    with postgres() as url, tempfile.TemporaryDirectory() as folder:
        asyncio.run(found(url, many))
        ledger = Path(folder, "ledger")
        ledger.touch()
        offset = (DUE - utc_now()).total_seconds() - WARM_UP
        command = [sys.executable, "-m", "benchmarks.clubs", "--work", url, str(ledger), str(offset)]
        before, idle = _server_seconds(Database(url)), 0.0
        running = [subprocess.Popen(command) for _ in range(processes)]
        began = monotonic()
        with suppress(KeyboardInterrupt):
            while _number(url, PUBLISHED) < many and monotonic() - began < PATIENCE:
                if all(process.poll() is not None for process in running):
                    break
                if monotonic() - began < WARM_UP:  # to start is no part of an edition
                    before = _server_seconds(Database(url))
                    idle = sum(sum(_times(process.pid)[:2]) for process in running) / TICKS
                sleep(1)
        for process in running:
            process.terminate()
        used = sum(_wait_for(process) for process in running) - idle
        of_server = _server_seconds(Database(url)) - before
        lines = [json.loads(line) for line in ledger.read_text().splitlines()]
        parts = _number(url, PLANNED)
    doubles = sum(count - 1 for count in Counter(key for key, *_ in lines).values())
    lost = parts - len({key for key, *_ in lines})
    late = [seconds for *_, seconds in lines] or [float("inf")]
    rates = (parts / many - 1) * PACE + ROUND_TRIP
    good = "yes" if not doubles and not lost and max(late) - rates <= LATE else "no"
    figures = (f"{at:.1f} s" for at in (min(late), percentile(late, 0.5), max(late)))
    cpu = (f"{seconds / many:.3f} s" for seconds in (used, of_server))
    share = f"{(used + of_server) / (max(late) * (os.cpu_count() or 1)):.0%}"
    return (str(processes), f"{len(lines):,}", *figures, f"{rates:.1f} s", *cpu, share, str(doubles), str(lost), good)


def _wait_for(process: subprocess.Popen[bytes]) -> float:
    """Wait for the end of a process; the processor time that it used."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime


def _server_seconds(database: Database) -> float:
    """Processor time of the database's server so far: its own, of what it has started, and of what that was."""
    server = database.server
    fields = [_times(pid)[:2] for pid in children(server)] + [_times(server)]
    return sum(map(sum, fields)) / TICKS


def _times(pid: int) -> list[int]:
    """Ticks of a process and of its ended children, as the kernel counts them; nothing for one that has ended."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]]
    return []


def _number(url: str, question: bytes) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    return int(row[0]) if row else 0


def main() -> None:
    """Measure what is asked for and print one table each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="?", choices=["idle", "due"])
    parser.add_argument("--idle", type=int, default=IDLE)
    parser.add_argument("--clubs", type=int, default=DUE_CLUBS)
    parser.add_argument("--processes", type=int, nargs="*", default=PROCESSES)
    parser.add_argument("--work", nargs=3)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    if given.work:
        url, ledger, offset = given.work
        asyncio.run(work(url, Path(ledger), float(offset)))
        return
    print(f"{machine()}; {resource.getrlimit(resource.RLIMIT_NOFILE)[0]} descriptors; load {os.getloadavg()[0]:.0f}\n")
    if given.what != "due":
        rows = []
        for open_database, kind in ((sqlite, "SQLite"), (postgres, "PostgreSQL")):
            with open_database() as url:
                rows.append(asyncio.run(idle(given.idle, url, kind)))
                print(" | ".join(rows[-1]), flush=True)
        print(table(("idle clubs", "statements a look", "processor time", "goal met"), rows), "\n")
    if given.what != "idle":
        head = (
            "processes",
            "posts",
            "first",
            "median",
            "last",
            "rates cost",
            "CPU an edition",
            "the server's",
            "share of the machine",
            "doubles",
            "lost",
            "goal met",
        )
        print(table(head, [due(given.clubs, processes) for processes in given.processes]))


if __name__ == "__main__":
    main()
