"""Pruning: deletes rows that nobody reads any more, in small batches, over all clubs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, not_, or_, select, tuple_
from sqlalchemy.orm import aliased

from bot.domain.models import (
    AuditEntry,
    CalendarFeed,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Edition,
    EditionItem,
    EditionState,
    InboxEvent,
    InstallAttempt,
    Lease,
    ModelSpending,
    OneTimeCode,
    Paper,
    PaperQuestion,
    PaperText,
    PostedCandidate,
    Quarantine,
    RateGateState,
    Report,
    ReportState,
    SavedCall,
    ShortlistPost,
    StoredQuote,
    StoredSummary,
    Submission,
)
from bot.domain.retention import RETENTION
from bot.store.base.transaction import BaseRepository
from bot.store.papers.submissions import OPEN_STATES

Condition = Callable[[datetime], ColumnElement[bool]]
Key = tuple[Any, ...]

NOTICES = (
    DeliveryKind.ATTENTION,
    DeliveryKind.OVERDUE_NOTICE,
    DeliveryKind.DELAY_NOTICE,
    DeliveryKind.OUTAGE_NOTICE,
    DeliveryKind.SKIP_NOTICE,
    DeliveryKind.AUDIT,
    DeliveryKind.REPORT,
    DeliveryKind.CHANNEL_TEST,
    DeliveryKind.QUOTE_ADDED,
    DeliveryKind.QUOTE_REVOKED,
    DeliveryKind.MEMBER_FORGOTTEN,
    DeliveryKind.ADMIN_ALERT,
    DeliveryKind.DOUBTFUL_POST,
    DeliveryKind.RESTORED,
    DeliveryKind.SHORTLIST,
)
"""Kinds of posts that are over after a while. The others are redrawn or corrected for as long as they exist."""
OVER = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SKIPPED)


def _notices(before: datetime) -> ColumnElement[bool]:
    """Notices that are settled, of no edition that is being made and of no open report."""
    making = exists().where(
        Edition.id == Delivery.subject_id, Edition.state.in_((EditionState.DRAFT, EditionState.APPROVED))
    )
    waits = and_(Delivery.kind.in_((DeliveryKind.OVERDUE_NOTICE, DeliveryKind.DELAY_NOTICE)), making)
    is_open = exists().where(Report.id == Delivery.subject_id, Report.state == ReportState.OPEN)
    reported = and_(Delivery.kind == DeliveryKind.REPORT, is_open)
    restoring = Delivery.club_id.in_(select(Quarantine.club_id))
    settled = and_(Delivery.state.in_(OVER), Delivery.lease_until.is_(None), not_(Delivery.stale))
    old = Delivery.not_before < before
    return and_(settled, old, Delivery.kind.in_(NOTICES), not_(or_(waits, reported, restoring)))


def _own_notes(before: datetime) -> ColumnElement[bool]:
    """Entries that nobody made and that are about no paper and no edition."""
    asked = exists().where(Quarantine.act_id == AuditEntry.id)
    nobody = and_(AuditEntry.member_id.is_(None), AuditEntry.submission_id.is_(None), AuditEntry.edition_id.is_(None))
    return and_(AuditEntry.at < before, nobody, not_(asked))


def _superseded(before: datetime) -> ColumnElement[bool]:
    newer = aliased(StoredSummary)
    later = exists().where(newer.paper_id == StoredSummary.paper_id, newer.id > StoredSummary.id)
    return and_(StoredSummary.at < before, later)


def _unread_texts(before: datetime) -> ColumnElement[bool]:
    """Texts of papers that wait for no edition and that no moderator quoted."""
    published = exists().where(EditionItem.submission_id == Submission.id)
    waits = exists().where(
        Submission.paper_id == PaperText.paper_id, Submission.state.in_(OPEN_STATES), not_(published)
    )
    quoted = exists().where(Paper.id == PaperText.paper_id, StoredQuote.key == Paper.key)
    return and_(PaperText.at < before, not_(or_(waits, quoted)))


def _empty_shortlists(before: datetime) -> ColumnElement[bool]:
    return and_(ShortlistPost.at < before, not_(exists().where(PostedCandidate.post_id == ShortlistPost.id)))


CONDITIONS: Mapping[type[Any], Condition] = {
    Delivery: _notices,
    AuditEntry: _own_notes,
    SavedCall: lambda before: SavedCall.at < before,
    PaperQuestion: lambda before: PaperQuestion.at < before,
    InboxEvent: lambda before: InboxEvent.at < before,
    OneTimeCode: lambda before: OneTimeCode.expires_at < before,
    InstallAttempt: lambda before: InstallAttempt.expires_at < before,
    Lease: lambda before: Lease.until < before,
    RateGateState: lambda before: RateGateState.next_at < before,
    CalendarFeed: lambda before: CalendarFeed.revoked_at < before,
    ModelSpending: lambda before: ModelSpending.at < before,
    StoredSummary: _superseded,
    PaperText: _unread_texts,
    ShortlistPost: _empty_shortlists,
}
"""Condition of the rows of a table that may be deleted, given the time before which they must be over."""
AGES = {table: rule.after for rule in RETENTION if rule.after for table in rule.tables}


class Pruning(BaseRepository):
    """Rows of all clubs that may go. To look for them takes no lock; a batch of them is a short transaction."""

    async def outdated(self, table: type[Any], now: datetime, *, limit: int) -> Sequence[Key]:
        """Primary keys of up to `limit` rows of a table that may be deleted now."""
        rows = await self._session.execute(select(*_keys(table)).where(self._condition(table, now)).limit(limit))
        return [tuple(row) for row in rows]

    async def delete(self, table: type[Any], keys: Sequence[Key], now: datetime) -> int:
        """Delete those of these rows that may still go. Returns their number."""
        columns = _keys(table)
        one = columns[0] if len(columns) == 1 else None
        these = one.in_([key[0] for key in keys]) if one is not None else tuple_(*columns).in_(keys)
        gone = await self._session.execute(
            delete(table)
            .where(these, self._condition(table, now))
            .returning(columns[0])
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())

    @staticmethod
    def _condition(table: type[Any], now: datetime) -> ColumnElement[bool]:
        return CONDITIONS[table](now - AGES[table])


def _keys(table: type[Any]) -> list[ColumnElement[Any]]:
    mapped: Table = table.__table__
    return list(mapped.primary_key.columns)
