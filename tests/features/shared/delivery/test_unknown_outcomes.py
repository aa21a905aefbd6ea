"""Posts of unknown outcome on a platform that cannot be searched: people are asked, and all else goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.chat.cards import Card, text, to_json
from bot.chat.gateway import NotSent, Refused
from bot.domain.delivery_rules import CHECK_DELAYS, RECHECK_INTERVAL
from bot.domain.models import DeliveryKind
from bot.runtime.delivery_worker import DeliveryWorker
from tests.features.shared.delivery.lost_outcomes import (
    LINK,
    LOST,
    QUARTER,
    in_room,
    lose_outcome,
    press,
    question,
)
from tests.runtime.delivery_harness import DeliveryHarness, harness_of
from tests.stand_ins import open_harness


async def test_moderators_are_asked_with_the_words_of_the_post_and_its_channel(club: DeliveryHarness) -> None:
    await lose_outcome(club, "Attention is all you need")
    asked = question(club)
    assert asked.title == "Is this post in Wall #digest?"
    assert "Attention is all you need" in repr(asked.parts[0])
    assert [button.label for button in asked.buttons()] == ["It is there", "Post it again", "Skip it"]
    assert in_room(club) == ["Attention is all you need"], "nothing is sent blindly"


async def test_they_are_asked_within_two_minutes_and_once(club: DeliveryHarness) -> None:
    club.wall.after = [LOST]
    await club.plan("hello")
    await club.delivery_worker.drain()
    await club.later(CHECK_DELAYS[0])
    assert len(club.wall.cards("mods")) == 1
    for _ in range(4):
        await club.later(RECHECK_INTERVAL)
    assert len(club.wall.cards("mods")) == 1


async def test_the_other_parts_go_on_meanwhile(club: DeliveryHarness) -> None:
    await lose_outcome(club, "one", "two", "three", applied=False)
    assert in_room(club) == ["two", "three"]


async def test_a_room_rests_for_a_moment_so_that_an_outage_leaves_few_in_doubt(club: DeliveryHarness) -> None:
    club.wall.fails = [LOST, LOST, LOST, LOST]
    await club.plan("one", "two", "three", "four", "five")
    await club.delivery_worker.drain()
    states = [row.state for row in await club.rows()]
    assert states == ["unknown", "ready", "ready", "ready", "ready"]
    await club.later(timedelta(seconds=1))
    assert [row.state for row in await club.rows()] == states
    await club.later(timedelta(seconds=1))
    assert [row.state for row in await club.rows()] == ["unknown", "unknown", "ready", "ready", "ready"]


async def test_replies_wait_for_a_header_of_unknown_fate_and_go_below_it(club: DeliveryHarness) -> None:
    room = await club.room("digest")
    async with club.harness.app.store.begin(club.club.id) as db:
        for part, words in enumerate(("header", "reply one", "reply two")):
            card = to_json(Card(words, (text(words),)))
            await db.deliveries.plan(
                DeliveryKind.SKIP_NOTICE, 1, room, club.harness.clock(), part=part, card=card, in_thread=part > 0
            )
    club.wall.after = [LOST]
    await club.delivery_worker.drain()
    await club.later(timedelta(minutes=5))
    assert in_room(club) == ["header"], "a reply without its header would hang in the air"
    answer = await press(club, question(club), "It is there", LINK)
    assert not answer.failed, answer
    await club.delivery_worker.drain()
    assert in_room(club) == ["header", "reply one", "reply two"]
    assert [where.thread for where, card in club.wall.posts if "reply" in card.title] == ["t-m1", "t-m1"]


async def test_without_an_answer_it_is_posted_again_and_its_possible_double_marked(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello")
    assert row.asked_at is not None
    club.harness.clock.at = row.asked_at
    await club.later(QUARTER - timedelta(seconds=1))
    assert in_room(club) == ["hello"]
    await club.later(timedelta(seconds=1))
    assert in_room(club) == ["hello", "hello"]
    again = await club.row()
    assert (again.state, again.message) == ("sent", "m3")
    assert again.reposted_at == club.harness.clock.at
    assert question(club).title == "This may have been posted twice"


async def test_each_time_it_gets_lost_again_people_have_their_quarter_of_an_hour(club: DeliveryHarness) -> None:
    await lose_outcome(club, "hello", applied=False)
    club.wall.fails = [LOST]
    await club.later(QUARTER)
    assert in_room(club) == []
    await club.later(QUARTER - timedelta(seconds=1))
    assert in_room(club) == []
    await club.later(timedelta(seconds=30))
    assert in_room(club) == ["hello"]
    assert len(club.wall.cards("mods")) == 1, "the one question is drawn anew"


async def test_an_installation_may_wait_for_an_answer_for_ever(club: DeliveryHarness) -> None:
    app = replace(club.harness.app, installation=replace(club.harness.app.installation, repost_after=timedelta(0)))
    club.harness.app, club.harness.delivery_worker = app, DeliveryWorker(app)
    await lose_outcome(club, "hello")
    await club.later(timedelta(days=2))
    assert in_room(club) == ["hello"]
    assert "I will wait for your answer" in repr(question(club))


async def test_what_is_old_is_posted_again_only_on_a_persons_word(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello", applied=False)
    async with club.harness.app.store.begin(club.club.id) as db:
        await db.unknown_outcomes.change(row.id, first_tried_at=club.harness.clock() - timedelta(days=2))
    await club.later(timedelta(days=1))
    assert in_room(club) == []
    await press(club, question(club), "Post it again")
    assert in_room(club) == ["hello"]
    assert (await club.row()).reposted_at is None, "the moderator has looked, so there is no double"


async def test_it_is_there_binds_it_by_its_link_and_redraws_it(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello")
    invalid = await press(club, question(club), "It is there", "nonsense")
    assert invalid.failed
    assert "not a link to a message" in repr(invalid.card)
    answer = await press(club, question(club), "It is there", LINK)
    assert not answer.failed, answer
    now = await club.row()
    assert (now.state, now.message, now.url) == ("sent", "m1", "https://wall.test/digest/m1")
    assert next(where.message for where, _ in club.wall.edits if where.room == "digest") == "m1"
    assert question(club).title == "This was posted"
    assert row.id == now.id
    await club.later(timedelta(hours=1))
    assert in_room(club) == ["hello"]


async def test_left_out_it_is_not_posted_again(club: DeliveryHarness) -> None:
    await lose_outcome(club, "hello", applied=False)
    await press(club, question(club), "Skip it")
    await club.later(timedelta(hours=20))
    assert ((await club.row()).state, in_room(club)) == ("skipped", [])
    await press(club, question(club), "Post it now")
    assert in_room(club) == ["hello"]


async def test_only_moderators_settle_posts(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello")
    answer = await club.harness.say("Ada", f"/curate post settle {row.id} again")
    assert answer.failed
    assert in_room(club) == ["hello"]
    assert (await club.harness.say("Mod", "/curate post settle 999 again", moderator=True)).failed


async def test_without_a_moderators_room_admins_are_told_directly(tmp_path: Path) -> None:
    async with open_harness(tmp_path) as opened:
        club = await harness_of(opened)
        club.wall.blind = Refused("missing scope")
        await opened.say("Root", "/clubadmin settings quorum 1", admin=True)
        await lose_outcome(club, "hello")
        assert [(person, card.title) for person, card in club.wall.direct_messages] == [
            ("root", "Is this post in Wall #digest?")
        ]


async def test_admins_are_told_too_where_the_moderators_room_cannot_be_posted_to(club: DeliveryHarness) -> None:
    await club.harness.say("Root", "/clubadmin settings quorum 1", admin=True)
    club.wall.direct_messages.clear()
    club.wall.after = [LOST]
    await club.plan("hello")
    await club.delivery_worker.drain()
    club.wall.fails = [Refused("invite me first")]
    await club.later(CHECK_DELAYS[0])
    assert sorted((person, card.title) for person, card in club.wall.direct_messages) == [
        ("root", "A channel cannot be used"),
        ("root", "Is this post in Wall #digest?"),
    ]


async def test_a_question_that_got_lost_is_asked_again(club: DeliveryHarness) -> None:
    club.wall.after = [LOST]
    await club.plan("hello")
    await club.delivery_worker.drain()
    club.wall.fails = [LOST]
    await club.later(CHECK_DELAYS[0])
    assert club.wall.cards("mods") == []
    for _ in range(4):
        await club.later(timedelta(seconds=20))
    assert len(club.wall.cards("mods")) == 1


async def test_the_right_to_look_that_comes_later_frees_what_waits(club: DeliveryHarness) -> None:
    await lose_outcome(club, "hello")
    club.wall.blind = None
    await club.later(RECHECK_INTERVAL)
    row = await club.row()
    assert (row.state, row.message) == ("sent", "m1")
    assert question(club).title == "This was posted"


async def test_runs_lists_what_waits_failed_and_is_in_doubt_with_buttons(club: DeliveryHarness) -> None:
    await lose_outcome(club, "lost")
    club.wall.fails = [Refused("invite me first")]
    await club.plan("refused")
    await club.delivery_worker.drain()
    shown = await club.harness.say("Mod", "/clubadmin runs", admin=True)
    assert "0 posts waiting, 1 failed, 1 uncertain." in repr(shown.card)
    assert [b.label for b in shown.card.buttons()] == [
        "Try again",
        "Decide",
        "Try all failed posts again",
        "The latest posts",
    ]
    await press(club, shown.card, "Try again")
    assert in_room(club) == ["lost", "refused"]
    settle = await press(club, shown.card, "Decide")
    assert settle.card.title == "Is this post in Wall #digest?"
    recent = await club.harness.say("Mod", "/clubadmin runs recent", admin=True)
    assert "refused" in repr(recent.card)


async def test_another_club_cannot_settle_it(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello", applied=False)
    answer = await club.harness.say("Eve", f"/curate post settle {row.id} again", moderator=True, workspace="W2")
    assert answer.failed
    assert in_room(club) == []


async def test_a_moderators_room_in_trouble_is_not_waited_for(club: DeliveryHarness) -> None:
    await club.harness.say("Root", "/clubadmin settings quorum 1", admin=True)
    async with club.harness.app.store.begin(club.club.id) as db:
        [mods] = await db.rooms.with_purpose("moderators")
        await db.rooms.set_trouble(mods.id, "the channel is archived")
    await lose_outcome(club, "hello")
    assert "Is this post in Wall #digest?" not in [card.title for card in club.wall.cards("mods")]
    assert [person for person, _ in club.wall.direct_messages] == ["root"]


async def test_the_link_of_another_post_is_not_taken(club: DeliveryHarness) -> None:
    await club.plan("another")
    await club.delivery_worker.drain()
    row = await lose_outcome(club, "hello")
    answer = await press(club, question(club), "It is there", LINK)
    assert answer.failed
    assert "another post of mine" in repr(answer.card)
    assert (await club.rows(row.subject_id))[0].state == "unknown"


async def test_an_edition_is_out_when_only_people_can_say_what_became_of_a_part(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "one", "two", applied=False)
    async with club.harness.app.store.read(club.club.id) as db:
        assert await db.deliveries.unfinished(DeliveryKind.SKIP_NOTICE, row.subject_id) == []


async def test_to_say_post_it_again_twice_changes_nothing_more(club: DeliveryHarness) -> None:
    row = await lose_outcome(club, "hello", applied=False)
    club.wall.fails = [NotSent("slow down", retry_after=300)]
    await press(club, question(club), "Post it again")
    before = await club.row()
    again = await club.harness.say("Mod", f"/curate post settle {row.id} again", moderator=True)
    assert again.card.title == "This is being posted again"
    after = await club.row()
    assert (after.state, after.not_before, after.attempts) == ("ready", before.not_before, before.attempts)
