"""Trials: rounds in which programs are killed while an edition is made and posted, and what is left afterwards."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Literal

from benchmarks.kills.databases import Database, postgres_server, sqlite_in
from benchmarks.kills.fast_time import FastTime
from benchmarks.kills.held_arxiv import HeldArxiv
from benchmarks.kills.places import Place, PlaceName, Standing, opened
from benchmarks.kills.processes import BY_ITSELF, Processes, starter
from benchmarks.kills.reading_club import SECRET, ReadingClub, many_papers

DatabaseName = Literal["sqlite", "postgresql"]
MOST_DEATHS = 5
"""Deaths of one round; then the programs may live."""
LATEST_POINT, LATEST_MOMENT = 120, 15.0
"""Random points are up to the first, from a program's start; random moments up to the second, in its own seconds."""
PATIENCE = 3000.0
"""Seconds of the program's time after which a round is stuck."""
PRESS = 100.0
"""Seconds of the program's time that the press of a button may take."""
POLL = 0.03
PRESSES = 6
"""Times that a moderator presses a button: where the machine is busy, a press may find its time limit over."""
REPOST_MINUTES = "0.4"
QUIET = (
    "SELECT count(*) FROM delivery WHERE state IN ('ready', 'sending', 'unknown') OR stale OR lease_until IS NOT NULL"
)
OUT = "SELECT edition.state FROM edition JOIN slot ON slot.id = edition.slot_id WHERE slot.key = ?"
ROWS = "SELECT id, kind, state, message, double, reposted_at, key_prefix, error FROM delivery"
QUESTION = "SELECT message FROM delivery WHERE kind = 'doubtful' AND subject_id = ?"


@dataclass(slots=True)
class Result:
    """Outcome of the rounds of one kind; `+` adds those of another portion."""

    rounds: int = 0
    kills: int = 0
    lost: int = 0
    doubles: int = 0
    asked: int = 0
    """Copies of posts of which nobody could be asked but people: each was removed by one press."""
    questions: int = 0
    """Questions to moderators that stand twice: nobody can look for those either, and one too many does no harm."""
    stuck: int = 0
    seconds: float = 0.0
    points: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    next_point: int = 1
    """The next point of the exhaustive sweep, which begins anew where a round has no such point."""

    def __add__(self, later: Result) -> Result:
        values = {name: getattr(self, name) + getattr(later, name) for name in SUMMED}
        return Result(**values, next_point=later.next_point)


SUMMED = tuple(each.name for each in fields(Result) if each.name != "next_point")


