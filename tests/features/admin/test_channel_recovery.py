"""A channel that could not be used gets what it missed, by itself; so does the one that takes its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.cards import Card
from bot.chat.gateway import Location, MessageGone, Posted, Refused
from bot.domain.models import DeliveryState
from bot.features.shared.delivery.reachability import rename_channel, restore_channel
from bot.runtime.delivery_attempts import FIRST_PROBE
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    press,
    set_moderators_channel,
    submit_papers,
)
from tests.features.edition_steps import THEOREMS, publish_edition
from tests.stand_ins import Harness, RecordingGateway, words


class Guarded(RecordingGateway):
    """A platform where some channels cannot be posted to, and some messages were deleted."""

    shut: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    shut_after: Mapping[str, int] = {}

    async def post(self, where: Location, card: Card, *, key: str) -> Posted:
        if where.room in self.shut or self.shut_after.get(where.room, 99) <= len(self.cards(where.room)):
            raise Refused("the channel was deleted")
        return await RecordingGateway.post(self, where, card, key=key)

    async def edit(self, where: Location, card: Card, *, key: str) -> None:
        if where.message in self.deleted:
            raise MessageGone("the message was deleted")
        await RecordingGateway.edit(self, where, card, key=key)

    async def discuss(self, where: Location, title: str) -> Posted:
        if where.room in self.shut:
            raise Refused("the channel was deleted")
        if where.message in self.deleted:
            raise MessageGone("the message was deleted")
        return await RecordingGateway.discuss(self, where, title)

    def titles(self, room: str) -> list[str]:
        return [card.title for card in self.cards(room)]


async def guarded(club: Harness) -> Guarded:
    await set_moderators_channel(club)
    wall = Guarded()
    club.add(wall)
    return wall


async def later(club: Harness, **passed: float) -> None:
    club.clock.at += timedelta(**passed)
    await club.delivery_worker.drain()


async def test_a_channel_gets_what_it_missed_when_it_can_be_posted_to_again(club: Harness) -> None:
    wall = await guarded(club)
    wall.shut = frozenset({"papers"})
    await submit_papers(club, "Ada", ATTENTION)
    said = await club.say("Ada", f"/paper submit {DISTILLATION}")
    wait = "Its card will appear in #papers when I can post there again (the channel was deleted)."
    assert f"It is saved. {wait}" in words(said)
    refused = await club.say("Ben", "/paper discuss 1")
    assert refused.failed
    assert "Its card will appear in #papers when" in words(refused)
    wall.shut = frozenset()
    await later(club, seconds=FIRST_PROBE)
    first, second = wall.cards("papers")
    assert ("#1" in words(first), "#2" in words(second)) == (True, True), "oldest first"
    assert "It is saved" not in words(await club.say("Ada", f"/paper submit {SAFE}"))
    assert not (await club.say("Ben", "/paper discuss 1")).failed


async def test_a_deleted_channels_successor_gets_the_cards_the_threads_and_the_tallies(club: Harness) -> None:
    wall = await guarded(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    assert not (await club.say("Ben", "/paper discuss 1")).failed
    wall.shut = frozenset({"papers"})
    await submit_papers(club, "Ada", SAFE, THEOREMS)
    said = await club.say("Root", "/clubadmin channels papers reading", admin=True)
    assert "4 posts that could not be posted elsewhere will appear there, oldest first." in words(said)
    cards = wall.cards("reading")
    assert [f"#{number}" in words(card) for number, card in enumerate(cards, 1)] == [True] * 4
    assert not (await club.say("Cy", "/paper vote 1")).failed
    assert "('Votes', '1')" in words(wall.edits[-1][1])
    assert wall.edits[-1][0].room == "reading"
    discussed = await club.say("Ben", "/paper discuss 1")
    assert not discussed.failed
    posted = next(posted for key, posted in wall.keys.items() if posted.url.endswith(f"/reading/{posted.message}"))
    assert posted.message in words(discussed), "the thread is below the new card"
    again = await club.say("Root", "/clubadmin channels papers reading", admin=True)
    assert "will appear" not in words(again)
    await club.delivery_worker.drain()
    assert sum(where.room == "reading" and not where.thread for where, _unused in wall.posts) == 4

    # -- the old one is taken off the list, with the button or by its name ---------------------------------
    listed = await club.say("Root", "/clubadmin channels", admin=True)
    removed = await press(club, listed, "Stop using #papers", "Root", admin=True)
    assert "No longer used" in words(removed)
    listed = await club.say("Root", "/clubadmin channels", admin=True)
    assert "#papers" not in words(listed)
    assert not [button for button in listed.card.buttons() if button.label.startswith("Stop")]


async def test_a_submitter_is_told_of_the_channel_that_was_chosen_last_and_of_no_unsent_card(club: Harness) -> None:
    wall = await guarded(club)
    wall.shut = frozenset({"papers", "reading"})
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin channels papers reading", admin=True)
    await club.delivery_worker.drain()
    assert "Its card will appear in #reading when" in words(await club.say("Ada", f"/paper submit {SAFE}"))
    again = words(await club.say("Ben", f"/paper submit {ATTENTION}"))
    assert "already on the list" in again
    assert "Discussion" not in again, "its card is nowhere yet"
    wall.shut = frozenset({"papers"})
    await later(club, seconds=FIRST_PROBE * 4)
    again = words(await club.say("Cy", f"/paper submit {ATTENTION}"))
    assert "Discussion" in again
    assert "#papers" not in again


async def test_the_one_channel_in_trouble_is_removed_without_naming_it(club: Harness) -> None:
    wall = await guarded(club)
    wall.shut = frozenset({"digest"})
    await club.say("Root", "/clubadmin test digest", admin=True)
    said = await club.say("Root", "/clubadmin channels digest remove=yes", admin=True)
    assert "#digest" in words(said)
    assert "No longer used" in words(said)
    async with club.app.store.read(CLUB) as db:
        assert not await db.rooms.with_purpose("digest")


async def test_a_channel_that_was_taken_off_the_list_first_loses_nothing(club: Harness) -> None:
    wall = await guarded(club)
    wall.shut = frozenset({"papers"})
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin channels papers papers remove=yes", admin=True)
    await club.say("Root", "/clubadmin setup papers=reading", admin=True)
    assert len(wall.cards("reading")) == 1
    wall.shut = frozenset()
    await club.say("Root", "/clubadmin channels papers papers", admin=True)
    await later(club, hours=1)
    assert wall.cards("papers") == [], "it is posted already"
    await submit_papers(club, "Ada", DISTILLATION)
    assert len(wall.cards("papers")) == 1, "used again from now on"


async def test_a_channel_that_is_renamed_or_used_anew_gets_what_it_missed(club: Harness) -> None:
    wall = await guarded(club)
    wall.shut = frozenset({"papers"})
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.read(CLUB) as db:
        (room,) = await db.rooms.with_purpose("papers")
    await rename_channel(club.app, room, "old-papers")
    assert "cannot post: the channel was deleted" in words(await club.say("Root", "/clubadmin channels", admin=True))
    wall.shut = frozenset()
    await restore_channel(club.app, room)
    await club.delivery_worker.drain()
    assert len(wall.cards("papers")) == 1

    wall.shut = frozenset({"papers"})
    await submit_papers(club, "Ada", DISTILLATION)
    await club.say("Root", "/clubadmin channels papers papers remove=yes", admin=True)
    wall.shut = frozenset()
    await club.say("Root", "/clubadmin channels papers papers", admin=True)
    assert len(wall.cards("papers")) == 2


async def test_an_edition_whose_channel_is_lost_half_way_is_posted_as_a_whole_in_its_successor(club: Harness) -> None:
    wall = await guarded(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    wall.shut_after = {"digest": 2}
    await publish_edition(club)
    assert len(wall.cards("digest")) == 2
    said = await club.say("Root", "/clubadmin channels digest news", admin=True)
    assert "4 posts" in words(said)
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    header, *replies = [(where.thread, card.title) for where, card in wall.posts if where.room == "news"]
    assert (header[0], len(replies)) == ("", 3)
    assert len({thread for thread, _ in replies} - {""}) == 1, "all in its thread"
    await club.say("Mo", '/edition correct why item=2 text="It is twice as fast." erratum="No."', moderator=True)
    assert any(where.room == "news" and "twice as fast" in words(card) for where, card in wall.edits)


async def test_a_part_that_is_being_sent_when_its_channel_is_replaced_is_posted_in_the_successor(club: Harness) -> None:
    wall = await guarded(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    wall.shut_after = {"digest": 2}
    await publish_edition(club)
    async with club.app.store.begin(CLUB) as db:
        room = next(room for room in await db.rooms.with_purpose("digest") if room.external_id == "digest")
        refused = await db.deliveries.in_room(room.id, (DeliveryState.FAILED,))
        refused[-1].state = DeliveryState.SENDING  # its refusal is still on the way
        refused[-1].lease_until = club.app.now() + timedelta(minutes=2)
    assert "4 posts" in words(await club.say("Root", "/clubadmin channels digest news", admin=True))
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    assert len(wall.cards("news")) == 4


async def test_a_card_that_somebody_deleted_is_posted_again_when_it_is_wanted(club: Harness) -> None:
    wall = await guarded(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    wall.deleted = frozenset({"m1", "m2"})
    await club.say("Ben", "/paper vote 1")
    await later(club, hours=1)
    assert len(wall.cards("papers")) == 2, "not by itself: somebody wanted it gone"
    recent = await club.say("Root", "/clubadmin runs recent", admin=True)
    assert "its message was deleted in its channel" in words(recent)
    await press(club, recent, "Post it", "Root", admin=True, moderator=True)
    assert len(wall.cards("papers")) == 3
    refused = await club.say("Ben", "/paper discuss 2")
    assert "The card of #2 was deleted" in words(refused)
    assert len(wall.cards("papers")) == 4
    assert not (await club.say("Ben", "/paper discuss 2")).failed


async def test_a_card_that_a_moderator_left_out_is_not_posted_by_a_press_on_discuss(club: Harness) -> None:
    wall = await guarded(club)
    wall.shut = frozenset({"papers"})
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.read(CLUB) as db:
        (card,) = await db.deliveries.cards(1)
    assert not (await club.say("Mo", f"/curate post settle {card.id} omit", moderator=True)).failed
    wall.shut = frozenset()
    await club.say("Ben", "/paper discuss 1")
    await later(club, hours=1)
    assert wall.cards("papers") == []
