"""What is posted, or to be posted, where: the rows that make posting happen once and be remembered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import and_, bindparam, func, or_, select, update

from bot.domain.models import PENDING, Delivery, DeliveryKind, DeliveryState, Room, TaskKind, Workspace
from bot.store.base.statements import insert_if_absent
from bot.store.base.transaction import ClubRepository
from bot.store.base.wake_up import DELIVERY, announce, wake

POSTS: Any = Delivery.__table__


REFRESH = (
    update(POSTS)
    .where(
        POSTS.c.club_id == bindparam("club"),
        POSTS.c.submission_id == bindparam("of"),
        POSTS.c.state == DeliveryState.SENT,
    )
    .values(stale=True)
)
"""Part of every vote, so it is built once."""


class DeliveryValues(TypedDict, total=False):
    """What may come of a delivery that a worker holds: columns and their new values."""

    state: DeliveryState
    not_before: datetime
    had_unknown: bool
    looks: int
    last_tried_at: datetime
    asked_at: datetime
    reposted_at: datetime
    message: str
    thread: str
    url: str
    error: str
    stale: bool


class Deliveries(ClubRepository):
    """Posts of one club."""

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
        """Ask for a part to be posted to a room, or to a thread of it; False if that was asked before.

        With `in_thread` it is a reply to part 0, wherever that will be.
        """
        await self._block.at_once(lambda connection: announce(connection, DELIVERY))
        return await insert_if_absent(
            self._session,
            Delivery,
            {
                "club_id": self._club_id,
                "room_id": room.id,
                "kind": kind,
                "subject_id": subject_id,
                "part": part,
                "submission_id": submission_id,
                "card": card,
                "state": DeliveryState.READY,
                "attempts": 0,
                "not_before": now,
                "owner": "",
                "had_unknown": False,
                "looks": 0,
                "message": "",
                "thread": thread,
                "url": "",
                "error": "",
                "stale": False,
                "double": "",
                "in_thread": in_thread,
            },
        )

    async def of(self, kind: DeliveryKind, subject_id: int) -> Sequence[Delivery]:
        """Every delivery of a submission's card, an edition, a draft or a notice; room by room, part by part."""
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .order_by(Delivery.room_id, Delivery.part)
        )
        return found.unique().all()

    async def cards(self, submission_id: int) -> Sequence[Delivery]:
        """Where the card of a submission stands, or is about to."""
        return await self.of(DeliveryKind.CARD, submission_id)

    async def at(self, workspace_id: int, room: str, message: str) -> Delivery | None:
        """The delivery that a message of a platform is."""
        return await self._session.scalar(
            select(Delivery)
            .join(Room, Delivery.room_id == Room.id)
            .where(Delivery.club_id == self._club_id, Delivery.message == message)
            .where(Room.workspace_id == workspace_id, Room.external_id == room)
        )

    async def header(self, reply: Delivery) -> Delivery | None:
        """Part 0 of the post that a delivery is a reply to."""
        return await self._session.scalar(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == reply.kind, Delivery.part == 0)
            .where(Delivery.subject_id == reply.subject_id, Delivery.room_id == reply.room_id)
        )

    async def settle(self, delivery_id: int, holder: str, /, **values: Unpack[DeliveryValues]) -> bool:
        """Write down what came of a delivery and let it go. False, and nothing written, if another holds it now."""
        settled = (
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.id == delivery_id, Delivery.owner == holder)
            .values(lease_until=None, **values)
            .returning(Delivery.kind, Delivery.subject_id)
        )
        row = (await self._session.execute(settled)).first()
        part = row is not None and row.kind == DeliveryKind.EDITION and bool(values.keys() & {"state", "asked_at"})
        if row and part and not await self.open(DeliveryKind.EDITION, row.subject_id):  # that was the last part
            await self._block.at_once(lambda connection: wake(connection, self._club_id, (TaskKind.PUBLISH,)))
        return row is not None

    async def refresh(self, submission_id: int) -> None:
        """Mark every posted copy that shows this submission: it is drawn again soon."""
        given = {"club": self._club_id, "of": submission_id}
        await self._block.at_once(lambda connection: connection.execute(REFRESH, given))

    async def replace_card(self, kind: DeliveryKind, subject_id: int, card: dict[str, Any]) -> bool:
        """Show another card wherever this was posted, or is about to be; False if it was posted nowhere."""
        changed = await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .values(card=card, stale=True)
            .returning(Delivery.id)
        )
        return changed.first() is not None

    async def show(
        self, kind: DeliveryKind, subject_id: int, part: int, card: dict[str, Any], submission_id: int | None = None
    ) -> None:
        """Show another card wherever this part was posted, or is about to be, with this submission's tally or none."""
        await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .where(Delivery.part == part)
            .values(card=card, submission_id=submission_id, stale=True)
        )

    async def open(self, kind: DeliveryKind, subject_id: int) -> Sequence[Delivery]:
        """What is still to be posted or looked for where it can be: in rooms and workspaces in use.

        What only a person can settle is not among it: nothing else waits for that.
        """
        looked_for = and_(Delivery.state == DeliveryState.UNKNOWN, Delivery.asked_at.is_(None))
        found = await self._session.scalars(
            select(Delivery)
            .join(Room, Delivery.room_id == Room.id)
            .join(Workspace, Room.workspace_id == Workspace.id)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .where(or_(Delivery.state.in_((DeliveryState.READY, DeliveryState.SENDING)), looked_for))
            .where(Room.active, Workspace.left_at.is_(None))
            .order_by(Delivery.id)
        )
        return found.unique().all()

    async def give_up(self, kind: DeliveryKind, subject_id: int, why: str) -> int:
        """Post what is still ready no more, and say why. How many parts that leaves out."""
        left = await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.kind == kind, Delivery.subject_id == subject_id)
            .where(Delivery.state == DeliveryState.READY)
            .values(state=DeliveryState.SKIPPED, error=why)
            .returning(Delivery.id)
        )
        return len(left.all())

    async def waiting(self) -> dict[DeliveryState, int]:
        """How many posts are in each state that is not the last."""
        rows = await self._session.execute(
            select(Delivery.state, func.count())
            .where(
                Delivery.club_id == self._club_id,
                Delivery.state.in_((*PENDING, DeliveryState.FAILED)),
            )
            .group_by(Delivery.state)
        )
        return dict(rows.all())

    async def retry(self, now: datetime) -> int:
        """Have everything that was refused tried again; how much that is. What may have been posted is left alone."""
        again = await self._session.execute(
            update(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.state == DeliveryState.FAILED)
            .values(state=DeliveryState.READY, attempts=0, not_before=now, first_tried_at=None, error="")
            .returning(Delivery.id)
        )
        return len(again.all())

    async def problems(self, *, limit: int = 10) -> Sequence[Delivery]:
        """What could not be posted, or nobody knows whether it was."""
        found = await self._session.scalars(
            select(Delivery)
            .where(Delivery.club_id == self._club_id, Delivery.state.in_((DeliveryState.FAILED, DeliveryState.UNKNOWN)))
            .order_by(Delivery.id.desc())
            .limit(limit)
        )
        return found.unique().all()
