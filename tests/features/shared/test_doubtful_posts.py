"""Posts of unknown outcome on a platform that cannot be asked: people are, everything else goes on, nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import RequestKind
from bot.chat.cards import Card, text, to_json
from bot.chat.gateway import Location, NotSent, OutcomeUnknown, Refused
from bot.dispatch import AnswerCard
from bot.domain import message_links
from bot.domain.delivery_rules import CHECK_DELAYS, RECHECK_INTERVAL
from bot.domain.message_links import MessageLink
from bot.domain.models import Delivery, DeliveryKind
from bot.features.registry import all_commands
from bot.features.shared.doubtful_posts import recognise
from bot.runtime.delivery_worker import DeliveryWorker
from tests.runtime.test_delivery_worker import Desk, desk_of
from tests.stand_ins import open_harness

LOST = OutcomeUnknown("no answer")
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def desk(url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A club with a moderators' room, on a platform whose channels may not be read; on both databases."""
    async with open_harness(tmp_path, url=url) as opened:
        yield await blind(await desk_of(opened))


async def blind(desk: Desk) -> Desk:
    desk.wall.blind = Refused("missing scope channels:history")
    async with desk.admin.app.store.admin_session() as link_checker:
        workspace = await link_checker.directory.workspace("wall", "W1")
    assert workspace is not None
    async with desk.admin.app.store.begin(desk.club.id) as db:
        await db.rooms.assign(workspace.id, "mods", "moderators", "mods")
    return desk


async def lose(desk: Desk, *texts: str, applied: bool = True) -> Delivery:
    """Post these parts; what became of the first nobody knows. Its row, when people were asked."""
    if applied:
        desk.wall.after = [LOST]
    else:
        desk.wall.fails = [LOST]
    subject = await desk.plan(*texts)
    await desk.courier.drain()
    for wait in CHECK_DELAYS:
        await desk.later(wait)
    return (await desk.rows(subject))[0]


LINK = "https://wall.slack.com/archives/digest/p0"
"""Leads to the first message on the wall, which has no links of its own."""


@pytest.fixture(autouse=True)
def links_of_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    link = next(param for param in all_commands["curate post found"].params if param.name == "link")

    def read(typed: str) -> MessageLink:
        return MessageLink("wall", "digest", "m1") if typed == LINK else message_links.parse_message_link(typed)

    found = all_commands["curate post found"]
    params = tuple(replace(p, ask=replace(p.ask, parse=read)) if p is link else p for p in found.params)
    monkeypatch.setitem(all_commands._by_name, found.name, replace(found, params=params))


def in_room(desk: Desk, room: str = "digest") -> list[str]:
    return [card.title for card in desk.wall.cards(room)]


async def press(desk: Desk, card: Card, label: str, *more: str) -> AnswerCard:
    [call] = [button.call for button in card.buttons() if button.label == label]
    return await desk.admin.say("Mod", f"{call} {' '.join(more)}".strip(), moderator=True, via=RequestKind.CLICK)


def question(desk: Desk) -> Card:
    """What was asked in the moderators' room, as it reads now."""
    [asked] = desk.wall.cards("mods")
    edits = [card for where, card in desk.wall.edits if where.room == "mods"]
    return edits[-1] if edits else asked


async def test_moderators_are_asked_with_the_words_of_the_post_and_its_channel(desk: Desk) -> None:
    await lose(desk, "Attention is all you need")
    asked = question(desk)
    assert asked.title == "Is this post in Wall #digest?"
    assert "Attention is all you need" in repr(asked.parts[0])
    assert [button.label for button in asked.buttons()] == ["It is there", "Post it again", "Leave it out"]
    assert in_room(desk) == ["Attention is all you need"], "nothing is sent blindly"


async def test_they_are_asked_within_two_minutes_and_once(desk: Desk) -> None:
    desk.wall.after = [LOST]
    await desk.plan("hello")
    await desk.courier.drain()
    await desk.later(CHECK_DELAYS[0])
    assert len(desk.wall.cards("mods")) == 1
    for _ in range(4):
        await desk.later(RECHECK_INTERVAL)
    assert len(desk.wall.cards("mods")) == 1


async def test_the_other_parts_go_on_meanwhile(desk: Desk) -> None:
    await lose(desk, "one", "two", "three", applied=False)
    assert in_room(desk) == ["two", "three"]


async def test_a_room_rests_for_a_moment_so_that_an_outage_leaves_few_in_doubt(desk: Desk) -> None:
    desk.wall.fails = [LOST, LOST, LOST, LOST]
    await desk.plan("one", "two", "three", "four", "five")
    await desk.courier.drain()
    states = [row.state for row in await desk.rows()]
    assert states == ["unknown", "ready", "ready", "ready", "ready"]
    await desk.later(timedelta(seconds=1))
    assert [row.state for row in await desk.rows()] == states
    await desk.later(timedelta(seconds=1))
    assert [row.state for row in await desk.rows()] == ["unknown", "unknown", "ready", "ready", "ready"]


