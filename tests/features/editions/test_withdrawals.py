"""A paper is withdrawn at its source: detected before publication, shown wherever the paper is, and reverted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from bot.editions.model.document import from_json
from bot.editions.render import bibliography, feeds
from bot.errors import Unavailable
from bot.features.editions.review.paper_updates import check_for_updates
from bot.features.shared.papers import withdrawals
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    audit_entries,
    press,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.features.edition_steps import (
    AGENTS,
    THEOREMS,
    document_of,
    edition_numbered,
    publish_edition,
    release_new_version,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.runtime.schedule_steps import tick
from tests.stand_ins import Harness, open_harness, words

NOTE = "This submission has been withdrawn by arXiv administrators due to a copyright claim"


def withdraw_at_source(club: Harness) -> None:
    """arXiv's administrators withdraw #1 now."""
    release_new_version(club, withdrawn=True, comment=NOTE, updated=club.clock())


async def test_what_was_withdrawn_before_the_draft_is_not_in_it(club: Harness) -> None:
    await set_up_week(club)
    club.clock.advance(days=1)
    withdraw_at_source(club)
    await say_as_moderator(club, "/edition draft")
    assert submission_numbers(await document_of(club)) == [2, 3]


async def test_what_was_withdrawn_after_the_draft_stops_the_approval(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    club.clock.advance(minutes=10)
    withdraw_at_source(club)
    answer = await club.say("Mo", "/edition approve now", moderator=True)
    assert answer.failed
    assert "#1 was withdrawn by arXiv’s administrators on 1 Dec 2025" in words(answer)


async def test_what_was_withdrawn_within_the_last_half_hour_is_not_posted(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    await tick(club, hours=24, minutes=40)
    withdraw_at_source(club)
    await tick(club, minutes=20)
    assert (await edition_numbered(club)).state == "published"
    assert submission_numbers(await document_of(club)) == [2, 3]
    assert "Attention" not in words([card for card in club.gateway.cards("digest") if "arXiv" in words(card)])
    assert "Attention Is All You Need" not in words(club.gateway.cards("digest"))


async def test_the_clock_lets_no_withdrawn_paper_out(club: Harness) -> None:
    await set_up_week(club)
    await tick(club)
    await tick(club, days=6)
    assert submission_numbers(await document_of(club)) == [2, 3, 1]
    club.clock.advance(hours=23, minutes=58)
    withdraw_at_source(club)
    await tick(club, minutes=2)
    assert (await edition_numbered(club)).state == "published"
    assert submission_numbers(await document_of(club)) == [2, 3]


async def test_an_edition_all_of_whose_papers_are_withdrawn_is_skipped_by_its_number(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule wed 10:00")
    await say_as_moderator(club, "/edition approve")
    club.clock.advance(hours=20)
    withdraw_at_source(club)
    await tick(club, hours=3)
    await tick(club, days=2)
    [told] = [card for card in club.gateway.cards("mods") if "skipped" in card.title]
    assert told.title == "No. 1 was skipped"
    assert "No. -" not in words([card for _, card in (*club.gateway.posts, *club.gateway.edits)])


async def test_without_an_answer_it_is_told_since_when_nothing_was_asked(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    club.clock.advance(hours=3)
    club.paper_source.error = Unavailable("arXiv cannot be asked right now.")
    answer = await say_as_moderator(club, "/edition approve now")
    assert "I do not know whether any has been withdrawn since Mon 1 Dec 2025, 09:00 (UTC)" in words(answer)
    assert "the papers were last checked Mon 1 Dec 2025, 09:00" in words(
        await say_as_moderator(club, "/edition preview")
    )


async def test_a_known_paper_that_is_submitted_again_is_asked_about_again(club: Harness) -> None:
    await set_up_week(club)
    club.clock.advance(days=1)
    withdraw_at_source(club)
    answer = await club.say("Cy", f"/paper submit {ATTENTION}")
    assert answer.failed
    assert "was withdrawn by arXiv’s administrators on 2 Dec 2025" in words(answer)
    assert (await submission_numbered(club, 1)).paper.withdrawn


async def test_it_is_shown_where_readers_and_voters_look_and_told_to_who_submitted_it(club: Harness) -> None:
    await set_up_week(club)
    club.clock.advance(days=2)
    withdraw_at_source(club)
    await check_for_updates(club.app, CLUB)
    await club.delivery_worker.drain()
    answer = "withdrawn by arXiv’s administrators on 3 Dec 2025"
    for line in ("/paper show 1", "/paper top", "/paper vote 1"):
        shown = words(await club.say("Cy", line))
        assert answer.removeprefix("withdrawn") in shown, line
    assert "copyright claim" in words(await club.say("Cy", "/paper show 1"))
    redrawn = [card for where, card in club.gateway.edits if where.room == "papers"]
    assert any("arXiv’s administrators" in words(card) for card in redrawn)
    assert [person for person, card in club.gateway.direct_messages if "was withdrawn" in card.title] == ["ada", "cy"]
    assert any(card.title == "#1 was withdrawn" for card in club.gateway.cards("mods")), "in a new post"
    assert "Withdrawn by arXiv" in words(await club.say("Cy", "/paper cite 1"))
    await withdrawals.record_withdrawals(club.app, CLUB)
    await club.delivery_worker.drain()
    assert len([card for card in club.gateway.cards("mods") if card.title == "#1 was withdrawn"]) == 1


async def test_a_withdrawal_after_publishing_marks_the_item_the_feed_and_the_references(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    came_out = (await edition_numbered(club)).published_at
    assert came_out
    club.clock.advance(days=2)
    withdraw_at_source(club)
    await check_for_updates(club.app, CLUB)
    await club.delivery_worker.drain()
    made = await document_of(club)
    [fix] = made.corrections
    assert "withdrawn by arXiv’s administrators on 3 Dec 2025, after this edition came out." in fix.say
    assert NOTE in fix.say
    item = next(candidate for candidate in made.items if candidate.brought == 1)
    post = [card for where, card in club.gateway.edits if where.room == "digest" and card.title == item.title][-1]
    assert "arXiv’s administrators" in words(post)
    entry = feeds.item_entry(made, item, feeds.club_id(1, came_out), came_out)
    assert "arXiv’s administrators" in entry.html
    assert entry.updated == club.clock()
    for text in (
        bibliography.bibtex(made),
        bibliography.ris(made),
        json.dumps(json.loads(bibliography.csl_json(made))),
    ):
        assert "ithdrawn by" in text


async def test_it_is_noticed_also_after_a_year(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=370)
    withdraw_at_source(club)
    for _ in range(8 * 24):
        club.clock.advance(hours=1)
        if (await document_of(club)).corrections:
            break
        await check_for_updates(club.app, CLUB)
    assert "was withdrawn" in (await document_of(club)).corrections[0].say


async def test_a_newer_good_version_clears_the_mark(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=2)
    withdraw_at_source(club)
    await check_for_updates(club.app, CLUB)
    release_new_version(
        club, withdrawn=False, comment="The lemma is right now.", updated=club.clock() + timedelta(days=1)
    )
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    assert not (await submission_numbered(club, 1)).paper.withdrawn
    assert "withdrawn" not in words(await club.say("Cy", "/paper show 1")).lower()
    assert "has a new version, v9" in (await document_of(club)).corrections[-1].say
    verbs = [act.verb for act in await audit_entries(club) if act.verb.startswith("source")]
    assert verbs == ["source-reinstated", "source-withdrawn"]
    assert len((await document_of(club)).corrections) == 2
    await check_for_updates(club.app, CLUB)
    assert len((await document_of(club)).corrections) == 2, "each is said once"


async def test_what_was_added_by_hand_is_looked_after_too(club: Harness) -> None:
    await submit_papers(club, "Ada", DISTILLATION)
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    record = club.paper_source._by_id[THEOREMS]
    await say_as_moderator(club, f"/edition item add paper {THEOREMS}")
    await say_as_moderator(club, f'/edition item add paper {AGENTS} title="A title of our own"')
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    release_new_version(club, id=THEOREMS, withdrawn=True, comment="Withdrawn by the authors")
    await tick(club, days=1, hours=1)
    out = await edition_numbered(club)
    assert out.state == "published"
    assert record.title not in [item.title for item in from_json(out.document).items]
    release_new_version(club, id=AGENTS, withdrawn=True, comment="Withdrawn by the authors")
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    assert "“A title of our own” was withdrawn by its authors" in (await document_of(club)).corrections[-1].say


async def test_nothing_withdrawn_is_added_by_hand(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    release_new_version(club, id=THEOREMS, withdrawn=True, comment="Withdrawn by the authors")
    for line in (f"/edition item add paper {THEOREMS}", f'/edition item add paper {THEOREMS} title="Another title"'):
        answer = await club.say("Mo", line, moderator=True)
        assert answer.failed
        assert "was withdrawn by its authors" in words(answer)


async def test_a_withdrawal_that_clears_approvals_asks_for_them_in_a_new_post(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve now")
    club.clock.advance(hours=2)
    withdraw_at_source(club)
    await check_for_updates(club.app, CLUB)
    await club.delivery_worker.drain()
    asked = [card for card in club.gateway.cards("mods") if "was drafted again" in card.title]
    assert "Its approvals were removed. Please approve it again." in words(asked)
    await press(club, asked[-1], "Approve", "Mo", moderator=True)


async def test_a_withdrawal_a_quote_and_a_recall(url: str, tmp_path: Path) -> None:
    async with open_harness(tmp_path, url=url) as club:
        await set_up_week(club)
        await club.say("Ada", '/my quote 2 words="A thing I said"')
        await publish_edition(club)
        club.clock.advance(days=70)
        release_new_version(club, withdrawn=True, updated=club.clock(), comment="Withdrawn by the authors")
        for _ in range(29):  # a week, since older editions are looked at once a week
            club.clock.advance(hours=6)
            await check_for_updates(club.app, CLUB)
            if (await document_of(club)).corrections:
                break
        assert "was withdrawn by its authors" in (await document_of(club)).corrections[0].say
        assert (await submission_numbered(club, 1)).paper.withdrawn
        assert [act.verb for act in await audit_entries(club) if act.verb.startswith("source")] == ["source-withdrawn"]
        async with club.app.store.read(CLUB) as db:
            assert await db.editions.containing_text("A thing I said") == [1]
        await club.say("Ada", "/my data delete sure=yes")
        assert "A thing I said" not in str((await edition_numbered(club)).document)
        await say_as_moderator(club, "/edition recall oops sure=yes")
        assert "No. 1 was recalled on" in words(await club.say("Ben", "/digest list"))
        await say_as_moderator(club, "/edition draft")
        assert 1 not in submission_numbers(await document_of(club, 2))
