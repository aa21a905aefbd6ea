"""Votes: one per member and paper, counts that equal the rows, and a log that can be replayed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.links.identify import SiteKind
from bot.domain.models import Club, Member, Submission, Vote, VoteEvent, VoteStance
from bot.domain.vote_ranking import Terms
from bot.domain.vote_rules import vote_ranks
from bot.store import Store
from bot.store.papers.merging import MergeRecord
from tests.stand_ins import fresh_sqlite, open_store

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = open_store(url)
    try:
        yield store
    finally:
        await store.close()


async def founded(store: Store, members: int = 5, papers: int = 3) -> tuple[Club, list[Member], list[Submission]]:
    async with store.admin_session() as admin:
        club = await admin.directory.create_club("Readers", "UTC", NOW)
    async with store.begin(club.id) as db:
        people = [await db.members.get_or_create("wall", f"u{i}", f"User {i}", "W1", NOW) for i in range(members)]
    async with store.begin(club.id) as db:
        brought = []
        for i in range(papers):
            paper = await db.papers.get_or_create_own(
                f"web:{club.id}:{i}", f"https://example.org/{i}", SiteKind.BLOG, f"Post {i}", now=NOW
            )
            submission = Submission(paper_id=paper.id, member_id=people[0].id, submitted_at=NOW, link=paper.url)
            brought.append(await db.submissions.add(submission))
    return club, people, brought


async def cast(store: Store, club: Club, submission: Submission, member: Member, stance: VoteStance | None) -> bool:
    async with store.begin(club.id) as db:
        locked = await db.submissions.get(submission.id, lock=True)
        assert locked is not None
        return await db.votes.set(locked, member.id, stance, NOW)


async def votes(store: Store, club: Club, submission: Submission) -> int:
    async with store.read(club.id) as db:
        found = await db.submissions.get(submission.id)
        assert found is not None
        return found.votes


async def test_a_repeated_vote_changes_nothing(store: Store) -> None:
    club, people, (paper, *_) = await founded(store)
    assert await cast(store, club, paper, people[1], VoteStance.VOTE)
    assert not await cast(store, club, paper, people[1], VoteStance.VOTE)
    assert await votes(store, club, paper) == 1


async def test_a_vote_can_be_taken_back_and_a_skip_replaces_it(store: Store) -> None:
    club, people, (paper, *_) = await founded(store)
    await cast(store, club, paper, people[1], VoteStance.VOTE)
    await cast(store, club, paper, people[2], VoteStance.VOTE)
    assert await cast(store, club, paper, people[1], None)
    assert await cast(store, club, paper, people[2], VoteStance.SKIP)
    assert await votes(store, club, paper) == 0


async def test_the_submitters_own_vote_is_stored_but_does_not_rank(store: Store) -> None:
    club, people, (paper, *_) = await founded(store)
    await cast(store, club, paper, people[0], VoteStance.VOTE)
    assert await votes(store, club, paper) == 0
    async with store.read(club.id) as db:
        assert [member.id for member, _ in await db.vote_queries.voters(paper.id)] == [people[0].id]


async def test_a_hundred_concurrent_votes_are_all_counted(store: Store) -> None:
    club, people, (paper, *_) = await founded(store, members=41)
    await asyncio.gather(*(cast(store, club, paper, member, VoteStance.VOTE) for member in people[1:] * 2))
    assert await votes(store, club, paper) == 40


async def test_another_club_sees_no_votes(store: Store) -> None:
    club, people, (paper, *_) = await founded(store)
    other, *_ = await founded(store, papers=0)
    await cast(store, club, paper, people[1], VoteStance.VOTE)
    async with store.read(other.id) as db:
        assert await db.submissions.get(paper.id) is None
        assert await db.vote_queries.terms_in_window(NOW - timedelta(days=9), NOW + timedelta(days=9)) == {}
        assert await db.vote_queries.stance(people[1].id, paper.id) is None
        assert await db.members.get(people[1].id) is None


async def test_the_votes_of_a_duplicate_are_merged_per_member_and_split_again(store: Store) -> None:
    club, people, (one, two, _) = await founded(store)
    for member in people[1:4]:
        await cast(store, club, one, member, VoteStance.VOTE)
    for member in people[2:5]:
        await cast(store, club, two, member, VoteStance.VOTE)
    async with store.begin(club.id) as db:
        source, into = await db.submissions.get(one.id, lock=True), await db.submissions.get(two.id, lock=True)
        assert source is not None
        assert into is not None
        moved = await db.votes.merge(source, into)
        assert into.votes == 4, "four people, one ballot each"
    async with store.begin(club.id) as db:
        into = await db.submissions.get(two.id, lock=True)
        assert into is not None
        await db.votes.split(into, moved, NOW)
        assert into.votes == 3


async def test_a_participant_of_both_discussions_is_counted_once_after_a_merge(store: Store) -> None:
    club, people, (one, two, three) = await founded(store)
    async with store.begin(club.id) as db:
        source, into = await db.submissions.get(one.id, lock=True), await db.submissions.get(two.id, lock=True)
        other = await db.submissions.get(three.id, lock=True)
        assert source is not None
        assert into is not None
        assert other is not None
        for member, of in ((1, source), (2, source), (2, into), (3, other)):
            assert await db.votes.add_participant(of, people[member].id, NOW)
        assert not await db.votes.add_participant(source, people[1].id, NOW), "one voice a member"
        for member in (1, 2, 3):
            await db.votes.set(into, people[member].id, VoteStance.VOTE, NOW)
        await db.votes.merge(source, into)
        assert (into.votes, into.voices) == (3, 2)
        assert into.heat == Terms(3, 2, NOW).score
    async with store.read(club.id) as db:
        found = await db.submissions.get(two.id)
        assert found is not None
        assert (found.votes, found.voices, found.heat) == (3, 2, Terms(3, 2, NOW).score)


async def test_votes_rank_by_one_rule_when_they_are_cast_and_when_they_are_evaluated_again(store: Store) -> None:
    club, people, (paper, *_) = await founded(store, members=8)
    kinds = itertools.product((VoteStance.VOTE, VoteStance.SKIP), (None, NOW + timedelta(days=7)), (False, True))
    cast_as = dict(zip(people, kinds, strict=True))  # the first member submitted the paper
    async with store.begin(club.id) as db:
        locked = await db.submissions.get(paper.id, lock=True)
        assert locked is not None
        for member, (stance, counts_from, excluded) in cast_as.items():
            (await db.members.get_locked(member.id)).votes_excluded = excluded
            await db.votes.set(locked, member.id, stance, NOW, counts_from=counts_from, excluded=excluded)

    async def ranks() -> dict[int, bool]:
        async with store.read(club.id) as db:
            rows = await db._session.execute(select(Vote.member_id, Vote.ranks).where(Vote.submission_id == paper.id))
            return dict(rows.all())

    as_cast = await ranks()
    assert as_cast == {
        member.id: vote_ranks(
            stance, member_id=member.id, submitter_id=people[0].id, counts_from=counts_from, excluded=excluded
        )
        for member, (stance, counts_from, excluded) in cast_as.items()
    }
    async with store.begin(club.id) as db:
        locked = await db.submissions.get(paper.id, lock=True)
        assert locked is not None
        locked.member_id = people[7].id  # an excluded member who skipped it: now only the first vote counts
        await db.votes.reevaluate(locked)
    assert await ranks() == as_cast | {people[0].id: True}
    assert await votes(store, club, paper) == 1


async def test_the_new_submitters_vote_no_longer_ranks_and_the_former_ones_does(store: Store) -> None:
    club, people, (one, two, _) = await founded(store)
    for member in people[:3]:
        await cast(store, club, one, member, VoteStance.VOTE)
        await cast(store, club, two, member, VoteStance.VOTE)
    await cast(store, club, one, people[3], VoteStance.SKIP)
    assert await votes(store, club, one) == 2
    async with store.begin(club.id) as db:
        locked = await db.submissions.get(one.id, lock=True)
        assert locked is not None
        locked.member_id = people[1].id
        await db.votes.reevaluate(locked)
        assert locked.votes == 2
    async with store.read(club.id) as db:
        terms = [await db.vote_queries.terms(paper, NOW, NOW + timedelta(seconds=1)) for paper in (one, two)]
        assert [of.votes for of in terms] == [2, 2]
        assert (await db.vote_queries.terms(one, NOW - timedelta(days=1), NOW)).votes == 0, "until then, not at it"
    await cast(store, club, one, people[0], None)
    assert await votes(store, club, one) == 1, "the vote of who brought it before ranks now"


async def test_a_merged_vote_of_the_other_submitter_does_not_rank(store: Store) -> None:
    club, people, (one, two, _) = await founded(store)
    async with store.begin(club.id) as db:
        source, into = await db.submissions.get(one.id, lock=True), await db.submissions.get(two.id, lock=True)
        assert source is not None
        assert into is not None
        into.member_id = people[1].id
        for member, stance in ((0, VoteStance.VOTE), (1, VoteStance.VOTE), (2, VoteStance.VOTE), (3, VoteStance.SKIP)):
            await db.votes.set(source, people[member].id, stance, NOW)
        assert sorted(await db.votes.merge(source, into)) == [person.id for person in people[:4]]
        assert into.votes == 2
        assert {await db.vote_queries.stance(person.id, into.id) for person in people[3:]} == {"skip", None}


async def test_the_log_is_of_one_club(store: Store) -> None:
    club, people, (one, *_) = await founded(store)
    other, *_ = await founded(store)
    await cast(store, club, one, people[1], VoteStance.VOTE)
    for of, changes in ((club, 1), (other, 0)):
        async with store.read(of.id) as db:
            assert len(await db.vote_queries.log()) == changes


@dataclass(frozen=True)
class SetStance:
    """A member's change of stance on a paper, on a day."""

    paper: int
    member: int
    stance: VoteStance | None
    day: int


