"""What the club asks its database about withdrawals, recalls and names, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

from bot.features.editions.review.paper_updates import check_for_updates
from tests.features.conversation import CLUB, acts, numbered
from tests.features.edition_steps import ask, brought, document, edition, newer, published, week
from tests.stand_ins import open_harness, words


async def test_a_withdrawal_a_quote_and_a_recall(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await week(club)
        await club.say("Ada", '/my quote 2 words="A thing I said"')
        await published(club)
        club.clock.advance(days=70)
        newer(club, withdrawn=True, updated=club.clock(), comment="Withdrawn by the authors")
        for _ in range(170):
            club.clock.advance(hours=1)
            await check_for_updates(club.app, CLUB)
            if (await document(club)).corrections:
                break
        assert "was withdrawn by its authors" in (await document(club)).corrections[0].say
        assert (await numbered(club, 1)).paper.withdrawn
        assert [act.verb for act in await acts(club) if act.verb.startswith("source")] == ["source-withdrawn"]
        async with club.app.store.read(CLUB) as db:
            assert await db.editions.containing_text("A thing I said") == [1]
        await club.say("Ada", "/my data delete sure=yes")
        assert "A thing I said" not in str((await edition(club)).document)
        await ask(club, "/edition recall oops sure=yes")
        assert "No. 1 was recalled on" in words(await club.say("Ben", "/digest list"))
        await ask(club, "/edition draft")
        assert 1 not in brought(await document(club, 2))
