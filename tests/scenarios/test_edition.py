"""The edition: from votes to its channel, as the same conversation on every platform."""

from __future__ import annotations

import json

import pytest

from bot.runtime.scheduler import Scheduler
from tests.scenarios.stages import Stage, without_ids
from tests.scenarios.test_curation import with_papers
from tests.stand_ins import Harness


async def publish(stage: Stage, played_in: Harness) -> None:
    """Run the scheduler and the delivery worker until nothing is left to do."""
    schedule = Scheduler(played_in.app)
    for _ in range(3):
        await schedule.tick()
        await stage.settle()


async def test_an_edition_is_drafted_previewed_approved_and_posted_part_by_part(
    stage: Stage, played_in: Harness
) -> None:
    _, barbara = await with_papers(stage)
    grace = await stage.enter("Grace")
    await grace.say("/paper vote 2")
    await barbara.say("/curate pick 1 theme=Where it began note=The classic")
    shown = await barbara.say("/edition draft")
    assert "Attention Is All You Need" in shown
    assert "Checks" in await barbara.say("/edition preview")
    assert "Attention" in await barbara.say("/edition preview page=3")
    assert "approved" in await barbara.say("/edition approve now")
    await publish(stage, played_in)
    posted = await stage.channel_text("digest")
    places = [posted.index(words) for words in ("Attention Is All", "Less is More", "Markovian Thinker")]
    assert places == sorted(places), "the pick first, then by votes"
    assert "The classic" in posted
    read = await grace.say("/digest latest")
    assert "No. 1" in read


async def test_a_vote_on_the_edition_shows_on_the_edition(stage: Stage, played_in: Harness) -> None:
    if stage.name == "console":
        return  # the terminal cannot press what scrolled by; it says the command
    _, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    await barbara.say("/edition approve now")
    await publish(stage, played_in)
    alan = await stage.enter("Alan")
    await alan.say("/paper vote 3")
    await stage.settle()
    assert "1 vote" in await stage.channel_text("digest")


@pytest.mark.slow
async def test_no_paper_is_in_two_editions(stage: Stage, played_in: Harness) -> None:
    ada, barbara = await with_papers(stage)
    for _ in range(2):
        await barbara.say("/edition draft")
        await barbara.say("/edition approve now")
        await publish(stage, played_in)
        played_in.clock.advance(days=1)
        await ada.say("/paper submit 2510.04618")
    second = await ada.say("/digest read 2")
    assert "Agentic Context" in second
    assert "Attention Is All" not in second


@pytest.mark.slow
async def test_what_members_suggest_is_in_the_draft(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    await ada.say("/digest suggest section=code url=https://github.com/karpathy/nanochat title=nanochat")
    assert "nanochat" in await barbara.say("/edition draft")


@pytest.mark.slow
async def test_a_preview_is_what_is_given_and_the_edition_is_taken_along(stage: Stage, played_in: Harness) -> None:
    _, barbara = await with_papers(stage)
    await barbara.say("/curate pick 1 theme=Where it began")
    await barbara.say("/edition draft")
    other = {"slack": "discord"}.get(stage.name, "slack")
    assert "is not connected here" in await barbara.say(f"/edition preview {other}")
    assert "The club has no public archive, so there is no link" in await barbara.say("/edition preview web")
    assert "<h1" in (await barbara.file())[1]
    promised: list[object] = []
    await barbara.say("/edition approve now")  # what names the reviewers
    if stage.name != "console":
        shown = await barbara.say(f"/edition preview {stage.name}")
        assert "Nothing would be cut" in shown
        assert "of 12,000 characters" in shown or "of 4,000 characters" in shown
        promised = json.loads((await barbara.file())[1])
    await publish(stage, played_in)
    assert stage.payloads("digest") == without_ids(promised)

    grace = await stage.enter("Grace")
    assert "No. 1" in await grace.say("/digest read 1 markdown")
    name, text = await grace.file()
    assert name == "edition-1.md"
    assert "## Where it began" in text
    await grace.say("/digest latest json")
    assert json.loads((await grace.file())[1])["number"] == 1
    assert "Files are sent only to you" in await grace.say("/digest read 1 markdown share=yes")


async def test_what_the_club_keeps_of_a_member_is_a_file(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 1706.03762")
    await ada.say("/my data export")
    rows = [json.loads(line) for line in (await ada.file())[1].splitlines()]
    assert "submission" in {row["table"] for row in rows}
