"""What moderators do: every act once in the log, said in their room, seen on the cards, and refused in plain words."""

from __future__ import annotations

import pytest
from discord.ui import Button

from adapters.discord.render.components import render
from adapters.discord.render.custom_ids import CustomIdSigner
from bot.chat.cards import Buttons
from bot.chat.commands import Reply
from bot.domain.models import SubmissionState
from bot.store import UnitOfWork
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTIL,
    SAFE,
    acts,
    bring,
    fact,
    mods_room,
    numbered,
    press,
    publish,
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
    "hold": "Mo held #1 for later",
    "drop": "Mo took #1 off the list",
}


@pytest.mark.parametrize(("line", "verb", "state"), ACTS)
async def test_an_act_is_one_row_one_line_in_the_room_and_fresh_cards(
    club: Harness, line: str, verb: str, state: str
) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    club.gateway.edits.clear()
    said = await club.say("Mo", line, moderator=True)
    assert not said.failed, said.card
    assert (await numbered(club, 1)).state == state
    [act] = await acts(club, submission_id=1)
    assert (act.verb, act.before["state"], act.after["state"]) == (verb, "new", state)
    assert act.member is not None
    assert act.member.name == "Mo"
    assert club.gateway.cards("mods")[-1].title == TOLD[verb]
    assert [where.room for where, _ in club.gateway.edits] == ["papers"]


@pytest.mark.parametrize(("line", "verb", "state"), ACTS)
async def test_an_act_said_again_changes_nothing(club: Harness, line: str, verb: str, state: str) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", line, moderator=True)
    again = await club.say("Mia", line, moderator=True)
    assert "already" in words(again)
    assert len(await acts(club, submission_id=1)) == 1


@pytest.mark.parametrize("verb", ["shortlist", "hold", "drop"])
async def test_another_reason_is_kept_and_can_be_undone(club: Harness, verb: str) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", f"/curate {verb} 1 reason=so", moderator=True)
    state = (await numbered(club, 1)).state
    assert not (await club.say("Mia", f"/curate {verb} 1 reason=wait for v2", moderator=True)).failed
    assert (await numbered(club, 1)).state_why == "wait for v2"
    assert [act.why for act in await acts(club, submission_id=1)] == ["wait for v2", "so"]
    await club.say("Mo", "/curate restore 1", moderator=True)
    there = await numbered(club, 1)
    assert (there.state, there.state_why) == (state, "so")


@pytest.mark.parametrize("line", [line for line, _, _ in ACTS] + ["/curate queue", "/curate merge 1 2", "/curate log"])
async def test_members_may_not_curate_and_nothing_changes(club: Harness, line: str) -> None:
    await bring(club, "Ada", ATTENTION, DISTIL)
    said = await club.say("Ada", line)
    assert said.failed
    assert said.reply is Reply.PRIVATE
    assert "moderators" in words(said)
    assert (await numbered(club, 1)).state == "new"
    assert not await acts(club)


@pytest.mark.parametrize("line", [line for line, _, _ in ACTS])
async def test_a_withdrawn_merged_or_published_paper_is_refused_in_plain_words(club: Harness, line: str) -> None:
    await bring(club, "Ada", ATTENTION, DISTIL)
    await club.say("Ada", "/paper withdraw 1")
    said = await club.say("Mo", line, moderator=True)
    assert said.failed
    assert "taken back by the member" in words(said)
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate merge 1 2 sure=yes", moderator=True)
    said = await club.say("Mo", line, moderator=True)
    assert said.failed
    assert "merged into #2" in words(said)
    await bring(club, "Ada", SAFE)
    await publish(club, 3)
    said = await club.say("Mo", line.replace(" 1", " 3", 1), moderator=True)
    assert said.failed
    assert "in edition No. 1" in words(said)


async def test_a_pick_keeps_place_theme_why_and_note_and_can_be_changed(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION, DISTIL)
    await club.say("Mo", '/curate pick 1 1 theme=Vision why="a classic"', moderator=True)
    said = await club.say("Mo", "/curate pick 2 1 theme=vision", moderator=True)
    assert "1 other pick moved down" in words(said)
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
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate shortlist 1", moderator=True)
    await club.say("Mo", "/curate pick 1", moderator=True)
    await club.say("Mo", "/curate pick 1 theme=NLP", moderator=True)
    await club.say("Mo", "/curate unpick 1", moderator=True)
    assert (await numbered(club, 1)).state == "shortlisted"
    again = await club.say("Mo", "/curate unpick 1", moderator=True)
    assert "not picked" in words(again)


@pytest.mark.parametrize("place", ["0", "61", "-1", "first", "9" * 30])
async def test_a_place_that_is_none_is_refused(club: Harness, place: str) -> None:
    await bring(club, "Ada", ATTENTION)
    said = await club.say("Mo", f"/curate pick 1 {place}", moderator=True)
    assert said.failed
    assert "place" in words(said)
    assert (await numbered(club, 1)).state == "new"


