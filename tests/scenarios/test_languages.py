"""Answers in a member's language, on every platform; channels stay in the club's."""

from __future__ import annotations

from bot.runtime.notification_worker import NotificationWorker
from tests.scenarios.stages import Stage
from tests.stand_ins import Harness


async def test_a_member_is_answered_in_german_and_the_club_in_english(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    barbara = await stage.enter("Barbara", "moderator")
    if stage.name != "discord":  # its app sends no unknown command
        assert "There is no command" in await ada.say("/paper fly 1")
    assert "Deine Einstellungen" in await ada.say("/my prefs language=deutsch")
    if stage.name != "discord":
        assert "Es gibt keinen Befehl" in await ada.say("/paper fly 1")
        assert "hat keine Option" in await ada.say("/my prefs colour=red")
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


async def test_a_german_club_posts_in_german_and_writes_to_a_member_in_theirs(stage: Stage, played_in: Harness) -> None:
    ada, grace = await stage.enter("Ada", "admin"), await stage.enter("Grace")
    barbara = await stage.enter("Barbara", "moderator")
    await ada.say("/clubadmin settings language German")
    assert "Was ich kann" in await grace.say("/help")
    assert "Your preferences" in await grace.say("/my prefs language=english")
    assert "Treffen 1 ist geplant" in await barbara.say('/curate meeting plan "thu 16:00"')
    await stage.settle()
    posted = await stage.channel_text("papers")
    assert "Vortrag: noch niemand" in posted
    assert "Presenter:" not in posted
    assert "You are coming" in await grace.say("/club rsvp yes 1")
    assert "Du kommst" in await ada.say("/club rsvp yes 1")
    assert "Treffen 1 ist abgesagt" in await barbara.say('/curate meeting cancel 1 reason="{0} is ill"')
    await NotificationWorker(played_in.app).round()
    assert "Meeting 1 was canceled" in await grace.direct_messages()
    told = await ada.direct_messages()
    assert "Treffen 1 fällt aus" in told
    assert "Grund: {0} is ill" in told


async def test_german_words_are_understood_where_values_are_typed(stage: Stage) -> None:
    ada, barbara = await stage.enter("Ada", "admin"), await stage.enter("Barbara", "moderator")
    await ada.say("/clubadmin settings language Deutsch")
    assert "Geändert" in await ada.say("/clubadmin settings cadence monatlich")
    assert "Geändert" in await ada.say("/clubadmin settings open_log ja")
    await ada.say("/paper submit 1706.03762 grund=Damit fing es an")
    assert "Damit fing es an" in await barbara.say("/curate show 1")
    assert "das Stichwort" in await ada.say("/my follow Stichwort Graph wie=täglich")
    planned = await barbara.say('/curate meeting plan "jeden zweiten Donnerstag um 16 Uhr" ort=Bibliothek')
    assert "jeden zweiten Donnerstag um 16:00" in planned
    assert "Bibliothek" in await ada.say("/club meet 1")
    assert "24. Dez" in await barbara.say('/curate meeting move 1 "24. Dezember 17 Uhr"')
    assert "24. Dez. 2026" in await barbara.say("/curate meeting holidays 24.12.2026")
    assert "Du kommst vielleicht" in await ada.say("/club rsvp vielleicht 1")
    log = _flat(await barbara.say("/curate log"))
    assert "hat die Treffen des Clubs geändert" in log
    assert "Reihe geplant: jeden zweiten Donnerstag um 16:00." in log
    assert "Your preferences" in await barbara.say("/my prefs language=englisch")
    assert "Planned a series: every second Thursday at 16:00." in _flat(await barbara.say("/curate log"))


def _flat(shown: str) -> str:
    """The text without the line breaks and marks of a terminal."""
    return " ".join(shown.replace("│", " ").split())
