"""Invalid input to the edition's commands: a private sentence that explains what to do, and no change."""

from __future__ import annotations

import pytest

from bot.chat.command import Reply
from tests.features.conversation import CLUB, set_moderators_channel, submit_papers
from tests.features.edition_steps import current_edition, edition_numbered, say_as_moderator, set_up_week
from tests.stand_ins import Harness, words

MODERATORS = [
    "draft",
    "preview",
    "approve",
    "unapprove",
    "schedule now",
    "skip for fun",
]


@pytest.mark.parametrize("line", MODERATORS)
async def test_members_make_no_editions(club: Harness, line: str) -> None:
    await set_up_week(club)
    answer = await club.say("Ada", f"/edition {line}")
    assert answer.failed
    assert answer.reply is Reply.PRIVATE
    assert "moderators" in words(answer)
    assert await current_edition(club) is None


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("draft", "nothing for an edition"),
        ("preview", "There is no draft"),
        ("approve", "There is no draft"),
        ("unapprove", "There is no draft"),
        ("schedule now", "There is no draft"),
        ("skip for fun", "No edition is due"),
        ("schedule yesterday", "is in the past"),
        ("schedule soon", "is not a time"),
        ("schedule 2020-01-01 09:00", "is in the past"),
        ("draft top10", "It is one of: weekly-update, best-of"),
        ("skip", "still needs: reason"),
        ("skip " + "x" * 400, "may have at most 300 characters"),
        ("preview page=nine", "should be"),
        ("preview nine", "It is one of: slack, discord, web, markdown"),
    ],
)
async def test_moderators_are_told_what_is_wrong(club: Harness, line: str, why: str) -> None:
    await set_moderators_channel(club)
    answer = await club.say("Mo", f"/edition {line}", moderator=True)
    assert (answer.failed, answer.reply) == (True, Reply.PRIVATE)
    assert why in words(answer)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("latest", "no edition yet"),
        ("read", "no edition yet"),
        ("read 7", "no edition No. 7"),
        ("read seven", "number of an edition, such as 3"),
        ("suggest weather https://example.org", "It is one of: news, code, theme"),
        ("suggest news", "A link is missing"),
        ("suggest code not-a-link", "is not a link"),
        ("suggest news javascript:alert(1)", "start with https://"),
        ("suggest news https://user:pass@example.org", "name or a password"),
        ("suggest theme", "A title is missing"),
        ("suggest theme title=" + "x" * 200, "may have at most 150 characters"),
    ],
)
async def test_members_are_told_what_is_wrong(club: Harness, line: str, why: str) -> None:
    await set_moderators_channel(club)
    answer = await club.say("Ada", f"/digest {line}")
    assert (answer.failed, answer.reply) == (True, Reply.PRIVATE)
    assert why in words(answer)
    async with club.app.store.read(CLUB) as db:
        assert await db.suggestions.waiting() == []


async def test_a_draft_is_not_read_before_it_is_published(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    assert (await club.say("Ada", "/digest read 1")).failed
    assert "no edition yet" in words(await club.say("Ada", "/digest list"))


async def test_an_approved_edition_is_not_drafted_or_approved_again(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    sha = (await edition_numbered(club)).sha
    answer = await club.say("Mo", "/edition draft", moderator=True)
    assert answer.failed
    assert "already approved" in words(answer)
    repeat = await club.say("Mo", "/edition approve", moderator=True)
    assert not repeat.failed, "it is no mistake of the second moderator"
    assert "Nothing to change: No. 1 is already approved" in words(repeat)
    assert "It will be published Tue" in words(repeat)
    assert [button.label for button in repeat.card.buttons()] == ["Publish now", "Withdraw approval"]
    assert (await edition_numbered(club)).sha == sha


async def test_no_approval_to_take_back(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    answer = await club.say("Mo", "/edition unapprove", moderator=True)
    assert "Nobody has approved" in words(answer)


async def test_the_buttons_of_last_year_do_nothing(club: Harness) -> None:
    """A button below an old draft refers to the current edition, or says that there is none."""
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition skip not now")
    answer = await club.say("Mo", "/edition approve now", moderator=True)
    assert "There is no draft" in words(answer)


async def test_another_clubs_edition_is_not_to_be_read(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve now")
    answer = await club.say("Eve", "/digest read 1", workspace="W2")
    assert "no edition No. 1" in words(answer)
    assert (await club.say("Eve", "/edition preview", workspace="W2", moderator=True)).failed


async def test_a_member_may_not_fill_the_queue_alone(club: Harness) -> None:
    await set_moderators_channel(club)
    for n in range(20):
        assert not (await club.say("Ada", f"/digest suggest news https://example.org/{n}")).failed
    assert "20 suggestions waiting" in words(await club.say("Ada", "/digest suggest news https://example.org/20"))
    assert not (await club.say("Ben", "/digest suggest news https://example.org/20")).failed


async def test_nobody_is_asked_to_wait_for_a_room_that_is_not_there(club: Harness) -> None:
    await submit_papers(club, "Ada", "1706.03762")
    async with club.app.store.begin(CLUB) as db:
        for room in await db.rooms.all():
            await db.rooms.deactivate(room)
    await say_as_moderator(club, "/edition draft")
    assert "no channel is set" in words(await say_as_moderator(club, "/edition preview"))
