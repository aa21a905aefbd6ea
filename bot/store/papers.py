"""Papers, and the submissions that brought them to the club."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, func, literal, or_, select, update

from bot.domain.models import Club, EditionItem, Paper, PaperLink, Seconding, Submission, Topic
from bot.domain.ranking import Terms
from bot.domain.records import Record
from bot.store.base import held, holds, put
from bot.store.block import Repository

OPEN = ("new", "shortlisted", "picked")
"""The states in which a submission may be voted for and taken into an edition."""
OFF = ("dropped", "withdrawn")
"""The states in which a submission is on no list: a moderator took it off, or its member took it back."""


class Papers(Repository):
    """Works, as far as this club may see them: public records, and what is its own."""

    async def by_key(self, key: str) -> Paper | None:
        """The work with this key."""
        return await self._session.scalar(self._visible().where(Paper.key == key))

    async def by_keys(self, keys: Iterable[str]) -> Sequence[Paper]:
        """The works with these keys; those not known are left out."""
        return (await self._session.scalars(self._visible().where(Paper.key.in_(list(keys))))).all()

    async def learn(self, record: Record, *, now: datetime) -> Paper:
        """Keep what a source tells about a work; the same record again changes nothing."""
        await put(
            self._session,
            Paper,
            {
                "key": record.key,
                "url": record.url,
                "title": record.title,
                "authors": list(record.authors),
                "abstract": record.abstract,
                "categories": list(record.categories),
                "comment": record.comment,
                "journal_ref": record.journal_ref,
                "doi": record.doi,
                "version": record.version,
                "published_at": record.published,
                "updated_at": record.updated,
                "withdrawn": record.withdrawn,
                "details_at": now,
                "asked_at": now,
                "kind": "paper",
            },
            keys=("key",),
        )
        return await self._just_put(record.key)

    async def expect(self, key: str, url: str, title: str, *, now: datetime) -> Paper:
        """Keep a work whose details are to follow."""
        await put(
            self._session,
            Paper,
            {
                "key": key,
                "url": url,
                "title": title,
                "kind": "paper",
                "authors": [],
                "abstract": "",
                "categories": [],
                "comment": "",
                "journal_ref": "",
                "doi": "",
                "version": 0,
                "withdrawn": False,
                "asked_at": now,
            },
        )
        return await self._just_put(key)

    async def own(self, key: str, url: str, kind: str, title: str, *, now: datetime) -> Paper:
        """Keep an item that only this club knows: news, code, a blog post."""
        if found := await self.by_key(key):
            return found
        paper = Paper(
            key=key, owner_club_id=self._club_id, kind=kind, url=url, title=title, details_at=now, asked_at=now
        )
        self._session.add(paper)
        await self._session.flush()
        return paper

    async def _just_put(self, key: str) -> Paper:
        found = await self._session.scalars(
            select(Paper).where(Paper.key == key).execution_options(populate_existing=True)
        )
        return found.one()

    def _visible(self) -> Select[Paper]:
        return select(Paper).where(or_(Paper.owner_club_id.is_(None), Paper.owner_club_id == self._club_id))


class Submissions(Repository):
    """The papers of the club, each question one method."""

    async def add(self, submission: Submission) -> Submission:
        """Keep a new submission and give it the club's next number. Raises IntegrityError if the paper is there."""
        number = await self._session.scalar(
            update(Club)
            .where(Club.id == self._club_id)
            .values(next_number=Club.next_number + 1)
            .returning(Club.next_number)
        )
        assert number is not None
        submission.club_id, submission.number = self._club_id, number - 1
        submission.heat = Terms(0, 0, submission.submitted_at).heat
        self._session.add(submission)
        await self._session.flush()
        await self._session.refresh(submission, ["paper", "member", "topic"])
        return submission

    async def get(self, submission_id: int, *, lock: bool = False) -> Submission | None:
        """A submission of this club by id. `lock` holds the row for what is read to be written."""
        return await self._one("id", submission_id, lock=lock)

    async def by_number(self, number: int, *, lock: bool = False) -> Submission | None:
        """A submission by the number people type."""
        return await self._one("number", number, lock=lock)

    async def of_paper(self, paper: Paper) -> Submission | None:
        """The submission that brought a work to this club."""
        return await self._one("paper_id", paper.id)

    async def of_key(self, key: str, *, lock: bool = False) -> Submission | None:
        """The submission of the work with this key."""
        question = self._mine().join(Paper).where(Paper.key == key)
        return await self._session.scalar(_locked(question) if lock else question)

    async def many(self, ids: Iterable[int]) -> dict[int, Submission]:
        """Submissions by id."""
        # With the bare column SQLite may go through an index of the club, all of it, instead of taking the few keys.
        ours = Submission.club_id + 0 == self._club_id
        found = await self._session.scalars(select(Submission).where(ours, Submission.id.in_(list(ids))))
        return {submission.id: submission for submission in found.unique()}

    async def titled(
        self, typed: str, *, limit: int = 10, states: Sequence[str] = (), among: int | None = None
    ) -> Sequence[Submission]:
        """Submissions whose title contains every word that was typed, hottest first; `among`: only so many of the
        hottest are looked at, for those who wait while they type."""
        question = self._mine().join(Paper)
        if among:
            heats = select(Submission.heat).where(Submission.club_id == self._club_id)
            last = heats.order_by(Submission.heat.desc()).offset(among - 1).limit(1).scalar_subquery()
            question = question.where(Submission.heat >= func.coalesce(last, literal(float("-inf"))))
        for word in typed.split()[:8]:
            question = question.where(or_(holds(Paper.title, word), holds(Submission.title, word)))
        if states:
            question = question.where(Submission.state.in_(states))
        question = question.where(Submission.merged_into_id.is_(None))
        found = await self._session.scalars(question.order_by(Submission.heat.desc()).limit(limit))
        return found.unique().all()

    async def search(
        self,
        words: str,
        *,
        since: datetime | None = None,
        topic: str = "",
        author: str = "",
        skip: int = 0,
        limit: int = 10,
    ) -> Sequence[Submission]:
        """Submissions that hold every word in title, abstract, authors or why; newest first."""
        question = self._listed().join(Paper)
        for word in words.split()[:8]:
            fields = (Paper.title, Paper.abstract, Submission.why, Submission.title)
            held = [holds(field, word) for field in fields]
            question = question.where(or_(*held, holds(Paper.authors, word, json=True)))
        if author:
            question = question.where(holds(Paper.authors, author, json=True))
        if topic:
            question = question.where(Submission.topic_id == await self._topic(topic))
        if since:
            question = question.where(Submission.submitted_at >= since)
        found = await self._session.scalars(question.order_by(Submission.number.desc()).offset(skip).limit(limit))
        return found.unique().all()

    async def in_state(self, *states: str, skip: int = 0, limit: int = 10) -> Sequence[Submission]:
        """Submissions in these states, oldest first; those of earlier editions left out."""
        found = await self._session.scalars(
            self._mine()
            .where(Submission.state.in_(states), Submission.merged_into_id.is_(None), self._unpublished())
            .order_by(Submission.id)
            .offset(skip)
            .limit(limit)
        )
        return found.unique().all()

    async def pending(self, *, asked_before: datetime | None = None, limit: int = 100) -> Sequence[Submission]:
        """Submissions whose details are still to follow, longest unasked first; with a time, those not asked since."""
        question = self._mine().join(Paper).where(Paper.details_at.is_(None), Paper.kind == "paper")
        question = question.where(Submission.state != "dropped", Submission.merged_into_id.is_(None))
        if asked_before:
            question = question.where(or_(Paper.asked_at.is_(None), Paper.asked_at < asked_before))
        found = await self._session.scalars(question.order_by(Paper.asked_at, Submission.id).limit(limit))
        return found.unique().all()

    async def brought(self, since: datetime, until: datetime, *, limit: int) -> Sequence[Submission]:
        """What was submitted in a stretch of time and may go into an edition, newest first."""
        found = await self._session.scalars(
            self._mine()
            .where(Submission.submitted_at >= since, Submission.submitted_at < until)
            .where(Submission.state.in_(OPEN), Submission.merged_into_id.is_(None), self._unpublished())
            .order_by(Submission.submitted_at.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def best(
        self, *, since: datetime | None, topic: str = "", long: bool = False, skip: int = 0, limit: int = 10
    ) -> Sequence[Submission]:
        """The most voted of those submitted since then, ties by heat.

        With `long`, that is so much of the club that going through the most voted ones finds enough of them at once.
        """
        question = self._listed().with_only_columns(Submission.id)  # their papers and members are read for a page only
        if since:
            # No index is kept for what a function gives, so the index of the votes is taken.
            at = func.coalesce(Submission.submitted_at, since) if long else Submission.submitted_at
            question = question.where(at >= since)
        if topic:
            question = question.where(Submission.topic_id == await self._topic(topic))
        order = (Submission.votes.desc(), Submission.heat.desc(), Submission.id)
        ids = list(await self._session.scalars(question.order_by(*order).offset(skip).limit(limit)))
        found = await self.many(ids)
        return [found[id] for id in ids if id in found]

    async def by_member(self, member_id: int, *, limit: int = 10) -> Sequence[Submission]:
        """What a member brought, latest first; merged ones left out."""
        found = await self._session.scalars(
            self._mine()
            .where(Submission.member_id == member_id, Submission.merged_into_id.is_(None))
            .order_by(Submission.id.desc())
            .limit(limit)
        )
        return found.unique().all()

    async def on_topic(self, topic_id: int, *, limit: int = 100) -> Sequence[Submission]:
        """The latest submissions of a topic."""
        found = await self._session.scalars(
            self._mine().where(Submission.topic_id == topic_id).order_by(Submission.id.desc()).limit(limit)
        )
        return found.unique().all()

    async def unlink(self, submission_id: int, url: str) -> bool:
        """Take a link away; False if it is not there."""
        gone = (
            delete(PaperLink)
            .where(PaperLink.club_id == self._club_id, PaperLink.submission_id == submission_id, PaperLink.url == url)
            .returning(PaperLink.id)
        )
        return (await self._session.execute(gone)).first() is not None

    async def second(
        self, submission: Submission, member_id: int, why: str, now: datetime, *, anonymous: bool = False
    ) -> bool:
        """Credit somebody who brought the same paper again; their latest reason is kept."""
        values = {
            "submission_id": submission.id,
            "member_id": member_id,
            "club_id": self._club_id,
            "why": why,
            "anonymous": anonymous,
            "at": now,
        }
        return await put(self._session, Seconding, values, keys=("submission_id", "member_id") if why else ())

    async def second_no_more(self, submission_id: int, member_id: int) -> None:
        """Whoever brings a paper first is not credited for having brought it too."""
        mine = (Seconding.club_id == self._club_id, Seconding.submission_id == submission_id)
        await self._session.execute(delete(Seconding).where(*mine, Seconding.member_id == member_id))

    async def seconds(self, submission_id: int) -> Sequence[Seconding]:
        """Who else brought it, first come first."""
        found = await self._session.scalars(
            select(Seconding)
            .where(Seconding.club_id == self._club_id, Seconding.submission_id == submission_id)
            .order_by(Seconding.at)
        )
        return found.unique().all()

    async def link(self, submission_id: int, kind: str, url: str, member_id: int, now: datetime) -> bool:
        """Add a link; False if it is there already."""
        return await put(
            self._session,
            PaperLink,
            {
                "club_id": self._club_id,
                "submission_id": submission_id,
                "kind": kind,
                "url": url,
                "member_id": member_id,
                "at": now,
            },
        )

    async def links(self, *submission_ids: int) -> Sequence[PaperLink]:
        """The links of these submissions, in the order in which they were added."""
        found = await self._session.scalars(
            select(PaperLink)
            .where(PaperLink.club_id == self._club_id, PaperLink.submission_id.in_(submission_ids))
            .order_by(PaperLink.id)
        )
        return found.all()

    async def published(self, submission_id: int) -> EditionItem | None:
        """The edition this submission was in, if it was in one."""
        return await self._session.scalar(
            select(EditionItem).where(EditionItem.club_id == self._club_id, EditionItem.submission_id == submission_id)
        )

    async def _one(self, column: str, value: int, *, lock: bool = False) -> Submission | None:
        return await self._session.scalar(_one(column, lock), {"club": self._club_id, "value": value})

    async def _topic(self, name: str) -> int:
        """The row of a topic; 0, which no topic has, where there is none of this name."""
        topic = await Topics(self._block, self._club_id).named(name)
        return topic.id if topic else 0

    def _mine(self) -> Select[Submission]:
        return select(Submission).where(Submission.club_id == self._club_id)

    def _listed(self) -> Select[Submission]:
        """What everyone is shown in lists: neither merged, nor taken off the list, nor taken back."""
        return self._mine().where(Submission.merged_into_id.is_(None), Submission.state.not_in(OFF))

    def _unpublished(self) -> ColumnElement[bool]:
        item = and_(EditionItem.submission_id == Submission.id, EditionItem.club_id == self._club_id)
        return ~select(EditionItem.submission_id).where(item).exists()


@cache
def _one(column: str, lock: bool) -> Select[Submission]:
    """The question for one submission, built once."""
    question = select(Submission).where(Submission.club_id == bindparam("club"))
    question = question.where(Submission.__table__.c[column] == bindparam("value"))
    return _locked(question) if lock else question


def _locked(question: Select[Submission]) -> Select[Submission]:
    return held(question, of=Submission)


class Topics(Repository):
    """The subjects the club sorts its papers by."""

    async def all(self) -> Sequence[Topic]:
        """Every topic, by name."""
        found = await self._session.scalars(select(Topic).where(Topic.club_id == self._club_id).order_by(Topic.name))
        return found.all()

    async def named(self, name: str) -> Topic | None:
        """The topic of this name, whatever its case."""
        wanted = name.strip().casefold()
        return next((topic for topic in await self.all() if topic.name.casefold() == wanted), None)

    async def add(self, name: str) -> Topic:
        """A topic of this name, made if it is new."""
        if found := await self.named(name):
            return found
        topic = Topic(club_id=self._club_id, name=name.strip())
        self._session.add(topic)
        await self._session.flush()
        return topic

    async def rename(self, topic: Topic, name: str) -> None:
        """Give a topic another name, for all its papers."""
        (await self._session.get_one(Topic, topic.id)).name = name.strip()

    async def remove(self, topic: Topic, into: Topic | None = None) -> None:
        """Take a topic away; its papers move to `into`, or have none."""
        await self._session.execute(
            update(Submission)
            .where(Submission.club_id == self._club_id, Submission.topic_id == topic.id)
            .values(topic_id=into.id if into else None)
        )
        await self._session.delete(await self._session.get_one(Topic, topic.id))
