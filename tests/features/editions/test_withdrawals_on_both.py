"""Database queries about withdrawals, recalls and names, on SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from bot.features.editions.review.paper_updates import check_for_updates
from tests.features.conversation import CLUB, audit_entries, submission_numbered
from tests.features.edition_steps import (
    document_of,
    edition_numbered,
    publish_edition,
    release_new_version,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.stand_ins import house, words


async def test_a_withdrawal_a_quote_and_a_recall(url: str, tmp_path: Path) -> None:
    async with house(tmp_path, url=url) as club:
        await set_up_week(club)
        await club.say("Ada", '/my quote 2 words="A thing I said"')
        await publish_edition(club)
        club.clock.on(days=70)
        release_new_version(club, withdrawn=True, updated=club.clock(), comment="Withdrawn by the authors")
        for _ in range(170):
            club.clock.on(hours=1)
            await check_for_updates(club.app, CLUB)
            if (await document_of(club)).corrections:
                break
        assert "was withdrawn by its authors" in (await document_of(club)).corrections[0].say
        assert (await submission_numbered(club, 1)).paper.withdrawn
        assert [act.verb for act in await audit_entries(club) if act.verb.startswith("source")] == ["source-withdrawn"]
        async with club.app.store.read(CLUB) as db:
            assert await db.editions.having("A thing I said") == [1]
        await club.say("Ada", "/my data delete sure=yes")
        assert "A thing I said" not in str((await edition_numbered(club)).document)
        await say_as_moderator(club, "/edition recall oops sure=yes")
        assert "No. 1 was recalled on" in words(await club.say("Ben", "/digest list"))
        await say_as_moderator(club, "/edition draft")
        assert 1 not in submission_numbers(await document_of(club, 2))
