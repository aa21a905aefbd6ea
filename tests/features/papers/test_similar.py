"""Papers of the club that are like one: asked for, and named when a close one is submitted."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.models import SubmissionState
from tests.features.conversation import ATTENTION, DISTILLATION, SAFE, submit_papers
from tests.stand_ins import Harness, words


async def test_the_papers_most_like_one_are_listed(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    shown = words((await club.say("Bob", "/paper similar 2")).card)
    assert "#3" in shown
    assert shown.count("#2") == 1, "the paper itself is not in its list"
    assert "No paper here is like" in words((await club.say("Bob", "/paper similar 1")).card)


async def test_a_close_paper_is_named_at_submission_unless_it_was_removed(club: Harness) -> None:
    source = club.paper_source
    first = (await source.records([DISTILLATION]))[DISTILLATION]
    for number in (1, 2):
        copied = replace(
            first, key=f"arxiv:2512.0000{number}", title=f"Data-efficient transformers, revisited {number}"
        )
        source.put(copied)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    said = words((await club.say("Bob", "/paper submit 2512.00001")).card)
    assert "The club already has #2" in said
    assert "close" not in words((await club.say("Bob", f"/paper submit {SAFE}")).card)
    await club.say("Mod", "/curate drop 2 double", moderator=True)
    await club.say("Mod", "/curate drop 3 double", moderator=True)
    assert "close" not in words((await club.say("Bob", "/paper submit 2512.00002")).card)


async def test_a_close_paper_that_was_read_before_is_named_as_that(club: Harness) -> None:
    source = club.paper_source
    first = (await source.records([DISTILLATION]))[DISTILLATION]
    source.put(replace(first, key="arxiv:2512.00001", title="Data-efficient transformers, revisited"))
    await submit_papers(club, "Ada", DISTILLATION)
    async with club.app.store.begin(1) as db:
        read = await db.submissions.by_number(1)
        assert read is not None
        read.state = SubmissionState.READ
    said = words((await club.say("Bob", "/paper submit 2512.00001")).card)
    assert "The club read #1" in said
