"""A program that is asked to stop ends in time, whatever in it does not heed that."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests.unloaded_clock import WATCHED, unloaded_timeout

ROOT = Path(__file__).parents[2]

STUBBORN = """
import asyncio, sys, threading
from bot.runtime import process
from bot.settings import Settings

if sys.argv[1:]:
    process.EXIT_SECONDS = process.SHUTDOWN_SECONDS = 1.0

async def stubborn():
    while True:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            print("not now", flush=True)

async def wait_for_a_thread():
    await asyncio.to_thread(threading.Event().wait)

async def has_club(app):
    for hanging in sys.argv[1:]:
        hangs.add(asyncio.create_task(globals()[hanging]()))
    return True

hangs = set()
process._has_club = has_club
sys.exit(asyncio.run(process.run(Settings(_env_file=None, web={"enabled": True, "port": 0}))))
"""


async def stopped(folder: Path, *words: str) -> tuple[int, str]:
    """The exit code of a program that was asked to stop, and what it printed."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", STUBBORN, *words),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "JOURNALCLUB_DATA_DIR": str(folder)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert program.stdout is not None
    WATCHED.add(program.pid)
    try:
        async with unloaded_timeout(60):
            while (line := await program.stdout.readline()) and b"only the web archive is served" not in line:
                pass
            program.send_signal(signal.SIGTERM)
            text = (await program.stdout.read()).decode()
            return await program.wait(), text
    finally:
        WATCHED.discard(program.pid)
        if program.returncode is None:
            program.kill()


@pytest.mark.slow
async def test_a_program_in_which_nothing_hangs_ends_by_itself(tmp_path: Path) -> None:
    assert await stopped(tmp_path) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("hanging", ["stubborn", "wait_for_a_thread"])
async def test_a_program_in_which_something_hangs_is_ended_and_tells_what_it_did(tmp_path: Path, hanging: str) -> None:
    code, text = await stopped(tmp_path, hanging)
    assert code == 1, text
    assert "did not end within 1 s" in text
    assert "most recent call first" in text