@dataclass(frozen=True)
class MergePapers:
    """A merge of a paper into another; for a merged paper, the undoing of the merge."""

    paper: int
    into: int


CLICKS = st.builds(
    SetStance, st.integers(0, 2), st.integers(0, 4), st.sampled_from(["vote", "vote", "skip", None]), st.integers(0, 20)
)
MERGES = st.sampled_from([MergePapers(0, 1), MergePapers(1, 2), MergePapers(2, 0)])
WINDOW = (NOW + timedelta(days=7), NOW + timedelta(days=14))


def test_counts_equal_the_rows_and_the_log_replays_to_the_same_order(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("log")
    names = itertools.count()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(CLICKS | CLICKS | CLICKS | MERGES, max_size=30))
    def check(done: list[SetStance | MergePapers]) -> None:
        asyncio.run(play(fresh_sqlite(folder / f"votes{next(names)}.db"), done))

    check()


async def play(url: str, done: list[SetStance | MergePapers]) -> None:
    async with opened(url) as store:
        club, people, papers = await founded(store)
        merged: dict[int, tuple[int, MergeRecord]] = {}
        for act in done:
            async with store.begin(club.id) as db:
                rows = [await db.submissions.get(paper.id, lock=True) for paper in papers]
                chosen = rows[act.paper]
                assert chosen is not None
                if isinstance(act, SetStance):
                    if act.paper not in merged:
                        await db.votes.set(chosen, people[act.member].id, act.stance, NOW + timedelta(days=act.day))
                elif act.paper in merged:
                    other, moved = merged.pop(act.paper)
                    into = rows[other]
                    assert into is not None
                    await db.merging.split(chosen, into, moved, NOW)
                elif act.into not in merged and act.paper not in {other for other, _ in merged.values()}:
                    into = rows[act.into]
                    assert into is not None
                    merged[act.paper] = act.into, await db.merging.merge(chosen, into, NOW)
        async with store.read(club.id) as db:
            log = await db.vote_queries.log()
            now = await db.submissions.many(paper.id for paper in papers)
            window = await db.vote_queries.terms_in_window(*WINDOW)
        stands = replay(log)
        for paper in now.values():
            assert paper.votes == len(ranking(stands, paper)), "the tally is what the log says"
            assert paper.heat == Terms(paper.votes, 0, paper.submitted_at).score
        again = {
            id: Terms(votes, 0, paper.submitted_at)
            for id, paper in now.items()
            if paper.merged_into_id is None and (votes := len(ranking(stands, paper, WINDOW)))
        }
        assert again == window, "and so is the window, for any window"


