"""Wake-ups of this process's loops: rung when a transaction that concerns them is committed, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class LoopWakeUps:
    """Callbacks by word: a kind of task, or `delivery`."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callable[[], None]]] = {}

    def call(self, word: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Have a function called whenever a word is rung; the function that ends it."""
        callbacks = self._callbacks.setdefault(word, [])
        callbacks.append(callback)
        return lambda: callbacks.remove(callback)

    def ring(self, words: Iterable[str]) -> None:
        """Call whoever waits for any of these words."""
        for word in words:
            for callback in [*self._callbacks.get(word, ())]:
                callback()

    def ring_all(self) -> None:
        """Call everybody: what was rung meanwhile may have been missed."""
        self.ring([*self._callbacks])
