"""One transaction, and the shelves that are read and filled inside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import cached_property
from time import monotonic
from typing import Any, Generic, Self, TypeVar, overload

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.store.base import wake_up
from bot.store.base.search_index import IndexedSession
from bot.store.database.sqlite_dialect import ASKED_AT

Result = TypeVar("Result")
RepositoryType = TypeVar("RepositoryType")


class Transaction:
    """A connection with a transaction, and a session on it for whoever wants mapped objects.

    A session costs more than a short statement, so it is opened when it is first asked for; a vote needs none. What is
    written (`writes`) is committed when the block ends well, and gone when it raises. `committed` is then given the
    words for the loops that have something to do now.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        writes: bool = False,
        committed: Callable[[frozenset[str]], None] | None = None,
    ) -> None:
        self._connection = engine.connect()
        self._writes = writes
        self._committed = committed

    @cached_property
    def session(self) -> AsyncSession:
        """Mapped objects. What it writes belongs to the block's transaction."""
        return AsyncSession(self._connection, sync_session_class=IndexedSession, expire_on_commit=False)

    async def at_once(self, work: Callable[[Connection], Result]) -> Result:
        """Carry several statements out in one go. What the session holds is not written before."""
        return await self._connection.run_sync(work)

    async def __aenter__(self) -> Self:
        asked_at = monotonic()
        connection = (await self._connection.start()).sync_connection
        if self._writes:
            try:
                assert connection is not None
                connection.info[ASKED_AT] = asked_at
                wake_up.forget_marks(connection)
                await self.at_once(Connection.begin)
            except BaseException:
                await to_the_end(self._connection.close())
                raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Commit, unless the block failed, and give the connection back, also where the caller is cancelled."""
        await to_the_end(self._end(well=kind is None))

    async def _end(self, *, well: bool) -> None:
        used = "session" in self.__dict__
        try:
            if well and self._writes:
                if used:
                    await self.session.flush()
                words = await self.at_once(wake_up.write_marks)
                await self._connection.commit()
                if words and self._committed:
                    self._committed(words)
        finally:
            try:
                if used:
                    await self.session.close()
            finally:
                await self._connection.close()


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await something that must not be broken off: it is over when this returns, also by a cancellation."""
    doing = asyncio.ensure_future(work)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


class BaseRepository:
    """Questions to one part of the database, inside a block."""

    def __init__(self, block: Transaction) -> None:
        self._block = block

    @property
    def _session(self) -> AsyncSession:
        return self._block.session

    def _beside(self) -> tuple[Any, ...]:
        """What a shelf beside this one is made of."""
        return (self._block,)


class ClubRepository(BaseRepository):
    """Questions to one part of one club's shelf."""

    def __init__(self, block: Transaction, club_id: int) -> None:
        super().__init__(block)
        self._club_id = club_id

    def _beside(self) -> tuple[Any, ...]:
        return (self._block, self._club_id)


class repository(Generic[RepositoryType]):  # noqa: N801 # it reads as the decorators of its kind do: `votes = shelf(Votes)`
    """A shelf that stands in a room from the moment it is first asked for: most blocks need two of thirty."""

    def __init__(self, kind: Callable[..., RepositoryType]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type[BaseRepository], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, room: None, owner: type[BaseRepository]) -> Self: ...

    @overload
    def __get__(self, room: BaseRepository, owner: type[BaseRepository]) -> RepositoryType: ...

    def __get__(self, room: BaseRepository | None, owner: type[BaseRepository]) -> RepositoryType | Self:
        if room is None:
            return self
        kept = room.__dict__[self._name] = self._kind(*room._beside())
        return kept
