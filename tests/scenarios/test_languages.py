"""Answers in a member's language, on every platform; channels stay in the club's."""

from __future__ import annotations

from tests.scenarios.stages import Stage


async def test_a_member_is_answered_in_german_and_the_club_in_english(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    barbara = await stage.enter("Barbara", "moderator")
    assert "Deine Einstellungen" in await ada.say("/my prefs language=deutsch")
    assert "Dein Paper steht auf der Liste" in await ada.say("/paper submit 1706.03762")
    assert "In diesem Club gibt es kein Paper #99" in await ada.say("/paper vote 99")
    assert "passt zu „{x.__class__}“" in await ada.say("/paper find {x.__class__}")
    assert "No paper here matches" in await grace.say("/paper find {x.__class__}")
    await stage.settle()
    posted = await stage.channel_text("papers")
    assert "Submitted by" in posted
    assert "Eingereicht von" not in posted
    told = await barbara.say('/curate drop 1 reason="{0} off topic" tell_submitter=yes')
    assert "The submitter was told." in told
    messages = await ada.direct_messages()
    assert "wurde von der Liste entfernt" in messages
    assert "{0} off topic" in messages
    assert "Your preferences" in await ada.say("/my prefs language=english")
