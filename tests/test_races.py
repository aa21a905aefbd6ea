"""Two processes on one PostgreSQL, concurrently: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import Requester
from bot.chat.gateway import Location
from bot.dispatch import AnswerCard, answer
from bot.domain.models import CoSubmission, Delivery, Edition, EditionItem, Member, Submission, Vote
from tests.conftest import NUMBERS, create_database
from tests.features.conversation import ATTENTION, DISTIL, HALL, SAFE, bring, code_in, connect, mods_room
from tests.stand_ins import Harness, open_harness, words

Both = tuple[Harness, Harness]
Line = tuple[str, str]
"""Lines by person."""


@pytest.fixture
async def two_processes(postgres: str, tmp_path: Path) -> AsyncIterator[Both]:
    """Two processes that serve the same clubs."""
    url = create_database(postgres, f"race_{next(NUMBERS)}", template="template_club")
    async with open_harness(tmp_path, url=url) as one, open_harness(tmp_path, url=url) as two:
        await mods_room(one)
        yield one, two


async def say(club: Harness, name: str, line: str, *, platform: str = "wall", workspace: str = "W1") -> AnswerCard:
    """Run a line as an admin, without delivering posts."""
    call = club.app.commands.find(line)[1]
    who, where = Requester(name.lower(), name, manages=True), Location(platform, workspace, "papers")
    return [given async for given in answer(club.app, call, who, where)][-1]


async def run_concurrently(two_processes: Both, *lines: Line) -> list[AnswerCard]:
    """Run all lines concurrently, alternating between the processes. None may fail."""
    said = await asyncio.gather(*(say(two_processes[n % 2], name, line) for n, (name, line) in enumerate(lines)))
    assert [words(one) for one in said if "broke" in one.card.title] == []
    return said


async def count(club: Harness, what: type, *where: object) -> int:
    async with club.app.store.read_admin_session() as all_:
        return await all_._session.scalar(select(func.count()).select_from(what).where(*where)) or 0  # type: ignore[arg-type]  # conditions


async def check_tallies(club: Harness) -> None:
    """Check that each paper's count equals its votes."""
    async with club.app.store.read_admin_session() as all_:
        counted = Counter((await all_._session.scalars(select(Vote.submission_id).where(Vote.ranks))).all())
        stands = (await all_._session.execute(select(Submission.id, Submission.votes))).all()
    assert [(id, votes) for id, votes in stands] == [(id, counted[id]) for id, _ in stands]


async def test_new_members_submit_the_same_papers(two_processes: Both) -> None:
    lines = [(f"New{n}", f"/paper submit {(ATTENTION, DISTIL, SAFE)[n % 3]}") for n in range(9)]
    lines += [("Twin", f"/paper submit {ATTENTION}"), ("Twin", f"/paper submit {DISTIL}")]
    said = await run_concurrently(two_processes, *lines)
    assert not any(one.failed for one in said)
    async with two_processes[0].app.store.read_admin_session() as all_:
        numbers = sorted(await all_._session.scalars(select(Submission.number)))
    assert numbers == [1, 2, 3]
    assert await count(two_processes[0], CoSubmission) == 8
    assert await count(two_processes[0], Member, Member.name == "Twin") == 1


async def test_votes_skips_and_discussion_of_one_paper(two_processes: Both) -> None:
    await bring(two_processes[0], "Ada", ATTENTION, DISTIL)
    lines = [(f"M{n % 5}", f"/paper {verb}") for n, verb in enumerate(
        ["vote 1", "skip 1", "vote 1 back=yes", "vote 2", "discuss 1", "vote 1", "report 1 spam"] * 3
    )]  # fmt: skip
    await run_concurrently(two_processes, *lines)
    await check_tallies(two_processes[0])


