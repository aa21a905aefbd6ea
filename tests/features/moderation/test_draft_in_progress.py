"""Decisions about papers while the next edition is drafted already."""

from __future__ import annotations

import pytest

from tests.features.conversation import ATTENTION, DISTILLATION, press, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words

SAYS = "The draft of No. 1 was made before"


@pytest.fixture
async def drafted(club: Harness) -> Harness:
    """A club whose draft has #1, but not #2."""
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/edition draft", moderator=True)
    await submit_papers(club, "Bob", DISTILLATION)
    return club


@pytest.mark.parametrize(
    "line", ["pick 2", "pick 1 place=1", "pick 1,2", "drop 1 spam", "hold 1 later", "merge 1 into 2 sure=yes"]
)
async def test_a_decision_that_the_draft_does_not_follow_says_so(drafted: Harness, line: str) -> None:
    assert SAYS in words(await drafted.say("Mo", f"/curate {line}", moderator=True))


@pytest.mark.parametrize(
    "line", ["drop 2 spam", "hold 2 later", "shortlist 2", "shortlist 1", "merge 2 into 1 sure=yes"]
)
async def test_a_decision_that_the_draft_need_not_follow_says_nothing(drafted: Harness, line: str) -> None:
    answer = await drafted.say("Mo", f"/curate {line}", moderator=True)
    assert not answer.failed
    assert SAYS not in words(answer)


async def test_the_button_drafts_it_again_with_the_pick(drafted: Harness) -> None:
    picked = await drafted.say("Mo", "/curate pick 2 place=1", moderator=True)
    await press(drafted, picked, "Draft again", "Mo", moderator=True)
    shown = words(await drafted.say("Mo", "/edition edit", moderator=True))
    assert shown.index("Training data-efficient") < shown.index("Attention Is All You Need")
    assert SAYS in words(await drafted.say("Mo", "/curate unpick 2", moderator=True))


async def test_a_paper_that_comes_back_is_in_the_draft_already(drafted: Harness) -> None:
    await drafted.say("Mo", "/curate drop 1 spam", moderator=True)
    assert SAYS not in words(await drafted.say("Mo", "/curate restore 1", moderator=True))


async def test_a_pick_after_the_approval_is_for_the_edition_after_it(drafted: Harness) -> None:
    await drafted.say("Mo", "/edition approve when=tomorrow", moderator=True)
    picked = words(await drafted.say("Mo", "/curate pick 2", moderator=True))
    assert "No. 1 is already approved, so this is for the edition after it." in picked
    assert SAYS not in picked
