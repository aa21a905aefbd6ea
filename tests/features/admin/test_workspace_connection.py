"""One club over two platforms: single-use codes, one ballot a person, and no loss of data on either side."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from bot.chat.gateway import NotSent
from bot.domain.models import DeliveryState
from bot.requester_lookup import register_workspace
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
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, RecordingGateway, open_harness, words


@pytest.fixture
async def both(club: Harness) -> RecordingGateway:
    """The second platform of the club."""
    await set_moderators_channel(club)
    return await connect_second_platform(club)


async def link_accounts(club: Harness, name: str, other: str) -> None:
    """Link an account on the second platform to one on the first."""
    code = code_in(await club.say(name, "/my link"))
    answer = await club.say(other, f"/my link {code.lower().replace('-', ' ')}", **SECOND_PLACE)
    assert not answer.failed, answer.card


async def test_linked_accounts_have_one_ballot_and_one_list(club: Harness, both: RecordingGateway) -> None:
    await submit_papers(club, "Zoe", ATTENTION, DISTILLATION)
    await club.say("Ada", "/paper vote 1")
    await club.say("Ada", "/my save 2")
    await club.say("lovelace", "/paper vote 1", **SECOND_PLACE)
    await club.say("lovelace", "/paper vote 2", **SECOND_PLACE)
    assert (await submission_numbered(club, 1)).votes == 2
    assert "Link an account" in words(await club.say("Ada", "/my home"))
    await link_accounts(club, "Ada", "lovelace")
    assert "Link an account" not in words(await club.say("Ada", "/my home")), "she is on all platforms of the club"
    assert ((await submission_numbered(club, 1)).votes, (await submission_numbered(club, 2)).votes) == (1, 1)
    assert "distillation" in words(await club.say("lovelace", "/my list", **SECOND_PLACE))
    home = words(await club.say("Ada", "/my home"))
    assert "Ada on Wall, lovelace on Hall" in home
    await club.say("lovelace", "/paper vote 2 back=yes", **SECOND_PLACE)
    assert (await submission_numbered(club, 2)).votes == 0
    assert club.gateway.direct_messages[-1][0] == "ada", "the other account hears of it"


async def test_the_name_of_a_linked_member_does_not_change_with_each_word(
    club: Harness, both: RecordingGateway
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await link_accounts(club, "Ada", "lovelace")
    await club.say("lovelace", "/paper vote 1", **SECOND_PLACE)
    assert (await submission_numbered(club, 1)).credit == "Ada"
    async with club.app.store.read(CLUB) as db:
        assert [
            account.name for account in await db.members.accounts((await submission_numbered(club, 1)).member_id)
        ] == [
            "Ada",
            "lovelace",
        ]


async def test_people_have_the_name_of_the_platform_where_a_list_or_a_meeting_is_read(
    club: Harness, both: RecordingGateway
) -> None:
    await club.say("Boss", "/clubadmin channels papers hallway", admin=True, **SECOND_PLACE)
    await submit_papers(club, "Ada", ATTENTION)
    await link_accounts(club, "Ada", "lovelace")
    await club.say("Mo", "/curate meeting plan 2025-12-04 16:00", moderator=True)
    await club.say("Ada", "/club present 1")
    await club.say("Ada", "/club rsvp 1 yes")
    lines = ("/my home", "/paper top", "/paper why 1", "/club meet")
    for line in lines:
        here = words(await club.say("Ada", line))
        there = words(await club.say("lovelace", line, **SECOND_PLACE))
        assert "Ada" in here, line
        assert "lovelace" in there, line
        assert "Ada" not in there.replace("Ada on Wall", ""), line
        assert "lovelace" not in here.replace("lovelace on Hall", ""), line
    posted = [words(card) for _, card in club.gateway.edits], [words(card) for _, card in both.edits]
    assert any("Presenter: Ada" in card for card in posted[0])
    assert any("Presenter: lovelace" in card for card in posted[1])
    log = words(await club.say("Mo", "/curate log", moderator=True))
    assert "lovelace" not in log


async def test_people_have_the_name_of_the_platform_where_a_card_is_read(club: Harness, both: RecordingGateway) -> None:
    await club.say("Boss", "/clubadmin channels papers hallway", admin=True, **SECOND_PLACE)
    await submit_papers(club, "Ada", ATTENTION)
    await link_accounts(club, "Ada", "lovelace")
    await club.say("Ada", f"/paper submit {DISTILLATION} short")
    await club.delivery_worker.drain()
    there, here = both.cards("hallway")[-1], club.gateway.cards("papers")[-1]
    assert "lovelace" in repr(there)
    assert "Ada" not in repr(there)
    assert "Ada" in repr(here)
    assert "lovelace" in words(await club.say("Zoe", "/paper show 2", **SECOND_PLACE))


async def test_a_vote_for_ones_own_paper_ranks_no_longer(club: Harness, both: RecordingGateway) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("lovelace", "/paper vote 1", **SECOND_PLACE)
    await club.say("lovelace", "/paper submit 1706.03762 mine too", **SECOND_PLACE)
    assert (await submission_numbered(club, 1)).votes == 1
    await link_accounts(club, "Ada", "lovelace")
    assert (await submission_numbered(club, 1)).votes == 0
    async with club.app.store.read(CLUB) as db:
        assert not await db.submissions.co_submitters(1), "nobody seconds themselves"


async def test_a_code_counts_once_for_ten_minutes_and_not_for_its_owner(
    club: Harness, both: RecordingGateway, tmp_path: Path
) -> None:
    code = code_in(await club.say("Ada", "/my link"))
    own = await club.say("Ada", f"/my link {code}")
    assert own.failed
    assert "your own code" in words(own)
    club.clock.advance(minutes=10, seconds=1)
    late = await club.say("lovelace", f"/my link {code}", **SECOND_PLACE)
    assert late.failed
    fresh = code_in(await club.say("Ada", "/my link"))
    newer = code_in(await club.say("Ada", "/my link"))
    assert (await club.say("lovelace", f"/my link {fresh}", **SECOND_PLACE)).failed, "a newer code ends the older"
    assert not (await club.say("lovelace", f"/my link {newer}", **SECOND_PLACE)).failed
    assert (await club.say("mallory", f"/my link {newer}", **SECOND_PLACE)).failed, "a code is used up"
    with closing(sqlite3.connect(tmp_path / "club.db")) as stored:
        hashes = [hash for (hash,) in stored.execute("SELECT hash FROM code")]
    assert hashes
    assert all(re.fullmatch("[0-9a-f]{64}", hash) for hash in hashes), "only hashes are kept"


async def test_a_code_of_another_club_or_purpose_is_no_good(club: Harness, both: RecordingGateway) -> None:
    code = code_in(await club.say("Ada", "/my link"))
    stranger = await club.say("Eve", f"/my link {code}", workspace="W9")
    assert stranger.failed
    invalid = await club.say("Root", f"/clubadmin connect {code}", admin=True, workspace="W9")
    assert invalid.failed


@pytest.mark.parametrize("code", ["x", "AAAAA-AAAAA", "💥" * 20, "' OR 1=1 --"])
async def test_a_made_up_code_is_refused(club: Harness, code: str) -> None:
    answer = await club.say("Ada", f'/my link "{code}"')
    assert answer.failed
    assert "does not work" in words(answer)


async def test_parted_accounts_vote_for_themselves_and_history_stays(club: Harness, both: RecordingGateway) -> None:
    await submit_papers(club, "Zoe", ATTENTION, DISTILLATION)
    await link_accounts(club, "Ada", "lovelace")
    await club.say("lovelace", "/paper vote 1", **SECOND_PLACE)
    preview = await club.say("lovelace", "/my unlink", **SECOND_PLACE)
    assert "stay with Ada on Wall" in words(preview)
    assert "Ada on Wall, lovelace on Hall" in words(await club.say("Ada", "/my home"))
    parted = await press(club, preview, "Unlink", "lovelace", **SECOND_PLACE)
    assert parted.card.title == "Account unlinked"
    await club.say("Ada", "/paper vote 2")
    await club.say("lovelace", "/paper vote 2", **SECOND_PLACE)
    assert ((await submission_numbered(club, 1)).votes, (await submission_numbered(club, 2)).votes) == (1, 2)
    assert "only" in words(await club.say("lovelace", "/my unlink", **SECOND_PLACE))


VOTES = st.lists(
    st.tuples(
        st.sampled_from([("Ada", True), ("lovelace", False), ("Zoe", True), ("Cy", False)]),
        st.sampled_from([1, 2]),
        st.sampled_from(["vote", "skip", "back"]),
    ),
    max_size=10,
)


def test_after_linking_one_person_on_both_platforms_counts_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    @given(VOTES, VOTES)
    @example([(("Ada", True), 2, "vote"), (("lovelace", False), 2, "vote"), (("Ada", True), 2, "back")], [])
    @settings(max_examples=6, deadline=None, phases=(Phase.explicit, Phase.generate))  # each plays a whole conversation
    def check(before: list[Any], after: list[Any]) -> None:
        asyncio.run(play_connection(tmp_path_factory.mktemp("link"), before, after))

    check()


async def play_connection(folder: Any, before: list[Any], after: list[Any]) -> None:
    async with open_harness(folder) as club:
        await connect_second_platform(club)
        await submit_papers(club, "Zoe", ATTENTION)
        await submit_papers(club, "Ada", DISTILLATION)
        stances: dict[tuple[int, str], tuple[int, str]] = {}
        for turn, ((name, here), paper, stance) in enumerate(before):
            await vote(club, name, here, paper, stance)
            if stance == "back":
                stances.pop((paper, name), None)
            elif stances.get((paper, name), (0, ""))[1] != stance:
                stances[paper, name] = (turn, stance)
        await link_accounts(club, "Ada", "lovelace")
        people: dict[tuple[int, str], str] = {}
        for (paper, name), (_, stance) in sorted(stances.items(), key=lambda item: item[1]):
            people[paper, "Ada" if name == "lovelace" else name] = stance
        await check_tallies(club, people)
        for (name, here), paper, stance in after:
            await vote(club, name, here, paper, stance)
            person = (paper, "Ada" if name == "lovelace" else name)
            people[person] = stance
        await check_tallies(club, people)


async def vote(club: Harness, name: str, here: bool, paper: int, stance: str) -> None:
    club.clock.advance(seconds=1)
    line = f"/paper vote {paper} back=yes" if stance == "back" else f"/paper {stance} {paper}"
    answer = await club.say(name, line, **({} if here else SECOND_PLACE))
    assert not answer.failed, answer.card


async def check_tallies(club: Harness, people: dict[tuple[int, str], str]) -> None:
    for paper, submitter in ((1, "Zoe"), (2, "Ada")):
        expected = sum(s == "vote" and who != submitter for (of, who), s in people.items() if of == paper)
        assert (await submission_numbered(club, paper)).votes == expected
    async with club.app.store.read(CLUB) as db:
        replayed = {(event.submission_id, event.member_id): event.stance for event in await db.vote_queries.log()}
        for paper in (1, 2):
            voters = {member.id for member, _ in await db.vote_queries.voters(paper)}
            assert voters == {who for (of, who), stance in replayed.items() if of == paper and stance == "vote"}


async def test_a_workspace_joins_with_its_rooms_people_and_roles(club: Harness) -> None:
    await set_moderators_channel(club)
    hall = RecordingGateway("hall")
    club.add(hall)
    await register_workspace(club.app, "hall", "H1", "The Hall")
    await club.say("Boss", "/clubadmin setup papers=hallway moderators=attic", admin=True, **SECOND_PLACE)
    await club.say("Boss", "/clubadmin roles moderator <@123456789012345678>", admin=True, **SECOND_PLACE)
    await club.say("Boss", "/clubadmin topics add NLP", admin=True, **SECOND_PLACE)
    await submit_papers(club, "Zoe", DISTILLATION, SAFE)
    club.clock.advance(minutes=6)
    code = code_in(await club.say("Root", "/clubadmin connect", admin=True))
    joined = await club.say("Boss", f"/clubadmin connect {code}", admin=True, **SECOND_PLACE)
    assert joined.card.title == "Connected"
    await club.delivery_worker.drain()
    assert len(hall.cards("hallway")) == 1, "older papers come one after the other"
    club.clock.advance(minutes=1)
    await club.delivery_worker.drain()
    assert [card.title[:8] for card in hall.cards("hallway")] == ["Training", "An Image"], "the oldest first"
    assert club.gateway.direct_messages[-1][0] == "root", "who gave the code is told"
    assert hall.cards("attic")[-1].title == "Boss connected a workspace to the club"
    assert club.gateway.cards("mods")[-1].title == "Boss connected a workspace to the club"
    await submit_papers(club, "Ada", ATTENTION)
    assert hall.cards("hallway")[-1].title == "Attention Is All You Need", "cards go to both platforms"
    assert not (await club.say("123456789012345678", "/curate log", **SECOND_PLACE)).failed, (
        "a moderator there is one here"
    )
    assert "NLP" in words(await club.say("Root", "/clubadmin topics", admin=True))
    assert "workspace: Hall The Hall" in words(await club.say("Root", "/curate log", admin=True))
    async with club.app.store.read_admin_session() as rooms:
        assert [c.id for c in await rooms.directory.active_clubs()] == [CLUB], "the fresh club is no more"


async def test_a_thread_elsewhere_is_named_with_its_platform(club: Harness, both: RecordingGateway) -> None:
    await submit_papers(club, "Zoe", ATTENTION)
    await club.say("Ada", "/paper discuss 1")
    await club.delivery_worker.drain()
    here, there = words(await club.say("Ada", "/paper show 1")), await club.say("bob", "/paper show 1", **SECOND_PLACE)
    assert "'open the thread'" in here
    assert "open the thread on " in words(there)
    again = await club.say("bob", "/paper submit 1706.03762", **SECOND_PLACE)
    assert "open the thread on " in words(again)


async def test_a_club_with_papers_does_not_join_another(club: Harness) -> None:
    await set_moderators_channel(club)
    club.add(RecordingGateway("hall"))
    await club.say("Zoe", f"/paper submit {SAFE}", room="hallway", **SECOND_PLACE)
    code = code_in(await club.say("Root", "/clubadmin connect", admin=True))
    answer = await club.say("Boss", f"/clubadmin connect {code}", admin=True, **SECOND_PLACE)
    assert answer.failed
    assert "Nothing was changed" in words(answer)
    assert "Zoe" in words(await club.say("Zoe", "/paper show 1", **SECOND_PLACE))
    own = await club.say("Root", f"/clubadmin connect {code}", admin=True)
    assert own.failed
    assert "belongs to this club" in words(own)


async def test_whoever_is_known_in_both_is_one_member(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ada", "/my home", workspace="W2")
    await club.say("Boss", "/my home", workspace="W2")
    code = code_in(await club.say("Root", "/clubadmin connect", admin=True))
    await club.say("Boss", f"/clubadmin connect {code}", admin=True, workspace="W2")
    await club.say("Ada", "/paper skip 1", workspace="W2")
    async with club.app.store.read(CLUB) as db:
        assert [member.name for member in await db.members.search("Ada")] == ["Ada"]
        assert len(await db.members.accounts((await db.members.search("Ada"))[0].id)) == 1


async def test_a_workspace_that_leaves_sees_no_more_of_the_club(club: Harness, both: RecordingGateway) -> None:
    await club.say("Boss", "/clubadmin channels papers", admin=True, room="hallway", **SECOND_PLACE)
    await submit_papers(club, "Ada", ATTENTION)
    assert both.cards("hallway")
    preview = await club.say("Boss", "/clubadmin disconnect", admin=True, **SECOND_PLACE)
    left = await press(club, preview, "Disconnect", "Boss", admin=True, **SECOND_PLACE)
    assert left.card.title == "Disconnected"
    both.edits.clear()
    await club.say("Zoe", "/paper vote 1")
    assert not both.edits, "what the club does is drawn here no more"
    assert len(club.gateway.edits) > 0
    unknown = await club.say("lovelace", "/paper show 1", **SECOND_PLACE)
    assert unknown.failed, "the wall between clubs stands again"
    assert (await audit_entries(club))[0].verb == "disconnect"
    alone = await club.say("Root", "/clubadmin disconnect sure=yes", admin=True)
    assert alone.card.title == "Nothing to disconnect"


async def test_what_is_being_posted_while_a_workspace_leaves_is_no_card_of_the_club(
    club: Harness, both: RecordingGateway
) -> None:
    await club.say("Boss", "/clubadmin channels papers", admin=True, room="hallway", **SECOND_PLACE)
    both.fails = [NotSent("later", retry_after=0)]
    await submit_papers(club, "Ada", ATTENTION)
    async with club.app.store.admin_session() as admin:
        taken = await admin.claims.claim_ready(["hall"], "me", club.clock() + timedelta(hours=1), timedelta(minutes=2))
    [card] = [post for post in taken if post.kind == "card"]
    await club.say("Boss", "/clubadmin disconnect sure=yes", admin=True, **SECOND_PLACE)
    async with club.app.store.begin(CLUB) as db:
        assert not await db.deliveries.settle(card.id, "me", state=DeliveryState.SENT, message="m9")
    await club.say("Ada", "/paper vote 1")
    assert not both.edits


async def test_members_may_not_connect(club: Harness) -> None:
    assert (await club.say("Ada", "/clubadmin connect", moderator=True)).failed
