"""Reporting a problem: a receipt, a card in the moderators' channel, an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.command import Reply
from bot.domain.models import Member, Paper, Report, Submission
from bot.features.shared.papers.report_card import PROBLEM_TEXT, report_card
from tests.features.conversation import ATTENTION, audit_entries, press, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words


async def test_a_report_has_a_receipt_and_a_case_that_is_answered_by_button(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    receipt = await club.say("Bob", "/paper report 1 quote that is not in the paper")
    assert receipt.card.title == "Your report was sent (report 1)"
    case = club.gateway.cards("mods")[-1]
    assert "that is not in the paper" in words(case)
    answered = await press(club, case, "Fixed", "Mo", moderator=True, room="mods", message="m9")
    assert answered.reply is Reply.IN_PLACE
    assert any("Resolved" in words(card) for _, card in club.gateway.edits), "every copy of the case shows the answer"
    assert [button.label for button in answered.card.buttons()] == ["Reopen"]
    [(person, messages)] = club.gateway.direct_messages
    assert (person, messages.title) == ("bob", "Your report 1 was resolved")
    [act] = await audit_entries(club, verbs=("resolve",))
    again = await club.say("Mia", "/curate case 1 reject", moderator=True)
    assert "Resolved" in words(again)
    assert "already answered" in words(again), "the second answer is not taken in silence"
    assert [act.id] == [act.id for act in await audit_entries(club, verbs=("resolve", "reject"))]


async def test_without_a_room_the_case_waits_in_the_queue(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", "/paper report 1 spam")
    assert "queue" in words(answer)
    queue = await club.say("Mo", "/curate queue reported", moderator=True)
    assert "Reported (1)" in words(queue)
    assert ": it is spam" in words(queue), "the problem is named, not its code"
    case = await press(club, queue, "Show", "Mo", moderator=True)
    assert "Bob says that it is spam" in words(case)
    opened = await press(club, case, "Open the paper", "Mo", moderator=True)
    assert "Report 1" in words(opened)
    assert "it is spam" in words(opened)
    rejected = await press(club, case, "Nothing is wrong", "Mo", moderator=True)
    assert "Rejected" in words(rejected)
    assert "Reported (0)" in words(await club.say("Mo", "/curate queue reported", moderator=True))


async def test_the_same_report_twice_is_one(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/paper report 1 link dead")
    again = await club.say("Bob", "/paper report 1 link dead")
    assert "already" in words(again)
    other = await club.say("Cy", "/paper report 1 link dead")
    assert other.card.title == "Your report was sent (report 2)"


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("/paper report 1", "what"),
        ("/paper report 1 ugly", "one of"),
        ("/paper report 9 spam", "no paper #9"),
        (f"/paper report 1 spam {'x' * 1001}", "1,000 characters"),
    ],
)
async def test_a_mistaken_report_is_refused(club: Harness, line: str, say: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", line)
    assert answer.failed
    assert say in words(answer)


async def test_a_case_that_is_none_is_refused(club: Harness) -> None:
    answer = await club.say("Mo", "/curate case 7", moderator=True)
    assert answer.failed
    assert "no report 7" in words(answer)


@given(st.sampled_from(sorted(PROBLEM_TEXT)), st.text(max_size=200), st.text(max_size=80))
def test_whatever_is_reported_is_shown_as_data(what: str, said: str, name: str) -> None:
    about = Submission(number=1, title="", paper=Paper(title="T", url="https://x.org"))
    report = Report(id=1, what=what, note=said, state="open", submission=about, member=Member(name=name))
    shown = report_card(report)
    spans = [span for part in shown.parts for span in getattr(part, "words", ())]
    assert all(isinstance(span, str) for span in spans if said and span == said)
    assert not said or said in spans
