"""New versions of papers, and papers that are withdrawn, while an edition is a draft and when it is out."""

from __future__ import annotations

from bot.editions.model.document import from_json, sha256
from bot.features.editions.review.paper_updates import check_for_updates
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    CLUB,
    submission_numbered,
)
from tests.features.edition_steps import (
    document_of,
    edition_numbered,
    publish_edition,
    release_new_version,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.stand_ins import Harness, words


async def test_a_new_version_changes_the_draft(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition item regenerate 1")
    release_new_version(club, abstract="Now it is about something else. It has two sentences.")
    club.clock.advance(hours=2)
    await Scheduler(club.app).tick()
    item = next(i for i in (await document_of(club)).items if i.brought == 1)
    assert item.provenance
    assert item.provenance.source == "abstract v8"
    assert item.why == ("Now it is about something else",)
    asked = list(club.paper_source.asked)
    await Scheduler(club.app).tick()
    assert club.paper_source.asked == asked, "it is not asked about again at once"


async def test_a_withdrawn_paper_leaves_the_draft_even_an_approved_one(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule wed 10:00")
    await say_as_moderator(club, "/edition approve")
    release_new_version(club, withdrawn=True)
    club.clock.advance(hours=2)
    await check_for_updates(club.app, CLUB)
    made = await edition_numbered(club)
    assert (made.state, submission_numbers(from_json(made.document))) == ("approved", [2, 3])
    assert made.sha == sha256(made.document)
    await club.delivery_worker.drain()
    assert any("It stays approved, but something is missing" in words(card) for card in club.gateway.cards("mods")), (
        "in a new post"
    )
    assert (await submission_numbered(club, 1)).state == "new"
    async with club.app.store.read(CLUB) as db:
        assert await db.submissions.edition_item((await submission_numbered(club, 1)).id) is None, "it is given back"
    club.clock.advance(days=2)
    for _ in range(2):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    assert (await edition_numbered(club)).state == "published"


async def test_after_publishing_a_new_version_adds_a_note_once(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    release_new_version(club)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    await check_for_updates(club.app, CLUB)
    [fix] = (await document_of(club)).corrections
    assert "v8" in fix.say
    release_new_version(club, withdrawn=True)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    assert "withdrawn" in (await document_of(club)).corrections[-1].say
