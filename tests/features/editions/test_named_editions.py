"""Editions named by their number, however it is written; times of publication; reasons of a recall."""

from __future__ import annotations

import pytest

from bot.features.shared.editions.edition_lookup import leading_number
from tests.features.conversation import on_screen, press
from tests.features.edition_steps import (
    document_of,
    edition_numbered,
    make_draft,
    publish_edition,
    refusal,
    say_as_moderator,
    set_up_week,
)
from tests.stand_ins import Harness


@pytest.mark.parametrize(
    ("typed", "number", "rest", "is_marked"),
    [
        ("1", 1, "", False),
        ("#12", 12, "", True),
        ("No. 3", 3, "", True),
        ("nr 3 the wrong draft", 3, "the wrong draft", True),
        ("Nr. 3: the wrong draft", 3, "the wrong draft", True),
        ("edition 4 – too early", 4, "too early", True),
        ("Ausgabe Nr. 4", 4, "", True),
        ("3 papers are missing", 3, "papers are missing", False),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, number: int, rest: str, is_marked: bool) -> None:
    found = leading_number(typed)
    assert found is not None
    assert (found.number, found.rest, found.is_marked) == (number, rest, is_marked)


@pytest.mark.parametrize(
    "typed", ["", "nothing", "no good", "10:00", "2026-11-23 09:00", "1.5 times", "3rd time", "v2"]
)
def test_other_texts_begin_with_no_edition(typed: str) -> None:
    assert leading_number(typed) is None


async def test_a_recall_takes_the_number_for_the_edition_and_asks_for_the_reason(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    for line in ("/edition recall 1", "/edition recall No. 1", "/edition recall #1", "/edition recall reason=nr 1"):
        asked = await club.say("Mo", line, moderator=True)
        assert "Why is No. 1 recalled?" in on_screen(asked), line
        [button] = asked.card.buttons()
        assert str(button.call) == 'form "edition recall edition=1"'
    asked = await say_as_moderator(club, "/edition recall 1 it names the wrong authors")
    assert asked.card.title == "Recall No. 1?"
    assert "Reason: it names the wrong authors" in on_screen(asked)
    done = await press(club, asked, "Recall it", "Mo", moderator=True)
    assert "it names the wrong authors" in on_screen(done)
    assert (await edition_numbered(club)).state == "recalled"


async def test_a_number_of_no_edition_is_part_of_the_reason_unless_it_is_written_as_one(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    asked = await say_as_moderator(club, "/edition recall 3 papers are missing")
    assert "Reason: 3 papers are missing" in on_screen(asked)
    refused = await refusal(club, "/edition recall No. 3 oops")
    assert "There is no published edition No. 3" in refused
    assert "Published: No. 1." in refused
    assert "no published edition No. 7" in await refusal(club, "/edition recall 7")


async def test_commands_about_the_draft_take_its_number_and_refuse_another(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(hours=1)
    await say_as_moderator(club, "/paper submit 2009.03393")
    await say_as_moderator(club, "/edition draft No. 2")
    assert "Preview of No. 2" in on_screen(await say_as_moderator(club, "/edition preview 2"))
    assert "Markdown" in on_screen(await say_as_moderator(club, "/edition preview No. 2 markdown"))
    refused = await club.say("Mo", "/edition approve 1 tomorrow 10:00", moderator=True)
    assert refused.card.title == "No. 1 is already published"
    assert "The draft is No. 2." in on_screen(refused)
    done = await press(club, refused, "Use the draft, No. 2", "Mo", moderator=True)
    assert "No. 2 is approved" in on_screen(done)
    assert "10:00" in on_screen(done)
    assert "There is no edition No. 9" in await refusal(club, "/edition unapprove 9")
    assert "No. 2 is a draft again" in on_screen(await say_as_moderator(club, "/edition unapprove nr 2"))
    assert "Why is No. 2 skipped?" in await refusal(club, "/edition skip 2")
    assert "There is no edition No. 5" in await refusal(club, "/edition skip No. 5 a holiday")
    assert "a holiday" in on_screen(await say_as_moderator(club, "/edition skip 2 a holiday"))


async def test_a_correction_and_a_reader_may_name_the_edition_first(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    answer = await say_as_moderator(club, '/edition correct No. 1 title "Second looks" "It had the wrong name."')
    assert "No. 1 was corrected" in on_screen(answer)
    document = await document_of(club)
    assert document.title == "Second looks"
    assert document.corrections[-1].say == "It had the wrong name."
    assert "Second looks" in on_screen(await say_as_moderator(club, "/digest read No. 1"))
    assert "number of an edition, such as 3; not “x1”" in on_screen(await club.say("Ada", "/digest read x1"))


async def test_a_typed_time_says_what_it_changed_and_which_hour_was_filled_in(club: Harness) -> None:
    await make_draft(club)
    first = await say_as_moderator(club, "/edition schedule tomorrow")
    assert "the club’s usual one, 09:00" in on_screen(first)
    then = await say_as_moderator(club, "/edition approve wed 10:00")
    assert "Its time was changed from Tue 2 Dec 2025, 09:00" in on_screen(then)
    assert "to Wed 3 Dec 2025, 10:00" in on_screen(then)
    again = await say_as_moderator(club, "/edition schedule wed 10:00")
    assert "was changed" not in on_screen(again), "nothing changed"
