"""What the club keeps of one member: all of it in one list, and the way to forget it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, tuple_, union, update

from bot.domain.models import (
    Account,
    CoSubmission,
    EditionItem,
    Follow,
    Member,
    MemberQuote,
    MemberRole,
    OneTimeCode,
    PendingNotification,
    ReadingListEntry,
    Report,
    RoleGrant,
    Submission,
    Suggestion,
    SuggestionState,
    VoteEvent,
)
from bot.store.base.search_index import reindex
from bot.store.base.transaction import ClubRepository
from bot.store.members.account_linking import member_columns

DELETED_MEMBER = "a former member"
"""What somebody is called whose data was deleted: the rows that others build on stay, without a name."""

OMITTED_COLUMNS = {"club_id", "member_id", "hash"}
"""Columns that tell a member nothing about themselves."""


class PersonalData(ClubRepository):
    """Read from the schema, so that a table added later is neither left out nor forgotten."""

    async def export(self, member_id: int) -> dict[str, list[dict[str, Any]]]:
        """Every row about a member as plain JSON values, by table, oldest first. Papers are named by their numbers."""
        found: dict[str, list[dict[str, Any]]] = {}
        me = select(Member.__table__).where(Member.club_id == self._club_id, Member.id == member_id)
        found["member"] = [_to_json(row) for row in (await self._session.execute(me)).mappings()]
        numbers = await self._numbers(member_id)
        for column in member_columns():
            table = column.table
            question = select(table).where(column == member_id, table.c.club_id == self._club_id)
            rows = (await self._session.execute(question.order_by(*table.primary_key.columns))).mappings()
            if told := [_to_json(row, numbers) for row in rows]:
                found.setdefault(table.name, []).extend(told)
        return found

    async def count_rows(self, member_id: int) -> dict[str, int]:
        """How many rows there are about a member, by table."""
        found = {"member": 1}
        for column in member_columns():
            rows = (column == member_id, column.table.c.club_id == self._club_id)
            if count := await self._session.scalar(select(func.count()).select_from(column.table).where(*rows)):
                found[column.table.name] = found.get(column.table.name, 0) + count
        return found

    async def delete(self, member_id: int, now: datetime) -> list[int]:
        """Take a member's name, accounts, words and lists away; says which submissions show something else now.

        Their votes, voices and papers stay as those of a former member, so that no tally and no edition changes.
        """
        touched = await self._submissions_naming(member_id)
        await self._delete_accounts(member_id)
        mine = Report.member_id == member_id, Report.club_id == self._club_id
        await self._session.execute(update(Report).where(*mine).values(note=""))
        await self._session.execute(
            update(VoteEvent)
            .where(VoteEvent.member_id == member_id)
            .values(reason="")
            .execution_options(**NO_SESSION_SYNC)
        )
        brought = Submission.member_id == member_id, Submission.club_id == self._club_id
        said_why = (await self._session.scalars(select(Submission.id).where(*brought, Submission.why != ""))).all()
        nameless = update(Submission).where(*brought).values(anonymous=True, why="")
        await self._session.execute(nameless.execution_options(**NO_SESSION_SYNC))
        await self._block.run_sync(lambda connection: reindex(connection, Submission.id.in_(said_why)))
        said = update(MemberQuote).where(MemberQuote.member_id == member_id, MemberQuote.club_id == self._club_id)
        await self._session.execute(
            said.values(text="", credit="", url="", revoked_at=now).execution_options(**NO_SESSION_SYNC)
        )
        own = Suggestion.member_id == member_id
        await self._session.execute(delete(Suggestion).where(own, Suggestion.state == SuggestionState.NEW))
        await self._session.execute(update(Suggestion).where(own).values(note="").execution_options(**NO_SESSION_SYNC))
        await self._delete_follows_of_member(member_id)
        for table in (CoSubmission, ReadingListEntry, OneTimeCode, Follow, PendingNotification):
            await self._session.execute(delete(table).where(table.member_id == member_id))
        former = update(Member).where(Member.id == member_id, Member.club_id == self._club_id)
        await self._session.execute(
            former.values(name=DELETED_MEMBER, prefs={}, role=MemberRole.MEMBER).execution_options(**NO_SESSION_SYNC)
        )
        self._session.expire_all()
        return touched

    async def in_editions(self, member_id: int) -> list[int]:
        """The editions that hold a paper which a member submitted, first or as well; by id."""
        brought = select(Submission.id).where(Submission.member_id == member_id)
        seconded = select(CoSubmission.submission_id).where(CoSubmission.member_id == member_id)
        items = select(EditionItem.edition_id).where(EditionItem.club_id == self._club_id).distinct()
        either = EditionItem.submission_id.in_(brought) | EditionItem.submission_id.in_(seconded)
        return list(await self._session.scalars(items.where(either)))

    async def _delete_accounts(self, member_id: int) -> None:
        """Whoever comes back from one of these accounts is a new member. A role that was given to it is gone too."""
        accounts = (
            await self._session.execute(
                select(Account.platform, Account.external_id).where(
                    Account.club_id == self._club_id, Account.member_id == member_id
                )
            )
        ).all()
        matches_account = tuple_(RoleGrant.platform, RoleGrant.external_id).in_([tuple(account) for account in accounts])
        await self._session.execute(delete(RoleGrant).where(RoleGrant.club_id == self._club_id, matches_account))
        await self._session.execute(delete(Account).where(Account.member_id == member_id))

    async def _delete_follows_of_member(self, member_id: int) -> None:
        """Take their names out of what others follow; theirs are still known here."""
        names = [await self._session.scalar(select(Member.name).where(Member.id == member_id))]
        rows = [name.casefold() for name in names if name]
        named = (Follow.club_id == self._club_id, Follow.kind == "person", Follow.key.in_(rows))
        await self._session.execute(delete(Follow).where(*named))

    async def _submissions_naming(self, member_id: int) -> list[int]:
        """Submissions whose cards name a member."""
        brought = await self._session.scalars(select(Submission.id).where(Submission.member_id == member_id))
        seconded = await self._session.scalars(
            select(CoSubmission.submission_id).where(CoSubmission.member_id == member_id)
        )
        return sorted({*brought, *seconded})

    async def _numbers(self, member_id: int) -> dict[int, int]:
        """The numbers of all submissions that a member has to do with, by row."""
        columns = [column for column in member_columns() if "submission_id" in column.table.c]
        rows = union(*(select(column.table.c.submission_id).where(column == member_id) for column in columns))
        question = select(Submission.id, Submission.number).where(Submission.club_id == self._club_id)
        rows = await self._session.execute(question.where(Submission.id.in_(rows)))
        return {id: number for id, number in rows}  # noqa: C416  rows are no pairs to the type checker


NO_SESSION_SYNC = {"synchronize_session": False}
"""Rows that were read before are read anew at the end, all at once."""


def _to_json(row: Any, numbers: dict[int, int] | None = None) -> dict[str, Any]:
    """A row as JSON values, without what says nothing, and with a paper's number in place of its row's."""
    told: dict[str, Any] = {}
    for name, value in row.items():
        if name in OMITTED_COLUMNS or value in (None, "", [], {}):
            continue
        if name == "submission_id":
            told["paper"] = (numbers or {}).get(value, value)
        else:
            told[name] = value.isoformat() if isinstance(value, datetime) else value
    return told
