"""A post that is there twice after its outcome was unknown: proved by a press, and removed with one."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.gateway import Location
from bot.domain.delivery_rules import CHECK_DELAYS
from bot.features.shared.delivery.unknown_outcomes import recognize_post
from tests.features.shared.delivery.lost_outcomes import (
    LINK,
    LOST,
    QUARTER,
    in_room,
    lose_outcome,
    press,
    press_marked,
    question,
)
from tests.runtime.delivery_harness import DeliveryHarness


async def test_the_possible_double_is_removed_with_one_press(club: DeliveryHarness) -> None:
    await lose_outcome(club, "hello")
    await club.later(QUARTER)
    answer = await press(club, question(club), "Remove the new copy")
    assert not answer.failed, answer
    assert club.wall.removed == ["m3"]
    row = await club.row()
    assert (row.state, row.message, row.reposted_at) == ("sent", "", None)
    assert [button.label for button in answer.card.buttons()] == ["There is another copy"]
    await club.harness.say("Mod", f"/curate post settle {row.id} remove", moderator=True)
    assert club.wall.removed == ["m3"], "a repeat removes nothing more"
    await press_marked(club, "m1", row)
    assert (await club.row()).message == "m1", "the earlier copy is bound when somebody presses one of its buttons"


async def test_a_press_on_its_own_button_proves_that_it_is_there(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello")
    await press_marked(club, "m1", row)
    now = await club.row()
    assert (now.state, now.message, now.url, now.stale) == ("sent", "m1", "https://wall.test/digest/m1", False)
    assert "m1" in [where.message for where, _ in club.wall.edits], "its tally is brought up to date"
    assert question(club).title == "This was posted"
    await club.later(timedelta(hours=1))
    assert in_room(club) == ["hello"]


async def test_a_press_on_the_earlier_copy_binds_it_and_offers_to_remove_the_later(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello")
    await club.later(QUARTER)
    await press_marked(club, "m1", row)
    now = await club.row()
    assert (now.message, now.double) == ("m1", "m3")
    assert question(club).title == "This was posted twice"
    await press(club, question(club), "Remove the second copy")
    assert club.wall.removed == ["m3"]
    assert ((await club.row()).message, (await club.row()).double) == ("m1", "")
    assert question(club).title == "This was posted"


async def test_of_three_copies_each_one_too_many_can_be_removed(club: DeliveryHarness) -> None:
    await lose_outcome(club, "hello")
    club.wall.after = [LOST]
    for _ in range(4):
        await club.later(QUARTER)
    assert in_room(club) == ["hello"] * 3, "the answer to the second attempt was lost, too"
    copies = [at for at, (where, _) in enumerate(club.wall.posts) if where.room == "digest"]
    await press(club, question(club), "Remove the new copy")
    assert club.wall.removed == [f"m{copies[2] + 1}"]
    assert question(club).title == "This was posted"
    await press(club, question(club), "There is another copy", LINK)
    assert (await club.row()).message == "m1"
    await press(club, question(club), "There is another copy", LINK.removesuffix("0") + str(copies[1]))
    await press(club, question(club), "Remove the second copy")
    assert club.wall.removed == [f"m{copies[2] + 1}", f"m{copies[1] + 1}"]
    assert (await club.row()).message == "m1"


async def test_a_press_on_a_message_without_its_mark_changes_nothing(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello")
    await recognize_post(club.harness.app, Location("wall", "W1", "digest", "", "m1"), lambda _: False)
    await recognize_post(club.harness.app, Location("wall", "W1", "elsewhere", "", "m1"), lambda key: key == row.key)
    await recognize_post(club.harness.app, Location("wall", "W9", "digest", "", "m1"), lambda key: key == row.key)
    assert (await club.row()).state == "unknown"


async def test_the_copy_that_people_discuss_stays(club: DeliveryHarness) -> None:
    await club.harness.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    club.wall.after = [LOST]
    await club.harness.say("Ada", "/paper submit 1706.03762")
    for wait in (*CHECK_DELAYS, QUARTER):
        await club.later(wait)
    first, second = [f"m{n}" for n, (where, _) in enumerate(club.wall.posts, 1) if where.room == "papers"]
    async with club.harness.app.store.begin(club.club.id) as db:
        [row] = await db.deliveries.cards(1)
        await db.discussions.open(1, row.room.workspace_id, "papers", second, "", club.harness.clock())
        await db.discussions.add_replies(row.room.workspace_id, second, 1)
    await recognize_post(club.harness.app, Location("wall", "W1", "papers", "", first), lambda key: key == row.key)
    async with club.harness.app.store.read(club.club.id) as db:
        [now] = await db.deliveries.cards(1)
    assert (now.message, now.double) == (second, first)
    answer = await club.harness.say("Mod", f"/curate post settle {row.id} remove", moderator=True)
    assert not answer.failed, answer
    assert club.wall.removed == [first]


async def test_a_new_copy_that_people_discuss_is_not_removed(club: DeliveryHarness) -> None:
    await club.harness.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    club.wall.after = [LOST]
    await club.harness.say("Ada", "/paper submit 1706.03762")
    for wait in (*CHECK_DELAYS, QUARTER):
        await club.later(wait)
    async with club.harness.app.store.begin(club.club.id) as db:
        [row] = await db.deliveries.cards(1)
        await db.discussions.open(1, row.room.workspace_id, "papers", row.message, "", club.harness.clock())
        await db.discussions.add_replies(row.room.workspace_id, row.message, 1)
    answer = await club.harness.say("Mod", f"/curate post settle {row.id} remove", moderator=True)
    assert answer.failed
    assert club.wall.removed == []
