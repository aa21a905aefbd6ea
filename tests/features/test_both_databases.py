"""Actions that touch many tables, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from tests.features.conversation import (
    ATTENTION,
    DISTILLATION,
    SECOND_PLACE,
    code_in,
    connect_second_platform,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import open_harness, words


async def test_connect_link_merge_and_undo(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await set_moderators_channel(club)
        await connect_second_platform(club)
        await submit_papers(club, "Zoe", ATTENTION)
        await submit_papers(club, "Ada", DISTILLATION)
        for name, line, where in (
            ("Ada", "/paper vote 1", {}),
            ("lovelace", "/paper vote 1", SECOND_PLACE),
            ("lovelace", "/paper vote 2", SECOND_PLACE),
            ("lovelace", "/my note 1 by night", SECOND_PLACE),
            ("lovelace", "/my note 2 of it too", SECOND_PLACE),
            ("lovelace", "/paper discuss 1", SECOND_PLACE),
            ("Cy", "/paper vote 2", {}),
        ):
            await club.say(name, line, **where)
        await club.say("Ada", "/my note 1 by day")
        await club.say("Mo", "/curate meeting plan thu 16:00 size=1 paper=1", moderator=True)
        for name, answer, where in (("Ada", "yes", {}), ("Cy", "yes", {}), ("lovelace", "no", SECOND_PLACE)):
            await club.say(name, f"/club rsvp {answer}", **where)
            club.clock.advance(minutes=1)
        assert "number 1 on the waiting list" in words(await club.say("Cy", "/club rsvp yes"))
        code = code_in(await club.say("Ada", "/my link"))
        linked = await club.say("lovelace", f"/my link {code}", **SECOND_PLACE)
        assert not linked.failed, linked.card
        assert ((await submission_numbered(club, 1)).votes, (await submission_numbered(club, 2)).votes) == (1, 1)
        met = words(await club.say("Cy", "/club meet"))
        assert "Coming (1 of 1 seat)" in met
        assert "waiting list" not in met, "the later answer of the two counts, and Cy has the place"
        assert "Meeting 1" in words(await club.say("Cy", "/club meetings words=attention"))
        assert not (await club.say("Cy", "/my data delete sure=yes")).failed
        assert "Nobody is coming yet" in words(await club.say("Ada", "/club meet"))
        merged = await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
        assert not merged.failed, merged.card
        assert (await submission_numbered(club, 1)).votes == 1, "of Ada; the vote of a deleted member is taken back"
        assert "by day\\nby night\\nof it too" in words(await club.say("Ada", "/my note 1"))
        undone = await club.say("Mo", "/curate restore 2", moderator=True)
        assert not undone.failed, undone.card
        assert ((await submission_numbered(club, 1)).votes, (await submission_numbered(club, 2)).votes) == (1, 0)
        assert "by day\\nby night'" in words(await club.say("Ada", "/my note 1"))
        left = await club.say("Boss", "/clubadmin disconnect sure=yes", admin=True, **SECOND_PLACE)
        assert not left.failed, left.card
        queue = await club.say("Mo", "/curate queue", moderator=True)
        assert "New (2)" in words(queue)
