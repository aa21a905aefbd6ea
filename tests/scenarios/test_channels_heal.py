"""A channel that cannot be posted to for a while, as members and admins see it."""

from __future__ import annotations

import re

from bot.domain.models import Room
from tests.scenarios.stages import Stage
from tests.stand_ins import Harness


async def papers_room(played_in: Harness) -> Room:
    async with played_in.app.store.read(1) as db:
        return (await db.rooms.with_purpose("papers"))[0]


async def test_a_paper_is_saved_while_its_channel_is_out_of_reach_and_appears_afterwards(
    stage: Stage, played_in: Harness
) -> None:
    admin, ada = await stage.enter("Katherine", "admin"), await stage.enter("Ada")
    await admin.say("/clubadmin channels")
    room = await papers_room(played_in)
    async with played_in.app.store.begin(1) as db:
        await db.rooms.set_trouble(room.id, "I may not write there")
    said = re.sub(r"<#\d+>", "#papers", await ada.say("/paper submit 1706.03762"))  # Discord links the channel
    assert "It is saved. Its card will appear in #papers when I can post there again (I may not write there)." in said
    await stage.settle()
    assert "Attention Is All You Need" in await stage.channel_text("papers"), "it could be posted after all"
    assert (await papers_room(played_in)).trouble == ""
    assert "It is saved" not in await ada.say("/paper submit 2510.04871")
