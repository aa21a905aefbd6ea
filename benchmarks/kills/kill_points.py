"""Points at which a program can be killed: before and after each commit, and before and after each request."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import aiohttp

from bot.store.base.transaction import Transaction


class KillPoints:
    """Counts the points that a program passes, and kills it at one of them."""

    def __init__(self, at: int, note: Path) -> None:
        """`at` counts from 1; 0 never kills. The name of the point is written to the file `note` before."""
        self._at = at
        self._note = note
        self._passed = 0

    def install(self) -> None:
        """Put the points around commits and requests."""
        end, request = Transaction._end, aiohttp.ClientSession._request

        async def watched_end(transaction: Transaction, *, commit: bool) -> None:
            watched = commit and transaction._writes
            if watched:
                self.reached("before a commit")
            await end(transaction, commit=commit)
            if watched:
                self.reached("after a commit")

        async def watched_request(session: Any, method: str, url: Any, **given: Any) -> Any:
            name = f"{method} {_last_word(str(url))}"
            self.reached(f"before {name}")
            response = await request(session, method, url, **given)
            self.reached(f"after {name}")
            return response

        Transaction._end = watched_end  # type: ignore[method-assign, assignment]
        aiohttp.ClientSession._request = watched_request  # type: ignore[method-assign, assignment]

    def reached(self, name: str) -> None:
        """Count a point; at the chosen one end this process without a word, as SIGKILL does."""
        self._passed += 1
        if self._passed == self._at:
            self._note.write_text(name)
            os.kill(os.getpid(), signal.SIGKILL)


def _last_word(url: str) -> str:
    """The last word of an address that is no id."""
    words = [word for word in url.partition("?")[0].split("/") if word and not word.isdecimal()]
    return words[-1]
