"""Works: what the sources tell about them, and what only one club knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select

from bot.domain.links.identify import SiteKind
from bot.domain.models import EditionItem, Paper, Submission
from bot.domain.paper_record import PaperRecord
from bot.store.base import search_index
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.base.wake_up import wake_for_paper
from bot.store.papers.submissions import OPEN_STATES


class Papers(ClubRepository):
    """Works, as far as this club may see them: public records, and what is its own."""

    async def by_key(self, key: str) -> Paper | None:
        """The work with this key."""
        return await self._session.scalar(self._visible().where(Paper.key == key))

    async def by_keys(self, keys: Iterable[str]) -> Sequence[Paper]:
        """The works with these keys; those not known are left out."""
        return (await self._session.scalars(self._visible().where(Paper.key.in_(list(keys))))).all()

    async def save_record(self, record: PaperRecord, *, now: datetime) -> Paper:
        """Keep what a source tells about a work; the same record again changes nothing."""
        await insert_if_absent(
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
        paper = await self._just_put(record.key)
        await self._block.at_once(lambda connection: search_index.reindex(connection, Submission.paper_id == paper.id))
        await self._block.at_once(lambda connection: wake_for_paper(connection, paper.id))
        return paper

    async def hear(self, record: PaperRecord, *, now: datetime) -> bool:
        """Keep what a source answered about a known work now; whether that is anything new."""
        known = await self.by_key(record.key)
        if known is None or known.pending or _as_kept(known) != _as_told(record):
            await self.save_record(record, now=now)
            return True
        known.details_at = known.asked_at = now
        return False

    async def on_the_list(self, asked_before: datetime, since: datetime, *, limit: int) -> Sequence[Paper]:
        """Works that members can vote for, submitted since then and not asked about since `asked_before`."""
        gone = select(EditionItem.submission_id).where(EditionItem.submission_id == Submission.id).exists()
        found = await self._session.scalars(
            select(Paper)
            .join(Submission, Submission.paper_id == Paper.id)
            .where(Submission.club_id == self._club_id, Submission.submitted_at >= since)
            .where(Submission.state.in_(OPEN_STATES), Submission.merged_into_id.is_(None), ~gone)
            .where(Paper.kind == "paper", Paper.details_at.is_not(None), Paper.asked_at < asked_before)
            .order_by(Paper.asked_at, Paper.id)
            .limit(limit)
        )
        return found.all()

    async def save_placeholder(self, key: str, url: str, title: str, *, now: datetime) -> Paper:
        """Keep a work whose details are to follow."""
        await insert_if_absent(
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

    async def own(self, key: str, url: str, kind: SiteKind, title: str, *, now: datetime) -> Paper:
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


def _as_kept(paper: Paper) -> tuple[object, ...]:
    """What a row says of a work, as it is compared with a source's answer."""
    return (
        paper.title, list(paper.authors), paper.abstract, list(paper.categories), paper.comment, paper.journal_ref,
        paper.doi, paper.version, paper.published_at, paper.updated_at, paper.withdrawn, paper.url,
    )  # fmt: skip


def _as_told(record: PaperRecord) -> tuple[object, ...]:
    """The same of a source's answer."""
    return (
        record.title, list(record.authors), record.abstract, list(record.categories), record.comment,
        record.journal_ref, record.doi, record.version, record.published, record.updated, record.withdrawn, record.url,
    )  # fmt: skip
