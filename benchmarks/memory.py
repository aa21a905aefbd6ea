"""Memory of the program after each thousand acts: `python -m benchmarks.memory slack | discord`.

The real program in a process of its own, with one platform's adapter, before the strict local server. Members vote,
press, look and search, as fast as they are answered; nothing is submitted, so that what grows is not the club's data.
In the second half of the rounds the line is cut twenty times a round. After each round the program collects its garbage
and counts its objects; with `--where` it also says which lines of code hold what has grown since the third round.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import json
import os
import signal
import sys
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.load import BUTTONS, PEOPLE, SEARCH_TERMS, MemberAction, Run, Side, large_club
from benchmarks.load_discord import DiscordSide, local_discord
from benchmarks.load_slack import CHANNEL, TEAM, SlackSide, local_slack
from benchmarks.synthetic_club import SyntheticClub
from benchmarks.table import machine, table
from bot.sources.recorded_arxiv import RecordedArxiv, recorded_papers

PAPERS, VOTES, CARDS = 3_000, 30_000, 10
ACTS, ROUNDS, AT_ONCE, CUTS = 1_000, 10, 6, 20
FRAMES = 12
KINDS = 14
"""Kinds of objects of which the growth is shown."""


def actions(seed: int = 7) -> Iterator[MemberAction]:
    """Acts of members that add nothing to the club."""
    draw = Random(seed)
    while True:
        kind = draw.choices(("vote", "click", "show", "top", "find"), (30, 25, 20, 10, 10))[0]
        number, person = draw.randint(1, PAPERS), draw.randrange(PEOPLE)
        word = {"vote": number, "show": number, "find": draw.choice(SEARCH_TERMS)}.get(kind, "")
        yield (
            MemberAction(person, button=draw.choice(BUTTONS))
            if kind == "click"
            else MemberAction(person, f"/paper {kind} {word}".strip())
        )


@asynccontextmanager
async def program(folder: Path, where: bool, **settings: str) -> AsyncIterator[int]:
    """The program with its probe; its process id."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOURNALCLUB_")}
    environment |= {f"JOURNALCLUB_{name}": value for name, value in settings.items()}
    words = [sys.executable, "-m", "benchmarks.memory", "--probe", str(folder / "counts"), *(["--where"] * where)]
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    with (folder / "log").open("w") as log:
        process = await asyncio.create_subprocess_exec(*words, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield process.pid
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


@asynccontextmanager
async def opened(place: str, folder: Path, where: bool) -> AsyncIterator[tuple[Side, Any]]:
    """A small club on a platform with the program at work, and what cuts its line."""
    club = SyntheticClub(PAPERS, VOTES)
    async with AsyncExitStack() as stack:
        arxiv = await stack.enter_async_context(RecordedArxiv())
        common = {"ARXIV__BASE_URL": arxiv.url, "ARXIV__GAP_SECONDS": "0", "WEB__ENABLED": "no"}
        if place == "slack":
            await asyncio.to_thread(large_club, folder, "slack", TEAM, club)
            slack = await stack.enter_async_context(local_slack())
            tokens = {"SLACK__BOT_TOKEN": slack.token(), "SLACK__APP_TOKEN": slack.app.app_token}
            pid = await stack.enter_async_context(
                program(folder, where, SLACK__BASE_URL=slack.api_url, **tokens, **common)
            )
            await slack.sockets.connected(patience=60)
            root = slack.user("Root", admin=True)
            seen = await root.command("/clubadmin", f"channels papers <#{CHANNEL}|reading>", channel=CHANNEL)
            await seen.until(lambda s: s.ephemerals)
            for record in recorded_papers()[:CARDS]:
                seen = await root.command("/paper", f"submit {record.url}", channel=CHANNEL)
                await seen.until(lambda s: s.ephemerals)
            await slack.wait_for(lambda: len(slack.messages(CHANNEL, bot=True)) > CARDS // 2, 60)
            cards = [m for m in slack.messages(CHANNEL, bot=True) if "Vote" in m.labels]

            async def cut() -> None:
                slack.sockets.drop()
                await slack.sockets.connected(patience=60)

            yield SlackSide(Run("Slack"), pid, actions(), slack, cards), cut
        else:
            there = await stack.enter_async_context(local_discord())
            await asyncio.to_thread(large_club, folder, "discord", str(there.guild.id), club)
            tokens = {"DISCORD__TOKEN": there.discord.token, "DISCORD__REST_URL": there.discord.api}
            pid = await stack.enter_async_context(program(folder, where, **tokens, **common))
            await there.discord.connected(within=60)
            await there.discord.settled(within=60)
            await there.root.command("/clubadmin channels", there.room, purpose="papers", channel=there.room)
            for record in recorded_papers()[:CARDS]:
                await there.root.command("/paper submit", there.room, link=record.url)
            await there.discord.wait_for(lambda: len(there.room.messages) > CARDS // 2, 60, "the cards")
            posted = [message for message in there.room.messages if message.author.bot]

            async def cut() -> None:
                there.discord.gateway.drop(1006)
                await there.discord.connected(within=60)

            yield DiscordSide(Run("Discord"), pid, actions(), there.room, there.people, posted), cut


async def measure(place: str, acts: int, rounds: int, where: bool) -> None:
    """Print what the program holds after each round."""
    with tempfile.TemporaryDirectory(prefix="journalclub-memory-") as name:
        folder = Path(name)
        async with opened(place, folder, where) as (side, cut):
            rows, counts = [], list[dict[str, Any]]()
            for number in range(rounds):
                await _round(side, acts)
                if number >= rounds // 2:
                    for _unused in range(CUTS):
                        await cut()
                counts.append(await _counted(side.pid, folder / "counts"))
                found = counts[-1]
                rows.append((number + 1, f"{found['resident']:.1f}", f"{found['trimmed']:.1f}", f"{found['blocks']:,}"))
                print(" | ".join(map(str, rows[-1])), flush=True)
    print(f"\n{place}; {machine()}; load {os.getloadavg()[0]:.0f}; {acts} acts a round\n")
    print(table(("round", "resident, MiB", "after trimming", "blocks"), rows), "\n")
    early, late = Counter(counts[2]["types"]), Counter(counts[-1]["types"])
    grown = [(late[kind] - early[kind], kind) for kind in late]
    print(
        table(
            ("objects since the third round", "more", "now"),
            [(k, n, late[k]) for n, k in sorted(grown)[: -KINDS - 1 : -1]],
        )
    )
    for line in counts[-1]["lines"]:
        print(line)


async def _round(side: Side, acts: int) -> None:
    """So many acts, a few at a time."""
    left = iter(range(acts))

    async def member() -> None:
        for _unused in left:
            side.run.timings.append(await side.do(next(side.todo)))

    await asyncio.gather(*(member() for _unused in range(AT_ONCE)))


async def _counted(pid: int, path: Path) -> dict[str, Any]:
    """Figures that the program counts in itself now."""
    _forget(path)
    await asyncio.sleep(3)  # cards are drawn anew after the acts
    os.kill(pid, signal.SIGUSR2)
    async with asyncio.timeout(120):
        while not (found := _read(path)):  # noqa: ASYNC110  another process writes it
            await asyncio.sleep(0.1)
    return found


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text())) if path.exists() else {}


def probe(path: Path, where: bool) -> None:
    """Run the program, which counts its objects into a file at SIGUSR2."""
    base: list[tracemalloc.Snapshot] = []
    times = 0

    def count(*_unused: object) -> None:
        nonlocal times
        times += 1
        gc.collect()
        found: dict[str, Any] = {"resident": _resident(), "blocks": sys.getallocatedblocks(), "lines": []}
        ctypes.CDLL(None).malloc_trim(0)
        found["trimmed"] = _resident()
        found["types"] = Counter(f"{type(o).__module__}.{type(o).__qualname__}" for o in gc.get_objects())
        if where and times >= 3:
            taken = tracemalloc.take_snapshot()
            base[:] = base or [taken]
            differences = taken.compare_to(base[0], "traceback")[:12]
            for each in differences:
                found["lines"] += [f"{each.size_diff:+,} B {each.count_diff:+,}", *each.traceback.format()]
        part = path.with_suffix(".part")
        part.write_text(json.dumps(found))
        part.rename(path)

    if where:
        tracemalloc.start(FRAMES)
    signal.signal(signal.SIGUSR2, count)
    from bot.__main__ import entry

    entry(["run"])


def _resident() -> float:
    """Mebibytes of this process in the machine's memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Measure one place."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("place", nargs="?", choices=["slack", "discord"], default="slack")
    parser.add_argument("--acts", type=int, default=ACTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--where", action="store_true")
    parser.add_argument("--probe", type=Path)
    given = parser.parse_args()
    if given.probe:
        probe(given.probe, given.where)
    else:
        asyncio.run(measure(given.place, given.acts, given.rounds, given.where))


if __name__ == "__main__":
    main()