async def test_one_person_links_accounts_while_both_vote(two_processes: Both) -> None:
    await connect(two_processes[0])
    two_processes[1].add(two_processes[0].app.gateways["hall"])
    await bring(two_processes[0], "Zoe", ATTENTION, DISTIL, SAFE)
    for number in (1, 2, 3):
        await say(two_processes[0], "Ada", f"/paper vote {number}")
        await say(
            two_processes[0], "lovelace", f"/paper vote {number}", **{k: HALL[k] for k in ("platform", "workspace")}
        )
    code = code_in(await say(two_processes[0], "Ada", "/my link"))
    voting = [
        say(two_processes[n % 2], "Ada", f"/paper vote {n % 3 + 1}{' back=yes' if n % 2 else ''}") for n in range(6)
    ]
    linked, *votes = await asyncio.gather(
        say(two_processes[1], "lovelace", f"/my link {code}", platform="hall", workspace="H1"), *voting
    )
    assert [words(one) for one in (linked, *votes) if "broke" in one.card.title] == []
    await check_tallies(two_processes[0])


async def test_two_moderators_merge_in_both_directions(two_processes: Both) -> None:
    await bring(two_processes[0], "Zoe", ATTENTION, DISTIL, SAFE)
    for n in range(4):
        await say(two_processes[n % 2], f"M{n}", f"/paper vote {n % 3 + 1}")
    await run_concurrently(
        two_processes,
        ("Mo", "/curate merge 1 2 sure=yes"),
        ("Jo", "/curate merge 2 1 sure=yes"),
        ("Mo", "/curate pick 3"),
        ("Jo", "/curate drop 3 spam"),
        ("M1", "/paper vote 1"),
        ("M2", "/paper vote 2"),
        ("Zoe", "/paper withdraw 3"),
    )
    assert await count(two_processes[0], Submission, Submission.merged_into_id.is_not(None)) == 1
    await check_tallies(two_processes[0])


async def test_an_edition_is_drafted_approved_and_posted_once(two_processes: Both) -> None:
    await bring(two_processes[0], "Zoe", ATTENTION, DISTIL, SAFE)
    await run_concurrently(two_processes, ("Mo", "/edition draft"), ("Jo", "/edition draft"))
    assert await count(two_processes[0], Edition) == 1
    await run_concurrently(
        two_processes,
        ("Mo", "/edition schedule now"),
        ("Jo", "/edition approve"),
        ("Mo", "/edition approve"),
        ("Jo", "/edition draft"),
        ("Jo", "/curate drop 3 spam"),
        ("Zoe", "/paper vote 1"),
    )
    for line in ("draft", "approve", "schedule now"):  # whoever was quicker: in the end it goes out
        await say(two_processes[0], "Mo", f"/edition {line}")
    await asyncio.gather(*(club.delivery_worker.drain() for club in two_processes))
    async with two_processes[0].app.store.read_admin_session() as all_:
        posts = (await all_._session.scalars(select(Delivery).where(Delivery.kind == "edition"))).unique().all()
    assert len({(post.room_id, post.part) for post in posts}) == len(posts)
    sent = [card.title for club in two_processes for where, card in club.gateway.posts if where.room == "digest"]
    assert len(sent) == len(posts) > 0
    items = await count(two_processes[0], EditionItem)
    assert items == len({post.submission_id for post in posts if post.submission_id})


async def test_an_edition_is_skipped_or_approved_but_not_both(two_processes: Both) -> None:
    await bring(two_processes[0], "Zoe", ATTENTION)
    await say(two_processes[0], "Mo", "/edition draft")
    await run_concurrently(
        two_processes,
        ("Mo", "/edition approve"),
        ("Jo", "/edition skip a holiday"),
        ("Mo", "/edition unapprove"),
        ("Jo", "/edition schedule tomorrow 09:00"),
    )
    async with two_processes[0].app.store.read_admin_session() as all_:
        [edition] = (await all_._session.scalars(select(Edition))).all()
    assert (await count(two_processes[0], EditionItem) == 1) is (edition.state == "approved")
    assert bool(edition.sha) is (edition.state in ("approved", "skipped") and edition.approved_at is not None)
