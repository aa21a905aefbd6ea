"""Pytest plugin that records the lines run by each test, so that a mutant is only tested by tests that execute it."""

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
"""Key for lines that run outside of tests: imports and declarations of commands."""


class LineTracer:
    """Records the duration of each test and the lines of the given files that it runs."""

    def __init__(self, root: Path, modules: Sequence[str]) -> None:
        self._files = {str(root / module): module for module in modules}
        self._outside: dict[str, set[int]] = {}
        self._lines = self._outside
        self.tests: dict[str, dict[str, Any]] = {}

    def start(self) -> None:
        """Start with the lines that run outside of tests."""
        sys.settrace(self._enter)
        # SQLAlchemy runs its synchronous half in greenlets, and each has a trace function of its own.
        greenlet.settrace(lambda *_: sys.settrace(self._enter))

    def result(self) -> dict[str, dict[str, Any]]:
        """Seconds and lines by test, and the lines that run outside of tests."""
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
    """Disables Hypothesis's deadlines, so that a busy machine fails no test, and stops at the first failing example."""

    def pytest_sessionstart(self) -> None:
        """Change the profile that the tests' own settings build on, after their conftest has chosen one."""
        if "hypothesis" in sys.modules:
            from hypothesis import Phase, settings

            phases = (Phase.explicit, Phase.reuse, Phase.generate)
            settings.register_profile("mutation", settings(), deadline=None, phases=phases)
            settings.load_profile("mutation")
