"""Recalled editions: a notice in every posted copy; their papers and votes come back."""

from __future__ import annotations

from bot.runtime.scheduler import Scheduler
from tests.features.admin.test_channel_recovery import Guarded
from tests.features.conversation import (
    press,
    submit_papers,
)
from tests.features.edition_steps import (
    THEOREMS,
    document_of,
    edition_numbered,
    publish_edition,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.features.editions.posted_editions import FIX, posted_copies, two_platforms
from tests.stand_ins import Harness, words


async def test_a_recalled_edition_is_a_notice_wherever_it_stood(club: Harness) -> None:
    await two_platforms(club)
    asked = await say_as_moderator(club, "/edition recall the wrong draft went out")
    assert (await edition_numbered(club)).state == "published"
    await press(club, asked, "Recall it", "Mo", moderator=True)
    assert (await edition_numbered(club)).state == "recalled"
    hall = club.app.gateways["hall"]
    for wall in (club.gateway, hall):
        last = [card for where, card in wall.edits if where.room in ("digest", "lounge")][-5:]  # type: ignore[attr-defined] # both are walls
        assert {card.title for card in last} == {"No. 1 was recalled"}
        assert "the wrong draft went out" in words(last)
    for line in ("/digest latest", "/digest list", "/digest read 1"):
        assert "No. 1 was recalled on 1 Dec 2025: the wrong draft went out" in words(await club.say("Ada", line)), line
    for line in ("/digest read 1", "/digest read 1 json", "/digest latest json"):
        assert (await club.say("Ada", line)).failed, line
    assert not [delivery for delivery in await posted_copies(club) if delivery.submission_id]


async def test_the_papers_of_a_recalled_edition_may_come_again(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await say_as_moderator(club, "/edition recall oops again=yes sure=yes")
    for number in (1, 2, 3):
        await say_as_moderator(club, f"/curate pick {number}")
    await say_as_moderator(club, "/edition draft")
    assert (await edition_numbered(club, 2)).state == "draft"
    assert sorted(submission_numbers(await document_of(club, 2))) == [1, 2, 3]


async def test_a_recall_gives_the_papers_and_the_window_back(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=1)
    assert not (await club.say("Cy", "/paper vote 3")).failed
    asked = await say_as_moderator(club, "/edition recall the wrong draft went out")
    done = await press(club, asked, "Recall it", "Mo", moderator=True)
    assert "count for the next edition again" in words(done)
    top = words(await club.say("Ada", "/paper top"))
    assert "#2" in top
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club, 2)
    assert {item.brought: item.votes for item in made.items} == {1: 1, 2: 2, 3: 1}, "votes cast before count again"
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    latest = words(await club.say("Ada", "/digest latest"))
    assert "recalled" not in latest, "a later one is out"
    listed = words(await club.say("Ada", "/digest list"))
    assert "No. 2" in listed
    assert "No. 1 was recalled on 2 Dec 2025: the wrong draft went out" in listed


async def test_an_edition_recalled_after_a_later_one_gives_its_papers_and_their_votes_back(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", THEOREMS)
    await club.say("Ben", "/paper vote 4")
    await publish_edition(club)
    club.clock.advance(days=1)
    await say_as_moderator(club, "/edition recall the wrong draft went out edition=1 sure=yes")
    top = words(await club.say("Ada", "/paper top"))
    assert top.index("#2 ") < top.index("#1 ")
    assert "('Votes since the last edition', '2')" in words(await club.say("Ada", "/paper why 2"))
    await say_as_moderator(club, "/edition draft")
    assert {item.brought: item.votes for item in (await document_of(club, 3)).items} == {1: 1, 2: 2, 3: 0}
    for line in (
        FIX + " edition=1",
        "/edition recall again edition=1 sure=yes",
        "/edition recall No. 1 again sure=yes",
    ):
        assert "No. 1 was recalled" in words(await club.say("Mo", line, moderator=True)), line
    assert "recalled" not in words(await club.say("Ada", "/digest latest"))
    await publish_edition(club)
    club.clock.advance(days=1)
    assert "#1 " not in words(await club.say("Ada", "/paper top"))


async def test_an_edition_whose_channel_refuses_it_can_be_corrected_and_recalled(club: Harness) -> None:
    await set_up_week(club)
    wall = Guarded()
    club.add(wall)
    await say_as_moderator(club, "/edition draft")
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await say_as_moderator(club, "/edition draft")
    wall.shut = frozenset({"digest"})
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    assert (await edition_numbered(club)).state == "approved"
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    assert (await document_of(club)).corrections == (), "nobody has read it"
    assert "Correction 1 to No. 1" in words(await say_as_moderator(club, FIX.replace("item=1", "item=2")))
    await say_as_moderator(club, '/edition correct drop item=3 erratum="It was no paper of ours."')
    wall.shut = frozenset()
    club.clock.advance(hours=1)
    for _ in range(2):
        await club.delivery_worker.drain()
        await Scheduler(club.app).tick()
    posted = wall.cards("digest")
    assert "It is twice as fast." in words(posted)
    for gone in ("Too bold", "This part was removed"):
        assert gone not in words(posted), gone
    assert [card.title for card in posted].count(
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale"
    ) == 0


async def test_an_edition_that_is_recalled_before_its_channel_takes_it_is_never_posted(club: Harness) -> None:
    await set_up_week(club)
    wall = Guarded()
    club.add(wall)
    wall.shut = frozenset({"digest"})
    await publish_edition(club)
    await club.delivery_worker.drain()
    await say_as_moderator(club, "/edition recall the wrong draft went out sure=yes")
    wall.shut = frozenset()
    for _ in range(4):
        club.clock.advance(hours=1)
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    assert wall.cards("digest") == []
    assert (await edition_numbered(club)).state == "recalled"
    await say_as_moderator(club, "/edition draft")
    assert sorted(submission_numbers(await document_of(club, 2))) == [1, 2, 3]


async def test_the_papers_of_a_recalled_edition_can_be_kept_out(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await say_as_moderator(club, "/edition recall oops again=no sure=yes")
    answer = await club.say("Mo", "/edition draft", moderator=True)
    assert answer.failed


async def test_a_recall_said_twice_recalls_no_earlier_edition(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", "2510.04399")
    await publish_edition(club)
    recalled = "/edition recall the wrong draft went out sure=yes"
    assert "No. 2 was recalled" in words(await say_as_moderator(club, recalled))
    again = await club.say("Mo", recalled, moderator=True)
    assert again.failed
    assert "No. 2 is already recalled" in words(again)
    assert (await edition_numbered(club)).state == "published"
    await say_as_moderator(club, recalled.replace("recall", "recall No. 1"))
    assert (await edition_numbered(club)).state == "recalled"
    for line in (FIX, recalled):
        assert "The latest, No. 2, was recalled" in words(await club.say("Mo", line, moderator=True))
