"""The acts that reach into many tables, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from tests.features.conversation import (
    ATTENTION,
    DISTIL,
    HALL,
    bring,
    code_in,
    connect,
    mods_room,
    numbered,
)
from tests.stand_ins import open_harness, words


async def test_connect_link_merge_and_undo(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await mods_room(club)
        await connect(club)
        await bring(club, "Zoe", ATTENTION)
        await bring(club, "Ada", DISTIL)
        for name, line, where in (
            ("Ada", "/paper vote 1", {}),
            ("lovelace", "/paper vote 1", HALL),
            ("lovelace", "/paper vote 2", HALL),
            ("lovelace", "/my note 1 by night", HALL),
            ("lovelace", "/my note 2 of it too", HALL),
            ("lovelace", "/paper discuss 1", HALL),
            ("Cy", "/paper vote 2", {}),
        ):
            await club.say(name, line, **where)
        await club.say("Ada", "/my note 1 by day")
        code = code_in(await club.say("Ada", "/my link"))
        linked = await club.say("lovelace", f"/my link {code}", **HALL)
        assert not linked.failed, linked.card
        assert ((await numbered(club, 1)).votes, (await numbered(club, 2)).votes) == (1, 1)
        merged = await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
        assert not merged.failed, merged.card
        assert (await numbered(club, 1)).votes == 2
        assert "by day\\nby night\\nof it too" in words(await club.say("Ada", "/my note 1"))
        undone = await club.say("Mo", "/curate restore 2", moderator=True)
        assert not undone.failed, undone.card
        assert ((await numbered(club, 1)).votes, (await numbered(club, 2)).votes) == (1, 1)
        assert "by day\\nby night'" in words(await club.say("Ada", "/my note 1"))
        left = await club.say("Boss", "/clubadmin disconnect sure=yes", admin=True, **HALL)
        assert not left.failed, left.card
        queue = await club.say("Mo", "/curate queue", moderator=True)
        assert "New (2)" in words(queue)
