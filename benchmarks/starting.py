"""Startup time and memory of the program: `python -m benchmarks.starting [N]`.

`journalclub run` with all parts enabled, started as users start it: Slack by Socket Mode and Discord by its gateway
(with the strict local servers, which run on the same machine), the web server, the scheduler, Crossref and a model. The
program counts as ready when both platforms report a connection and `/readyz`, which writes to the database, succeeds. N
starts each (7) on an existing database; the memory is that reported by the operating system a few seconds later.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from aiohttp import ClientError, ClientSession

from benchmarks.table import machine, table
from bot.sources.recorded_arxiv import RecordedArxiv
from tests.protocol.discord_server import DiscordServer
from tests.protocol.program import PROGRAM, started_cold
from tests.protocol.slack_server import SlackServer

READY, MEMORY, HELP = 2.0, 150.0, 0.3
"""The goals: seconds, MB, seconds."""
REST = 3.0
"""Seconds after it is ready at which the memory is looked at."""
IDENTIFY = 5.0
"""Seconds that Discord requires between two sessions; an earlier restart waits for the rest."""


def helps(times: int) -> tuple[list[float], list[float]]:
    """Wall and CPU seconds of `journalclub --help`, each time in a process of its own."""
    wall, cpu = [], []
    for _ in range(times + 1):
        before, begun = _children(), perf_counter()
        subprocess.run([PROGRAM, "--help"], check=True, stdout=subprocess.DEVNULL)
        wall.append(perf_counter() - begun)
        cpu.append(_children() - before)
    return wall[1:], cpu[1:]  # the first one warms the disk's cache


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def start(
    folder: Path, settings: dict[str, str], lines: Callable[[], Awaitable[object]]
) -> tuple[float, float, float]:
    """Seconds until it is ready, CPU seconds spent by then, and MB of resident memory at rest."""
    port = _free_port()
    begun = perf_counter()
    async with (
        started_cold(folder, "run", WEB__PORT=str(port), **settings) as program,
        ClientSession() as session,
    ):
        await lines()
        while not await _is_ready(session, port):  # not earlier: for one second it still reports the previous failure
            assert program.process.returncode is None, program.text
            await asyncio.sleep(0.01)
        took, cpu = perf_counter() - begun, _cpu(program.process.pid)
        await asyncio.sleep(REST)
        memory = _memory(program.process.pid)
        program.process.send_signal(signal.SIGTERM)
        assert await program.ends() == 0
        return took, cpu, memory


def _cpu(pid: int) -> float:
    """User and system seconds of a process (proc(5), fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _memory(pid: int) -> float:
    [line] = [row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


async def _is_ready(session: ClientSession, port: int) -> bool:
    try:
        async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
            return answer.status == 200
    except ClientError:
        return False


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def starts(times: int) -> list[tuple[float, float, float]]:
    """Start it again and again on one database."""
    with tempfile.TemporaryDirectory(prefix="journalclub-") as folder:
        async with SlackServer() as slack, DiscordServer() as discord, RecordedArxiv() as arxiv:
            discord.guild("Readers").text("papers")
            settings = {
                "SLACK__BOT_TOKEN": slack.token(),
                "SLACK__APP_TOKEN": slack.app.app_token,
                "SLACK__BASE_URL": slack.api_url,
                "DISCORD__TOKEN": discord.token,
                "DISCORD__REST_URL": discord.api,
                "ARXIV__BASE_URL": arxiv.url,
                "CROSSREF__ENABLED": "yes",
                "LLM__API_KEY": "sk-of-nobody",
                "LLM__BASE_URL": arxiv.url,
                "LLM__MODEL": "none",
            }

            async def lines() -> None:
                """Wait until both platforms have greeted it."""
                await asyncio.gather(slack.sockets.connected(patience=60), discord.connected(within=60))

            async def once() -> tuple[float, float, float]:
                await asyncio.sleep(IDENTIFY)
                return await start(Path(folder), settings, lines)

            return [await once() for _ in range(times + 1)][1:]


def main(times: int) -> None:
    """Measure and print the table."""
    os.environ.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # an installed program has its compiled files; the first start makes them
    wall, cpu = helps(times)
    found = asyncio.run(starts(times))
    ready, used, memory = ([run[at] for run in found] for at in range(3))
    rows = [
        ("`journalclub --help`", *_row(wall, cpu, "s"), f"{HELP:g} s"),
        ("`journalclub run`, until ready", *_row(ready, used, "s"), f"{READY:g} s"),
        (
            "its resident memory, all adapters loaded",
            f"{median(memory):.0f} MB",
            f"{max(memory):.0f} MB",
            "",
            f"{MEMORY:g} MB",
        ),
    ]
    print(machine())
    print()
    print(table(("", "median", "most", "CPU, median", "goal"), rows))


def _row(wall: list[float], cpu: list[float], unit: str) -> tuple[str, str, str]:
    return f"{median(wall):.2f} {unit}", f"{max(wall):.2f} {unit}", f"{median(cpu):.2f} {unit}"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
