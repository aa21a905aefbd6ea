"""Moderators' actions: once in the audit log, posted in their channel, shown on cards, refused in plain words."""

from __future__ import annotations

import pytest
from discord.ui import Button

from adapters.discord.render.components import render
from adapters.discord.render.custom_ids import CustomIdSigner
from bot.chat.cards import Buttons
from bot.chat.command import Reply
from bot.domain.models import SubmissionState
from bot.store import UnitOfWork
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    audit_entries,
    fact_value,
    publish_papers,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, words

ACTS = [
    ("/curate shortlist 1 fits the theme", "shortlist", "shortlisted"),
    ("/curate pick 1 2 theme=NLP why=classic note=read-it", "pick", "picked"),
    ("/curate hold 1 wait for v2", "hold", "held"),
    ("/curate drop 1 off topic", "drop", "dropped"),
]
TOLD = {
    "shortlist": "Mo shortlisted #1",
    "pick": "Mo picked #1",
    "hold": "Mo held #1 back",
    "drop": "Mo removed #1 from the list",
}


@pytest.mark.parametrize(("line", "verb", "state"), ACTS)
async def test_an_act_is_one_row_one_line_in_the_room_and_fresh_cards(
    club: Harness, line: str, verb: str, state: str
) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.clock.advance(minutes=6)  # what was done before is gathered in a message of its own
    club.gateway.edits.clear()
    answer = await club.say("Mo", line, moderator=True)
    assert not answer.failed, answer.card
    assert (await submission_numbered(club, 1)).state == state
    [act] = await audit_entries(club, submission_id=1)
    assert (act.verb, act.before["state"], act.after["state"]) == (verb, "new", state)
    assert act.member is not None
    assert act.member.name == "Mo"
    assert club.gateway.cards("mods")[-1].title == TOLD[verb]
    assert [where.room for where, _ in club.gateway.edits] == ["papers"]


