"""Words that people type in their own order: taking back, a link after a wrong option, an item by its place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.features.conversation import ATTENTION, DISTILLATION, SAFE, on_screen, press, submit_papers
from tests.features.edition_steps import document_of, make_draft, say_as_moderator
from tests.stand_ins import Harness


@pytest.mark.parametrize("word", ["back", "undo", "remove", "zurück", "back=yes"])
async def test_a_vote_is_taken_back_by_the_words_that_people_type(club: Harness, word: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ben", "/paper vote 1")
    assert "Your vote for #1 was taken back" in on_screen(await club.say("Ben", f"/paper vote 1 {word}"))


async def test_other_deeds_are_taken_back_in_the_same_way(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ben", "/club nominate 1")
    assert "no longer nominated" in on_screen(await club.say("Ben", "/club nominate #1 back"))
    await club.say("Ben", "/paper skip 1")
    assert "“Not for us” on #1 was taken back" in on_screen(await club.say("Ben", "/paper skip undo 1"))
    wrong = await club.say("Ben", "/paper vote Attention comes back")
    assert "No paper here has “Attention comes back” in its title" in on_screen(wrong), "a title may end so"


async def test_a_link_after_a_wrong_topic_is_kept(club: Harness) -> None:
    for name in ("Vision", "Agents", "Robotics"):
        await club.say("Root", f"/clubadmin topics add {name}", admin=True)
    asked = await club.say("Ada", f"/paper submit topic=Agent https://arxiv.org/abs/{ATTENTION}")
    assert "There is no topic “Agent”" in on_screen(asked)
    assert "Your link and your reason are kept" in on_screen(asked)
    assert asked.card.buttons()[0].label == "Agents", "the nearest first"
    done = await press(club, asked, "Agents", "Ada")
    assert "is on the list" in on_screen(done)
    again = await club.say("Ada", f"/paper submit {DISTILLATION} topic=Nonsense why=it learns from a convnet")
    done = await press(club, again, "Without a topic", "Ada")
    assert "is on the list" in on_screen(done)
    shown = on_screen(await club.say("Ada", "/paper show 2"))
    assert "it learns from a convnet" in shown


async def test_an_item_is_named_by_place_number_or_words(club: Harness) -> None:
    await make_draft(club)
    first = (await document_of(club)).items[0]
    assert first.brought == 2
    shown = on_screen(await say_as_moderator(club, "/edition edit #2"))
    assert first.title in shown
    await say_as_moderator(club, "/edition item drop #3")
    await say_as_moderator(club, "/edition item drop #2")
    left = (await document_of(club)).items[0]
    assert left.brought == 1
    assert left.title in on_screen(await say_as_moderator(club, "/edition edit 1"))


async def test_topics_are_renamed_in_the_words_that_people_type(club: Harness) -> None:
    for name in ("Agents", "Language models"):
        await club.say("Root", f"/clubadmin topics add {name}", admin=True)
    assert "Agents is now called Robots" in on_screen(
        await club.say("Root", "/clubadmin topics rename Agents Robots", admin=True)
    )
    done = await club.say("Root", "/clubadmin topics rename Language models to LLMs", admin=True)
    assert "Language models is now called LLMs" in on_screen(done)
    asked = await club.say("Root", "/clubadmin topics rename Robot Machines", admin=True)
    assert "There is no topic “Robot”" in on_screen(asked)
    done = await press(club, asked, "Rename “Robots”", "Root", admin=True)
    assert "Robots is now called Machines" in on_screen(done)


async def test_a_follow_without_a_kind_asks_for_the_kind_alone(club: Harness) -> None:
    refused = on_screen(await club.say("Ada", "/my follow cs.LG"))
    assert "/my follow still needs: kind\n│ kind is one of: topic, author, keyword, person, paper." in refused
    assert "Usage: /my follow kind value [how]" in refused


async def test_a_search_says_what_was_looked_for_and_what_is_taken(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    assert "Attention Is All You Need" in on_screen(await club.say("Ada", "/paper find author=Vaswani"))
    nothing = on_screen(await club.say("Ada", "/paper find author=Zzyzx"))
    assert "There is no paper by Zzyzx on the club’s list" in nothing
    assert "/paper find author=Zzyzx scope=arxiv" in nothing
    wrong = on_screen(await club.say("Ada", "/paper find attention since=yesteryear"))
    assert "“yesteryear” is not a date. Write it like 2026-01-31, yesterday or 2 weeks ago." in wrong.replace(
        "\n│ ", ". "
    )
    assert "Attention" in on_screen(await club.say("Ada", "/paper find attention since=1.1.2020"))
    assert "What are you looking for?" in on_screen(await club.say("Ada", "/paper find"))


async def test_a_question_without_a_paper_asks_which_and_keeps_the_question(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ben", "/paper vote 1")
    asked = await club.say("Ben", "/paper ask What is the model based on?")
    assert "Which paper is your question about?" in on_screen(asked)
    assert "What is the model based on?" in on_screen(asked)
    answered = on_screen(await press(club, asked, "Ask #1", "Ben"))
    assert "attention mechanisms" in answered
    again = on_screen(await club.say("Ben", "/paper ask Which tasks were used?"))
    assert "#1 Attention Is All You Need" in again, "about the paper of the last question"


async def test_a_ballot_says_that_papers_are_nominated(club: Harness) -> None:
    for line in ("/curate ballot open 9 10", "/curate ballot open 9"):
        refused = on_screen(await club.say("Mo", line, moderator=True))
        assert "A ballot always has all nominated papers" in refused, line
        assert "/club nominate" in refused


async def test_the_terminal_says_how_rights_are_given(club: Harness) -> None:
    where: dict[str, Any] = {"platform": "console", "workspace": "terminal-1"}
    refused = on_screen(await club.say("Ada", "/clubadmin settings", **where))
    assert "journalclub console --admin" in refused
    assert "journalclub console" not in on_screen(await club.say("Ada", "/clubadmin settings"))


@pytest.mark.parametrize(
    ("line", "shown"),
    {
        "/curate meeting plan 5 Dec 16:00 agenda=0": "/curate meeting plan has no option “agenda”",
        "/edition schedule fri 17:00 notify=yes": "/edition schedule has no option “notify”",
        "/curate meeting plan freq=weekly;byday=th 16:00 title=a=b": "There is no channel for papers yet",
        "/my prefs colour=red": "/my prefs has no option “colour”\n│ Its options are: summaries, dm,",
        "/my prefs tims=Europe/Paris": "/my prefs has no option “tims”",
        "/club meetings time=morning": "/club meetings has no option “time”",
        "/my prefs dm maybe": "“dm” is yes or no, not “maybe”",
        "/my prefs dm no": "dm: no",
        "/club meet 17.10.2025 18:00": "I do not understand “18:00”\n│ Usage: /club meet [meeting] [file]",
        "/club ballot start": "not “start”\n│ Moderators open a ballot with /curate ballot open.",
        "/club ballot closes=friday": "has no option “closes”",
        "/club meet tomorrow": "Moderators plan a meeting with /curate meeting plan.",
        "/my unquote": "quote: the number of the quote, from /my quotes. Usage:",
        "/my link XXXX-YYYY": "To get a new one, run /my link where you got this one.",
        "/paper report 1 rude": "/paper report still needs: what\n│ what is one of: summary, quote,",
        "/paper report 1": "/paper report still needs: what\n│ what is one of: summary, quote,",
    }.items(),
)
async def test_a_refusal_names_the_unknown_word_and_the_way_on(club: Harness, line: str, shown: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    moderates = line.startswith(("/curate", "/edition"))
    assert shown in on_screen(await club.say("Ada", line, moderator=moderates))


async def test_one_of_several_papers_is_chosen_by_a_button(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    asked = await club.say("Ben", "/paper vote an")
    assert on_screen(asked).startswith("✗ Several papers have “an” in their titles\n")
    assert "Your vote for #2" in on_screen(await press(club, asked, "#2", "Ben"))


async def test_a_report_is_answered_with_the_words_of_its_buttons(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    for number, verdict in enumerate(("fixed", "Nothing is wrong it is as in the paper"), start=1):
        await club.say("Ada", f"/paper report 1 {('summary', 'quote')[number - 1]} look at it")
        shown = on_screen(await club.say("Mod", f"/curate case {number} {verdict}", moderator=True))
        assert ("Resolved:", "Rejected: it is as in the paper")[number - 1] in shown, shown
