"""The stream as a club sees it: entries of its own sources, less what it has or does not want."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select

from bot.domain.models import (
    ClubSource,
    EditionItem,
    EntryVerdict,
    Paper,
    PostedCandidate,
    StreamAppearance,
    StreamEntry,
    StreamVerdict,
    Submission,
    SubmissionState,
    Vote,
    VoteStance,
)
from bot.domain.stream.items import fingerprint
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.stream.announcements import announced_to

CHUNK = 500
"""Keys that are looked up by one statement."""


@dataclass(frozen=True, slots=True)
class ListedWorks:
    """All works that a club has had on its list, in any state."""

    keys: frozenset[str]
    """Keys, and DOIs as keys."""
    fingerprints: frozenset[str]
    numbers: Mapping[str, int]
    """Numbers of submissions by key."""

    def have(self, entry: StreamEntry) -> bool:
        """True if the club has had this work, under any key."""
        return (
            entry.key in self.keys
            or (bool(entry.doi) and f"doi:{entry.doi}" in self.keys)
            or (bool(entry.fingerprint) and entry.fingerprint in self.fingerprints)
        )


@dataclass(frozen=True, slots=True)
class ListedPaper:
    """A paper of the club's list, with what became of it. `points` are votes less skips."""

    paper: Paper
    at: datetime
    picked: bool
    """True if it was picked, or is in an edition."""
    read: bool
    """True if the club read it, here or before."""
    added: bool
    """True if it came from the shortlist."""
    points: float

    @property
    def chosen(self) -> bool:
        """True if the club chose it in one of these ways."""
        return self.picked or self.read or self.added


