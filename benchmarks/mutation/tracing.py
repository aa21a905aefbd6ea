"""Which lines each test runs: a plugin for pytest, so that a fault is shown to the tests that can see it alone."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Sequence
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Any

import greenlet
import pytest

IMPORT = ""
"""Stands for a test's name beside what runs outside of all tests: when modules are imported, commands declared."""


class LineTracer:
    """Notes for each test how long it takes and which lines of the given files it runs."""

    def __init__(self, root: Path, modules: Sequence[str]) -> None:
        self._files = {str(root / module): module for module in modules}
        self._outside: dict[str, set[int]] = {}
        self._lines = self._outside
        self.tests: dict[str, dict[str, Any]] = {}

    def start(self) -> None:
        """Begin with what runs outside of tests."""
        sys.settrace(self._enter)
        # SQLAlchemy runs its synchronous half in greenlets, and each has a trace function of its own.
        greenlet.settrace(lambda *_: sys.settrace(self._enter))

    def result(self) -> dict[str, dict[str, Any]]:
        """Seconds and lines by test, and what ran outside of all."""
        greenlet.settrace(None)
        sys.settrace(None)
        return {**self.tests, IMPORT: {"seconds": 0.0, "lines": _listed(self._outside)}}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Trace one test with its fixtures."""
        self._lines = {}
        before, started = sys.gettrace(), perf_counter()
        threading.settrace(self._enter)
        sys.settrace(self._enter)
        try:
            return (yield)
        finally:
            sys.settrace(before)
            threading.settrace(before)
            self.tests[item.nodeid] = {"seconds": perf_counter() - started, "lines": _listed(self._lines)}
            self._lines = self._outside

    def _enter(self, frame: FrameType, event: str, arg: object) -> Any:
        module = self._files.get(frame.f_code.co_filename)
        if module is None:
            return None
        lines = self._lines.setdefault(module, set())

        def note(frame: FrameType, event: str, arg: object) -> Any:
            lines.add(frame.f_lineno)
            return note

        return note(frame, event, arg)


def _listed(lines: dict[str, set[int]]) -> dict[str, list[int]]:
    return {module: sorted(found) for module, found in lines.items()}


class SelectedTests:
    """Runs these tests alone, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._order = {test: at for at, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the others out."""
        chosen = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])


class NoDeadlines:
    """Lets Hypothesis take its time, so that no busy machine fails a test, and stop at the first example that fails."""

    def pytest_sessionstart(self) -> None:
        """Change the profile that the tests' own settings build on, after their conftest has chosen one."""
        if "hypothesis" in sys.modules:
            from hypothesis import Phase, settings

            phases = (Phase.explicit, Phase.reuse, Phase.generate)
            settings.register_profile("mutation", settings(), deadline=None, phases=phases)
            settings.load_profile("mutation")
