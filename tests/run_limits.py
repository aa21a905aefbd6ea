"""Limits that end a hanging test run: a hang becomes a failure with a name and a traceback, never a run without end.

pytest-timeout raises an exception in a test that takes too long. That does not end everything: asyncio keeps an
exception that is raised while a task or a callback runs, code in C does not notice it, and once a test has failed its
teardown has no limit at all. So faulthandler ends the process of a phase that goes on after that; pytest-xdist then
names the test and starts another worker. A worker that hangs between two tests is ended by the process that it works
for; pytest-xdist ends one that does not exit when its tests are done, and faulthandler ends the last process of all.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TextIO

import pytest
from pytest_timeout import Settings  # type: ignore[import-untyped]

GRACE = 45.0
"""Seconds that a phase may go on after the limit of its test, and a run after it has ended its workers."""
EXIT = 300.0
"""Seconds for a run to exit after its last test. It may have to free the memory of the whole program meanwhile."""
SILENCE = 600.0
"""Seconds without news of any test after which the workers are ended: more than any test takes, with its grace."""

LIMIT = pytest.StashKey[float]()
"""Seconds that pytest-timeout gives a test."""


def register(config: pytest.Config, *, grace: float = GRACE, silence: float = SILENCE, leaving: float = EXIT) -> None:
    """Have this process of a test run keep the limits."""
    assert sys.__stderr__ is not None
    # The one of now: pytest captures it while tests run.
    stderr = os.fdopen(os.dup(sys.__stderr__.fileno()), "w", encoding="utf-8")
    config.pluginmanager.register(PhaseLimits(stderr, grace, leaving))
    if config.getoption("numprocesses", None) and hasattr(signal, "SIGALRM"):
        config.pluginmanager.register(SilenceLimit(stderr, silence, grace))


class PhaseLimits:
    """Ends a process in which the setup, the call or the teardown of a test never ends, or that does not exit.

    It prints what all threads do, by faulthandler. That has one timer: pytest's own option for it must be off.
    """

    def __init__(self, stderr: TextIO, grace: float, leaving: float) -> None:
        self._stderr, self._grace, self._leaving = stderr, grace, leaving

    @pytest.hookimpl(tryfirst=True)
    def pytest_timeout_set_timer(self, item: pytest.Item, settings: Settings) -> None:
        """Take down the limit of a test, which may have its own."""
        item.stash[LIMIT] = settings.timeout

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._limited(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._limited(item):
            return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        with self._limited(item):
            return (yield)

    @contextmanager
    def _limited(self, item: pytest.Item) -> Iterator[None]:
        if limit := item.stash.get(LIMIT, 0.0):
            self._end_after(limit + self._grace)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()

    def _end_after(self, seconds: float) -> None:
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._stderr)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Limit what is left: the joins of threads and processes at the exit. A worker waits until all are done."""
        if "PYTEST_XDIST_WORKER" not in os.environ:
            self._end_after(self._leaving)


class SilenceLimit:
    """Ends the workers if nothing is heard of any test for so long that each should have ended; then the whole run.

    It uses the alarm of the process that gives tests to the workers, which runs none itself.
    """

    def __init__(self, stderr: TextIO, silence: float, grace: float) -> None:
        self._stderr, self._silence, self._grace = stderr, silence, grace
        self._workers: dict[str, int] = {}
        self._running: set[str] = set()
        signal.signal(signal.SIGALRM, self._end_workers)
        self._heard()

    def _heard(self) -> None:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, self._silence)

    def pytest_testnodeready(self, node: Any) -> None:
        self._workers[node.gateway.id] = node.gateway._rinfo().pid
        self._heard()

    def pytest_testnodedown(self, node: Any) -> None:
        self._workers.pop(node.gateway.id, None)
        self._heard()

    def pytest_xdist_node_collection_finished(self) -> None:
        self._heard()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._running.add(nodeid)
        self._heard()

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self._running.discard(nodeid)
        self._heard()

    def _end_workers(self, number: int, frame: FrameType | None) -> None:
        """Have each worker print what its threads do, and die: pytest-xdist names its test and starts another.

        If nothing is heard after that either, this process does the same.
        """
        print(f"\nNo news of any test for {self._silence:.0f} s. Running: {sorted(self._running)}.", file=self._stderr)
        for name, pid in self._workers.items():
            print(f"\nEnding {name}, process {pid}.", file=self._stderr, flush=True)
            os.kill(pid, signal.SIGABRT)  # pytest has enabled faulthandler in it
        faulthandler.dump_traceback_later(self._grace, exit=True, file=self._stderr)

    def pytest_unconfigure(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
