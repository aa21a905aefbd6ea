"""Posts of unknown outcome in a club whose channels cannot be read, for the tests of what becomes of them."""

from __future__ import annotations

from datetime import timedelta

from bot.app import RequestKind
from bot.chat.cards import Card
from bot.chat.gateway import Location, OutcomeUnknown, Refused
from bot.dispatch import AnswerCard
from bot.domain.delivery_rules import CHECK_DELAYS
from bot.domain.models import Delivery
from bot.features.shared.delivery.unknown_outcomes import recognize_post
from tests.runtime.delivery_harness import DeliveryHarness

LOST = OutcomeUnknown("no answer")
QUARTER = timedelta(minutes=15)
LINK = "https://wall.slack.com/archives/digest/p0"
"""Link to the first message, since the recording gateway has no links of its own."""


async def blind(club: DeliveryHarness) -> DeliveryHarness:
    club.wall.blind = Refused("missing scope channels:history")
    async with club.harness.app.store.admin_session() as admin:
        workspace = await admin.directory.workspace("wall", "W1")
    assert workspace is not None
    async with club.harness.app.store.begin(club.club.id) as db:
        await db.rooms.assign(workspace.id, "mods", "moderators", "mods")
    return club


async def lose_outcome(club: DeliveryHarness, *texts: str, applied: bool = True) -> Delivery:
    """Post these parts and lose the outcome of the first. Returns its row once people were asked."""
    if applied:
        club.wall.after = [LOST]
    else:
        club.wall.fails = [LOST]
    subject = await club.plan(*texts)
    await club.delivery_worker.drain()
    for wait in CHECK_DELAYS:
        await club.later(wait)
    return (await club.rows(subject))[0]


def in_room(club: DeliveryHarness, room: str = "digest") -> list[str]:
    return [card.title for card in club.wall.cards(room)]


async def press(club: DeliveryHarness, card: Card, label: str, *more: str) -> AnswerCard:
    [call] = [button.call for button in card.buttons() if button.label == label]
    return await club.harness.say("Mod", f"{call} {' '.join(more)}".strip(), moderator=True, via=RequestKind.CLICK)


def question(club: DeliveryHarness) -> Card:
    """Current question in the moderators' channel."""
    [asked] = club.wall.cards("mods")
    edits = [card for where, card in club.wall.edits if where.room == "mods"]
    return edits[-1] if edits else asked


async def press_marked(club: DeliveryHarness, message: str, row: Delivery) -> None:
    """Press a button of a message that has the mark of a row."""
    await recognize_post(club.harness.app, Location("wall", "W1", "digest", "", message), lambda key: key == row.key)
    await club.delivery_worker.drain()
