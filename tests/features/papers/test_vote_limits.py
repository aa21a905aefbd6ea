"""A club with a limit of votes: what uses one, and what returns it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App, Requester
from bot.chat.gateway import Location
from bot.dispatch import answer
from tests.features.conversation import ATTENTION, DISTILLATION, SAFE, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, open_harness, words


@pytest.fixture
async def club(url: str, tmp_path: Path) -> AsyncIterator[Harness]:
    """A club where each member has two votes, on either database."""
    async with open_harness(tmp_path, url=url) as opened:
        await set_moderators_channel(opened)
        await opened.say("Root", "/clubadmin settings votes_per_window 2", admin=True)
        await submit_papers(opened, "Zoe", ATTENTION, DISTILLATION, SAFE)
        yield opened


async def used(club: Harness, name: str) -> str:
    return words(await club.say(name, "/my votes"))


async def test_a_duplicate_and_what_is_off_the_list_use_no_vote_up(club: Harness) -> None:
    await club.say("Ada", "/paper vote 1")
    await club.say("Ada", "/paper vote 2")
    assert (await club.say("Ada", "/paper vote 3")).failed
    await club.say("Mo", "/curate merge 1 into 2 sure=yes", moderator=True)
    assert "1 of 2" in await used(club, "Ada"), "two votes for one paper are one"
    await club.say("Mo", "/curate drop 2 spam", moderator=True)
    assert "0 of 2" in await used(club, "Ada"), "a vote that cannot be taken back is not held against anyone"
    assert not (await club.say("Ada", "/paper vote 3")).failed


async def test_votes_at_the_same_moment_keep_to_the_number(club: Harness) -> None:
    assert not (await club.say("Ada", "/paper vote 1")).failed
    reply = await asyncio.gather(*(_say(club.app, f"/paper vote {number}") for number in (2, 3)))
    assert sorted(reply) == [False, True], "one of the two is one too many"
    assert "2 of 2" in await used(club, "Ada")


async def _say(app: App, line: str) -> bool:
    """True if the command failed."""
    call = app.commands.find(line)[1]
    return [
        given.failed async for given in answer(app, call, Requester("ada", "Ada"), Location("wall", "W1", "papers"))
    ][-1]