async def test_replies_wait_for_a_header_of_unknown_fate_and_go_below_it(desk: Desk) -> None:
    room = await desk.room("digest")
    async with desk.admin.app.store.begin(desk.club.id) as db:
        for part, words in enumerate(("header", "reply one", "reply two")):
            card = to_json(Card(words, (text(words),)))
            await db.deliveries.plan(
                DeliveryKind.SKIP_NOTICE, 1, room, desk.admin.clock(), part=part, card=card, in_thread=part > 0
            )
    desk.wall.after = [LOST]
    await desk.courier.drain()
    await desk.later(timedelta(minutes=5))
    assert in_room(desk) == ["header"], "a reply without its header would hang in the air"
    said = await press(desk, question(desk), "It is there", LINK)
    assert not said.failed, said
    await desk.courier.drain()
    assert in_room(desk) == ["header", "reply one", "reply two"]
    assert [where.thread for where, card in desk.wall.posts if "reply" in card.title] == ["m1", "m1"]


async def test_without_an_answer_it_is_posted_again_and_its_possible_double_marked(desk: Desk) -> None:
    row = await lose(desk, "hello")
    assert row.asked_at is not None
    desk.admin.clock.at = row.asked_at
    await desk.later(QUARTER - timedelta(seconds=1))
    assert in_room(desk) == ["hello"]
    await desk.later(timedelta(seconds=1))
    assert in_room(desk) == ["hello", "hello"]
    again = await desk.row()
    assert (again.state, again.message) == ("sent", "m3")
    assert again.reposted_at == desk.admin.clock.at
    assert question(desk).title == "This may be there twice"


async def test_the_possible_double_is_removed_with_one_press(desk: Desk) -> None:
    await lose(desk, "hello")
    await desk.later(QUARTER)
    said = await press(desk, question(desk), "Remove the new copy")
    assert not said.failed, said
    assert desk.wall.removed == ["m3"]
    row = await desk.row()
    assert (row.state, row.message, row.reposted_at) == ("sent", "", None)
    await press(desk, said.card, "Remove the new copy") if said.card.buttons() else None
    assert desk.wall.removed == ["m3"], "a repeat removes nothing more"
    await pressed(desk, "m1", row)
    assert (await desk.row()).message == "m1", "the earlier copy is bound when somebody presses one of its buttons"


async def test_each_time_it_gets_lost_again_people_have_their_quarter_of_an_hour(desk: Desk) -> None:
    await lose(desk, "hello", applied=False)
    desk.wall.fails = [LOST]
    await desk.later(QUARTER)
    assert in_room(desk) == []
    await desk.later(QUARTER - timedelta(seconds=1))
    assert in_room(desk) == []
    await desk.later(timedelta(seconds=30))
    assert in_room(desk) == ["hello"]
    assert len(desk.wall.cards("mods")) == 1, "the one question is drawn anew"


async def test_an_installation_may_wait_for_an_answer_for_ever(desk: Desk) -> None:
    app = replace(desk.admin.app, installation=replace(desk.admin.app.installation, repost_after=timedelta(0)))
    desk.admin.app, desk.admin.delivery_worker = app, DeliveryWorker(app)
    await lose(desk, "hello")
    await desk.later(timedelta(days=2))
    assert in_room(desk) == ["hello"]
    assert "I wait for your answer" in repr(question(desk))


async def test_what_is_old_is_posted_again_only_on_a_persons_word(desk: Desk) -> None:
    row = await lose(desk, "hello", applied=False)
    async with desk.admin.app.store.begin(desk.club.id) as db:
        await db.doubtful_posts.change(row.id, first_tried_at=desk.admin.clock() - timedelta(days=2))
    await desk.later(timedelta(days=1))
    assert in_room(desk) == []
    await press(desk, question(desk), "Post it again")
    assert in_room(desk) == ["hello"]
    assert (await desk.row()).reposted_at is None, "the moderator has looked, so there is no double"


async def test_it_is_there_binds_it_by_its_link_and_redraws_it(desk: Desk) -> None:
    row = await lose(desk, "hello")
    wrong = await press(desk, question(desk), "It is there", "nonsense")
    assert wrong.failed
    assert "no link to a message" in repr(wrong.card)
    said = await press(desk, question(desk), "It is there", LINK)
    assert not said.failed, said
    now = await desk.row()
    assert (now.state, now.message, now.url) == ("sent", "m1", "https://wall.test/digest/m1")
    assert next(where.message for where, _ in desk.wall.edits if where.room == "digest") == "m1"
    assert question(desk).title == "This post is there"
    assert row.id == now.id
    await desk.later(timedelta(hours=1))
    assert in_room(desk) == ["hello"]


