"""Two processes on one PostgreSQL, at the same moment: nothing is lost, and nothing happens twice."""

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
from tests.features.conversation import (
    ATTENTION,
    DISTILLATION,
    SAFE,
    SECOND_PLACE,
    code_in,
    connect_second_platform,
    set_moderators_channel,
    submit_papers,
)
from tests.stand_ins import Harness, open_harness, words

Both = tuple[Harness, Harness]
Line = tuple[str, str]
"""Who says what."""


@pytest.fixture
async def both(postgres: str, tmp_path: Path) -> AsyncIterator[Both]:
    """Two programs that serve the same clubs."""
    url = create_database(postgres, f"race_{next(NUMBERS)}", template="template_club")
    async with (
        open_harness(tmp_path, url=url, threads=True) as one,
        open_harness(tmp_path, url=url, threads=True) as two,
    ):
        await set_moderators_channel(one)
        yield one, two


async def say(club: Harness, name: str, line: str, *, platform: str = "wall", workspace: str = "W1") -> AnswerCard:
    """Somebody who may do everything says a line; nothing is posted yet."""
    call = club.app.commands.find(line)[1]
    who, where = Requester(name.lower(), name, manages=True), Location(platform, workspace, "papers")
    return [given async for given in answer(club.app, call, who, where)][-1]


async def at_once(both: Both, *lines: Line) -> list[AnswerCard]:
    """All of this at the same moment, every other line in the other process. None may break."""
    said = await asyncio.gather(*(say(both[n % 2], name, line) for n, (name, line) in enumerate(lines)))
    assert [words(one) for one in said if "broke" in one.card.title] == []
    return said


async def count(club: Harness, what: type, *where: object) -> int:
    async with club.app.store.read_admin_session() as all_:
        return await all_._session.scalar(select(func.count()).select_from(what).where(*where)) or 0  # type: ignore[arg-type]  # conditions


async def check_tallies(club: Harness) -> None:
    """What stands on each paper is what its votes add up to."""
    async with club.app.store.read_admin_session() as all_:
        counted = Counter((await all_._session.scalars(select(Vote.submission_id).where(Vote.ranks))).all())
        stands = (await all_._session.execute(select(Submission.id, Submission.votes))).all()
    assert [(id, votes) for id, votes in stands] == [(id, counted[id]) for id, _ in stands]


async def test_newcomers_bring_the_same_papers(both: Both) -> None:
    lines = [(f"New{n}", f"/paper submit {(ATTENTION, DISTILLATION, SAFE)[n % 3]}") for n in range(9)]
    lines += [("Twin", f"/paper submit {ATTENTION}"), ("Twin", f"/paper submit {DISTILLATION}")]
    said = await at_once(both, *lines)
    assert not any(one.failed for one in said)
    async with both[0].app.store.read_admin_session() as all_:
        numbers = sorted(await all_._session.scalars(select(Submission.number)))
    assert numbers == [1, 2, 3]
    assert await count(both[0], CoSubmission) == 8
    assert await count(both[0], Member, Member.name == "Twin") == 1


async def test_votes_skips_and_talk_about_one_paper(both: Both) -> None:
    await submit_papers(both[0], "Ada", ATTENTION, DISTILLATION)
    lines = [(f"M{n % 5}", f"/paper {verb}") for n, verb in enumerate(
        ["vote 1", "skip 1", "vote 1 back=yes", "vote 2", "discuss 1", "vote 1", "report 1 spam"] * 3
    )]  # fmt: skip
    await at_once(both, *lines)
    await check_tallies(both[0])


async def test_one_person_links_accounts_while_both_vote(both: Both) -> None:
    await connect_second_platform(both[0])
    both[1].add(both[0].app.gateways["hall"])
    await submit_papers(both[0], "Zoe", ATTENTION, DISTILLATION, SAFE)
    for number in (1, 2, 3):
        await say(both[0], "Ada", f"/paper vote {number}")
        await say(
            both[0], "lovelace", f"/paper vote {number}", **{k: SECOND_PLACE[k] for k in ("platform", "workspace")}
        )
    code = code_in(await say(both[0], "Ada", "/my link"))
    voting = [say(both[n % 2], "Ada", f"/paper vote {n % 3 + 1}{' back=yes' if n % 2 else ''}") for n in range(6)]
    linked, *votes = await asyncio.gather(
        say(both[1], "lovelace", f"/my link {code}", platform="hall", workspace="H1"), *voting
    )
    assert [words(one) for one in (linked, *votes) if "broke" in one.card.title] == []
    await check_tallies(both[0])


async def test_two_moderators_merge_each_way_and_act(both: Both) -> None:
    await submit_papers(both[0], "Zoe", ATTENTION, DISTILLATION, SAFE)
    for n in range(4):
        await say(both[n % 2], f"M{n}", f"/paper vote {n % 3 + 1}")
    await at_once(
        both,
        ("Mo", "/curate merge 1 2 sure=yes"),
        ("Jo", "/curate merge 2 1 sure=yes"),
        ("Mo", "/curate pick 3"),
        ("Jo", "/curate drop 3 spam"),
        ("M1", "/paper vote 1"),
        ("M2", "/paper vote 2"),
        ("Zoe", "/paper withdraw 3"),
    )
    assert await count(both[0], Submission, Submission.merged_into_id.is_not(None)) == 1
    await check_tallies(both[0])


async def test_an_edition_is_drafted_approved_and_posted_once(both: Both) -> None:
    await submit_papers(both[0], "Zoe", ATTENTION, DISTILLATION, SAFE)
    await at_once(both, ("Mo", "/edition draft"), ("Jo", "/edition draft"))
    assert await count(both[0], Edition) == 1
    await at_once(
        both,
        ("Mo", "/edition schedule now"),
        ("Jo", "/edition approve"),
        ("Mo", "/edition approve"),
        ("Jo", "/edition draft"),
        ("Jo", "/curate drop 3 spam"),
        ("Zoe", "/paper vote 1"),
    )
    for line in ("draft", "approve now"):  # whoever was quicker: in the end it goes out
        await say(both[0], "Mo", f"/edition {line}")
    await asyncio.gather(*(club.delivery_worker.drain() for club in both))
    async with both[0].app.store.read_admin_session() as all_:
        posts = (await all_._session.scalars(select(Delivery).where(Delivery.kind == "edition"))).unique().all()
    assert len({(post.room_id, post.part) for post in posts}) == len(posts)
    sent = [card.title for club in both for where, card in club.gateway.posts if where.room == "digest"]
    assert len(sent) == len(posts) > 0
    items = await count(both[0], EditionItem)
    assert items == len({post.submission_id for post in posts if post.submission_id})


async def test_an_edition_is_skipped_or_approved_but_not_both(both: Both) -> None:
    await submit_papers(both[0], "Zoe", ATTENTION)
    await say(both[0], "Mo", "/edition draft")
    await at_once(
        both,
        ("Mo", "/edition approve now"),
        ("Jo", "/edition skip a holiday"),
        ("Mo", "/edition unapprove"),
        ("Jo", "/edition schedule tomorrow 09:00"),
    )
    async with both[0].app.store.read_admin_session() as all_:
        [edition] = (await all_._session.scalars(select(Edition))).all()
    assert (await count(both[0], EditionItem) == 1) is (edition.state == "approved")
    assert bool(edition.sha) is (edition.state in ("approved", "skipped") and edition.approved_at is not None)
