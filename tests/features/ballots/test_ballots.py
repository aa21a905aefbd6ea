"""A ballot on what to read next: nominated, cast in secret, counted at its moment, handed to a meeting."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.cards import Card
from bot.domain.ballot_results import BallotResult
from bot.domain.models import Ballot, BallotState, CastBallot
from bot.errors import UserError
from bot.features.ballots.ballot_commands import read_choices
from bot.features.ballots.closing import close_due_ballot
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    SECOND_PLACE,
    audit_entries,
    code_in,
    connect_second_platform,
    press,
    set_moderators_channel,
    submit_papers,
)
from tests.recorder import replayed
from tests.stand_ins import Harness, words

PEOPLE = ("Ada", "Bob", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal", "Ida")


@replayed
async def nominated(club: Harness, *numbers: int) -> None:
    """Three papers in the club, and these of them nominated by Ada."""
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    for number in numbers or (1, 2, 3):
        answer = await club.say("Ada", f"/club nominate {number}")
        assert not answer.failed, answer.card


@replayed
async def opened(club: Harness, more: str = "") -> None:
    """A ballot on all three papers, for two days."""
    await nominated(club)
    answer = await club.say("Mo", f"/curate ballot open {more}", moderator=True)
    assert not answer.failed, answer.card


async def closed(club: Harness) -> Ballot:
    """The ballot after its end."""
    club.clock.advance(days=3)
    assert await close_due_ballot(club.app, CLUB)
    await club.delivery_worker.drain()
    return await last_ballot(club)


def card_now(club: Harness) -> Card:
    """The posted card of the last ballot, as it is now."""
    changed = [card for where, card in club.gateway.edits if where.room == "papers"]
    return changed[-1] if changed else club.gateway.cards("papers")[-1]


async def last_ballot(club: Harness) -> Ballot:
    async with club.app.store.read(CLUB) as db:
        found = await db.ballots.latest(*BallotState)
        assert found is not None
        return found


async def cast_rows(club: Harness) -> list[CastBallot]:
    from sqlalchemy import select

    async with club.app.store.read(CLUB) as db:
        return list(await db._session.scalars(select(CastBallot)))


async def test_a_ballot_has_one_card_that_shows_the_result_with_its_totals(club: Harness) -> None:
    await opened(club)
    [card] = [card for card in club.gateway.cards("papers") if card.title.startswith("Ballot 1")]
    assert "Thu" not in card.title
    assert "0 (3 needed)" in words(card)
    mine = await press(club, card, "Choose papers", "Bob", room="papers", message="m4")
    mine = await press(club, mine, "Choose", "Bob")
    assert "✓ " in words(mine)
    for name in PEOPLE:
        await club.say(name, f"/club choose {'2 3' if name in 'Ada Bob Cy' else '3'}")
    assert "9 (3 needed)" in words(card_now(club))
    assert not any("✓" in words(card) for _, card in club.gateway.posts + club.gateway.edits), "no choice is public"
    ballot = await closed(club)
    assert ballot.winner is not None
    assert ballot.winner.number == 3
    shown = words(card_now(club))
    assert "we read this next" in shown
    assert "9 members voted" in shown
    assert "chosen by 9 members" in shown
    assert "chosen by 3 members" in shown
    assert len([card for card in club.gateway.cards("papers") if card.title.startswith("Ballot 1")]) == 1
    assert await cast_rows(club) == [], "who chose what is stored no longer"
    again = await club.say("Mo", "/curate ballot recount", moderator=True)
    assert "the same result" in words(again)
    assert not await close_due_ballot(club.app, CLUB), "it is closed once"


async def test_below_eight_ballots_no_total_is_shown(club: Harness) -> None:
    await opened(club)
    for name in PEOPLE[:7]:
        await club.say(name, "/club choose 1 2")
    await closed(club)
    shown = words(card_now(club))
    assert "7 members voted" in shown
    assert "stay secret" in shown
    assert "DeiT" not in shown
    assert "data-efficient" not in shown, "only the winner is named"
    assert words(await club.say("Eve", "/club ballot 1")) == words(await club.say("Ada", "/club ballot 1"))


async def test_without_a_quorum_nothing_is_chosen_and_the_papers_stay_nominated(club: Harness) -> None:
    await opened(club)
    await club.say("Bob", "/club choose 2")
    await club.say("Cy", "/club choose 2")
    ballot = await closed(club)
    assert ballot.winner_id is None
    shown = await club.say("Bob", "/club ballot")
    assert "2 members have voted, and 3 are needed" in words(shown)
    assert "Nominated for the next ballot" in words(shown)
    assert not (await club.say("Mo", "/curate ballot open quorum=1", moderator=True)).failed
    await club.say("Bob", "/club choose 2")
    again = await closed(club)
    assert again.number == 2
    assert again.winner_id is not None


async def test_a_person_with_two_accounts_has_one_ballot(club: Harness) -> None:
    await opened(club, "quorum=1")
    await connect_second_platform(club)
    await club.say("Bob", "/club choose 1")
    await club.say("Robert", "/club choose 2", **SECOND_PLACE)
    assert len(await cast_rows(club)) == 2
    code = code_in(await club.say("Bob", "/my link"))
    linked = await club.say("Robert", f"/my link {code}", **SECOND_PLACE)
    assert not linked.failed, linked.card
    [row] = await cast_rows(club)
    mine = words(await club.say("Bob", "/club ballot"))
    assert mine.count("✓") == 1, "the later ballot counts"
    await club.say("Bob", "/club choose 3")
    [changed] = await cast_rows(club)
    assert row.choices != changed.choices
    assert (await closed(club)).winner is not None


async def test_a_ranked_ballot_is_put_in_order_by_presses(club: Harness) -> None:
    await opened(club, "method=ranked quorum=1")
    mine = await club.say("Bob", "/club ballot")
    mine = await press(club, mine, "Rank #1 as number 1", "Bob")
    mine = await press(club, mine, "Rank #2 as number 2", "Bob")
    repeated = await press(club, mine, "Remove", "Bob")
    assert "Your choice is saved: #2" in words(repeated)
    typed = await club.say("Bob", "/club choose 3 > #1 > 2")
    assert "#3 > #1 > #2" in words(typed)
    assert "Nothing to change" in words(await club.say("Bob", "/club choose 3, 1, 2"))
    assert "cleared" in words(await club.say("Bob", "/club choose none"))
    assert await cast_rows(club) == []
    await club.say("Bob", "/club choose 3 1")
    ballot = await closed(club)
    assert ballot.winner is not None
    assert ballot.winner.number == 3
    assert len(BallotResult.from_json(ballot.result).cast[0]) == 2


async def test_a_ballot_takes_nothing_after_its_end_though_it_is_not_counted_yet(club: Harness) -> None:
    await opened(club)
    await club.say("Bob", "/club choose 1")
    card = await club.say("Bob", "/club ballot")
    club.clock.advance(hours=48)
    late = await press(club, card, "Choose", "Bob")
    assert late.failed
    assert "is closed" in words(late)
    assert "being counted" in words(await club.say("Bob", "/club ballot"))
    assert (await club.say("Mo", "/curate ballot cancel", moderator=True)).failed, "its votes are not thrown away"
    results = await asyncio.gather(*(close_due_ballot(club.app, CLUB) for _ in range(3)))
    assert sorted(results) == [False, False, True]


async def test_a_paper_that_left_the_list_is_not_counted_and_a_duplicate_counts_for_the_other(club: Harness) -> None:
    await opened(club, "quorum=1")
    for name, chosen in (("Bob", "1"), ("Cy", "1"), ("Dee", "2"), ("Eve", "3")):
        await club.say(name, f"/club choose {chosen}")
    await club.say("Mo", "/curate drop 1 reason=off-topic", moderator=True)
    await press(club, await club.say("Mo", "/curate merge 2 3", moderator=True), "Merge", "Mo", moderator=True)
    ballot = await closed(club)
    assert ballot.winner is not None
    assert ballot.winner.number == 3
    assert "no longer on the list: #1" in words(card_now(club))


async def test_a_moderator_moves_cancels_and_chooses_without_a_ballot(club: Harness) -> None:
    await opened(club)
    moved = await club.say("Mo", "/curate ballot move until=fri 12:00", moderator=True)
    assert "Fri 5 Dec 2025, 12:00" in words(moved)
    assert "Fri 5 Dec 2025, 12:00" in words(card_now(club))
    assert "already ends" in words(await club.say("Mo", "/curate ballot move until=fri 12:00", moderator=True))
    assert (await club.say("Mo", "/curate ballot top", moderator=True)).failed, "a ballot is open"
    await club.say("Bob", "/club choose 1")
    await club.say("Mo", "/curate ballot cancel reason=the guest is ill", moderator=True)
    assert "was canceled" in card_now(club).title
    assert await cast_rows(club) == []
    assert "Ballot 1 was canceled" in words(await club.say("Bob", "/club choose 1 ballot=1"))
    await club.say("Bob", "/paper vote 2")
    top = await club.say("Mo", "/curate ballot top", moderator=True)
    assert "top place on the club’s list" in words(top)
    assert "already chosen" in words(await club.say("Mo", "/curate ballot pick paper=2", moderator=True))
    back = await press(club, top, "Take it back", "Mo", moderator=True)
    assert "taken back" in back.card.title
    picked = await club.say("Mo", "/curate ballot pick paper=3 reason=our guest wrote it", moderator=True)
    assert "our guest wrote it" in words(picked)
    verbs = [act.verb for act in await audit_entries(club)]
    expected = ["choose-next", "unchoose-next", "choose-next", "ballot-cancel", "ballot-move", "ballot-open"]
    assert [verb for verb in verbs if "next" in verb or "ballot" in verb] == expected
    async with club.app.store.begin(CLUB) as db:
        decision = await db.ballots.decision_for_meeting()
        assert decision is not None
        handed = await db.ballots.hand_to_meeting(decision, 7)
        assert handed is not None
        assert handed.number == 3
        assert await db.ballots.decision_for_meeting() is None
    assert "A meeting already has" in words(await club.say("Mo", "/curate ballot cancel", moderator=True))


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("/club choose 99", "Its papers are: #1, #2, #3"),
        ("/club choose 1 1", "in your list twice"),
        ("/club choose attention", "is not on this ballot"),
        ("/club choose ,", "the numbers of the papers"),
        ("/club choose 1 ballot=9", "no ballot 9"),
        ("/club ballot 9", "no ballot 9"),
        ("/club nominate 1", "is on the ballot that is open now"),
        ("/club nominate 77", "no paper #77"),
        ("/club nominate 1 anonymous=yes", "shows who nominated"),
        ("/curate ballot move until=2025-11-01 09:00", "in the past"),
        ("/curate ballot move until=now", "at least 5 minutes"),
        ("/curate ballot move until=sometime", "is not a time"),
        ("/curate ballot move", "Until when"),
    ],
)
async def test_a_mistake_is_explained_and_changes_nothing(club: Harness, line: str, say: str) -> None:
    await opened(club)
    await club.say("Bob", "/club choose 2")
    answer = await club.say("Bob", line, moderator=True)
    assert answer.failed
    assert say in words(answer)
    [row] = await cast_rows(club)
    assert len(row.choices) == 1


async def test_nominations_have_a_limit_for_each_member_and_for_all(club: Harness) -> None:
    await nominated(club, 1)
    assert "already nominated" in words(await club.say("Bob", "/club nominate 1"))
    assert (await club.say("Mo", "/curate ballot open", moderator=True)).failed, "one paper is no choice"
    await club.say("Root", "/clubadmin settings nominations 1", admin=True)
    refused = await club.say("Ada", "/club nominate 2")
    assert "the limit for one ballot" in words(refused)
    assert "Only they" in words(await club.say("Bob", "/club nominate 1 back=yes"))
    assert "no longer nominated" in words(await club.say("Ada", "/club nominate 1 back=yes"))
    assert "nothing to take back" in words(await club.say("Ada", "/club nominate 1 back=yes"))
    await club.say("Root", "/clubadmin settings anonymous yes", admin=True)
    await club.say("Ada", "/club nominate 2 anonymous=yes why=it is small")
    shown = words(await club.say("Bob", "/club ballot"))
    assert "it is small" in shown
    assert "a member" in shown.lower()
    assert "Ada" not in shown
    assert "A member nominated it for the next ballot." in words(await club.say("Bob", "/club nominate 2"))
    again = await club.say("Ada", "/club nominate 2")
    assert "You nominated it for the next ballot." in words(again)
    assert [button.label for button in again.card.buttons()] == ["Take it back"]
    records = [record for record in club.paper_source._by_id if record not in (ATTENTION, DISTILLATION, SAFE)][:25]
    for id in records:
        await club.say("Mo", f"/paper submit {id}", moderator=True)
    answers = [await club.say("Mo", f"/club nominate {number}", moderator=True) for number in range(4, 26)]
    accepted = [answer for answer in answers if not answer.failed]
    assert "20 papers nominated" in words(accepted[-1])
    assert "20 papers are already nominated" in words(answers[-1])


async def test_a_withdrawn_paper_cannot_be_read_next(club: Harness) -> None:
    await nominated(club, 1)
    await club.say("Ada", "/paper withdraw 2")
    assert "was withdrawn by its submitter" in words(await club.say("Bob", "/club nominate 2"))
    await club.say("Mo", "/curate drop 3 reason=spam", moderator=True)
    assert "removed from the list" in words(await club.say("Mo", "/curate ballot pick paper=3", moderator=True))


async def test_what_a_member_chose_goes_with_their_data(club: Harness) -> None:
    await opened(club)
    await club.say("Bob", "/club choose 2")
    await press(club, await club.say("Bob", "/my data delete"), "", "Bob")
    assert await cast_rows(club) == []


async def test_two_moderators_open_one_ballot(club: Harness) -> None:
    await nominated(club)
    await asyncio.gather(*(club.say(name, "/curate ballot open", moderator=True) for name in ("Mo", "Mia")))
    again = await club.say("Mo", "/curate ballot open", moderator=True)
    assert "already open" in words(again)
    assert (await last_ballot(club)).number == 1
    assert (await last_ballot(club)).closes_at == club.clock() + timedelta(hours=48)


@given(st.text(max_size=60))
def test_whatever_is_typed_as_a_choice_is_read_or_refused_in_words(typed: str) -> None:
    with suppress(UserError):
        assert read_choices(typed, []) == ()


async def test_who_is_not_counted_is_in_no_number(club: Harness) -> None:
    await opened(club, "quorum=2")
    for name in ("Ada", "Bob"):
        await club.say(name, "/club choose 1")
    await club.say("Mo", "/curate member Bob exclude reason=two accounts", moderator=True)
    assert "1 (2 needed)" in words(await club.say("Mo", "/curate ballot", moderator=True))
    refused = await club.say("Mo", "/curate ballot count", moderator=True)
    assert refused.failed
    assert "1 member has voted, and 2 are needed" in words(refused)
    await club.say("Cy", "/club choose 1")
    card = await club.say("Mo", "/curate ballot count", moderator=True)
    assert "2 members voted" in words(card)
    assert await cast_rows(club) == []
    assert not await close_due_ballot(club.app, CLUB)