async def test_left_out_it_is_not_posted_again(desk: Desk) -> None:
    await lose(desk, "hello", applied=False)
    await press(desk, question(desk), "Leave it out")
    await desk.later(timedelta(hours=20))
    assert ((await desk.row()).state, in_room(desk)) == ("skipped", [])
    await press(desk, question(desk), "Post it after all")
    assert in_room(desk) == ["hello"]


async def test_only_moderators_settle_posts(desk: Desk) -> None:
    row = await lose(desk, "hello")
    said = await desk.admin.say("Ada", f"/curate post settle {row.id} again")
    assert said.failed
    assert in_room(desk) == ["hello"]
    assert (await desk.admin.say("Mod", "/curate post settle 999 again", moderator=True)).failed


async def test_without_a_moderators_room_admins_are_told_directly(tmp_path: Path) -> None:
    async with open_harness(tmp_path) as opened:
        desk = await desk_of(opened)
        desk.wall.blind = Refused("missing scope")
        await opened.say("Root", "/clubadmin settings quorum 1", admin=True)
        await lose(desk, "hello")
        assert [(person, card.title) for person, card in desk.wall.direct_messages] == [
            ("root", "Is this post in Wall #digest?")
        ]


async def test_admins_are_told_too_where_the_moderators_room_cannot_be_posted_to(desk: Desk) -> None:
    await desk.admin.say("Root", "/clubadmin settings quorum 1", admin=True)
    desk.wall.direct_messages.clear()
    desk.wall.after = [LOST]
    await desk.plan("hello")
    await desk.courier.drain()
    desk.wall.fails = [Refused("invite me first")]
    await desk.later(CHECK_DELAYS[0])
    assert [person for person, _ in desk.wall.direct_messages] == ["root"]


async def test_a_question_that_got_lost_is_asked_again(desk: Desk) -> None:
    desk.wall.after = [LOST]
    await desk.plan("hello")
    await desk.courier.drain()
    desk.wall.fails = [LOST]
    await desk.later(CHECK_DELAYS[0])
    assert desk.wall.cards("mods") == []
    for _ in range(4):
        await desk.later(timedelta(seconds=20))
    assert len(desk.wall.cards("mods")) == 1


async def test_the_right_to_look_that_comes_later_frees_what_waits(desk: Desk) -> None:
    await lose(desk, "hello")
    desk.wall.blind = None
    await desk.later(RECHECK_INTERVAL)
    row = await desk.row()
    assert (row.state, row.message) == ("sent", "m1")
    assert question(desk).title == "This post is there"


async def pressed(desk: Desk, message: str, row: Delivery) -> None:
    """Somebody presses a button of a message that bears the mark of a row."""
    await recognise(desk.admin.app, Location("wall", "W1", "digest", "", message), lambda key: key == row.key)
    await desk.courier.drain()


async def test_a_press_on_its_own_button_proves_that_it_is_there(desk: Desk) -> None:
    row = await lose(desk, "hello")
    await pressed(desk, "m1", row)
    now = await desk.row()
    assert (now.state, now.message, now.url, now.stale) == ("sent", "m1", "https://wall.test/digest/m1", False)
    assert "m1" in [where.message for where, _ in desk.wall.edits], "its tally is brought up to date"
    assert question(desk).title == "This post is there"
    await desk.later(timedelta(hours=1))
    assert in_room(desk) == ["hello"]


async def test_a_press_on_the_earlier_copy_binds_it_and_offers_to_remove_the_later(desk: Desk) -> None:
    row = await lose(desk, "hello")
    await desk.later(QUARTER)
    await pressed(desk, "m1", row)
    now = await desk.row()
    assert (now.message, now.double) == ("m1", "m3")
    assert question(desk).title == "This post is there twice"
    await press(desk, question(desk), "Remove the second copy")
    assert desk.wall.removed == ["m3"]
    assert ((await desk.row()).message, (await desk.row()).double) == ("m1", "")
    assert question(desk).title == "This post is there"


async def test_a_press_on_a_message_without_its_mark_changes_nothing(desk: Desk) -> None:
    row = await lose(desk, "hello")
    await recognise(desk.admin.app, Location("wall", "W1", "digest", "", "m1"), lambda _: False)
    await recognise(desk.admin.app, Location("wall", "W1", "elsewhere", "", "m1"), lambda key: key == row.key)
    await recognise(desk.admin.app, Location("wall", "W9", "digest", "", "m1"), lambda key: key == row.key)
    assert (await desk.row()).state == "unknown"


