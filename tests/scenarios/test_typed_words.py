"""Words typed as people type them, as the same conversation on every platform."""

from __future__ import annotations

from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers


async def test_what_was_meant_is_understood_and_kept(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    root = await stage.enter("Root", "admin")
    await root.say("/clubadmin topics add Agents")
    await barbara.say("/paper vote 1")
    assert "Your vote for #1 was taken back" in await barbara.say("/paper vote 1 back")
    await barbara.say("/club nominate 2")
    assert "no longer nominated" in await barbara.say("/club nominate 2 undo")
    asked = await ada.say("/paper submit topic=Agent 2012.12877")
    assert "There is no topic “Agent”" in asked
    assert "is on the list" in await ada.press("Agents")
    assert "Robots" in await root.say("/clubadmin topics rename Agents Robots")
    assert "Which paper is your question about?" in await ada.say("/paper ask What is attention?")
    assert "Papers by Vaswani" in await ada.say("/paper find author=Vaswani"), "an author needs no other words"
    await ada.say("/paper discuss 1")
    shown = await ada.say("/paper show 1")
    assert stage.name == "console" or "open the thread" in shown, "not the name of the workspace"


async def test_the_text_of_an_unknown_command_is_shown_again(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    text = "that the second table contradicts what the abstract says about it"
    if stage.name == "discord":
        return  # it offers the commands that there are, and sends no other
    shown = await ada.say(f"/paper zzgrmpf {text}")
    assert "There is no command" in shown
    assert text in shown.replace("\n│   ", " ")
    assert "what you typed" in shown
