"""Topics repository."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, true, update

from bot.domain.models import Follow, Submission, Topic
from bot.store.base.task_triggers import OF_FOLLOW, match_again, wake
from bot.store.base.transaction import ClubRepository


class Topics(ClubRepository):
    """Topics of the club."""

    async def all(self) -> Sequence[Topic]:
        """All topics, by name."""
        found = await self._session.scalars(select(Topic).where(Topic.club_id == self._club_id).order_by(Topic.name))
        return found.all()

    async def by_name(self, name: str) -> Topic | None:
        """The topic of a name, ignoring case."""
        folded_name = name.strip().casefold()
        return next((topic for topic in await self.all() if topic.name.casefold() == folded_name), None)

    async def id_of(self, name: str) -> int:
        """Id of a topic by name; 0, which no topic has, if there is none."""
        topic = await self.by_name(name)
        return topic.id if topic else 0

    async def add(self, name: str) -> Topic:
        """The topic of a name, created if new."""
        if found := await self.by_name(name):
            return found
        topic = Topic(club_id=self._club_id, name=name.strip())
        self._session.add(topic)
        await self._session.flush()
        return topic

    async def rename(self, topic: Topic, name: str) -> None:
        """Rename a topic for all its papers, and for those who follow it."""
        await self._rename_follows(topic.name, name.strip())
        (await self._session.get_one(Topic, topic.id)).name = name.strip()

    async def remove(self, topic: Topic, into: Topic | None = None) -> None:
        """Delete a topic; its papers and followers move to `into`, or have none.

        The followers of `into` hear of the papers that are new in it.
        """
        await self._rename_follows(topic.name, into.name if into else "")
        await self._session.execute(
            update(Submission)
            .where(Submission.club_id == self._club_id, Submission.topic_id == topic.id)
            .values(topic_id=into.id if into else None)
        )
        if into:
            await self._transaction.run_sync(lambda connection: self._match_again(connection, into))
        await self._session.delete(await self._session.get_one(Topic, topic.id))

    async def _rename_follows(self, old: str, new: str) -> None:
        """Let those who follow a topic follow it under its new name; with "" they follow it no longer."""
        of_topic = (Follow.club_id == self._club_id, Follow.kind == "topic")
        renamed = (*of_topic, Follow.key == old.casefold())
        if old.casefold() != new.casefold():
            has_new = select(Follow.member_id).where(*of_topic, Follow.key == new.casefold())
            doubled = Follow.member_id.in_(has_new) if new else true()
            await self._session.execute(delete(Follow).where(*renamed, doubled))
        await self._session.execute(update(Follow).where(*renamed).values(key=new.casefold(), value=new))

    def _match_again(self, connection: Connection, topic: Topic) -> None:
        match_again(connection, Submission.topic_id == topic.id)
        wake(connection, self._club_id, OF_FOLLOW)