async def test_runs_lists_what_waits_failed_and_is_in_doubt_with_buttons(desk: Desk) -> None:
    await lose(desk, "lost")
    desk.wall.fails = [Refused("invite me first")]
    await desk.plan("refused")
    await desk.courier.drain()
    shown = await desk.admin.say("Mod", "/clubadmin runs", admin=True)
    assert "0 posts waiting, 1 failed, 1 in doubt." in repr(shown.card)
    assert [b.label for b in shown.card.buttons()] == [
        "Try again",
        "Settle",
        "Try all failed posts again",
        "The latest posts",
    ]
    await press(desk, shown.card, "Try again")
    assert in_room(desk) == ["lost", "refused"]
    settle = await press(desk, shown.card, "Settle")
    assert settle.card.title == "Is this post in Wall #digest?"
    recent = await desk.admin.say("Mod", "/clubadmin runs recent", admin=True)
    assert "refused" in repr(recent.card)


async def test_another_club_cannot_settle_it(desk: Desk) -> None:
    row = await lose(desk, "hello", applied=False)
    said = await desk.admin.say("Eve", f"/curate post settle {row.id} again", moderator=True, workspace="W2")
    assert said.failed
    assert in_room(desk) == []


async def test_the_copy_that_people_discuss_stays(desk: Desk) -> None:
    await desk.admin.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    desk.wall.after = [LOST]
    await desk.admin.say("Ada", "/paper submit 1706.03762")
    for wait in (*CHECK_DELAYS, QUARTER):
        await desk.later(wait)
    first, second = [f"m{n}" for n, (where, _) in enumerate(desk.wall.posts, 1) if where.room == "papers"]
    async with desk.admin.app.store.begin(desk.club.id) as db:
        [row] = await db.deliveries.cards(1)
        await db.discussions.open(1, row.room.workspace_id, "papers", second, "", desk.admin.clock())
        await db.discussions.add_replies(row.room.workspace_id, second, 1)
    await recognise(desk.admin.app, Location("wall", "W1", "papers", "", first), lambda key: key == row.key)
    async with desk.admin.app.store.read(desk.club.id) as db:
        [now] = await db.deliveries.cards(1)
    assert (now.message, now.double) == (second, first)
    said = await desk.admin.say("Mod", f"/curate post settle {row.id} remove", moderator=True)
    assert not said.failed, said
    assert desk.wall.removed == [first]


async def test_a_moderators_room_in_trouble_is_not_waited_for(desk: Desk) -> None:
    await desk.admin.say("Root", "/clubadmin settings quorum 1", admin=True)
    async with desk.admin.app.store.begin(desk.club.id) as db:
        [mods] = await db.rooms.with_purpose("moderators")
        await db.rooms.set_trouble(mods.id, "the channel is archived")
    await lose(desk, "hello")
    assert "Is this post in Wall #digest?" not in [card.title for card in desk.wall.cards("mods")]
    assert [person for person, _ in desk.wall.direct_messages] == ["root"]


async def test_the_link_of_another_post_is_not_taken(desk: Desk) -> None:
    await desk.plan("another")
    await desk.courier.drain()
    row = await lose(desk, "hello")
    said = await press(desk, question(desk), "It is there", LINK)
    assert said.failed
    assert "another post of mine" in repr(said.card)
    assert (await desk.rows(row.subject_id))[0].state == "unknown"


async def test_a_new_copy_that_people_discuss_is_not_removed(desk: Desk) -> None:
    await desk.admin.say("Root", "/clubadmin setup papers=papers digest=digest moderators=mods", admin=True)
    desk.wall.after = [LOST]
    await desk.admin.say("Ada", "/paper submit 1706.03762")
    for wait in (*CHECK_DELAYS, QUARTER):
        await desk.later(wait)
    async with desk.admin.app.store.begin(desk.club.id) as db:
        [row] = await db.deliveries.cards(1)
        await db.discussions.open(1, row.room.workspace_id, "papers", row.message, "", desk.admin.clock())
        await db.discussions.add_replies(row.room.workspace_id, row.message, 1)
    said = await desk.admin.say("Mod", f"/curate post settle {row.id} remove", moderator=True)
    assert said.failed
    assert desk.wall.removed == []


async def test_an_edition_is_out_when_only_people_can_say_what_became_of_a_part(desk: Desk) -> None:
    row = await lose(desk, "one", "two", applied=False)
    async with desk.admin.app.store.read(desk.club.id) as db:
        assert await db.deliveries.unfinished(DeliveryKind.SKIP_NOTICE, row.subject_id) == []


async def test_to_say_post_it_again_twice_changes_nothing_more(desk: Desk) -> None:
    row = await lose(desk, "hello", applied=False)
    desk.wall.fails = [NotSent("slow down", retry_after=300)]
    await press(desk, question(desk), "Post it again")
    before = await desk.row()
    again = await desk.admin.say("Mod", f"/curate post settle {row.id} again", moderator=True)
    assert again.card.title == "This is being posted again"
    after = await desk.row()
    assert (after.state, after.not_before, after.attempts) == ("ready", before.not_before, before.attempts)
