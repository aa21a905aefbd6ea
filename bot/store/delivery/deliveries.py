"""Deliveries repository: rows that make each post happen once and record where it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Boolean, ColumnElement, Select, and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.orm import aliased

from bot.domain.models import (
    PENDING,
    AuditEntry,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Room,
    TaskKind,
    Workspace,
)
from bot.locale.current import mark_text
from bot.store.base.statements import insert_absent
from bot.store.base.task_triggers import DELIVERY, announce, wake
from bot.store.base.transaction import ClubRepository
from bot.store.delivery.delivery_values import DeliveryValues, PlannedPart, ThreadHeader
from bot.store.delivery.key_prefix import key_prefix

DELIVERIES: Any = Delivery.__table__


THREAD_GONE = mark_text("the thread was deleted")
"""Reason for leaving out the first message of a thread."""
MARK_STALE = (
    update(DELIVERIES)
    .where(
        DELIVERIES.c.club_id == bindparam("club"),
        DELIVERIES.c.submission_id == bindparam("of"),
        DELIVERIES.c.state == DeliveryState.SENT,
    )
    .values(stale=True)
)
"""Statement of every vote, so it is built once."""


FINAL_STATES = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.SKIPPED)
OTHERS_UNFINISHED: ColumnElement[bool] = literal_column(
    f"""EXISTS (SELECT 1 FROM delivery AS other
    JOIN room ON room.id = other.room_id JOIN workspace ON workspace.id = room.workspace_id
    WHERE other.club_id = delivery.club_id AND other.kind = delivery.kind
    AND other.subject_id = delivery.subject_id AND other.id <> delivery.id
    AND (other.state IN ('{DeliveryState.READY}', '{DeliveryState.SENDING}')
    OR other.state = '{DeliveryState.UNKNOWN}' AND other.asked_at IS NULL)
    AND room.active AND workspace.left_at IS NULL)""",  # noqa: S608  # of states alone
    Boolean(),
).label("others")
"""True if `Deliveries.unfinished` would return another part of the same post. It comes with every part that is settled,
so that no statement is needed for it; written out, because columns are not qualified in SQLite's RETURNING."""


