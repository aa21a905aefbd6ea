"""A test that hangs ends with its name and a traceback, whatever it hangs in, and the rest of the run goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
timeout = 20
"""
CONFTEST = """
from tests import run_limits

def pytest_configure(config):
    run_limits.register(config, grace=6, leaving=7)
"""
HANGING = """
import asyncio, pytest, threading, time

@pytest.fixture
async def hangs_at_its_end():
    yield
    await asyncio.Event().wait()

async def test_failed_and_hangs_in_teardown(hangs_at_its_end):
    assert not "a failure of its own"

async def test_keeps_the_exception_in_a_task():
    async def busy():
        time.sleep(60)
    keeping = asyncio.create_task(busy())
    await asyncio.sleep(0)
    await asyncio.Event().wait()

@pytest.mark.parametrize("number", range(6))
def test_ends(number):
    pass
"""
NEVER_EXITS = """
import threading

def test_leaves_a_thread():
    threading.Thread(target=threading.Event().wait, daemon=False).start()
"""
SILENT = """
import subprocess, sys, threading
from types import SimpleNamespace
from tests.run_limits import SilenceLimit

sleeping = "import faulthandler, time; faulthandler.enable(); print(1, flush=True); time.sleep(600)"
worker = subprocess.Popen([sys.executable, "-c", sleeping], stdout=subprocess.PIPE)
worker.stdout.readline()
gateway = SimpleNamespace(id="gw7", _rinfo=lambda: worker)
limit = SilenceLimit(sys.stderr, silence=0.2, grace=0.2)
limit.pytest_testnodeready(SimpleNamespace(gateway=gateway))
limit.pytest_runtest_logstart("test_a.py::test_running")
limit.pytest_runtest_logstart("test_a.py::test_ended")
limit.pytest_runtest_logfinish("test_a.py::test_ended")
threading.Event().wait()
"""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these words in a folder, where it finds the project's modules."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def write(folder: Path, tests: str) -> None:
    """Write a project with these tests."""
    for name, text in ("pytest.ini", SETTINGS), ("conftest.py", CONFTEST), ("test_a.py", tests):
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(300)  # half a minute, and more if the machine is busy
def test_hanging_tests_are_named_and_the_others_run(tmp_path: Path) -> None:
    write(tmp_path, HANGING)
    ended = run(tmp_path, "-m", "pytest", "-v", "-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider")
    assert ended.returncode == 1, ended.stdout
    for name in "test_failed_and_hangs_in_teardown", "test_keeps_the_exception_in_a_task":
        assert f"crashed while running 'test_a.py::{name}'" in ended.stdout, ended.stdout
    for number in range(6):
        assert f"PASSED test_a.py::test_ends[{number}]" in ended.stdout, ended.stdout
    assert ended.stdout.count("most recent call first") >= 2, ended.stdout


@pytest.mark.slow
def test_a_process_that_does_not_exit_after_its_tests_is_ended(tmp_path: Path) -> None:
    write(tmp_path, NEVER_EXITS)
    ended = run(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert ended.returncode == 1, ended.stdout
    assert "1 passed" in ended.stdout, ended.stdout
    assert "in _shutdown" in ended.stdout, ended.stdout


@pytest.mark.slow
def test_workers_that_are_silent_between_tests_are_ended_and_then_the_run(tmp_path: Path) -> None:
    ended = run(tmp_path, "-c", SILENT)
    assert ended.returncode == 1, ended.stdout
    assert "Running: ['test_a.py::test_running']." in ended.stdout, ended.stdout
    assert "Ending gw7" in ended.stdout, ended.stdout
    assert ended.stdout.count("most recent call first") >= 2, ended.stdout  # of the worker, and of the run
