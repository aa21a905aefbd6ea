"""What the club says about editions and papers is true, as the same conversation on every platform."""

from __future__ import annotations

from datetime import timedelta

from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness


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
