"""A limit for the end of the process: neither a thread that waits for ever nor a task that goes on delays it."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
from threading import Timer

log = logging.getLogger(__name__)


def exit_within(seconds: float) -> None:
    """Have this process end with exit code 1 after so many seconds, unless it has ended by itself before.

    It prints what each thread was doing. The limit also holds for the joins of threads when Python exits.
    """
    timer = Timer(seconds, _exit, [seconds])
    timer.daemon = True  # it keeps nothing from ending itself
    timer.start()


def _exit(seconds: float) -> None:
    try:
        log.error("the program did not end within %g s; it is ended, and what was in progress continues later", seconds)
        faulthandler.dump_traceback(file=sys.__stderr__ or 2)
    finally:
        os._exit(1)
