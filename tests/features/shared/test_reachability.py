"""An unreachable channel or workspace: who is informed, on any platform."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.chat.cards import Card, Tone, text
from bot.chat.gateway import Location, Refused
from bot.domain.models import DeliveryState, MemberRole, Room
from bot.features.shared.delivery.reachability import (
    WorkspaceOwner,
    rename_channel,
    report_lost_channel,
    report_trouble,
    restore_channel,
)
from tests.features.conversation import CLUB, set_moderators_channel
from tests.stand_ins import Harness, RecordingGateway, words


async def room(club: Harness, purpose: str) -> Room:
    async with club.app.store.read(CLUB) as db:
        return next(entry for entry in await db.rooms.all() if entry.purpose == purpose)


def messaged_accounts(club: Harness) -> list[str]:
    """Accounts that got a direct message."""
    return [person for person, _ in club.gateway.direct_messages]


async def appoint_admin(club: Harness, name: str, role: MemberRole) -> None:
    """Make somebody a member and an admin by the club's own list."""
    await club.say(name, "/paper top")
    async with club.app.store.begin(CLUB) as db:
        member = await db.members.by_account("wall", name.lower())
        assert member is not None
        await db.members.set_member_role(member, role)


async def test_moderators_and_admins_get_to_know_of_a_lost_channel_once(club: Harness) -> None:
    await set_moderators_channel(club)
    await appoint_admin(club, "Ann", MemberRole.ADMIN)
    await appoint_admin(club, "Mo", MemberRole.MODERATOR)
    lost = await room(club, "papers")
    for _ in range(2):
        await report_lost_channel(club.app, lost, "it was archived", name="reading")
        await club.delivery_worker.drain()
    [shown] = [card for card in club.gateway.cards("mods") if card.title == "A channel cannot be used"]
    assert "I can no longer use #reading for “Papers”: it was archived." in words(shown)
    assert sorted(messaged_accounts(club)) == ["ann", "root"], (
        "the admin, and Root who chose the channels; no mere moderator"
    )
    assert (await room(club, "papers")).trouble == "it was archived"


async def test_another_reason_for_the_same_channel_is_recorded_and_not_reported_again(club: Harness) -> None:
    await set_moderators_channel(club)
    for why in ("a permission is missing", "it was deleted", "a permission is missing"):
        await report_lost_channel(club.app, await room(club, "papers"), why)
        await club.delivery_worker.drain()
        assert (await room(club, "papers")).trouble == why
    assert [card.title for card in club.gateway.cards("mods")].count("A channel cannot be used") == 1
    await restore_channel(club.app, await room(club, "papers"))
    await report_lost_channel(club.app, await room(club, "papers"), "it was deleted")
    await club.delivery_worker.drain()
    assert [card.title for card in club.gateway.cards("mods")].count("A channel cannot be used") == 2


async def test_a_channel_that_refuses_a_post_is_reported_whoever_notices_it_first(club: Harness) -> None:
    await set_moderators_channel(club)
    club.gateway.fails.append(Refused("the channel is archived"))
    await club.say("Ada", "/paper submit 1706.03762")
    await club.delivery_worker.drain()
    await report_lost_channel(club.app, await room(club, "papers"), "the channel is archived")
    await club.delivery_worker.drain()
    [shown] = [card for card in club.gateway.cards("mods") if card.title == "A channel cannot be used"]
    assert "for “Papers”: the channel is archived." in words(shown)
    assert messaged_accounts(club) == ["root"]


async def test_a_refused_post_keeps_the_reason_that_a_check_found(club: Harness) -> None:
    await set_moderators_channel(club)
    await report_lost_channel(club.app, await room(club, "papers"), "my role lacks “Send Messages” there")
    club.gateway.fails.append(Refused("a permission is missing there"))
    await club.say("Ada", "/paper submit 1706.03762")
    await club.delivery_worker.drain()
    assert (await room(club, "papers")).trouble == "my role lacks “Send Messages” there"
    assert messaged_accounts(club) == ["root"], "told once"


async def test_the_owner_gets_to_know_once_though_they_chose_the_channels(club: Harness) -> None:
    await set_moderators_channel(club)
    received: list[Card] = []

    async def send(card: Card) -> None:
        received.append(card)

    await report_lost_channel(club.app, await room(club, "papers"), "gone", owner=WorkspaceOwner("root", send))
    assert [card.title for card in received] == ["A channel cannot be used"]
    assert messaged_accounts(club) == []


async def test_a_channel_that_was_only_visited_has_no_purpose_to_name(club: Harness) -> None:
    await club.say("Ada", "/paper submit 1706.03762")
    await club.say("Root", "/clubadmin channels moderators here", admin=True, room="mods")
    await report_lost_channel(club.app, await room(club, "visit"), "it was deleted", name="general")
    await club.delivery_worker.drain()
    assert "I can no longer use #general: it was deleted." in words(club.gateway.cards("mods")[-1])


@dataclass(slots=True)
class PartlyRefusingGateway(RecordingGateway):
    """A platform on which the first account refuses messages."""

    tried: list[str] = field(default_factory=list)

    async def send_direct_message(self, where: Location, person: str, card: Card) -> None:
        self.tried.append(person)
        if len(self.tried) == 1:
            raise Refused("they take no messages")


async def test_an_admin_who_takes_no_messages_does_not_keep_the_others_from_knowing(club: Harness) -> None:
    await set_moderators_channel(club)
    await appoint_admin(club, "Ann", MemberRole.ADMIN)
    wall = PartlyRefusingGateway()
    club.add(wall)
    await report_trouble(club.app, CLUB, "gone", Card("Gone", (text("Removed."),), Tone.BAD))
    assert sorted(wall.tried) == ["ann", "root"]


async def test_what_failed_is_posted_when_the_channel_is_back(club: Harness) -> None:
    await set_moderators_channel(club)
    club.gateway.fails.append(Refused("archived"))
    await club.say("Ada", "/paper submit 1706.03762")
    async with club.app.store.read(CLUB) as db:
        [failed] = await db.deliveries.problems()
        assert failed.state == DeliveryState.FAILED
        where = failed.room
    await restore_channel(club.app, where)
    await club.delivery_worker.drain()
    async with club.app.store.read(CLUB) as db:
        assert await db.deliveries.problems() == []
        assert all(entry.trouble == "" for entry in await db.rooms.all() if entry.id == where.id)


async def test_a_channel_is_called_as_it_is_called_now(club: Harness) -> None:
    await set_moderators_channel(club)
    await rename_channel(club.app, await room(club, "papers"), "reading-group")
    assert (await room(club, "papers")).name == "reading-group"
    await rename_channel(club.app, await room(club, "papers"), "")
    assert (await room(club, "papers")).name == "reading-group"
