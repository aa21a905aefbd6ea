"""What is asked about votes: whose, for what, since when, and which paper is ahead."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.models import Club, Member, Submission, SubmissionState, VoteStance
from bot.store import Store
from tests.store.papers.test_votes import NOW, cast, founded

WEEK = timedelta(days=7)
SINCE, UNTIL = NOW - WEEK, NOW + WEEK


async def change(store: Store, club: Club, submission: Submission, **values: object) -> None:
    """Set columns of a submission."""
    async with store.begin(club.id) as db:
        found = await db.submissions.get(submission.id, lock=True)
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)


async def cast_at(store: Store, club: Club, submission: Submission, member: Member, days: int) -> None:
    """A vote so many days after the beginning."""
    async with store.begin(club.id) as db:
        locked = await db.submissions.get(submission.id, lock=True)
        assert locked is not None
        await db.votes.set(locked, member.id, VoteStance.VOTE, NOW + timedelta(days=days))


async def test_the_time_of_a_vote_is_that_of_the_member_and_of_no_skip(store: Store) -> None:
    club, (_, ada, ben, *_), (one, two, _) = await founded(store)
    await cast_at(store, club, one, ada, 1)
    await cast_at(store, club, one, ben, 2)
    await cast(store, club, two, ada, VoteStance.SKIP)
    async with store.read(club.id) as db:
        assert await db.vote_queries.vote_time(ada.id, one.id) == NOW + timedelta(days=1)
        assert await db.vote_queries.vote_time(ben.id, one.id) == NOW + timedelta(days=2)
        assert await db.vote_queries.vote_time(ada.id, two.id) is None
        assert await db.vote_queries.vote_time(ben.id, two.id) is None


async def test_a_member_s_votes_are_listed_latest_first_and_counted(store: Store) -> None:
    club, (_, ada, ben, *_), (one, two, three) = await founded(store)
    for days, paper in enumerate((two, three, one)):
        await cast_at(store, club, paper, ada, days)
    await change(store, club, three, state=SubmissionState.WITHDRAWN)
    async with store.read(club.id) as db:
        assert [paper.id for paper in await db.vote_queries.voted_for(ada.id, SINCE)] == [one.id, two.id]
        assert [paper.id for paper in await db.vote_queries.voted_for(ada.id, SINCE, skip=1)] == [two.id]
        assert [paper.id for paper in await db.vote_queries.voted_for(ada.id, NOW + timedelta(days=2))] == [one.id]
        assert await db.vote_queries.count_votes(ada.id, SINCE) == 2
        assert await db.vote_queries.count_votes(ben.id, SINCE) == 0


async def test_a_window_begins_with_its_first_moment_and_ends_before_its_last(store: Store) -> None:
    club, (_, ada, ben, eve, _), (one, *_) = await founded(store)
    for days, member in enumerate((ada, ben, eve)):
        await cast_at(store, club, one, member, days)
    first, last = NOW, NOW + timedelta(days=2)
    async with store.read(club.id) as db:
        paper = await db.submissions.get(one.id)
        assert paper is not None
        assert (await db.vote_queries.terms(paper, first, last)).votes == 2
        assert (await db.vote_queries.terms_in_window(first, last))[one.id].votes == 2
        assert await db.vote_queries.leaders(first, first, limit=5) == []
        assert await db.vote_queries.leaders(first, last, limit=5) == [one.id]
        assert await db.vote_queries.leaders(last, UNTIL, limit=5) == [one.id]


async def test_only_open_papers_of_the_topic_are_ranked(store: Store) -> None:
    club, (_, ada, ben, *_), (one, two, three) = await founded(store)
    async with store.begin(club.id) as db:
        topic_id = (await db.topics.add("graphs")).id
    await change(store, club, one, topic_id=topic_id)
    await change(store, club, two, topic_id=topic_id)
    for paper, members in ((one, (ada,)), (two, (ada, ben)), (three, (ada,))):
        for member in members:
            await cast(store, club, paper, member, VoteStance.VOTE)
    async with store.read(club.id) as db:
        assert await db.vote_queries.leaders(SINCE, UNTIL, topic_id=topic_id, limit=5) == [two.id, one.id]
        assert await db.vote_queries.leaders(SINCE, UNTIL, limit=5) == [two.id, one.id, three.id]
        assert await db.vote_queries.leaders(SINCE, UNTIL, limit=1) == [two.id]
        assert set(await db.vote_queries.terms_in_window(SINCE, UNTIL, topic_id=topic_id)) == {one.id, two.id}
    await change(store, club, two, state=SubmissionState.WITHDRAWN)
    await change(store, club, three, merged_into_id=one.id)
    async with store.read(club.id) as db:
        assert await db.vote_queries.leaders(SINCE, UNTIL, topic_id=topic_id, limit=5) == [one.id]
        assert await db.vote_queries.leaders(SINCE, UNTIL, limit=5) == [one.id]
        assert set(await db.vote_queries.terms_in_window(SINCE, UNTIL)) == {one.id}


async def test_only_voters_who_want_it_are_named(store: Store) -> None:
    club, (_, zoe, ada, eve, ben), (one, *_) = await founded(store)
    async with store.begin(club.id) as db:
        for member, prefs in ((zoe, {"voted": True}), (ada, {"voted": True}), (eve, {"voted": False})):
            found = await db.members.get(member.id)
            assert found is not None
            found.prefs = prefs
    for member in (zoe, ada, eve, ben):
        await cast(store, club, one, member, VoteStance.VOTE)
    async with store.read(club.id) as db:
        assert await db.vote_queries.visible_voters([one.id]) == {one.id: [zoe.name, ada.name]}
        assert await db.vote_queries.visible_voters([]) == {}


async def test_a_merged_paper_takes_no_votes(store: Store) -> None:
    club, _, (one, two, _) = await founded(store)
    async with store.begin(club.id) as db:
        found = await db.votes.vote_target(two.number)
        assert found is not None
        assert found.id == two.id
    await change(store, club, two, merged_into_id=one.id)
    async with store.begin(club.id) as db:
        assert await db.votes.vote_target(two.number) is None
        assert await db.votes.vote_target(one.number) is not None


async def test_skips_are_counted_and_a_submitter_s_vote_waits_for_nothing(store: Store) -> None:
    club, (submitter, ada, ben, *_), (one, *_) = await founded(store)
    async with store.begin(club.id) as db:
        assert await db.vote_queries.count_skips(one.id) == 0
        locked = await db.submissions.get(one.id, lock=True)
        assert locked is not None
        await db.votes.set(locked, submitter.id, VoteStance.VOTE, NOW, counts_from=UNTIL)
        await db.votes.set(locked, ada.id, VoteStance.VOTE, NOW, counts_from=UNTIL)
        await db.votes.set(locked, ben.id, VoteStance.SKIP, NOW, counts_from=UNTIL)
    async with store.read(club.id) as db:
        assert await db.vote_queries.count_skips(one.id) == 1
        votes = {member.id: (vote.counts_from, vote.ranks) for member, vote in await db.vote_queries.voters(one.id)}
        assert votes == {submitter.id: (None, False), ada.id: (UNTIL, False)}