@dataclass(slots=True)
class Trial:
    """One kind of place on one kind of database, with so many processes."""

    place: Place
    database: Database
    club: ReadingClub
    programs: Processes
    arxiv: HeldArxiv
    processes: int
    chance: Random
    result: Result = field(default_factory=Result)
    _settled: set[str] = field(default_factory=set)
    """Copies that were counted before."""

    async def run(self, kills: int, *, until: float = float("inf")) -> None:
        """Make rounds until so many kills, or until that time of `monotonic`."""
        await self.club.found()
        began = monotonic()
        while self.result.kills < kills and monotonic() < until and self.result.stuck < 5:
            await self.round()
            self.result.seconds = monotonic() - began
        await self.programs.kill_all()

    async def round(self) -> None:
        """One edition, with some deaths on the way."""
        number, before = self.result.rounds, len(self.programs.ended)
        await self.programs.kill_all()  # those that were left to live would live through all further rounds
        key = await self.club.begin_round(number)
        swept = self.result.next_point
        while len(self.programs.alive) < self.processes:
            await self.programs.start(swept if not len(self.programs.alive) else self._point())
        moment = asyncio.create_task(self._kill_at_a_moment()) if number % 3 == 2 else None
        finished = await self.wait(key, before)
        if moment:
            moment.cancel()
            await asyncio.gather(moment, return_exceptions=True)
        died = self.programs.ended[before:]
        self.result.next_point = swept + 1 if died else 1
        self.result.points.update(died)
        self.result.kills += len(died)
        self.result.rounds += 1
        if not finished:
            self.result.stuck += 1
            self._note(f"round {number} is stuck after {died}: {self._unsettled()}")
        await self.compare(number, died)

    def _point(self) -> int:
        return self.chance.randint(1, LATEST_POINT)

    async def _kill_at_a_moment(self) -> None:
        """Kill a program at any moment, whatever it is doing."""
        await self.club.fast.sleep(self.chance.uniform(0.5, LATEST_MOMENT))
        if self.programs.alive:
            pid = self.chance.choice(list(self.programs.alive))
            await self.programs.kill(pid)
            self.programs.ended.append("at a moment")

    async def wait(self, key: str, before: int) -> bool:
        """Wait until the edition is out and nothing is under way, starting a program for each that died."""
        time, quiet = self.club.fast.seconds, 0
        deadline = time() + PATIENCE
        while time() < deadline:
            if BY_ITSELF in self.programs.ended:
                self._note(f"a program ended by itself: {self.programs.log.read_text()[-3000:]}")
                return False
            while len(self.programs.alive) < self.processes:
                deaths = len(self.programs.ended) - before
                await self.programs.start(self._point() if deaths < MOST_DEATHS else 0)
            if self._is_settled(key):
                quiet += 1
                if quiet > 1:  # what has just been settled may have made something due
                    return True
            else:
                quiet = 0
            await asyncio.sleep(POLL)
        return False

    def _is_settled(self, key: str) -> bool:
        state = self.database.rows(OUT, key)
        return bool(state) and state[0][0] == "published" and self.database.rows(QUIET)[0][0] == 0

    def _unsettled(self) -> list[object]:
        rows = self.database.rows(f"{ROWS} WHERE state NOT IN ('sent', 'skipped')")
        slots = self.database.rows("SELECT key, state, owner, trouble FROM slot WHERE state = 'due'")
        return [*rows, *slots]

    async def compare(self, number: int, died: list[str]) -> None:
        """Hold what stands in the channels against the rows; copies that people were asked about are removed."""
        rows = {f"jc{row[6]}-{row[0]}": row for row in self.database.rows(ROWS)}
        standing = list(self.place.standing())
        messages, keys = {one.message for one in standing}, Counter(one.key for one in standing)
        for key, (id, kind, state, message, *_, error) in rows.items():
            # Of a post whose later copy was removed the address is not known any more, but its key is shown.
            if state == "failed" or (state == "sent" and message not in messages and keys[key] != 1):
                self.result.lost += 1
                self._note(f"round {number}, after {died}: {kind} {id} is lost ({state}, {message}, {error})")
        of_message = {row[3]: row for row in rows.values()}
        for one in standing:
            row = rows.get(one.key) or of_message.get(one.message)
            if one.message in self._settled or (row and (row[3] == one.message or keys[one.key] == 1)):
                continue
            self._settled.add(one.message)
            await self._settle_copy(one, row, f"round {number}, after {died}")

    async def _settle_copy(self, one: Standing, row: Any, when: str) -> None:
        """Have a moderator remove the copy of a post that people were asked about; any other is a double."""
        if row and row[1] == "doubtful" and not self.place.can_look:
            self.result.questions += 1
            return
        question = self.database.rows(QUESTION, row[0]) if row and (row[5] or row[4]) else []
        if question and not self.place.can_look:
            for attempt in range(PRESSES):
                copies = sorted(copy.message for copy in self.place.standing() if copy.key == one.key)
                await self.place.remove_double(question[0][0], copies[attempt % len(copies)])
                if await self._stands_once(one.key):
                    self.result.asked += 1
                    return
        self.result.doubles += 1
        self._note(f"{when}: {one} stands beside {row}")

    async def _stands_once(self, key: str) -> bool:
        deadline = self.club.fast.seconds() + PRESS
        while self.club.fast.seconds() < deadline:
            once = sum(one.key == key for one in self.place.standing()) == 1
            if once and self.database.rows(f"{ROWS} WHERE id = ? AND reposted_at IS NULL AND double = ''", _id(key)):
                return True
            await asyncio.sleep(POLL)
        return False

    def _note(self, words: str) -> None:
        self.result.notes.append(words)
        print(f"  ! {words}", flush=True)


def _id(key: str) -> int:
    """The row of a delivery, of its key."""
    return int(key.rpartition("-")[2])


@asynccontextmanager
async def opened_trial(
    place_name: PlaceName,
    database_name: DatabaseName,
    processes: int,
    folder: Path,
    fast: FastTime,
    chance: Random,
    *,
    papers: int,
    database: Database | None = None,
) -> AsyncIterator[Trial]:
    """A trial with servers of its own. Shared seconds are in the folder's file `seconds`."""
    records = many_papers(papers)
    with ExitStack() as stack:
        if database is None:
            make = sqlite_in(folder) if database_name == "sqlite" else postgres_server()
            database = stack.enter_context(make)
        async with opened(place_name, fast) as place, HeldArxiv(records) as arxiv:
            settings = {
                "DATA_DIR": str(folder),
                "DATABASE_URL": database.url,
                "SECRET_KEY": SECRET,
                "WEB__ENABLED": "no",
                "ARXIV__BASE_URL": arxiv.url,
                "ARXIV__GAP_SECONDS": "0",
                "ARXIV__FULL_TEXT": "no",
                "CROSSREF__ENABLED": "no",
                "DATACITE__ENABLED": "no",
                "PAGES__READ": "no",
                "STREAM__READ": "no",
                "POSTS__REPOST_MINUTES": REPOST_MINUTES,
                "LOG__LEVEL": "warning",
                **place.settings,
            }
            seconds = folder / "seconds" if fast.shared else None
            async with starter(folder, settings, fast, seconds, database.server) as programs:
                club = ReadingClub(database, place, fast, records)
                try:
                    yield Trial(place, database, club, programs, arxiv, processes, chance)
                finally:
                    await club.close()
