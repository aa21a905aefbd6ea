"""A club with a gateway that fails, for tests of the delivery worker."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from bot.chat.cards import Card, text, to_json
from bot.chat.gateway import Location, Posted
from bot.domain.models import Club, Delivery, DeliveryKind, Room
from bot.requester_lookup import register_workspace
from bot.runtime.delivery_worker import DeliveryWorker
from tests.stand_ins import Harness, RecordingGateway

ATTENTION = "1706.03762"


@dataclass(slots=True)
class UnreliableGateway(RecordingGateway):
    """A wall that can fail after it has put the card up, forbid looking, and do something in mid-post."""

    fails: list[BaseException] = field(default_factory=list)  # type: ignore[assignment] # a kill is no Exception
    after: list[BaseException] = field(default_factory=list)
    blind: Exception | None = None
    meanwhile: Callable[[Location], Awaitable[None]] | None = None
    edit_fails: list[BaseException] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    """Rooms in which a post hangs until it is cancelled."""

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if where.room in self.down:
            await asyncio.Event().wait()
        posted = await RecordingGateway.post(self, where, card, key=key)
        if self.meanwhile:
            do, self.meanwhile = self.meanwhile, None
            await do(where)
        if self.after:
            raise self.after.pop(0)
        return posted

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        if self.edit_fails:
            raise self.edit_fails.pop(0)
        await RecordingGateway.edit(self, where, card, key=key)
        if self.meanwhile:
            do, self.meanwhile = self.meanwhile, None
            await do(where)

    async def find(self, where: Location, *, key: str, since: float) -> Posted | None:
        if self.blind:
            raise self.blind
        return await RecordingGateway.find(self, where, key=key, since=since)


@dataclass(slots=True)
class DeliveryHarness:
    """A club with a gateway that fails: what is planned here, the delivery worker posts."""

    harness: Harness
    wall: UnreliableGateway
    club: Club
    url: str = ""
    rooms: dict[str, Room] = field(default_factory=dict)
    planned: int = 0

    @property
    def delivery_worker(self) -> DeliveryWorker:
        return self.harness.delivery_worker

    async def room(self, name: str) -> Room:
        if name not in self.rooms:
            async with self.harness.app.store.admin_session() as admin:
                workspace = await admin.directory.workspace("wall", "W1")
            assert workspace is not None
            async with self.harness.app.store.begin(self.club.id) as db:
                self.rooms[name] = await db.rooms.assign(workspace.id, name, "digest", name)
        return self.rooms[name]

    async def plan(self, *texts: str, room: str = "digest") -> int:
        """Plan a post of these parts to a room; its subject's number."""
        self.planned += 1
        place = await self.room(room)
        async with self.harness.app.store.begin(self.club.id) as db:
            for number, words in enumerate(texts):
                card = to_json(Card(words, (text(words),)))
                await db.deliveries.plan(
                    DeliveryKind.SKIP_NOTICE, self.planned, place, self.harness.clock(), part=number, card=card
                )
        return self.planned

    async def rows(self, subject: int = 1) -> list[Delivery]:
        async with self.harness.app.store.read(self.club.id) as db:
            return list(await db.deliveries.by_subject(DeliveryKind.SKIP_NOTICE, subject))

    async def row(self, subject: int = 1) -> Delivery:
        (row,) = await self.rows(subject)
        return row

    async def trouble(self, room: str = "digest") -> str:
        async with self.harness.app.store.read(self.club.id) as db:
            return next(r.trouble for r in await db.rooms.all() if r.name == room)

    @property
    def titles(self) -> list[str]:
        return [card.title for _, card in self.wall.posts]

    async def later(self, stretch: timedelta) -> None:
        """Let time pass, and deliver what is due by then."""
        self.harness.clock.at += stretch
        await self.delivery_worker.drain()


async def harness_of(opened: Harness) -> DeliveryHarness:
    wall = UnreliableGateway()
    opened.add(wall)
    return DeliveryHarness(opened, wall, await register_workspace(opened.app, "wall", "W1", "Readers"))


async def stale(club: DeliveryHarness) -> Delivery:
    """A posted card of a paper, marked for drawing by a vote."""
    await club.harness.say("Ada", f"/paper submit {ATTENTION}")
    await club.harness.say("Bob", "/paper vote 1")
    club.wall.edits.clear()
    async with club.harness.app.store.begin(club.club.id) as db:
        (card,) = await db.deliveries.cards(1)
        await db.deliveries.mark_stale(1)
    return card
