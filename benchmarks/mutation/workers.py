"""Runs of pytest on copies of the tree, each in a fork of this process that has the large packages imported."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

from benchmarks.mutation.tracing import LineTracer, NoDeadlines, SelectedTests

IGNORED = shutil.ignore_patterns(".*", "__pycache__", "*.pyc", "build", "dist", "demo", "*.egg-info", "*.db", "*.log")
OUTSIDE = "-Wignore::pytest.PytestAssertRewriteWarning"
"""pytest warns of plugins that were imported before it could rewrite their assertions; they have none of interest."""
POLL_INTERVAL = 0.02
"""Seconds between two looks at the runs under way."""
TIMED_OUT = -1
OUTPUT, TRACE = ".output", ".trace.json"


@dataclass(slots=True)
class Run:
    """One run of tests on a copy of the tree: with a mutant in one of its modules, or without one and traced."""

    tests: Sequence[str]
    """Files and folders, by path."""
    seconds: float
    """Time limit of the run in seconds."""
    done: Callable[[int, Path], None]
    """Given pytest's exit code (or TIMED_OUT), and the copy with its OUTPUT and, of a traced run, its TRACE."""
    chosen: Sequence[str] = ()
    """Tests of those files by node id; empty: all of them."""
    module: str = ""
    source: str = ""
    traced: Sequence[str] = ()
    skip: Sequence[str] = ()


@dataclass(slots=True)
class _Copy:
    path: Path
    original: str = ""
    run: Run | None = None
    ends: float = 0.0


@dataclass(slots=True)
class Workers:
    """Carries runs out, one on each copy at a time. Nothing is written into the tree itself."""

    root: Path
    folder: Path
    count: int
    _copies: list[_Copy] = field(default_factory=list)

    def prepare(self, preload: Iterable[str]) -> None:
        """Copy the tree, and import everything that all runs need."""
        for number in range(self.count):
            copy = self.folder / f"copy{number}"
            shutil.copytree(self.root, copy, ignore=IGNORED)
            self._copies.append(_Copy(copy))
        for name in preload:
            importlib.import_module(name)

    def all(self, runs: Iterator[Run]) -> None:
        """Carry out every run; those under way are ended when this is interrupted."""
        busy: dict[int, _Copy] = {}
        waiting = True
        try:
            while waiting or busy:
                idle = [copy for copy in self._copies if copy.run is None]
                while waiting and idle:
                    run = next(runs, None)
                    if run is None:
                        waiting = False
                        break
                    copy = idle.pop()
                    busy[self._start(copy, run)] = copy
                for pid in list(busy):
                    self._look(pid, busy)
                time.sleep(POLL_INTERVAL)
        finally:
            for pid in busy:
                _end(pid)

    def _start(self, copy: _Copy, run: Run) -> int:
        copy.run, copy.ends = run, time.monotonic() + run.seconds
        if run.module:
            file = copy.path / run.module
            copy.original = file.read_text()
            _write(file, run.source)
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            _child(copy.path, run)
        return pid

    def _look(self, pid: int, busy: dict[int, _Copy]) -> None:
        copy = busy[pid]
        run = copy.run
        assert run is not None
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended and time.monotonic() < copy.ends:
            return
        if not ended:
            _end(pid)
        del busy[pid]
        copy.run = None
        if run.module:
            _write(copy.path / run.module, copy.original)
        code = os.waitstatus_to_exitcode(status) if ended else TIMED_OUT
        run.done(code, copy.path)


def _write(file: Path, source: str) -> None:
    """Write a module and delete its compiled file, because two mutants in one second have the same time stamp."""
    file.write_text(source)
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def _end(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _child(copy: Path, run: Run) -> NoReturn:
    """Run pytest in this fork, then end the process in any case."""
    code = 3
    try:
        os.setsid()
        output = os.open(copy / OUTPUT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for stream in (1, 2):
            os.dup2(output, stream)
        os.chdir(copy)
        sys.path[:] = [str(copy), *(entry for entry in sys.path if entry not in ("", str(Path.cwd())))]
        for name in [name for name in sys.modules if name.partition(".")[0] in ("benchmarks", "tests")]:
            del sys.modules[name]
        sys.dont_write_bytecode = bool(run.module)
        code = _pytest(copy, run)
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _pytest(copy: Path, run: Run) -> int:
    arguments = ["-q", "-x", "--tb=line", "--rootdir", str(copy), "-p", "no:xdist", OUTSIDE]
    if run.skip:
        arguments += ["-k", " and ".join(f"not {words}" for words in run.skip)]
    plugins: list[Any] = [NoDeadlines()]
    tracer = LineTracer(copy, run.traced)
    if run.traced:
        plugins.append(tracer)
        tracer.start()
    if run.chosen:
        plugins.append(SelectedTests(run.chosen))
    code = int(pytest.main([*arguments, *run.tests], plugins=plugins))
    if run.traced:
        (copy / TRACE).write_text(json.dumps(tracer.result()))
    return code
