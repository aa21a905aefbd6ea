"""What the club says about editions and papers is true, as the same conversation on every platform."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.domain.models import Room
from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness


@pytest.mark.slow
async def test_an_edition_without_a_due_time_is_published_when_the_moderator_says(
    stage: Stage, played_in: Harness
) -> None:
    _, barbara = await with_papers(stage)
    assert "no time set yet" in await barbara.say("/edition draft")
    asked = await barbara.say("/edition approve")
    assert "When should No. 1 be published?" in asked
    await stage.settle()
    assert "Attention" not in await stage.channel_text("digest"), "asking posts nothing"
    assert "0 of 1 approval" in await barbara.say("/edition draft"), "asking approves nothing"
    asked = await barbara.say("/edition approve")
    day = played_in.clock() + timedelta(days=1)
    later = await barbara.press(f"{day:%a} {day.day} {day:%b %Y}, 09:00 (UTC)")
    assert "No. 1 is approved" in later
    assert "09:00" in later
    await stage.settle()
    assert "Attention" not in await stage.channel_text("digest")
    await barbara.say("/edition unapprove")
    assert "It is being posted now" in await barbara.say("/edition approve now")
    await publish(stage, played_in)
    assert "Attention" in await stage.channel_text("digest")


async def test_choose_a_time_opens_a_form_for_any_other_time(stage: Stage, played_in: Harness) -> None:
    _, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    await barbara.say("/edition approve")
    day = played_in.clock() + timedelta(days=2)
    stood, shown = await barbara.fill("Choose a time…", "When", f"{day:%Y-%m-%d} 18:30")
    assert stood == "", "no time is proposed"
    assert "No. 1 is approved" in shown
    assert f"{day:%a} {day.day} {day:%b %Y}, 18:30" in shown
    await stage.settle()
    assert "Attention" not in await stage.channel_text("digest"), "it waits for its time"


@pytest.mark.slow
async def test_what_is_overdue_is_called_overdue(stage: Stage, played_in: Harness) -> None:
    _, barbara = await with_papers(stage)
    root = await stage.enter("Root", "admin")
    await root.say("/clubadmin settings at_deadline hold")
    played_in.clock.advance(days=6)
    await publish(stage, played_in)
    draft = await barbara.say("/edition draft")
    assert "due Mon 8 Dec 2025, 09:00" in draft
    played_in.clock.advance(days=1, minutes=5)
    await publish(stage, played_in)
    await stage.settle()
    overdue = "overdue since Mon 8 Dec 2025, 09:00"
    posted = await stage.channel_text("moderators")
    assert "No. 1 is overdue" in posted
    assert "was due Mon 8 Dec 2025, 09:00" in posted
    if stage.name != "console":  # a terminal prints each state once
        assert overdue in posted, "the draft's card says it too"
    assert overdue in await barbara.say("/edition draft")
    grace = await stage.enter("Grace")
    assert overdue in await grace.say("/my home")
    waits = "was due Mon 8 Dec, 09:00, and is waiting for a moderator’s approval"
    for line in ("/help", "/digest latest", "/paper submit 1909.09157"):
        assert waits in await grace.say(line), line
    checked = await root.say("/clubadmin doctor")
    in_one_line = " ".join(checked.replace("│", " ").split())  # a terminal breaks long lines
    assert f"{overdue} (UTC); it is waiting for a moderator’s approval" in in_one_line


async def test_before_setup_a_paper_is_kept_and_its_card_comes_to_its_channel_later(
    stage: Stage, played_in: Harness
) -> None:
    async with played_in.app.store.begin(1) as db:
        await db._session.execute(delete(Room))
    stage.spoken_in = "digest"
    ada, root = await stage.enter("Ada"), await stage.enter("Root", "admin")
    assert "on the list" in await ada.say("/paper submit 1706.03762")
    assert "Attention" not in await stage.channel_text("papers")
    stage.spoken_in = "papers"
    assert "The card of 1 paper on the list will appear" in await root.say(
        "/clubadmin channels papers " + ("papers" if stage.name == "console" else "")
    )
    await stage.settle()
    assert "Attention" in await stage.channel_text("papers")


@pytest.mark.slow
async def test_publish_now_is_one_more_press_and_a_recalled_edition_is_named(stage: Stage, played_in: Harness) -> None:
    _, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    await barbara.say("/edition approve")
    assert "It is being posted now" in await barbara.press("Publish now")
    await publish(stage, played_in)
    assert "Attention" in await stage.channel_text("digest")
    await barbara.say("/edition recall 1 why=the wrong draft went out sure=yes")
    grace = await stage.enter("Grace")
    for line in ("/digest latest", "/digest list", "/digest read 1"):
        read = await grace.say(line)
        assert "was recalled" in read, line
        assert "no edition yet" not in read, line
