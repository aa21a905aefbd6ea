"""A club that counts votes: what uses one up, and what gives it back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App, Requester
from bot.chat.gateway import Location
from bot.dispatch import answer
from tests.features.conversation import ATTENTION, DISTIL, SAFE, bring, mods_room
from tests.stand_ins import Harness, open_harness, words


@pytest.fixture
async def club(url: str, tmp_path: Path) -> AsyncIterator[Harness]:
    """A club where each member has two votes, on either database."""
    async with open_harness(tmp_path, url=url) as opened:
        await mods_room(opened)
        await opened.say("Root", "/clubadmin settings votes_per_window 2", admin=True)
        await bring(opened, "Zoe", ATTENTION, DISTIL, SAFE)
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
    said = await asyncio.gather(*(_say(club.app, f"/paper vote {number}") for number in (2, 3)))
    assert sorted(said) == [False, True], "one of the two is one too many"
    assert "2 of 2" in await used(club, "Ada")


async def _say(app: App, line: str) -> bool:
    """Whether it failed."""
    call = app.commands.find(line)[1]
    return [
        given.failed async for given in answer(app, call, Requester("ada", "Ada"), Location("wall", "W1", "papers"))
    ][-1]
