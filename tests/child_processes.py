"""Programs that a test starts and reads by blocking calls."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import AnyStr


@contextmanager
def killed_on_error(program: subprocess.Popen[AnyStr]) -> Iterator[subprocess.Popen[AnyStr]]:
    """Kill a program if the block raises; else wait for its end.

    `Popen` itself waits then too. If a program hangs, the test's time limit raises in the block, and nothing ends the
    wait after that: the limit counts once.
    """
    with program:
        try:
            yield program
        except BaseException:
            program.kill()
            raise


def wait_until_it_waits(pid: int) -> None:
    """Return when a process with one thread sleeps in the kernel, as one that has asked does, or when it has ended.

    A signal that comes between its question and its call to read is noticed only with the next key. Systems that do not
    tell the state of a process are not waited for.
    """
    state = Path(f"/proc/{pid}/stat")
    while state.exists() and state.read_text("ascii").rpartition(")")[2].split()[0] not in {"S", "Z", "X"}:
        sleep(0.001)
