"""Cases, members and the open log: answered, undone, told, and on record."""

from __future__ import annotations

import pytest

from bot.features.ballots.closing import close_due_ballot
from tests.features.conversation import (
    ATTENTION,
    DISTILLATION,
    audit_entries,
    fact_value,
    press,
    set_moderators_channel,
    submit_papers,
)
from tests.stand_ins import Harness, words


async def test_a_case_is_passed_to_the_admins_answered_by_one_and_reopened(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/paper report 1 author please correct my name")
    case = club.gateway.cards("mods")[-1]
    passed = await press(club, case, "Pass to the admins", "Mo", moderator=True, room="mods", message="m3")
    assert "Passed to the admins" in words(passed)
    assert ("bob", "Your report 1 was passed to the club’s admins") in [
        (who, card.title) for who, card in club.gateway.direct_messages
    ]
    refused = await club.say("Mo", "/curate case 1 resolve done", moderator=True)
    assert refused.failed
    assert "One of them will answer it" in words(refused)
    assert "already passed" in words(await club.say("Mo", "/curate case 1 escalate", moderator=True))
    assert "Reported (1)" in words(await club.say("Mo", "/curate queue reported", moderator=True))
    answered = await club.say("Root", "/curate case 1 resolve the name is correct now", admin=True)
    assert "Resolved" in words(answered)
    reopened = await press(club, answered, "Reopen", "Mo", moderator=True)
    assert "Fixed" in words(reopened)
    assert club.gateway.direct_messages[-1][1].title == "Your report 1 is open again"
    assert "already open" in words(await club.say("Mo", "/curate case 1 reopen", moderator=True))
    verbs = [act.verb for act in await audit_entries(club, verbs=("escalate", "resolve", "reopen"))]
    assert verbs == ["reopen", "resolve", "escalate"]


async def test_a_members_submissions_are_paused_with_a_reason_and_resumed(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    shown = await club.say("Mo", "/curate member Ada pause days=3 reason=too many papers off topic", moderator=True)
    assert "Ada was told" in words(shown)
    [(person, told)] = club.gateway.direct_messages
    assert person == "ada"
    assert "4 Dec 2025" in words(told)
    assert "too many papers off topic" in words(told)
    refused = await club.say("Ada", f"/paper submit {DISTILLATION}")
    assert refused.failed
    assert "too many papers off topic" in words(refused)
    assert not (await club.say("Ada", "/paper vote 1")).failed, "she may still vote"
    again = await club.say("Mo", "/curate member Ada pause days=3 reason=too many papers off topic", moderator=True)
    assert "Nothing to change" in words(again)
    assert len(club.gateway.direct_messages) == 1
    resumed = await press(club, shown, "End the pause", "Mo", moderator=True)
    assert "can submit papers again" in words(resumed)
    assert club.gateway.direct_messages[-1][1].title == "You can submit papers again"
    assert not (await club.say("Ada", f"/paper submit {DISTILLATION}")).failed
    assert "Nothing to change" in words(await club.say("Mo", "/curate member Ada resume", moderator=True))
    verbs = [act.verb for act in await audit_entries(club, verbs=("member-pause", "member-resume"))]
    assert verbs == ["member-resume", "member-pause"]
    assert "[Ada]" in words(await club.say("Mo", "/curate log", moderator=True))


async def test_votes_are_left_out_of_the_count_and_back_with_a_reason(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Bob", "/paper vote 1")
    out = await club.say("Mo", "/curate member Bob exclude voted from two accounts", moderator=True)
    assert "are no longer counted" in words(out)
    assert club.gateway.direct_messages[-1][1].title == "Your votes are not counted"
    assert "voted from two accounts" in words(club.gateway.direct_messages[-1][1])
    assert fact_value(await club.say("Mo", "/curate show 1", moderator=True), "Votes").startswith("0 ")
    for number in (1, 2):
        await club.say("Ada", f"/club nominate {number}")
    await club.say("Mo", "/curate ballot open quorum=1", moderator=True)
    await club.say("Bob", "/club choose 2")
    await club.say("Cy", "/club choose 1")
    club.clock.advance(days=3)
    assert await close_due_ballot(club.app, 1)
    assert "1 member voted" in words(await club.say("Cy", "/club ballot 1")), "Bob's does not count"
    again = await club.say("Mo", "/curate member Bob exclude twice", moderator=True)
    assert "Nothing to change" in words(again)
    back = await press(club, out, "Count their votes", "Mo", moderator=True)
    assert "are counted again" in words(back)
    assert fact_value(await club.say("Mo", "/curate show 1", moderator=True), "Votes") == "1"
    verbs = [act.verb for act in await audit_entries(club, verbs=("member-exclude", "member-count"))]
    assert verbs == ["member-count", "member-exclude"]


async def test_a_pause_ends_by_itself(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate member Ada pause days=1 reason=off topic", moderator=True)
    club.clock.advance(hours=23)
    assert (await club.say("Ada", f"/paper submit {DISTILLATION}")).failed
    club.clock.advance(hours=1)
    assert not (await club.say("Ada", f"/paper submit {DISTILLATION}")).failed


async def test_notes_are_for_moderators_alone(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin settings open_log yes", admin=True)
    await club.say("Mo", "/curate member Ada note asked twice for the same paper", moderator=True)
    assert "asked twice" in words(await club.say("Mia", "/curate member Ada", moderator=True))
    assert (await club.say("Bob", "/curate member Ada")).failed
    assert "asked twice" not in words(await club.say("Bob", "/club log"))
    assert club.gateway.direct_messages == []
    assert "Only they or an admin" in words(await club.say("Mia", "/curate member Ada unnote", moderator=True))
    shown = await club.say("Mo", "/curate member Ada", moderator=True)
    removed = await press(club, shown, "Remove the last note", "Mo", moderator=True)
    assert "The note was removed" in words(removed)
    assert "asked twice" not in words(removed)
    assert "there is no note" in words(await club.say("Mo", "/curate member Ada unnote", moderator=True))
    verbs = [act.verb for act in await audit_entries(club, verbs=("member-note", "member-unnote"))]
    assert verbs == ["member-unnote", "member-note"]


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("/curate member Nobody", "Nobody called"),
        ("/curate member Ada pause", "Why?"),
        ("/curate member Ada pause days=0 reason=x", "1 to 365 days"),
        ("/curate member Ada note", "What should the note say"),
        ("/curate member Mo pause reason=x", "cannot pause your own"),
    ],
)
async def test_a_mistake_is_explained(club: Harness, line: str, say: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert say in repr(answer.card)


async def test_the_log_is_open_to_members_where_the_club_wants(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate hold 1 reason=the code is still missing", moderator=True)
    assert (await club.say("Bob", "/club log")).failed
    assert "held #1" in words(await club.say("Mo", "/club log", moderator=True))
    await club.say("Root", "/clubadmin settings open_log yes", admin=True)
    shown = words(await club.say("Bob", "/club log"))
    assert "the code is still missing" in shown
    assert "no more pages" in words(await club.say("Bob", "/club log page=9"))
