"""Statements that a store sends to its database, to count them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.store import Store


@contextmanager
def sent_statements(store: Store) -> Iterator[list[str]]:
    """A list that gets every statement that the store sends while the block lasts, in order."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engines = {engine.sync_engine for engine in (store._engines.writer, store._engines.reader, store._engines.lookup)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
