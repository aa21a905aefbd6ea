"""Published editions: corrections, recalls, withdrawn quotes and new versions, in every posted copy."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.chat.cards import File
from bot.dispatch import AnswerCard
from bot.domain.models import Delivery, DeliveryKind
from bot.editions.model import prose
from bot.editions.model.document import from_json, sha256
from bot.editions.render import feeds
from bot.editions.render.export_formats import EXPORT_FORMATS, Format
from bot.features.editions.review.paper_updates import check_for_updates
from bot.runtime.scheduler import Scheduler
from tests.features.admin.test_channel_recovery import Guarded
from tests.features.conversation import (
    CLUB,
    SECOND_PLACE,
    audit_entries,
    connect_second_platform,
    press,
    submission_numbered,
    submit_papers,
)
from tests.features.edition_steps import (
    THEOREMS,
    document_of,
    edition_numbered,
    publish_edition,
    release_new_version,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.stand_ins import Harness, words

FIX = '/edition correct why item=1 text="It is twice as fast." erratum="We had said four times."'


async def posted_copies(club: Harness) -> list[Delivery]:
    """Channels and texts of the posted copies of a part."""
    async with club.app.store.read(CLUB) as db:
        return list(await db.deliveries.by_subject(DeliveryKind.EDITION, 1))


def downloaded_file(shown: AnswerCard) -> tuple[str, str]:
    """Name and text of the file on a card."""
    [file] = [part for part in shown.card.parts if isinstance(part, File)]
    return file.name, file.content


async def two_platforms(club: Harness) -> None:
    """A published edition in a club that lives on two platforms."""
    await set_up_week(club)
    await connect_second_platform(club)
    answer = await club.say("Boss", "/clubadmin channels digest lounge", admin=True, **SECOND_PLACE)
    assert not answer.failed, answer.card
    await publish_edition(club)


async def test_a_correction_reaches_every_copy_on_both_platforms_and_the_feeds(club: Harness) -> None:
    await two_platforms(club)
    before = await edition_numbered(club)
    old, born = from_json(before.document), before.published_at
    assert born
    club.clock.advance(hours=1)
    answer = await say_as_moderator(club, FIX)
    assert "Posted copies that will be updated: 10" in words(answer)
    hall = club.app.gateways["hall"]
    for wall in (club.gateway, hall):
        drawn = [card for _, card in wall.edits]  # type: ignore[attr-defined] # both are walls
        assert any("It is twice as fast." in words(card) for card in drawn)
        assert any("We had said four times." in words(card) for card in drawn)
    after = await edition_numbered(club)
    new = from_json(after.document)
    assert (after.sha, after.revision) == (sha256(after.document), before.revision + 1)
    entry, two = (feeds.edition_entry(d, feeds.club_id(1, born), born) for d in (old, new))
    assert (entry.id, entry.published) == (two.id, two.published)
    assert two.updated == club.clock() > entry.updated
    item = next(i for i in new.items if i.brought == 1)
    changed = [feeds.updated_at(new, born, key=i.key) == club.clock() for i in new.items]
    assert changed == [i.key == item.key for i in new.items], "the other items of the feed did not change"


async def test_what_was_frozen_is_kept_byte_for_byte(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    frozen = await edition_numbered(club)
    await say_as_moderator(club, FIX)
    await say_as_moderator(club, '/edition correct headline text="Better" erratum="A better headline."')
    async with club.app.store.read(CLUB) as db:
        first, second = await db.editions.versions(frozen.id)
    assert (first.document, first.sha) == (frozen.document, frozen.sha)
    assert sha256(second.document) == second.sha != first.sha
    assert [act.verb for act in await audit_entries(club)][:2] == ["correct", "correct"]
    assert [fix.say for fix in (await document_of(club)).corrections] == [
        "We had said four times.",
        "A better headline.",
    ]


async def test_a_long_correction_goes_on_in_a_post_at_the_end_and_keeps_the_others_in_place(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    before = {delivery.part: delivery.submission_id for delivery in await posted_copies(club)}
    long = " ".join(["It is long and says much of what it says again."] * 90)
    await say_as_moderator(club, f'/edition correct insights item=1 text="{long}" erratum="More of it."')
    after = {delivery.part: delivery.submission_id for delivery in await posted_copies(club)}
    assert len(after) > len(before)
    tallies = [part for part, id in after.items() if id]
    assert len(tallies) == 3, "every paper has its tally once"
    assert {part: id for part, id in after.items() if part in before and id and id == before[part]}
    await say_as_moderator(club, '/edition correct insights item=1 text="Short." erratum="Less of it."')
    assert any("This part was removed" in words(card) for _, card in club.gateway.edits)
    assert len(await posted_copies(club)) == len(after), "nothing is posted twice"


async def test_a_quote_must_stand_in_the_paper_here_too(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    line = '/edition correct passages item=1 text="> attention is all that anybody needs" erratum=No'
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert (await document_of(club)).corrections == ()


async def test_a_report_leads_to_the_correction(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await club.say("Ada", "/paper report 1 author We have moved the code.")
    case = club.gateway.cards("mods")[-1]
    button = next(button for button in case.buttons() if button.label == "Correct…")
    assert button.call.command == "edition correct"
    assert dict(button.call.named) == {"item": "1", "edition": "1"}


async def test_a_recalled_edition_is_a_notice_wherever_it_stood(club: Harness) -> None:
    await two_platforms(club)
    asked = await say_as_moderator(club, "/edition recall the wrong draft went out")
    assert (await edition_numbered(club)).state == "published"
    await press(club, asked, "Recall it", "Mo", moderator=True)
    assert (await edition_numbered(club)).state == "recalled"
    hall = club.app.gateways["hall"]
    for wall in (club.gateway, hall):
        last = [card for where, card in wall.edits if where.room in ("digest", "lounge")][-5:]  # type: ignore[attr-defined] # both are walls
        assert {card.title for card in last} == {"No. 1 was recalled"}
        assert "the wrong draft went out" in words(last)
    for line in ("/digest latest", "/digest list", "/digest read 1"):
        assert "No. 1 was recalled on 1 Dec 2025: the wrong draft went out" in words(await club.say("Ada", line)), line
    for line in ("/digest read 1", "/digest read 1 json", "/digest latest json"):
        assert (await club.say("Ada", line)).failed, line
    assert not [delivery for delivery in await posted_copies(club) if delivery.submission_id]


async def test_the_papers_of_a_recalled_edition_may_come_again(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await say_as_moderator(club, "/edition recall oops again=yes sure=yes")
    for number in (1, 2, 3):
        await say_as_moderator(club, f"/curate pick {number}")
    await say_as_moderator(club, "/edition draft")
    assert (await edition_numbered(club, 2)).state == "draft"
    assert sorted(submission_numbers(await document_of(club, 2))) == [1, 2, 3]


async def test_a_recall_gives_the_papers_and_the_window_back(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=1)
    assert not (await club.say("Cy", "/paper vote 3")).failed
    asked = await say_as_moderator(club, "/edition recall the wrong draft went out")
    done = await press(club, asked, "Recall it", "Mo", moderator=True)
    assert "count for the next edition again" in words(done)
    top = words(await club.say("Ada", "/paper top"))
    assert "#2" in top
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club, 2)
    assert {item.brought: item.votes for item in made.items} == {1: 1, 2: 2, 3: 1}, "votes cast before count again"
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    latest = words(await club.say("Ada", "/digest latest"))
    assert "recalled" not in latest, "a later one is out"
    listed = words(await club.say("Ada", "/digest list"))
    assert "No. 2" in listed
    assert "No. 1 was recalled on 2 Dec 2025: the wrong draft went out" in listed


async def test_an_edition_recalled_after_a_later_one_gives_its_papers_and_their_votes_back(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", THEOREMS)
    await club.say("Ben", "/paper vote 4")
    await publish_edition(club)
    club.clock.advance(days=1)
    await say_as_moderator(club, "/edition recall the wrong draft went out edition=1 sure=yes")
    top = words(await club.say("Ada", "/paper top"))
    assert top.index("#2 ") < top.index("#1 ")
    assert "('Votes since the last edition', '2')" in words(await club.say("Ada", "/paper why 2"))
    await say_as_moderator(club, "/edition draft")
    assert {item.brought: item.votes for item in (await document_of(club, 3)).items} == {1: 1, 2: 2, 3: 0}
    for line in (
        FIX + " edition=1",
        "/edition recall again edition=1 sure=yes",
        "/edition recall No. 1 again sure=yes",
    ):
        assert "No. 1 was recalled" in words(await club.say("Mo", line, moderator=True)), line
    assert "recalled" not in words(await club.say("Ada", "/digest latest"))
    await publish_edition(club)
    club.clock.advance(days=1)
    assert "#1 " not in words(await club.say("Ada", "/paper top"))


async def test_an_edition_whose_channel_refuses_it_can_be_corrected_and_recalled(club: Harness) -> None:
    await set_up_week(club)
    wall = Guarded()
    club.add(wall)
    await say_as_moderator(club, "/edition draft")
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await say_as_moderator(club, "/edition draft")
    wall.shut = frozenset({"digest"})
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    assert (await edition_numbered(club)).state == "approved"
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    assert (await document_of(club)).corrections == (), "nobody has read it"
    assert "Correction 1 to No. 1" in words(await say_as_moderator(club, FIX.replace("item=1", "item=2")))
    await say_as_moderator(club, '/edition correct drop item=3 erratum="It was no paper of ours."')
    wall.shut = frozenset()
    club.clock.advance(hours=1)
    for _ in range(2):
        await club.delivery_worker.drain()
        await Scheduler(club.app).tick()
    posted = wall.cards("digest")
    assert "It is twice as fast." in words(posted)
    for gone in ("Too bold", "This part was removed"):
        assert gone not in words(posted), gone
    assert [card.title for card in posted].count(
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale"
    ) == 0


async def test_an_edition_that_is_recalled_before_its_channel_takes_it_is_never_posted(club: Harness) -> None:
    await set_up_week(club)
    wall = Guarded()
    club.add(wall)
    wall.shut = frozenset({"digest"})
    await publish_edition(club)
    await club.delivery_worker.drain()
    await say_as_moderator(club, "/edition recall the wrong draft went out sure=yes")
    wall.shut = frozenset()
    for _ in range(4):
        club.clock.advance(hours=1)
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    assert wall.cards("digest") == []
    assert (await edition_numbered(club)).state == "recalled"
    await say_as_moderator(club, "/edition draft")
    assert sorted(submission_numbers(await document_of(club, 2))) == [1, 2, 3]


async def test_the_papers_of_a_recalled_edition_can_be_kept_out(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await say_as_moderator(club, "/edition recall oops again=no sure=yes")
    answer = await club.say("Mo", "/edition draft", moderator=True)
    assert answer.failed


async def test_corrections_are_counted_from_one_name_the_paper_and_mark_the_item(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    for number in range(4):
        await say_as_moderator(club, f'/edition write headline text="Headline {number}"')
    await publish_edition(club)
    answer = words(await say_as_moderator(club, FIX))
    assert "Correction 1 to No. 1" in answer
    assert "“Attention Is All You Need”: We had said four times." in answer
    again = await club.say("Mo", FIX, moderator=True)
    assert again.failed
    assert "already corrected like that" in words(again)
    assert "Correction 2 to No. 1" in words(await say_as_moderator(club, FIX.replace("twice", "thrice")))
    post = [card for where, card in club.gateway.edits if card.title == "Attention Is All You Need"][-1]
    assert "Corrected on 1 Dec 2025: We had said four times." in words(post)
    others = [card for where, card in club.gateway.edits if where.room == "digest" and "Image is Worth" in card.title]
    assert "Corrected on" not in words(others)
    await say_as_moderator(club, '/edition correct drop item=1 erratum="It was no paper of ours."')
    made = await document_of(club)
    assert made.corrections[-1].line == "“Attention Is All You Need”: It was no paper of ours."
    for form in ("markdown", "html", "email"):
        text = downloaded_file(await club.say("Ben", f"/digest read 1 {form}"))[1]
        assert "It was no paper of ours." in text
        assert "Attention Is All You Need" in text, form


async def test_what_a_member_takes_back_goes_out_of_every_copy(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await publish_edition(club)
    assert any("Too bold" in words(card) for card in club.gateway.cards("digest"))
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    made = await document_of(club)
    assert "Too bold" not in str(made)
    assert "withdrew" in made.corrections[0].say
    redrawn = [
        card for where, card in club.gateway.edits if where.room == "digest" and card.title.startswith("Attention")
    ]
    assert "Too bold" not in words(redrawn[-1])


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


async def test_who_prefers_abstracts_reads_the_edition_with_them(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await club.say("Ada", "/my prefs summaries=abstract")
    page = await club.say("Ada", "/digest read 1 page=2")
    assert "as its authors wrote it" in words(page)
    assert "Written by first-sentence" in words(await club.say("Ben", "/digest read 1 page=2"))
    for form in get_args(Format):
        name, own = downloaded_file(await club.say("Ada", f"/digest read 1 {form}"))
        other = downloaded_file(await club.say("Ben", f"/digest latest {form}"))[1]
        assert name == f"edition-1{EXPORT_FORMATS[form].extension}"
        answer = '"writer": "first-sentence"' if form == "json" else "Written by first-sentence"
        assert answer not in own, form
        assert (answer in other) == (form in ("markdown", "html", "json", "email")), form


async def test_a_recall_said_twice_recalls_no_earlier_edition(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", "2510.04399")
    await publish_edition(club)
    recalled = "/edition recall the wrong draft went out sure=yes"
    assert "No. 2 was recalled" in words(await say_as_moderator(club, recalled))
    again = await club.say("Mo", recalled, moderator=True)
    assert again.failed
    assert "No. 2 is already recalled" in words(again)
    assert (await edition_numbered(club)).state == "published"
    await say_as_moderator(club, recalled.replace("recall", "recall No. 1"))
    assert (await edition_numbered(club)).state == "recalled"
    for line in (FIX, recalled):
        assert "The latest, No. 2, was recalled" in words(await club.say("Mo", line, moderator=True))


async def test_nothing_is_corrected_that_is_not_out(club: Harness) -> None:
    await set_up_week(club)
    await submit_papers(club, "Ada")
    for line, why in ((FIX, "published no edition"), ("/edition recall x sure=yes", "published no edition")):
        answer = await club.say("Mo", line, moderator=True)
        assert answer.failed
        assert why in words(answer)


@pytest.mark.parametrize("doubtful", ["It gains 97.3% BLEU.", "See [9].", "As [@2106.09685] has it."])
async def test_what_no_source_says_is_asked_about_before_any_copy_has_it(club: Harness, doubtful: str) -> None:
    await set_up_week(club)
    await publish_edition(club)
    before = await document_of(club)
    asked = await club.say("Mo", f'/edition correct why item=1 text="{doubtful}" erratum=Better', moderator=True)
    assert asked.card.title == "Not corrected yet"
    assert (await document_of(club)) == before
    done = await press(club, asked, "Correct it anyway", "Mo", moderator=True)
    assert "was corrected" in done.card.title
    items = {item.brought: item for item in (await document_of(club)).items}
    assert doubtful in prose.plain(items[1].why)
    asked = await club.say("Mo", f'/edition correct headline text="More" erratum="{doubtful}"', moderator=True)
    assert "was corrected" in asked.card.title, "what the edition says already is not asked about again"


async def test_the_log_names_the_edition(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await say_as_moderator(club, "/edition recall oops sure=yes")
    log = words(await say_as_moderator(club, "/curate log"))
    for said in ("drafted edition 1", "approved edition 1", "recalled edition 1", "published edition 1"):
        assert said in log
    assert "revision" not in log
