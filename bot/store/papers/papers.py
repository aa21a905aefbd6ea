"""Papers repository: public records from the sources, and items that only one club knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, exists, or_, select

from bot.domain.links.identify import SiteKind
from bot.domain.models import EditionItem, Paper, PaperRelation, PaperVersion, Submission, SubmissionState
from bot.domain.page_details import PageDetails
from bot.domain.paper_record import PaperRecord
from bot.domain.publication_date import DatePrecision
from bot.store.base import search_index
from bot.store.base.statements import insert_if_absent
from bot.store.base.task_triggers import wake_for_paper
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import OPEN_STATES

_VISIBLE = select(Paper).where(or_(Paper.owner_club_id.is_(None), Paper.owner_club_id == bindparam("club")))
_BY_KEY = _VISIBLE.where(Paper.key == bindparam("key"))
_BY_KEYS = _VISIBLE.where(Paper.key.in_(bindparam("keys", expanding=True)))
_RELOADED = select(Paper).where(Paper.key == bindparam("key")).execution_options(populate_existing=True)
_ASKED_BEFORE = Paper.asked_at < bindparam("asked_before")
_LISTED_AND_KNOWN = (
    select(Paper)
    .join(Submission, Submission.paper_id == Paper.id)
    .where(Submission.club_id == bindparam("club"), Submission.merged_into_id.is_(None))
    .where(Paper.kind == "paper", Paper.details_at.is_not(None))
    .order_by(Paper.asked_at, Paper.id)
    .limit(bindparam("limit"))
)
_DUE_FOR_CHECK = _LISTED_AND_KNOWN.where(
    Submission.submitted_at >= bindparam("since"),
    Submission.state.in_(OPEN_STATES),
    ~select(EditionItem.submission_id).where(EditionItem.submission_id == Submission.id).exists(),
    or_(
        and_(Paper.key.startswith("arxiv:"), _ASKED_BEFORE),
        and_(Paper.key.startswith("doi:"), Paper.asked_at < bindparam("doi_asked_before")),
    ),
)
_READ_BEFORE = _LISTED_AND_KNOWN.where(
    Submission.state == SubmissionState.READ, Paper.owner_club_id.is_(None), _ASKED_BEFORE
)


class Papers(ClubRepository):
    """Papers that this club may see: public records and its own items."""

    async def by_key(self, key: str) -> Paper | None:
        """The paper with a key."""
        return await self._one_of(_BY_KEY, key=key)

    async def by_keys(self, keys: Iterable[str]) -> Sequence[Paper]:
        """Papers with these keys; unknown keys are left out."""
        asked = list(keys)
        return await self._all_of(_BY_KEYS, keys=asked) if asked else []

    async def listed_same_work(self, record: PaperRecord) -> Paper | None:
        """A paper on the club's list that is the same work as a record of another key; None if there is none.

        They are the same if one names the other: by a relation of its source, or by arXiv's DOI of the published paper.
        """
        listed = select(Paper).join(Submission, Submission.paper_id == Paper.id)
        listed = listed.where(Submission.club_id == self._club_id)
        if await self._session.scalar(listed.where(Paper.key == record.key).limit(1)):
            return None
        keys = related_keys(record)
        naming = (record.key, *(key for key in keys if key.startswith("doi:")))
        named = exists().where(PaperRelation.paper_id == Paper.id, PaperRelation.key.in_(naming))
        same = or_(Paper.key.in_(keys), named)
        found: Paper | None = await self._session.scalar(
            listed.where(same, Paper.key != record.key).order_by(Paper.id).limit(1)
        )
        return found

    async def save_record(self, record: PaperRecord, *, now: datetime) -> Paper:
        """Store a source's record of a paper, and keep the version that it replaces; a repeat changes nothing."""
        await self._keep_version(record)
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
                "published_precision": record.published_precision,
                "updated_at": record.updated,
                "withdrawn": record.withdrawn,
                "details_at": now,
                "asked_at": now,
                "kind": "paper",
            },
            keys=("key",),
        )
        paper = await self._reload(record.key)
        await self._save_relations(paper.id, record, now)
        await self._transaction.run_sync(
            lambda connection: search_index.reindex(connection, Submission.paper_id == paper.id)
        )
        await self._transaction.run_sync(lambda connection: wake_for_paper(connection, paper.id))
        return paper

    async def update_record(self, record: PaperRecord, *, now: datetime) -> bool:
        """Store a source's current record of a known paper. True if anything changed."""
        known = await self.by_key(record.key)
        if known is None or known.pending or _stored_values(known) != _record_values(record):
            await self.save_record(record, now=now)
            return True
        if await self._relations(known.id) != set(related_keys(record)):
            await self.save_record(record, now=now)  # nothing that is shown has changed
            return False
        known.details_at = known.asked_at = now
        return False

    async def earlier_versions(self, paper: Paper) -> Sequence[PaperVersion]:
        """Earlier versions of a paper that were known, oldest first."""
        found = select(PaperVersion).where(PaperVersion.paper_id == paper.id, PaperVersion.version < paper.version)
        return (await self._session.scalars(found.order_by(PaperVersion.version))).all()

    async def _keep_version(self, record: PaperRecord) -> None:
        """Keep what is stored of a paper if the record is of a later version."""
        known = await self.by_key(record.key)
        if known is None or known.pending or not 0 < known.version < record.version:
            return
        values = {
            "paper_id": known.id, "version": known.version, "title": known.title, "authors": list(known.authors),
            "abstract": known.abstract, "updated_at": known.updated_at,
        }  # fmt: skip
        await insert_if_absent(self._session, PaperVersion, values, keys=("paper_id", "version"))

    async def _relations(self, paper_id: int) -> set[str]:
        return set(await self._session.scalars(select(PaperRelation.key).where(PaperRelation.paper_id == paper_id)))

    async def _save_relations(self, paper_id: int, record: PaperRecord, now: datetime) -> None:
        """Store the keys of the other records of the work, instead of those that were named before."""
        keys = related_keys(record)
        theirs = PaperRelation.paper_id == paper_id
        await self._session.execute(delete(PaperRelation).where(theirs, PaperRelation.key.not_in(keys)))
        for key in keys:
            values = {"paper_id": paper_id, "key": key, "learned_at": now}
            await insert_if_absent(self._session, PaperRelation, values)

    async def due_for_check(
        self, asked_before: datetime, since: datetime, *, doi_asked_before: datetime, limit: int
    ) -> Sequence[Paper]:
        """Open papers submitted since a time whose source was not asked since `asked_before`.

        Those of a DOI are due if their registry was not asked since `doi_asked_before`.
        """
        times = {"since": since, "asked_before": asked_before, "doi_asked_before": doi_asked_before}
        return await self._all_of(_DUE_FOR_CHECK, **times, limit=limit)

    async def read_before(self, *, asked_before: datetime, limit: int) -> Sequence[Paper]:
        """Papers that the club read before it had this program, longest unasked first.

        Only those with a source that was last asked before a time.
        """
        return await self._all_of(_READ_BEFORE, asked_before=asked_before, limit=limit)

    async def save_placeholder(self, key: str, url: str, title: str, *, now: datetime) -> Paper:
        """Store a paper whose details are not known yet. Details that no source has confirmed are removed."""
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
        paper = await self._reload(key)
        if paper.pending and paper.title != title:
            # A list that another club imported described it, and its source has not confirmed that.
            paper.title, paper.authors, paper.abstract, paper.categories = title, [], "", []
            paper.comment, paper.journal_ref, paper.doi, paper.published_at = "", "", "", None
            paper.published_precision = DatePrecision.DAY
            await self._session.flush()
        return paper

    async def get_or_create_own(
        self, key: str, url: str, kind: SiteKind, title: str, *, details: PageDetails | None = None, now: datetime
    ) -> Paper:
        """An item that only this club knows (news, code, a blog post), created if new, with the details of its page."""
        if found := await self.by_key(key):
            return found
        page = details or PageDetails(title)
        paper = Paper(
            key=key,
            owner_club_id=self._club_id,
            kind=kind,
            url=url,
            title=title,
            authors=list(page.authors),
            abstract=page.description if kind == SiteKind.PAPER else "",
            journal_ref=page.venue,
            doi=page.doi,
            published_at=page.published.at if page.published else None,
            published_precision=page.published.precision if page.published else DatePrecision.DAY,
            details_at=now,
            asked_at=now,
        )
        self._session.add(paper)
        await self._session.flush()
        if page.doi and kind == SiteKind.PAPER:  # of a post it is the DOI of the paper that the post is about
            self._session.add(PaperRelation(paper_id=paper.id, key=f"doi:{page.doi}", learned_at=now))
            await self._session.flush()
        return paper

    async def _reload(self, key: str) -> Paper:
        return (await self._session.scalars(_RELOADED, {"key": key})).one()


def related_keys(record: PaperRecord) -> list[str]:
    """Keys of the other records of a work that its record names, arXiv's DOI of the published paper among them."""
    doi = [f"doi:{record.doi.lower()}"] if record.doi else []
    return [key for key in dict.fromkeys((*record.same_work, *doi)) if key != record.key]


def _stored_values(paper: Paper) -> tuple[object, ...]:
    """Values of a paper's row that are compared with a source's record."""
    return (
        paper.title, list(paper.authors), paper.abstract, list(paper.categories), paper.comment, paper.journal_ref,
        paper.doi, paper.version, paper.published_at, paper.published_precision, paper.updated_at, paper.withdrawn,
        paper.url,
    )  # fmt: skip


def _record_values(record: PaperRecord) -> tuple[object, ...]:
    """Values of a source's record, in the same order."""
    return (
        record.title, list(record.authors), record.abstract, list(record.categories), record.comment,
        record.journal_ref, record.doi, record.version, record.published, record.published_precision, record.updated,
        record.withdrawn, record.url,
    )  # fmt: skip
