"""Personal data of a member: export and deletion."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, delete, func, or_, select, tuple_, union, update

from bot.domain.models import (
    Account,
    CalendarFeed,
    CardReaction,
    CastBallot,
    CoSubmission,
    Delivery,
    DeliveryKind,
    DeliveryState,
    EditionItem,
    Follow,
    Meeting,
    MeetingNotification,
    MeetingQuestion,
    MeetingResponse,
    Member,
    MemberMeasure,
    MemberQuote,
    MemberRole,
    NewPaperMessage,
    Nomination,
    OneTimeCode,
    PaperLink,
    PaperQuestion,
    PendingNotification,
    PresenterOffer,
    ReadingListEntry,
    Recommendation,
    Report,
    RoleGrant,
    SavedCall,
    Submission,
    Suggestion,
    SuggestionState,
    TaskKind,
    UnwantedPaper,
    VoteEvent,
)
from bot.domain.models.members import DELETED_MEMBER
from bot.store.base.search_index import reindex
from bot.store.base.task_triggers import wake
from bot.store.base.transaction import ClubRepository
from bot.store.meetings.freed_seats import FreedSeats
from bot.store.members.account_linking import member_columns
from bot.store.members.restricted_accounts import RestrictedAccounts
from bot.store.members.vote_withdrawal import VoteWithdrawal

DELETED_TABLES = (
    CardReaction,
    CastBallot,
    CoSubmission,
    Follow,
    MemberMeasure,
    NewPaperMessage,
    OneTimeCode,
    PaperLink,
    PaperQuestion,
    PendingNotification,
    ReadingListEntry,
    Recommendation,
    SavedCall,
    UnwantedPaper,
)
"""Tables whose rows about a member are deleted with their data."""

OMITTED_COLUMNS = {"club_id", "member_id", "hash", "content"}
"""Columns left out of an export, because they say nothing about the member, or are a picture that its name finds."""


class PersonalData(ClubRepository):
    """Export and deletion of a member's data. Tables are found in the schema, so that none is forgotten."""

    async def export(self, member_id: int) -> dict[str, list[dict[str, Any]]]:
        """Rows about a member as JSON values, by table, oldest first. Papers are given by number."""
        found: dict[str, list[dict[str, Any]]] = {}
        me = select(Member.__table__).where(Member.club_id == self._club_id, Member.id == member_id)
        found["member"] = [_to_json(row) for row in (await self._session.execute(me)).mappings()]
        numbers = await self._numbers(member_id)
        for column in member_columns():
            table = column.table
            statement = select(table).where(column == member_id, table.c.club_id == self._club_id)
            rows = (await self._session.execute(statement.order_by(*table.primary_key.columns))).mappings()
            if values := [_to_json(row, numbers) for row in rows]:
                found.setdefault(table.name, []).extend(values)
        return found

    async def count_rows(self, member_id: int) -> dict[str, int]:
        """Number of rows about a member, by table."""
        found = {"member": 1}
        for column in member_columns():
            conditions = (column == member_id, column.table.c.club_id == self._club_id)
            if count := await self._session.scalar(select(func.count()).select_from(column.table).where(*conditions)):
                found[column.table.name] = found.get(column.table.name, 0) + count
        return found

    async def delete(self, member_id: int, now: datetime) -> list[int]:
        """Delete a member's name, accounts, texts, links and lists. Returns the submissions whose cards change.

        Their papers, and their votes and discussion entries on papers of past editions, stay as those of a former
        member. On other papers these are taken back: else a person who returns would count twice.
        """
        touched = await self._submissions_naming(member_id)
        open_papers = await VoteWithdrawal(*self._arguments()).take_back(member_id, now)
        touched += [submission_id for submission_id in open_papers if submission_id not in touched]
        places = FreedSeats(*self._arguments())
        attendance = await places.attendance([member_id], now)
        await self._delete_accounts(member_id, now)
        reports = Report.member_id == member_id, Report.club_id == self._club_id
        await self._session.execute(update(Report).where(*reports).values(note=""))
        await self._session.execute(
            update(VoteEvent)
            .where(VoteEvent.member_id == member_id)
            .values(reason="")
            .execution_options(**NO_SESSION_SYNC)
        )
        submitted = Submission.member_id == member_id, Submission.club_id == self._club_id
        with_reason = (await self._session.scalars(select(Submission.id).where(*submitted, Submission.why != ""))).all()
        anonymized = update(Submission).where(*submitted).values(anonymous=True, why="")
        await self._session.execute(anonymized.execution_options(**NO_SESSION_SYNC))
        await self._transaction.run_sync(lambda connection: reindex(connection, Submission.id.in_(with_reason)))
        quotes = update(MemberQuote).where(MemberQuote.member_id == member_id, MemberQuote.club_id == self._club_id)
        await self._session.execute(
            quotes.values(text="", credit="", url="", revoked_at=now).execution_options(**NO_SESSION_SYNC)
        )
        own = Suggestion.member_id == member_id
        await self._session.execute(delete(Suggestion).where(own, Suggestion.state == SuggestionState.NEW))
        await self._session.execute(update(Suggestion).where(own).values(note="").execution_options(**NO_SESSION_SYNC))
        await self._session.execute(
            update(Nomination)
            .where(Nomination.member_id == member_id)
            .values(anonymous=True, why="")
            .execution_options(**NO_SESSION_SYNC)
        )
        await self._delete_from_meetings(member_id, now)
        await places.fill(attendance, now)
        await self._delete_follows_of_member(member_id)
        for table in DELETED_TABLES:
            await self._session.execute(delete(table).where(table.member_id == member_id))
        former = update(Member).where(Member.id == member_id, Member.club_id == self._club_id)
        await self._session.execute(
            former.values(name=DELETED_MEMBER, prefs={}, role=MemberRole.MEMBER).execution_options(**NO_SESSION_SYNC)
        )
        self._session.expire_all()
        return touched

    async def in_editions(self, member_id: int) -> list[int]:
        """Ids of the editions with a paper that the member submitted, first or as co-submitter."""
        items = select(EditionItem.edition_id).where(EditionItem.club_id == self._club_id).distinct()
        return list(await self._session.scalars(items.where(EditionItem.submission_id.in_(_submitted_by(member_id)))))

    async def submitted(self, member_id: int) -> list[int]:
        """Ids of the papers that a member submitted, first or as co-submitter."""
        return list(await self._session.scalars(_submitted_by(member_id)))

    async def _delete_accounts(self, member_id: int, now: datetime) -> None:
        """Delete the accounts and their role grants. A person who returns is a new member, under the same measures."""
        accounts = (
            await self._session.execute(
                select(Account.platform, Account.external_id).where(
                    Account.club_id == self._club_id, Account.member_id == member_id
                )
            )
        ).all()
        matches_account = tuple_(RoleGrant.platform, RoleGrant.external_id).in_(
            [tuple(account) for account in accounts]
        )
        await self._session.execute(delete(RoleGrant).where(RoleGrant.club_id == self._club_id, matches_account))
        restricted = RestrictedAccounts(*self._arguments())
        if await restricted.is_restricted(member_id, now):
            await restricted.carry_over(member_id, now)
        await self._session.execute(delete(Account).where(Account.member_id == member_id))

    async def _delete_from_meetings(self, member_id: int, now: datetime) -> None:
        """Delete what a member left at meetings: answers to those to come, questions, calendars, notifications.

        Meetings to come lose them as presenter; past ones were presented by a former member, and their posts say so.
        """
        coming = select(Meeting.id).where(Meeting.club_id == self._club_id, Meeting.starts_at > now)
        answers = MeetingResponse.member_id == member_id, MeetingResponse.meeting_id.in_(coming)
        shown = union(
            select(Meeting.id).where(or_(Meeting.presenter_id == member_id, Meeting.note_taker_id == member_id)),
            select(MeetingResponse.meeting_id).where(MeetingResponse.member_id == member_id),
            select(MeetingQuestion.meeting_id).where(MeetingQuestion.member_id == member_id),
        )
        affected = (await self._session.scalars(shown)).all()
        await self._session.execute(delete(MeetingResponse).where(*answers))
        await self._session.execute(
            update(Meeting)
            .where(Meeting.presenter_id == member_id, Meeting.id.in_(coming))
            .values(presenter_id=None, sequence=Meeting.sequence + 1, changed_at=now)
            .execution_options(**NO_SESSION_SYNC)
        )
        questions = update(MeetingQuestion).where(MeetingQuestion.member_id == member_id)
        await self._session.execute(
            questions.values(text="", anonymous=True, removed_at=now).execution_options(**NO_SESSION_SYNC)
        )
        offers = update(PresenterOffer).where(
            or_(PresenterOffer.member_id == member_id, PresenterOffer.to_id == member_id),
            PresenterOffer.settled_at.is_(None),
        )
        await self._session.execute(offers.values(settled_at=now).execution_options(**NO_SESSION_SYNC))
        for table in (MeetingNotification, CalendarFeed):
            await self._session.execute(delete(table).where(table.member_id == member_id))
        await self._transaction.run_sync(lambda connection: wake(connection, self._club_id, (TaskKind.MEETINGS,)))
        posted = Delivery.kind == DeliveryKind.MEETING, Delivery.state == DeliveryState.SENT
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, *posted, Delivery.subject_id.in_(affected))
            .values(stale=True)
            .execution_options(**NO_SESSION_SYNC)
        )

    async def _delete_follows_of_member(self, member_id: int) -> None:
        """Delete other members' follows of this member; their name must still be stored."""
        names = [await self._session.scalar(select(Member.name).where(Member.id == member_id))]
        folded_names = [name.casefold() for name in names if name]
        named = (Follow.club_id == self._club_id, Follow.kind == "person", Follow.key.in_(folded_names))
        await self._session.execute(delete(Follow).where(*named))

    async def _submissions_naming(self, member_id: int) -> list[int]:
        """Submissions whose cards name a member, or show a link of theirs."""
        linked = await self._session.scalars(select(PaperLink.submission_id).where(PaperLink.member_id == member_id))
        return sorted({*await self.submitted(member_id), *linked})

    async def _numbers(self, member_id: int) -> dict[int, int]:
        """Numbers of all submissions that a member's rows refer to, by id."""
        columns = [column for column in member_columns() if "submission_id" in column.table.c]
        submission_ids = union(*(select(column.table.c.submission_id).where(column == member_id) for column in columns))
        statement = select(Submission.id, Submission.number).where(Submission.club_id == self._club_id)
        rows = await self._session.execute(statement.where(Submission.id.in_(submission_ids)))
        return {id: number for id, number in rows}  # noqa: C416  rows are no pairs to the type checker


NO_SESSION_SYNC = {"synchronize_session": False}
"""Option of bulk statements: rows that the session holds are reloaded once at the end."""


def _submitted_by(member_id: int) -> CompoundSelect[int]:
    """Statement: the papers that a member submitted, first or as co-submitter."""
    return union(
        select(Submission.id).where(Submission.member_id == member_id),
        select(CoSubmission.submission_id).where(CoSubmission.member_id == member_id),
    )


def _to_json(row: Any, numbers: dict[int, int] | None = None) -> dict[str, Any]:
    """A row as JSON values without empty ones, with a submission's number in place of its id."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in OMITTED_COLUMNS or value in (None, "", [], {}):
            continue
        if name == "submission_id":
            values["paper"] = (numbers or {}).get(value, value)
        else:
            values[name] = value.isoformat() if isinstance(value, datetime) else value
    return values