async def test_who_brought_a_dropped_paper_is_told_if_asked_and_if_they_want(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION, DISTIL)
    said = await club.say("Mo", "/curate drop 1 spam tell_submitter=yes", moderator=True)
    assert "was told" in words(said)
    [(person, card)] = club.gateway.direct_messages
    assert person == "ada"
    assert "spam" in words(card)
    await club.say("Ada", "/my prefs dm=no")
    said = await club.say("Mo", "/curate drop 2 spam tell_submitter=yes", moderator=True)
    assert "could not be told" in words(said)
    assert len(club.gateway.direct_messages) == 1


async def test_who_brought_a_paper_can_be_told_that_it_is_held_and_that_it_is_back(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate hold 1 wait for v2 tell_submitter=yes", moderator=True)
    await club.say("Mo", "/curate hold 1 wait for v2 tell_submitter=yes", moderator=True)
    await club.say("Mo", "/curate drop 1 spam", moderator=True)
    await club.say("Mo", "/curate restore 1 tell_submitter=yes", moderator=True)
    told = [(card.title, "wait for v2" in words(card)) for _, card in club.gateway.direct_messages]
    assert told == [("A paper you brought is held for later", True), ("A paper you brought is back on the list", False)]


async def test_a_reason_is_asked_for_before_a_paper_is_dropped(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    said = await club.say("Mo", "/curate drop 1", moderator=True)
    assert said.failed
    assert "reason" in words(said)


@pytest.mark.parametrize(("line", "verb", "state"), ACTS)
async def test_restore_undoes_the_last_act_once(club: Harness, line: str, verb: str, state: str) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", line, moderator=True)
    undone = await club.say("Mia", "/curate restore 1", moderator=True)
    assert not undone.failed, undone.card
    assert (await numbered(club, 1)).state == "new"
    async with club.app.store.read(CLUB) as db:
        assert not await db.picks.all()
    again = await club.say("Mia", "/curate restore 1", moderator=True)
    assert "undone already" in words(again)
    verbs = [act.verb for act in await acts(club, submission_id=1)]
    assert verbs == ["restore", verb]


async def test_restore_brings_a_pick_back_with_all_that_was_said_about_it(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate pick 1 3 theme=NLP why=classic note=short", moderator=True)
    await club.say("Mo", "/curate drop 1 by mistake", moderator=True)
    await club.say("Mia", "/curate restore 1", moderator=True)
    async with club.app.store.read(CLUB) as db:
        pick = await db.picks.get(1)
    assert pick is not None
    assert (pick.place, pick.theme, pick.why, pick.note) == (3, "NLP", "classic", "short")


async def test_what_the_club_dropped_by_itself_is_restored_too(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    async with club.app.store.begin(CLUB) as db:
        chosen = await db.submissions.get(1, lock=True)
        assert chosen is not None
        chosen.state, chosen.state_why = SubmissionState.DROPPED, "arXiv knows no such paper"
        before, after = {"state": "new"}, {"state": "dropped"}
        await db.audit_log.append("drop", None, club.clock(), submission_id=1, before=before, after=after)
    said = await club.say("Mo", "/curate restore 1", moderator=True)
    assert "Undone: The club took #1 off the list" in words(said)
    restored = await numbered(club, 1)
    assert (restored.state, restored.state_why) == ("new", "")


async def test_restore_leaves_alone_what_changed_since(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate hold 1", moderator=True)
    await club.say("Ada", "/paper withdraw 1")
    await bring(club, "Ada", ATTENTION)
    said = await club.say("Mo", "/curate restore 1", moderator=True)
    assert said.failed
    assert "changed since" in words(said)
    nothing = await club.say("Mo", "/curate show 1", moderator=True)
    assert fact(nothing, "State") == "new"


async def test_a_full_queue_is_gone_through_card_by_card_with_buttons(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION, DISTIL, SAFE)
    await club.say("Bob", "/paper vote 2")
    queue = await club.say("Mo", "/curate queue", moderator=True)
    assert [button.label for button in queue.card.buttons()][:2] == ["New (3)", "Reported (0)"]
    one = await press(club, queue, "Go through them", "Mo", moderator=True)
    assert one.card.title.startswith("#2 "), "the best first"
    assert one.reply is Reply.IN_PLACE
    picked = await press(club, one, "Pick", "Mo", moderator=True)
    assert picked.reply is Reply.IN_PLACE
    assert fact(picked, "State") == "picked"
    following = await press(club, picked, "Next of 2", "Mo", moderator=True)
    dropped = await press(club, following, "Hold", "Mo", moderator=True)
    last = await press(club, dropped, "Next of 1", "Mo", moderator=True)
    await press(club, last, "Shortlist", "Mo", moderator=True)
    over = await club.say("Mo", "/curate queue new single=yes", moderator=True)
    assert "last one" in words(over)
    for shelf in ("picked", "held", "shortlist"):
        shown = await club.say("Mo", f"/curate queue {shelf}", moderator=True)
        assert len([b for b in shown.card.buttons() if b.label == "Open"]) == 1
    assert (await press(club, shown, "Open", "Mo", moderator=True)).reply is Reply.PRIVATE


async def test_forty_new_papers_are_all_shown_page_by_page(club: Harness) -> None:
    records = [record for record in club.paper_source._by_id.values() if not record.withdrawn][:40]
    for record in records:
        await club.say("Ada", f"/paper submit {record.arxiv_id}")
    seen, shown = 0, await club.say("Mo", "/curate queue", moderator=True)
    while True:
        seen += len([b for b in shown.card.buttons() if b.label == "Open"])
        if not any(b.label.startswith("Next") for b in shown.card.buttons()):
            break
        shown = await press(club, shown, "Next", "Mo", moderator=True)
        assert shown.reply is Reply.IN_PLACE
    assert seen == 40


async def test_edit_changes_what_the_club_says_and_none_takes_it_back(club: Harness) -> None:
    await mods_room(club)
    await bring(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin topics add NLP", admin=True)
    await club.say("Bob", "/paper add-link 1 code https://example.org/code")
    said = await club.say("Mo", '/curate edit 1 title="All you need" topic=nlp', moderator=True)
    assert not said.failed, said.card
    assert club.gateway.edits[-1][1].title == "All you need"
    again = await club.say("Mo", '/curate edit 1 title="All you need" topic=NLP', moderator=True)
    assert "already" in words(again)
    await club.say("Mo", "/curate edit 1 title=none topic=none drop_link=https://example.org/code", moderator=True)
    edited = await numbered(club, 1)
    assert (edited.title, edited.topic_id) == ("", None)
    await club.say("Mo", "/curate restore 1", moderator=True)
    assert (await numbered(club, 1)).title == "All you need"
    async with club.app.store.read(CLUB) as db:
        assert [link.url for link in await db.submissions.links(1)] == ["https://example.org/code"]


async def test_edit_with_nothing_offers_a_form_filled_in_with_what_stands(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate pick 1 2 theme=NLP", moderator=True)
    said = await club.say("Mo", "/curate edit 1", moderator=True)
    [button] = [b for b in said.card.buttons() if b.label.startswith("Change it")]
    async with club.app.store.read(CLUB) as db:
        kept = await db.saved_calls.get(int(button.call.words[0]))
    assert kept == '/curate edit 1 title="Attention Is All You Need" theme=NLP place=2'.removeprefix("/")
    again = await club.say("Mo", kept, moderator=True)
    assert "already" in words(again)


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("/curate edit 1 theme=NLP", "not picked"),
        ("/curate edit 1 topic=Nope", "no topic"),
        ("/curate edit 1 drop_link=https://x.org", "no such link"),
        ("/curate edit 1 place=zero", "place"),
        ("/curate edit 99 title=x", "no paper #99"),
    ],
)
async def test_a_mistaken_edit_changes_nothing(club: Harness, line: str, say: str) -> None:
    await bring(club, "Ada", ATTENTION)
    said = await club.say("Mo", line, moderator=True)
    assert said.failed
    assert say in words(said)
    assert not await acts(club)


async def test_the_log_tells_who_what_when_and_why(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION, DISTIL)
    await club.say("Mo", "/curate drop 1 off topic", moderator=True)
    club.clock.advance(days=2)
    await club.say("Mia", "/curate pick 2 theme=Vision", moderator=True)
    whole = await club.say("Mia", "/curate log", moderator=True)
    assert "Mia picked #2" in words(whole)
    assert "off topic" in words(whole)
    assert "theme: none → Vision" in words(whole)
    of_mo = await club.say("Mia", "/curate log who=mo", moderator=True)
    assert "Mia" not in words(of_mo)
    recent = await club.say("Mia", "/curate log since=2025-12-02", moderator=True)
    assert "Mo took" not in words(recent)
    of_paper = await club.say("Mia", "/curate log 1", moderator=True)
    assert "Mo took #1 off the list" in words(of_paper)
    assert (await club.say("Mia", "/curate log since=yesterday", moderator=True)).failed


async def test_the_log_is_paged(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    for turn in range(12):
        await club.say("Mo", f"/curate {'hold' if turn % 2 else 'shortlist'} 1 turn {turn}", moderator=True)
    first = await club.say("Mo", "/curate log 1", moderator=True)
    second = await press(club, first, "Next", "Mo", moderator=True)
    assert "turn 11" in words(first)
    assert "turn 0" in words(second)
    assert "turn 1)" not in words(first)


async def test_an_act_of_the_club_itself_can_be_told(club: Harness) -> None:
    await bring(club, "Ada", ATTENTION)
    async with club.app.store.begin(CLUB) as db:
        await db.audit_log.append("pick", None, club.clock(), submission_id=1)
    assert "The club picked #1" in words(await club.say("Mo", "/curate log", moderator=True))


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
        assert drawn[-len(row) :] == [button.label for button in row], f"nothing of {line} was left out"
