"""A database transaction, and the base classes of the repositories that read and write within it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import cached_property
from time import monotonic
from typing import Any, Generic, Self, TypeVar, overload

from sqlalchemy import Connection, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bot.domain.models import Club
from bot.store.base import task_triggers
from bot.store.base.search_index import IndexedSession
from bot.store.lock_request import REQUESTED_AT

Result = TypeVar("Result")
RepositoryType = TypeVar("RepositoryType")


class Transaction:
    """A connection with a transaction, and an ORM session on it.

    The session is opened at its first use, because it costs more than a short statement and a vote needs none. With
    `writes`, changes are committed when the block ends, and rolled back when it raises. `committed` is
    called with the words for the loops that have work now.
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
        """The ORM session; its changes belong to this transaction."""
        return AsyncSession(self._connection, sync_session_class=IndexedSession, expire_on_commit=False)

    async def run_sync(self, work: Callable[[Connection], Result]) -> Result:
        """Run several statements in one synchronous call. Pending changes of the session are not flushed first."""
        return await self._connection.run_sync(work)

    async def __aenter__(self) -> Self:
        requested_at = monotonic()
        connection = (await self._connection.start()).sync_connection
        if self._writes:
            try:
                assert connection is not None
                connection.info[REQUESTED_AT] = requested_at
                task_triggers.forget_marks(connection)
                await self.run_sync(Connection.begin)
            except BaseException:
                await run_to_completion(self._connection.close())
                raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Commit unless the block raised, and release the connection, even if the caller is cancelled."""
        await run_to_completion(self._end(commit=kind is None))

    async def _end(self, *, commit: bool) -> None:
        used = "session" in self.__dict__
        try:
            if commit and self._writes:
                if used:
                    await self.session.flush()
                words = await self.run_sync(task_triggers.write_marks)
                await self._connection.commit()
                if words and self._committed:
                    self._committed(words)
        finally:
            try:
                if used:
                    await self.session.close()
            finally:
                await self._connection.close()


async def run_to_completion(work: Coroutine[Any, Any, None]) -> None:
    """Await work that must not be interrupted: a cancellation is raised only after the work has ended."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


class BaseRepository:
    """Queries about one part of the database, within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @property
    def _session(self) -> AsyncSession:
        return self._transaction.session

    def _arguments(self) -> tuple[Any, ...]:
        """Constructor arguments of another repository in the same transaction."""
        return (self._transaction,)


class ClubRepository(BaseRepository):
    """Queries about one part of one club's data."""

    def __init__(self, transaction: Transaction, club_id: int) -> None:
        super().__init__(transaction)
        self._club_id = club_id

    def _arguments(self) -> tuple[Any, ...]:
        return (self._transaction, self._club_id)

    async def lock_club(self) -> None:
        """Lock the club's row, so that what is numbered or counted per club changes one at a time."""
        await self._session.execute(select(Club.id).where(Club.id == self._club_id).with_for_update())

    async def _all_of(self, prepared: Select[Result], **values: Any) -> Sequence[Result]:
        """Entities of a statement that is built once, with these parameters; its parameter `club` is this club.

        A prepared statement takes less than half the processor time: nothing is built, and its cache key is known.
        """
        return (await self._session.scalars(prepared, {"club": self._club_id, **values})).unique().all()

    async def _one_of(self, prepared: Select[Result], **values: Any) -> Result | None:
        """First entity of a prepared statement; None if there is none."""
        return await self._session.scalar(prepared, {"club": self._club_id, **values})


class repository(Generic[RepositoryType]):  # noqa: N801 # lower case like `property`
    """Attribute that creates a repository at its first use: most transactions need two of thirty."""

    def __init__(self, kind: Callable[..., RepositoryType]) -> None:
        self._kind = kind

    def __set_name__(self, owner: type[BaseRepository], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[BaseRepository]) -> Self: ...

    @overload
    def __get__(self, instance: BaseRepository, owner: type[BaseRepository]) -> RepositoryType: ...

    def __get__(self, instance: BaseRepository | None, owner: type[BaseRepository]) -> RepositoryType | Self:
        if instance is None:
            return self
        created = instance.__dict__[self._name] = self._kind(*instance._arguments())
        return created