class StreamEntries(ClubRepository):
    """Entries of the club's sources."""

    async def new(self, since: datetime, *, limit: int) -> Sequence[StreamEntry]:
        """The newest entries since a time, newest first, at most `limit`."""
        found = await self._session.scalars(
            select(StreamEntry).where(announced_to(self._club_id, since)).order_by(StreamEntry.id.desc()).limit(limit)
        )
        return found.all()

    async def background(self, until: datetime, *, limit: int) -> Sequence[StreamEntry]:
        """Entries listed before a time, oldest first, at most `limit` and spread evenly over all that are stored.

        They are what the club could have chosen and did not.
        """
        before = StreamEntry.listed_at < until, announced_to(self._club_id)
        number = await self._session.scalar(select(func.count()).select_from(StreamEntry).where(*before)) or 0
        every = max(1, -(-number // max(1, limit)))
        return await self._in_chunks(limit, *before, StreamEntry.id % every == 0)

    async def popular(self, until: datetime, *, limit: int) -> Sequence[StreamEntry]:
        """The newest entries listed before a time that people voted for elsewhere, oldest first."""
        return await self._in_chunks(limit, StreamEntry.listed_at < until, StreamEntry.hf_votes.is_not(None))

    async def _in_chunks(self, limit: int, *conditions: ColumnElement[bool]) -> list[StreamEntry]:
        """The newest entries of some conditions, oldest first, read in pieces so that others have their turn.

        Their ids are looked for once: a look for each piece would go through all that is stored again.
        """
        newest = select(StreamEntry.id).where(*conditions).order_by(StreamEntry.listed_at.desc(), StreamEntry.id.desc())
        ids = (await self._session.scalars(newest.limit(limit))).all()
        found = dict[int, StreamEntry]()
        for start in range(0, len(ids), CHUNK):
            part = select(StreamEntry).where(StreamEntry.id.in_(ids[start : start + CHUNK]))
            found |= {entry.id: entry for entry in await self._session.scalars(part)}
        return [found[id] for id in reversed(ids) if id in found]

    async def get(self, entry_id: int) -> StreamEntry | None:
        """An entry that the club's sources announced, or that it has judged."""
        judged = exists().where(EntryVerdict.club_id == self._club_id, EntryVerdict.entry_id == StreamEntry.id)
        posted = exists().where(PostedCandidate.club_id == self._club_id, PostedCandidate.entry_id == StreamEntry.id)
        seen = announced_to(self._club_id) | judged | posted
        found: StreamEntry | None = await self._session.scalar(
            select(StreamEntry).where(StreamEntry.id == entry_id, seen)
        )
        return found

    async def by_key(self, key: str) -> StreamEntry | None:
        """The entry of a work that the club's sources announced, by the work's key."""
        found: StreamEntry | None = await self._session.scalar(
            select(StreamEntry).where(StreamEntry.key == key, announced_to(self._club_id))
        )
        return found

    async def sources_of(self, entry_ids: Collection[int]) -> dict[int, set[int]]:
        """The club's sources that announced each of these entries."""
        found = dict[int, set[int]]()
        ids = list(entry_ids)
        mine = select(ClubSource.source_id).where(ClubSource.club_id == self._club_id)
        for start in range(0, len(ids), CHUNK):
            rows = await self._session.execute(
                select(StreamAppearance.entry_id, StreamAppearance.source_id).where(
                    StreamAppearance.entry_id.in_(ids[start : start + CHUNK]), StreamAppearance.source_id.in_(mine)
                )
            )
            for entry_id, source_id in rows:
                found.setdefault(entry_id, set()).add(source_id)
        return found

    async def judge(self, entry_id: int, verdict: StreamVerdict, now: datetime) -> bool:
        """Record what moderators say of an entry; it replaces what they said before. False if it is the same again."""
        values = {"club_id": self._club_id, "entry_id": entry_id, "verdict": verdict, "at": now}
        return await insert_if_absent(
            self._session, EntryVerdict, values, keys=("club_id", "entry_id"), unless="verdict"
        )

    async def unjudge(self, entry_id: int) -> bool:
        """Take back what moderators said of an entry; False if they said nothing."""
        found = await self._session.get(EntryVerdict, (self._club_id, entry_id))
        if found is None:
            return False
        await self._session.delete(found)
        await self._session.flush()
        return True

    async def verdicts(self) -> dict[int, StreamVerdict]:
        """Verdicts of moderators, by entry."""
        rows = await self._session.execute(
            select(EntryVerdict.entry_id, EntryVerdict.verdict).where(EntryVerdict.club_id == self._club_id)
        )
        return {entry_id: verdict for entry_id, verdict in rows}  # noqa: C416  rows

    async def judged(self, *, limit: int) -> Sequence[tuple[StreamEntry, StreamVerdict]]:
        """The entries that moderators judged last, latest first."""
        rows = await self._session.execute(
            select(StreamEntry, EntryVerdict.verdict)
            .join(EntryVerdict, EntryVerdict.entry_id == StreamEntry.id)
            .where(EntryVerdict.club_id == self._club_id)
            .order_by(EntryVerdict.at.desc(), EntryVerdict.entry_id)
            .limit(limit)
        )
        return [(entry, verdict) for entry, verdict in rows]

    async def listed_works(self) -> ListedWorks:
        """Every work that the club has had on its list, whatever became of it."""
        rows = await self._session.execute(
            select(Paper.key, Paper.doi, Paper.title, Paper.authors, Submission.number, Paper.url)
            .join(Submission, Submission.paper_id == Paper.id)
            .where(Submission.club_id == self._club_id)
        )
        keys, prints, numbers = set[str](), set[str](), dict[str, int]()
        for key, doi, title, authors, number, _ in rows:
            shared = shared_key(key, self._club_id)
            keys.add(shared)
            if doi:
                keys.add(f"doi:{doi.lower()}")
            numbers[shared] = number
            if mark := fingerprint(title, authors):
                prints.add(mark)
        return ListedWorks(frozenset(keys), frozenset(prints), numbers)

    async def listed_papers(self, *, limit: int) -> Sequence[ListedPaper]:
        """The latest papers of the club's list that it did not remove, oldest first, with what became of each."""
        in_edition = exists().where(EditionItem.submission_id == Submission.id)
        from_shortlist = exists().where(
            PostedCandidate.club_id == self._club_id,
            PostedCandidate.entry_id == StreamEntry.id,
            StreamEntry.key == Paper.key,
        )
        skips = (
            select(func.count())
            .where(Vote.submission_id == Submission.id, Vote.stance == VoteStance.SKIP)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(
                Paper, Submission.submitted_at, Submission.votes, skips, Submission.state, in_edition, from_shortlist
            )
            .join(Submission, Submission.paper_id == Paper.id)
            .where(
                Submission.club_id == self._club_id,
                Submission.merged_into_id.is_(None),
                Submission.state.not_in((SubmissionState.DROPPED, SubmissionState.WITHDRAWN)),
                or_(Paper.details_at.is_not(None), Submission.state == SubmissionState.READ),
                Paper.kind == "paper",
            )
            .order_by(Submission.number.desc())
            .limit(limit)
        )
        found = [
            ListedPaper(
                paper,
                at,
                picked=state == SubmissionState.PICKED or published,
                read=state == SubmissionState.READ,
                added=proposed,
                points=float(votes - skipped),
            )
            for paper, at, votes, skipped, state, published, proposed in rows
        ]
        return found[::-1]


def shared_key(key: str, club_id: int) -> str:
    """Key of a work without the club: an item of one club is `web:<club>:<url>`, in the stream `web:<url>`."""
    mine = f"web:{club_id}:"
    return f"web:{key.removeprefix(mine)}" if key.startswith(mine) else key