def replay(log: Iterable[VoteEvent]) -> dict[tuple[int, int], VoteEvent]:
    """The last stance of each member on each paper."""
    return {(event.submission_id, event.member_id): event for event in log}


def ranking(
    stands: dict[tuple[int, int], VoteEvent], paper: Submission, window: tuple[datetime, datetime] | None = None
) -> list[VoteEvent]:
    """Votes that count for a paper, of all time or of a window."""
    since, until = window or (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    return [
        event
        for (of, who), event in stands.items()
        if of == paper.id and who != paper.member_id and event.stance == "vote" and since <= event.at < until
    ]


def test_the_leaders_of_a_window_are_its_first_by_rank(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("leaders")
    names = itertools.count()
    clicks = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.integers(0, 20)), max_size=60)

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(clicks, st.lists(st.integers(0, 120), min_size=8, max_size=8))
    def check(cast: list[tuple[int, int, int]], ages: list[int]) -> None:
        asyncio.run(lead(fresh_sqlite(folder / f"leaders{next(names)}.db"), cast, ages))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.store.papers.vote_queries.EXTRA_CANDIDATES", 1)  # so that eight papers are many
        check()


async def lead(url: str, cast: list[tuple[int, int, int]], ages: list[int]) -> None:
    """Papers of many ages, votes within a window and before it."""
    async with opened(url) as store:
        club, people, papers = await founded(store, members=6, papers=8)
        async with store.begin(club.id) as db:
            for paper, age in zip(papers, ages, strict=True):
                row = await db.submissions.get(paper.id, lock=True)
                assert row is not None
                row.submitted_at = NOW - timedelta(days=age)
                await db.votes.recount(row)
            for at, member, day in cast:
                row = await db.submissions.get(papers[at].id, lock=True)
                assert row is not None
                await db.votes.set(row, people[member].id, VoteStance.VOTE, NOW + timedelta(days=day))
        async with store.read(club.id) as db:
            window = await db.vote_queries.terms_in_window(*WINDOW)
            order = sorted(window, key=lambda id: (-window[id].score, id))
            for most in (1, 2, 3, 8):
                assert await db.vote_queries.leaders(*WINDOW, limit=most) == order[:most]