@pytest.mark.parametrize(("line", "verb", "state"), ACTS)
async def test_an_act_said_again_changes_nothing(club: Harness, line: str, verb: str, state: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", line, moderator=True)
    again = await club.say("Mia", line, moderator=True)
    assert "already" in words(again)
    assert len(await audit_entries(club, submission_id=1)) == 1


@pytest.mark.parametrize("verb", ["shortlist", "hold", "drop"])
async def test_another_reason_is_kept_and_can_be_undone(club: Harness, verb: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", f"/curate {verb} 1 reason=so", moderator=True)
    state = (await submission_numbered(club, 1)).state
    assert not (await club.say("Mia", f"/curate {verb} 1 reason=wait for v2", moderator=True)).failed
    assert (await submission_numbered(club, 1)).state_why == "wait for v2"
    assert [act.why for act in await audit_entries(club, submission_id=1)] == ["wait for v2", "so"]
    await club.say("Mo", "/curate restore 1", moderator=True)
    existing = await submission_numbered(club, 1)
    assert (existing.state, existing.state_why) == (state, "so")


@pytest.mark.parametrize("line", [line for line, _, _ in ACTS] + ["/curate queue", "/curate merge 1 2", "/curate log"])
async def test_members_may_not_curate_and_nothing_changes(club: Harness, line: str) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    answer = await club.say("Ada", line)
    assert answer.failed
    assert answer.reply is Reply.PRIVATE
    assert "moderators" in words(answer)
    assert (await submission_numbered(club, 1)).state == "new"
    assert not await audit_entries(club)


@pytest.mark.parametrize("line", [line for line, _, _ in ACTS])
async def test_a_withdrawn_merged_or_published_paper_is_refused_in_plain_words(club: Harness, line: str) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Ada", "/paper withdraw 1")
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert "withdrawn by the member" in words(answer)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate merge 1 2 sure=yes", moderator=True)
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert "merged into #2" in words(answer)
    await submit_papers(club, "Ada", SAFE)
    await publish_papers(club, 3)
    answer = await club.say("Mo", line.replace(" 1", " 3", 1), moderator=True)
    assert answer.failed
    assert "in edition No. 1" in words(answer)


async def test_a_pick_keeps_place_theme_why_and_note_and_can_be_changed(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Mo", '/curate pick 1 1 theme=Vision why="a classic"', moderator=True)
    answer = await club.say("Mo", "/curate pick 2 1 theme=vision", moderator=True)
    assert "1 other pick moved down" in words(answer)
    async with club.app.store.read(CLUB) as db:
        chosen = await db.picks.all()
        picks = {await _number(db, id): (pick.place, pick.theme, pick.why) for id, pick in chosen.items()}
    assert picks == {2: (1, "Vision", ""), 1: (2, "Vision", "a classic")}, "one spelling of a theme, no place twice"
    changed = await club.say("Mo", "/curate pick 1 note=short", moderator=True)
    assert "changed" in words(changed)
    assert "a classic" in words(changed)


async def _number(db: UnitOfWork, submission_id: int) -> int:
    found = await db.submissions.get(submission_id)
    assert found is not None
    return found.number


async def test_a_pick_taken_back_stands_as_it_did_before(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate shortlist 1", moderator=True)
    await club.say("Mo", "/curate pick 1", moderator=True)
    await club.say("Mo", "/curate pick 1 theme=NLP", moderator=True)
    await club.say("Mo", "/curate unpick 1", moderator=True)
    assert (await submission_numbered(club, 1)).state == "shortlisted"
    again = await club.say("Mo", "/curate unpick 1", moderator=True)
    assert "not picked" in words(again)


@pytest.mark.parametrize("place", ["0", "61", "-1", "#0", "9" * 30])
async def test_a_place_that_is_none_is_refused(club: Harness, place: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Mo", f"/curate pick 1 {place}", moderator=True)
    assert answer.failed
    assert "place" in words(answer)
    assert (await submission_numbered(club, 1)).state == "new"


async def test_who_brought_a_dropped_paper_is_told_if_asked_and_if_they_want(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    answer = await club.say("Mo", "/curate drop 1 spam tell_submitter=yes", moderator=True)
    assert "was told" in words(answer)
    [(person, card)] = club.gateway.direct_messages
    assert person == "ada"
    assert "spam" in words(card)
    await club.say("Ada", "/my prefs dm=no")
    answer = await club.say("Mo", "/curate drop 2 spam tell_submitter=yes", moderator=True)
    assert "could not be reached" in words(answer)
    assert len(club.gateway.direct_messages) == 1


async def test_who_brought_a_paper_can_be_told_that_it_is_held_and_that_it_is_back(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate hold 1 wait for v2 tell_submitter=yes", moderator=True)
    await club.say("Mo", "/curate hold 1 wait for v2 tell_submitter=yes", moderator=True)
    await club.say("Mo", "/curate drop 1 spam", moderator=True)
    await club.say("Mo", "/curate restore 1 tell_submitter=yes", moderator=True)
    messages = [(card.title, "wait for v2" in words(card)) for _, card in club.gateway.direct_messages]
    assert messages == [
        ("A paper you submitted is held back", True),
        ("A paper you submitted is back on the list", False),
    ]


async def test_a_reason_is_asked_for_before_a_paper_is_dropped(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Mo", "/curate drop 1", moderator=True)
    assert answer.failed
    assert "reason" in words(answer)


@pytest.mark.parametrize(("line", "verb", "state"), ACTS)
async def test_restore_undoes_the_last_act_once(club: Harness, line: str, verb: str, state: str) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", line, moderator=True)
    undone = await club.say("Mia", "/curate restore 1", moderator=True)
    assert not undone.failed, undone.card
    assert (await submission_numbered(club, 1)).state == "new"
    async with club.app.store.read(CLUB) as db:
        assert not await db.picks.all()
    again = await club.say("Mia", "/curate restore 1", moderator=True)
    assert "already undone" in words(again)
    verbs = [act.verb for act in await audit_entries(club, submission_id=1)]
    assert verbs == ["restore", verb]


async def test_restore_brings_a_pick_back_with_all_that_was_said_about_it(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate pick 1 3 theme=NLP why=classic note=short", moderator=True)
    await club.say("Mo", "/curate drop 1 by mistake", moderator=True)
    await club.say("Mia", "/curate restore 1", moderator=True)
    async with club.app.store.read(CLUB) as db:
        pick = await db.picks.get(1)
    assert pick is not None
    assert (pick.place, pick.theme, pick.why, pick.note) == (3, "NLP", "classic", "short")


async def test_what_the_club_dropped_by_itself_is_restored_too(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.begin(CLUB) as db:
        chosen = await db.submissions.get(1, lock=True)
        assert chosen is not None
        chosen.state, chosen.state_why = SubmissionState.DROPPED, "arXiv has no such paper"
        before, after = {"state": "new"}, {"state": "dropped"}
        await db.audit_log.append("drop", None, club.clock(), submission_id=1, before=before, after=after)
    answer = await club.say("Mo", "/curate restore 1", moderator=True)
    assert "Undone: The club removed #1 from the list" in words(answer)
    restored = await submission_numbered(club, 1)
    assert (restored.state, restored.state_why) == ("new", "")


async def test_restore_leaves_alone_what_changed_since(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate shortlist 1", moderator=True)
    await club.say("Ada", "/paper withdraw 1")
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Mo", "/curate restore 1", moderator=True)
    assert answer.failed
    assert "changed since" in words(answer)
    nothing = await club.say("Mo", "/curate show 1", moderator=True)
    assert fact_value(nothing, "State") == "new"


async def test_the_fullest_cards_fit_discord_with_all_their_buttons(club: Harness) -> None:
    records = [record for record in club.paper_source._by_id.values() if not record.withdrawn][:20]
    for number, record in enumerate(records, 1):
        await club.say("Ada", f"/paper submit {record.arxiv_id}")
        await club.say("Ada", f"/paper vote {number}")
        await club.say("Ada", f"/my save {number}")
    for line in ("/curate queue new page=2", "/my home", "/curate show 1"):
        shown = (await club.say("Ada", line, moderator=True)).card
        row = [part for part in shown.parts if isinstance(part, Buttons)][-1].row
        view = render(shown, CustomIdSigner(b"key", "7"))
        drawn = [item.label for item in view.walk_children() if isinstance(item, Button)]
        assert drawn[-len(row) :] == [button.label for button in row], f"nothing of {line} was skipped"
