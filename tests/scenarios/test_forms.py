"""Forms: their mistakes, on Discord in one message that opens them again, and what was typed into them."""

from __future__ import annotations

import pytest

from tests.protocol.discord_server.permissions import MANAGE_GUILD
from tests.scenarios.discord_stage import discord_stage
from tests.scenarios.stages import Stage
from tests.stand_ins import Harness


async def test_every_mistake_is_named_once_and_the_form_opens_again(played_in: Harness) -> None:
    async with discord_stage(played_in) as stage:
        root = stage.guild.member("Root", permissions=MANAGE_GUILD)
        wizard = await root.command("/clubadmin setup", stage.rooms["papers"])
        form = (await root.click(wizard, "Fill in a form")).form
        assert form.title == "Set up the club"
        assert form.prefilled["Time zone"] == "UTC"
        seen = await root.submit_modal(form, {"Time zone": "Atlantis", "When editions are due": "someday"})
        await stage.settle()
        assert "2 things to correct" in seen.text
        assert "no time zone “Atlantis”" in seen.text
        again = (await root.click(seen, "Change and try again")).form
        assert again.prefilled["Time zone"] == "Atlantis"
        assert again.prefilled["When editions are due"] == "someday"
        stage.check()


async def test_a_form_opened_from_a_button_knows_its_paper(played_in: Harness) -> None:
    async with discord_stage(played_in) as stage:
        ada = stage.guild.member("Ada")
        await ada.command("/paper submit", stage.rooms["papers"], link="1706.03762")
        await stage.settle()
        card = next(m for m in stage.rooms["papers"].messages if "Attention Is All You Need" in m.text)
        form = (await ada.select(card, "More…", ["Report a problem"])).form
        assert "Paper" not in form.labels
        assert "#1 Attention Is All You Need" in str(form.interaction.modal)
        assert next(iter(form.find("What is wrong?").options)) == "The summary"
        seen = await ada.submit_modal(form, {"What is wrong?": "A quote"})
        await stage.settle()
        assert "moderators" in seen.text
        stage.check()


async def test_what_was_typed_is_kept_if_the_program_fails(stage: Stage, played_in: Harness) -> None:
    ada = await stage.enter("Ada")
    played_in.paper_source.error = RuntimeError("a fault of the program")
    line = "/paper submit 1706.03762 why=“so good that I type sixty characters about it, at the very least”"
    broken = await ada.say(line)
    played_in.paper_source.error = None
    assert "Something went wrong on our side" in broken
    assert "Your text is saved" in broken
    if stage.name != "console":
        stood, shown = await ada.fill("Change and try again", "Link", "1706.03762")
        assert stood == "1706.03762"
        assert "on the list" in shown
        await stage.settle()
        assert "so good that I type" in await stage.channel_text("papers")


@pytest.mark.slow
async def test_all_mistakes_of_a_call_are_named_at_once_with_those_of_the_clock_and_of_lookups(stage: Stage) -> None:
    """A date is read with the club's clock, and a paper is looked up, only when the command runs."""
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    await ada.say("/paper submit 1706.03762")
    shown = await barbara.say("/curate meeting plan 31.02.2099 16:00 minutes=3 link=foo paper=99")
    assert "4 things to correct" in shown
    for words in ("31.02.2099", "5 to 720 minutes", "A link starts with https://", "There is no paper #99"):
        assert words in shown, words
    shown = await ada.say("/paper submit 2512.12345 topic=nope")
    assert "2 things to correct" in shown, "what arXiv says of the link, and the topic"
    assert "arXiv has no paper" in shown
    assert "no topic “nope”" in shown
    shown = await barbara.say("/curate meeting plan 2020-01-01 16:00 size=-1")
    assert "2 things to correct" in shown, "the past, and a number of seats"
    shown = await barbara.say("/curate ballot open until=2020-01-01 quorum=-4 paper=99")
    assert "3 things to correct" in shown
    shown = await barbara.say("/curate member Nobody action=pause reason=why days=0")
    assert "2 things to correct" in shown
    shown = await barbara.say("/curate edit 1 theme=Vision note=Read")
    assert "2 things to correct" in shown, "it is not picked"
    assert "is planned" in await barbara.say("/curate meeting plan 2026-02-27 16:00 minutes=30 paper=1")
