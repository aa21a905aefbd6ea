"""One transaction, and the shelves that are read and filled inside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, Generic, Self, TypeVar, overload

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.store.lookups import Watched

Result = TypeVar("Result")
Kept = TypeVar("Kept")


class Block:
    """A connection in a transaction, with a session on it for whoever wants mapped objects.

    A session costs more than a short statement, so it is opened when it is first asked for; a vote needs none.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @cached_property
    def session(self) -> AsyncSession:
        """Mapped objects. What it writes belongs to the block's transaction, which others commit."""
        return AsyncSession(self._connection, sync_session_class=Watched, expire_on_commit=False)

    async def at_once(self, work: Callable[[Connection], Result]) -> Result:
        """Carry several statements out in one go. What the session holds is not written before."""
        return await self._connection.run_sync(work)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Write what the session still holds, unless the block failed, and let it go."""
        if "session" not in self.__dict__:
            return
        try:
            if kind is None:
                await self.session.flush()
        finally:
            await self.session.close()


class Shelf:
    """Questions to one part of the database, inside a block."""

    def __init__(self, block: Block) -> None:
        self._block = block

    @property
    def _session(self) -> AsyncSession:
        return self._block.session

    def _beside(self) -> tuple[Any, ...]:
        """What a shelf beside this one is made of."""
        return (self._block,)


class Repository(Shelf):
    """Questions to one part of one club's shelf."""

    def __init__(self, block: Block, club_id: int) -> None:
        super().__init__(block)
        self._club_id = club_id

    def _beside(self) -> tuple[Any, ...]:
        return (self._block, self._club_id)


class shelf(Generic[Kept]):  # noqa: N801 # it reads as the decorators of its kind do: `votes = shelf(Votes)`
    """A shelf that stands in a room from the moment it is first asked for: most blocks need two of thirty."""

    def __init__(self, kind: Callable[..., Kept]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type[Shelf], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, room: None, owner: type[Shelf]) -> Self: ...

    @overload
    def __get__(self, room: Shelf, owner: type[Shelf]) -> Kept: ...

    def __get__(self, room: Shelf | None, owner: type[Shelf]) -> Kept | Self:
        if room is None:
            return self
        kept = room.__dict__[self._name] = self._kind(*room._beside())
        return kept
