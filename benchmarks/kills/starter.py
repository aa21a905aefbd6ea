"""Starter: a process with everything imported, which forks a program whenever it is asked to, in a few milliseconds.

It reads one JSON object a line (`settings`, `kill_at`, `note`, `log`) and answers with one: `{"started": pid}` at once,
`{"ended": pid}` when a program has ended.

`python -m benchmarks.kills.starter ORIGIN SPEED [SECONDS SERVER]`: the last are the file of shared seconds, which it
advances, and the process id of the database's server or 0.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import select
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.kills.fast_time import STEP, Advance, FastTime, SharedSeconds, children

DIE_WITH_PARENT = 1
"""Linux's PR_SET_PDEATHSIG."""


def main(argv: list[str]) -> None:
    """Serve until the input ends; what still runs is killed by whoever started it."""
    fast = FastTime(float(argv[0]), float(argv[1]), SharedSeconds(Path(argv[2])) if argv[2:] else None)
    server = int(argv[3]) if argv[3:] else 0
    run = _import_program(fast)
    buffer, advance, me = "", Advance(fast), os.getpid()
    while True:
        if fast.shared:
            advance.step([os.getppid(), *children(me), *(children(server) if server else [])])
        if select.select([0], [], [], STEP)[0]:
            read = os.read(0, 65536).decode()
            if not read:
                return
            *lines, buffer = (buffer + read).split("\n")
            for line in lines:
                _start(run, json.loads(line))
        _report_ends()


def _start(run: Any, order: dict[str, Any]) -> None:
    if not (pid := os.fork()):
        _become(run, order)
    _say({"started": pid})


def _report_ends() -> None:
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _say({"ended": pid})


def _say(words: dict[str, int]) -> None:
    os.write(1, (json.dumps(words) + "\n").encode())


def _become(run: Any, order: dict[str, Any]) -> None:
    """Be the program, with its own settings and log, until it ends or the starter does."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update({f"JOURNALCLUB_{name}": value for name, value in order["settings"].items()})
    try:
        from benchmarks.kills.kill_points import KillPoints

        if order["kill_at"]:
            KillPoints(order["kill_at"], Path(order["note"])).install()
        run()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(1)


def _import_program(fast: FastTime) -> Any:
    """Import all of the program, in fast time; what runs it."""
    from bot.domain import clock

    clock.utc_now = fast.now
    for name in ("adapters.discord.gateway", "adapters.slack.gateway", "bot.runtime.composition"):
        import_module(name)
    from bot.cli.parser import configure_logs
    from bot.runtime import process, scheduler
    from bot.settings import load

    vars(scheduler)["POLL_INTERVAL"] /= fast.speed  # APScheduler goes by this machine's clock

    def run() -> None:
        settings = load()
        configure_logs(settings)
        with asyncio.Runner(loop_factory=fast.loop) as runner:
            runner.run(process.run(settings))

    return run


if __name__ == "__main__":
    main(sys.argv[1:])
