"""Waiting for the next change of a local Slack or Discord, without polling or sleeping."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from tests.unloaded_clock import happened, unloaded

T = TypeVar("T")


class ChangeNotifier:
    """Wakes everybody who waits for a change. `notify` may be called from code that is not async."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Wake everybody who waits."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def next_change(self, seconds: float | None = None) -> bool:
        """Wait for the next change. Returns False if there is none for so many seconds of the unloaded clock."""
        return await happened(self._event, seconds)

    async def wait_for(self, look: Callable[[], T | None], seconds: float, what: str = "the awaited change") -> T:
        """Look now, after each change and at the end, until the result is true. Returns it.

        Raises TimeoutError after so many seconds of the unloaded clock.
        """
        deadline = unloaded() + seconds
        while not (found := look()):
            if not await happened(self._event, deadline - unloaded()):
                if found := look():  # something that notifies nobody
                    return found
                raise TimeoutError(f"{what} did not happen within {seconds:g} s")
        return found
