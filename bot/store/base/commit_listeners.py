"""Listeners at commits: loops are called when a transaction that concerns them is committed, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable


class CommitListeners:
    """Subscriptions by topic: a kind of task, `delivery` or `archive`."""

    def __init__(self) -> None:
        self._callbacks: dict[str, list[Callable[[], None]]] = {}

    def subscribe(self, topic: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Have a function called at every notification of a topic. Returns the function that unsubscribes it."""
        callbacks = self._callbacks.setdefault(topic, [])
        callbacks.append(callback)
        return lambda: callbacks.remove(callback)

    def notify(self, topics: Iterable[str]) -> None:
        """Call the subscribers of these topics."""
        for topic in topics:
            for callback in [*self._callbacks.get(topic, ())]:
                callback()

    def notify_all(self) -> None:
        """Call every subscriber, since notifications may have been missed."""
        self.notify([*self._callbacks])