class Deliveries(ClubRepository):
    """Deliveries of one club."""

    async def plan(
        self,
        kind: DeliveryKind,
        subject_id: int,
        room: Room,
        now: datetime,
        *,
        part: int = 0,
        card: dict[str, Any] | None = None,
        submission_id: int | None = None,
        thread: str = "",
        in_thread: bool = False,
    ) -> bool:
        """Plan a part of a post in a room, or in a thread of it; False if it was planned before.

        With `in_thread` it is a reply to part 0, wherever that is posted.
        """
        planned = PlannedPart(room, part, card, submission_id, thread=thread, in_thread=in_thread)
        return await self.plan_parts(kind, subject_id, [planned], now) > 0

    async def plan_parts(self, kind: DeliveryKind, subject_id: int, parts: Sequence[PlannedPart], now: datetime) -> int:
        """Plan all parts of a post at once, in all its rooms. Returns how many were not planned before."""
        if not parts:
            return 0
        await self._transaction.run_sync(lambda connection: announce(connection, DELIVERY))
        of_all = {
            "club_id": self._club_id,
            "kind": kind,
            "subject_id": subject_id,
            "not_before": now,
            "key_prefix": await key_prefix(self._session),
        }
        rows = [
            of_all
            | {
                "room_id": planned.room.id,
                "part": planned.part,
                "submission_id": planned.submission_id,
                "card": planned.card,
                "thread": planned.thread,
                "in_thread": planned.in_thread,
            }
            for planned in parts
        ]
        return await insert_absent(self._session, Delivery, rows)

    async def by_subject(self, kind: DeliveryKind, subject_id: int) -> Sequence[Delivery]:
        """Deliveries of a submission's card, an edition, a draft or a notice, by room and part."""
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .order_by(Delivery.room_id, Delivery.part)
        )
        return found.unique().all()

    async def cards(self, submission_id: int) -> Sequence[Delivery]:
        """Deliveries of a submission's card."""
        return await self.by_subject(DeliveryKind.CARD, submission_id)

    async def by_message(self, workspace_id: int, room: str, message: str) -> Delivery | None:
        """The delivery that was posted as a platform's message."""
        return await self._session.scalar(
            select(Delivery)
            .join(Room, Delivery.room_id == Room.id)
            .where(Delivery.club_id == self._club_id, Delivery.message == message)
            .where(Room.workspace_id == workspace_id, Room.external_id == room)
        )

    async def last_audit_post(self, *, since: datetime | None = None, up_to: int | None = None) -> Delivery | None:
        """Last post of moderators' acts, locked: of those whose first act is later than `since`, or has at most the id
        `up_to`.
        """
        statement = (
            select(Delivery)
            .join(AuditEntry, AuditEntry.id == Delivery.subject_id)
            .where(Delivery.club_id == self._club_id, Delivery.kind == DeliveryKind.AUDIT)
        )
        if since is not None:
            statement = statement.where(AuditEntry.at > since)
        if up_to is not None:
            statement = statement.where(Delivery.subject_id <= up_to)
        found = await self._session.scalars(
            statement.order_by(Delivery.subject_id.desc(), Delivery.id)
            .limit(1)
            .with_for_update(of=Delivery)
            .execution_options(populate_existing=True)
        )
        return found.unique().first()

    async def first_part(self, reply: Delivery) -> Delivery | None:
        """Part 0 of the post that a delivery replies to."""
        return await self._session.scalar(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == reply.kind, Delivery.part == 0)
            .where(Delivery.subject_id == reply.subject_id, Delivery.room_id == reply.room_id)
        )

    async def thread_header(self, reply: Delivery) -> ThreadHeader | None:
        """Part 0 of the post that a delivery replies to, with its thread."""
        other = aliased(Delivery)
        known = (
            select(other.thread)
            .where(other.club_id == self._club_id, other.kind == reply.kind)
            .where(other.subject_id == reply.subject_id, other.room_id == reply.room_id)
            .where(or_(other.part == 0, other.in_thread), other.thread != "")
            .order_by(other.part)
            .limit(1)
            .scalar_subquery()
        )
        found = await self._session.execute(
            select(Delivery, known)
            .where(Delivery.club_id == self._club_id, Delivery.kind == reply.kind, Delivery.part == 0)
            .where(Delivery.subject_id == reply.subject_id, Delivery.room_id == reply.room_id)
        )
        row = found.unique().first()
        return ThreadHeader(row[0], row[1] or "") if row else None

    async def settle(self, delivery_id: int, holder: str, /, **values: Unpack[DeliveryValues]) -> bool:
        """Store the result of a delivery and release it. False, and nothing stored, if another process holds it."""
        settled = (
            update(DELIVERIES)
            .where(DELIVERIES.c.club_id == self._club_id, DELIVERIES.c.id == delivery_id, DELIVERIES.c.owner == holder)
            .values(lease_until=None, **values)
            .returning(DELIVERIES.c.kind, DELIVERIES.c.subject_id, OTHERS_UNFINISHED)
        )
        row = (await self._session.execute(settled)).first()
        if row and row.kind == DeliveryKind.EDITION and values.keys() & {"state", "asked_at"} and not row.others:
            is_final = values.get("state") in FINAL_STATES
            if is_final or not await self._any_unfinished(DeliveryKind.EDITION, row.subject_id):  # the last part
                await self._transaction.run_sync(
                    lambda connection: wake(connection, self._club_id, (TaskKind.PUBLISH,))
                )
        return row is not None

    async def mark_stale(self, submission_id: int) -> None:
        """Mark every posted copy of a submission, so that it is updated soon."""
        parameters = {"club": self._club_id, "of": submission_id}
        await self._transaction.run_sync(lambda connection: connection.execute(MARK_STALE, parameters))

    async def plan_opening(
        self, submission_id: int, room: Room, thread: str, card: dict[str, Any], now: datetime
    ) -> None:
        """Plan the first message of a paper's thread; what waits for an earlier thread of it there is not posted."""
        kind = DeliveryKind.THREAD_OPENING
        await self.give_up(kind, submission_id, THREAD_GONE, failed=True, room_id=room.id)
        earlier = [one for one in await self.by_subject(kind, submission_id) if one.room_id == room.id]
        await self.plan(kind, submission_id, room, now, part=len(earlier), card=card, thread=thread)

    async def redraw_openings(self, submission_id: int) -> None:
        """Mark the first messages of a paper's threads, which no vote changes, so that they are updated soon."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == DeliveryKind.THREAD_OPENING)
            .where(Delivery.subject_id == submission_id, Delivery.state == DeliveryState.SENT)
            .values(stale=True)
        )

    async def mark_published(self, submissions: Sequence[int]) -> None:
        """Mark the copies of submissions that an edition took: their cards name it now. Its own parts do not change."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.submission_id.in_(submissions))
            .where(Delivery.state == DeliveryState.SENT, Delivery.kind != DeliveryKind.EDITION)
            .values(stale=True)
        )

    async def replace_card(self, kind: DeliveryKind, subject_id: int, card: dict[str, Any]) -> bool:
        """Replace the card of all deliveries of a subject, posted or planned; False if there are none."""
        changed = await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .values(card=card, stale=True)
            .returning(Delivery.id)
        )
        return changed.first() is not None

    async def replace_part_card(
        self,
        kind: DeliveryKind,
        subject_id: int,
        part: int,
        card: dict[str, Any],
        submission_id: int | None = None,
        *,
        platform: str = "",
    ) -> None:
        """Replace the card of one part, posted or planned, and the submission whose votes it shows (or none).

        With `platform` only in the channels of that platform.
        """
        replaced = (
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .where(Delivery.part == part)
        )
        if platform:
            there = select(Room.id).join(Workspace, Room.workspace_id == Workspace.id)
            there = there.where(Room.club_id == self._club_id, Workspace.platform == platform)
            replaced = replaced.where(Delivery.room_id.in_(there))
        await self._session.execute(replaced.values(card=card, submission_id=submission_id, stale=True))

    async def unfinished(self, kind: DeliveryKind, subject_id: int) -> Sequence[Delivery]:
        """Deliveries to be posted or checked, in active rooms and workspaces.

        Those that only a person can settle are left out, since nothing waits for them.
        """
        found = await self._session.scalars(self._unfinished(select(Delivery), kind, subject_id).order_by(Delivery.id))
        return found.unique().all()

    async def _any_unfinished(self, kind: DeliveryKind, subject_id: int) -> bool:
        """True if `unfinished` would return any."""
        first = self._unfinished(select(Delivery.id), kind, subject_id).limit(1)
        return await self._session.scalar(first) is not None

    def _unfinished(self, statement: Select[Any], kind: DeliveryKind, subject_id: int) -> Select[Any]:
        checkable = and_(Delivery.state == DeliveryState.UNKNOWN, Delivery.asked_at.is_(None))
        return (
            statement.join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .where(or_(Delivery.state.in_((DeliveryState.READY, DeliveryState.SENDING)), checkable))
            .where(Room.active, Workspace.left_at.is_(None))
        )

    async def give_up(
        self,
        kind: DeliveryKind,
        subject_id: int,
        why: str,
        *,
        part: int | None = None,
        room_id: int | None = None,
        failed: bool = False,
    ) -> int:
        """Skip the parts that are not posted yet, or one part, or those of one room, with the reason.

        With `failed` also those that their channel did not take, which would be posted when it does. Returns the number
        of rows.
        """
        states = (DeliveryState.READY, DeliveryState.FAILED) if failed else (DeliveryState.READY,)
        of_part = [] if part is None else [Delivery.part == part]
        of_part += [] if room_id is None else [Delivery.room_id == room_id]
        skipped = await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .where(Delivery.state.in_(states), *of_part)
            .values(state=DeliveryState.SKIPPED, error=why)
            .returning(Delivery.id)
        )
        return len(skipped.all())

    async def count_unfinished(self) -> dict[DeliveryState, int]:
        """Number of deliveries in each state that is not final."""
        rows = await self._session.execute(
            select(Delivery.state, func.count())
            .where(
                Delivery.club_id == self._club_id,
                Delivery.state.in_((*PENDING, DeliveryState.FAILED)),
            )
            .group_by(Delivery.state)
        )
        return dict(rows.all())

    async def retry(self, now: datetime, *, room_id: int | None = None) -> int:
        """Retry all failed deliveries, or those of one room. Returns their number.

        Those that may have been posted stay as they are.
        """
        here = [Delivery.room_id == room_id] if room_id is not None else []
        retried = await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.state == DeliveryState.FAILED, *here)
            .values(state=DeliveryState.READY, attempts=0, not_before=now, first_tried_at=None, error="")
            .returning(Delivery.id)
        )
        return len(retried.all())

    async def redraw_now(self, room_id: int, now: datetime) -> None:
        """Redraw the outdated posts of a room now that were put off while they could not be edited."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.room_id == room_id, Delivery.not_before > now)
            .where(Delivery.state == DeliveryState.SENT, Delivery.stale)
            .values(not_before=now)
        )

    async def in_room(self, room_id: int, states: Sequence[DeliveryState]) -> Sequence[Delivery]:
        """Deliveries of a room in these states, oldest first."""
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.room_id == room_id, Delivery.state.in_(states))
            .order_by(Delivery.id)
        )
        return found.unique().all()

    async def problems(self, *, limit: int = 10) -> Sequence[Delivery]:
        """Deliveries that failed or are of unknown outcome, newest first."""
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.state.in_((DeliveryState.FAILED, DeliveryState.UNKNOWN)))
            .order_by(Delivery.id.desc())
            .limit(limit)
        )
        return found.unique().all()
