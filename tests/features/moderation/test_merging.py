"""Merging duplicates: no data is lost, no vote counts twice, and an undo restores everything."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.models import MemberQuote
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    SAFE,
    audit_entries,
    fact_value,
    press,
    publish_papers,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, open_harness, words


async def test_a_merge_is_previewed_confirmed_and_told(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await submit_papers(club, "Bob", DISTILLATION)
    for name, paper in (("Cy", 1), ("Cy", 2), ("Di", 2), ("Bob", 2)):
        await club.say(name, f"/paper vote {paper}")
    preview = await club.say("Mo", "/curate merge 2 into 1", moderator=True)
    assert fact_value(preview, "Votes for #2") == "2", "as its card counts: Bob’s own is none"
    assert fact_value(preview, "Together, one per member") == "3"
    assert (await submission_numbered(club, 2)).merged_into_id is None, "a preview changes nothing"
    club.clock.advance(minutes=6)
    club.gateway.edits.clear()
    done = await press(club, preview, "Merge", "Mo", moderator=True)
    assert "#2 was merged into it" in words(done)
    assert (await submission_numbered(club, 1)).votes == 3, "Cy counts once; Bob did not bring what stays"
    removed = (await submission_numbered(club, 2)).paper.title
    assert {card.title for _, card in club.gateway.edits} == {"Attention Is All You Need", removed}
    duplicate = await club.say("Di", "/paper show 2")
    assert duplicate.card.title == "Attention Is All You Need", "the duplicate's number leads to what stays"
    assert club.gateway.cards("mods")[-1].title == "Mo merged #2 into #1"
    voted = await club.say("Di", "/paper vote 2")
    assert voted.card.title == "You have already voted for #1"
    assert "#2 was merged into #1." in words(voted), "why another number is named"
    again = await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    assert "already merged into it" in words(again)
    assert len(await audit_entries(club, verbs=("merge",))) == 1


async def test_credits_links_lists_and_threads_go_along(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, "https://github.com/tensorflow/tensor2tensor")
    await submit_papers(club, "Bob", DISTILLATION)
    await club.say("Cy", "/paper submit 2012.12877 worth it")
    await club.say("Cy", "/my save 3")
    await club.say("Cy", "/paper add-link 3 demo https://example.org/demo")
    await club.say("Cy", "/paper discuss 3")
    await club.say("Mo", "/curate merge 3 into 1 sure=yes", moderator=True)
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    async with club.app.store.read(CLUB) as db:
        assert [(s.member.name, s.why) for s in await db.submissions.co_submitters(1)] == [
            ("Bob", ""),
            ("Cy", "worth it"),
        ]
        links = {(link.kind, link.url) for link in await db.submissions.links(1)}
        assert links == {("demo", "https://example.org/demo"), ("code", "https://github.com/tensorflow/tensor2tensor")}
        assert len(await db.discussions.by_submission(1)) == 1
    assert (await submission_numbered(club, 1)).voices == 1
    own = await club.say("Cy", "/my list")
    assert "Attention" in words(own)
    assert "distillation" not in words(own), "the duplicate is not listed beside what stays"
    ticked = await club.say("Cy", "/my done 3")
    assert ticked.card.title == "Marked as read"


async def test_notes_go_along_and_back_and_none_is_lost(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    for line in ("2 mine", "1 first"):
        await club.say("Bob", f"/my note {line}")
    for name in ("Cy", "Di"):
        await club.say(name, f"/my note 2 {name} was here")
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    assert "first\\nmine" in words(await club.say("Bob", "/my note 1"))
    assert "Cy was here" in words(await club.say("Cy", "/paper show 2"))
    await club.say("Di", "/my note 1 changed since")
    await club.say("Mo", "/curate restore 2", moderator=True)
    assert "mine" not in words(await club.say("Bob", "/my note 1"))
    assert "mine" in words(await club.say("Bob", "/my note 2"))
    assert "no note" in words(await club.say("Cy", "/my note 1"))
    assert "changed since" in words(await club.say("Di", "/my note 1"))
    assert "Di was here" in words(await club.say("Di", "/my note 2"))


async def test_what_members_let_be_quoted_goes_along_and_back(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    async with club.app.store.begin(CLUB) as db:
        answer = MemberQuote(member_id=1, submission_id=2, text="A fine trick.", credit="Ada", url="", at=club.clock())
        await db.member_quotes.add(answer)
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    async with club.app.store.read(CLUB) as db:
        assert [saying.text for saying in await db.member_quotes.about([1])] == ["A fine trick."]
    await club.say("Mo", "/curate restore 2", moderator=True)
    async with club.app.store.read(CLUB) as db:
        assert [saying.submission_id for saying in await db.member_quotes.about([1, 2])] == [2]


async def test_who_asked_not_to_be_named_is_not_credited_by_name(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings anonymous yes", admin=True)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Bob", "/paper submit 2012.12877 anonymous=yes")
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    async with club.app.store.read(CLUB) as db:
        assert not await db.submissions.co_submitters(1)


async def test_a_pick_passes_to_what_stays_and_goes_back(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Mo", "/curate pick 2 1 theme=NLP", moderator=True)
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    async with club.app.store.read(CLUB) as db:
        picks = await db.picks.all()
    assert {id: (pick.place, pick.theme) for id, pick in picks.items()} == {1: (1, "NLP")}
    assert (await submission_numbered(club, 1)).state == "picked"
    await club.say("Mo", "/curate restore 2", moderator=True)
    assert ((await submission_numbered(club, 1)).state, (await submission_numbered(club, 2)).state) == ("new", "picked")
    async with club.app.store.read(CLUB) as db:
        assert list(await db.picks.all()) == [2]


async def test_what_is_held_stays_held(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Mo", "/curate hold 1 wait", moderator=True)
    await club.say("Mo", "/curate pick 2", moderator=True)
    await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    assert (await submission_numbered(club, 1)).state == "held"


@pytest.mark.parametrize(
    ("away", "back"),
    [
        ("/curate merge 2 into 1 sure=yes", "/curate restore 2"),
        ("/curate hold 2 not yet", "/curate restore 2"),
        ("/curate drop 2 not ours", "/curate restore 2"),
    ],
)
async def test_a_paper_that_comes_back_has_no_votes_of_members_who_deleted_their_data_meanwhile(
    club: Harness, away: str, back: str
) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await submit_papers(club, "Bob", DISTILLATION)
    for name in ("Cy", "Di"):
        await club.say(name, "/paper vote 2")
        await club.say(name, "/paper discuss 2")
    assert not (await club.say("Mo", away, moderator=True)).failed
    assert not (await club.say("Cy", "/my data delete sure=yes")).failed
    assert not (await club.say("Mo", back, moderator=True)).failed
    assert (await submission_numbered(club, 2)).votes == 1, "only Di's"
    assert (await submission_numbered(club, 1)).votes == 0
    await club.say("Cy", "/paper vote 2")
    assert (await submission_numbered(club, 2)).votes == 2, "who returns counts once"


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("/curate merge 1 into 1 sure=yes", "You gave #1 twice"),
        ("/curate merge 1 into 99 sure=yes", "no paper #99"),
        ("/curate merge 3 into 1 sure=yes", "in edition No. 1"),
        ("/curate merge 1 into 2 sure=yes", "removed from the list"),
        ("/curate merge 1", "into"),
    ],
)
async def test_a_merge_that_cannot_be_is_refused(club: Harness, line: str, say: str) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    await club.say("Mo", "/curate drop 2 spam", moderator=True)
    await publish_papers(club, 3)
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert say in words(answer)
    assert not await audit_entries(club, verbs=("merge",))


async def test_a_paper_merged_into_a_published_one_keeps_its_edition(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await publish_papers(club, 1)
    await club.say("Mo", "/curate pick 2", moderator=True)
    answer = await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    assert not answer.failed, answer.card
    assert (await submission_numbered(club, 1)).state == "new", "no pick for what is published"


CLICKS = st.lists(
    st.tuples(st.sampled_from(["Ada", "Bob", "Cy", "Di"]), st.sampled_from([1, 2]), st.sampled_from(["vote", "skip"])),
    max_size=8,
)


def test_merged_each_member_counts_once_and_undone_all_is_as_before(tmp_path_factory: pytest.TempPathFactory) -> None:
    @given(CLICKS, CLICKS)
    @settings(max_examples=8, deadline=None)  # each plays a whole conversation
    def check(before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]) -> None:
        asyncio.run(play_merge(tmp_path_factory.mktemp("merge"), before, after))

    check()


async def play_merge(folder: Any, before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]) -> None:
    async with open_harness(folder) as club:
        await submit_papers(club, "Ada", ATTENTION)
        await submit_papers(club, "Bob", DISTILLATION)
        stances: dict[tuple[int, str], str] = {}
        for name, paper, stance in before:
            await club.say(name, f"/paper {stance} {paper}")
            stances[paper, name] = stance
        await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
        united = {name: stance for (paper, name), stance in stances.items() if paper == 2}
        united |= {name: stance for (paper, name), stance in stances.items() if paper == 1}
        assert (await submission_numbered(club, 1)).votes == ranking_votes(united, "Ada")
        since: dict[str, str] = {}
        club.clock.advance(minutes=1)
        for name, _, stance in after:
            await club.say(name, f"/paper {stance} 2")
            if (united | since).get(name) != stance:
                since[name] = stance
        assert (await submission_numbered(club, 1)).votes == ranking_votes(united | since, "Ada")
        await club.say("Mo", "/curate restore 2", moderator=True)
        first = {name: stance for (paper, name), stance in stances.items() if paper == 1} | since
        second = {name: stance for (paper, name), stance in stances.items() if paper == 2}
        assert (await submission_numbered(club, 1)).votes == ranking_votes(first, "Ada")
        assert (await submission_numbered(club, 2)).votes == ranking_votes(second, "Bob")


def ranking_votes(stances: dict[str, str], submitter: str) -> int:
    """Number of votes that rank."""
    return sum(stance == "vote" and name != submitter for name, stance in stances.items())
