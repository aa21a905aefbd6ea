"""Published editions: corrections and withdrawn quotes, in every posted copy."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.editions.model import prose
from bot.editions.model.document import from_json, sha256
from bot.editions.model.translation import words_of
from bot.editions.render import captions, feeds
from bot.editions.render.export_formats import EXPORT_FORMATS, Format
from tests.features.conversation import (
    CLUB,
    audit_entries,
    press,
    submit_papers,
)
from tests.features.edition_steps import (
    document_of,
    edition_numbered,
    publish_edition,
    say_as_moderator,
    set_up_week,
)
from tests.features.editions.posted_editions import FIX, downloaded_file, posted_copies, two_platforms
from tests.stand_ins import Harness, words


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
    line = captions.correction(made.corrections[-1], words_of(made))
    assert line == "“Attention Is All You Need”: It was no paper of ours."
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


async def test_nothing_is_corrected_that_is_not_out(club: Harness) -> None:
    await set_up_week(club)
    await submit_papers(club, "Ada")
    for line, why in ((FIX, "published no edition"), ("/edition recall x sure=yes", "published no edition")):
        answer = await club.say("Mo", line, moderator=True)
        assert answer.failed
        assert why in words(answer)


@pytest.mark.parametrize(
    "doubtful",
    [
        "It gains 97.3% BLEU.",
        "In our view it wins 99 % of all the games that people play at home.",
        "Damit schafft es 3,5 % mehr als alle Vorgänger, und das ohne jede Beschriftung.",
        "See [9].",
        "As [@2106.09685] has it.",
    ],
)
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
