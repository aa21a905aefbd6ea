"""An anonymous submitter is named nowhere, whichever way the paper was submitted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.features.conversation import (
    ATTENTION,
    DISTILLATION,
    press,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, open_harness, words


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Harness]:
    """A club that accepts anonymous papers."""
    async with open_harness(tmp_path) as opened:
        await set_moderators_channel(opened)
        await opened.say("Root", "/clubadmin settings anonymous yes", admin=True)
        yield opened


async def everything_shown(club: Harness) -> str:
    """All cards that others see of the first paper, and all posts."""
    lines = ("/paper show 1", "/paper why 1", "/paper top week", "/paper find attention", "/paper submit " + ATTENTION)
    shown = [words(await club.say("Cy", line)) for line in lines]
    case = words(await club.say("Mo", "/curate show 1", moderator=True))
    log = words(await club.say("Mo", "/curate log", moderator=True))
    return "\n".join([*shown, case, log, *(words(card) for _, card in (*club.gateway.posts, *club.gateway.edits))])


async def test_a_paper_that_is_there_already_gains_a_reason_without_a_name(club: Harness) -> None:
    await submit_papers(club, "Zoe", ATTENTION)
    answer = await club.say("Ada", f"/paper submit {ATTENTION} it settles it anonymous=yes")
    assert "anonymously" in words(answer)
    assert "it settles it" in await everything_shown(club)
    assert "Ada" not in await everything_shown(club)


async def test_without_a_reason_there_is_nothing_to_add(club: Harness) -> None:
    await submit_papers(club, "Zoe", ATTENTION)
    answer = await club.say("Ada", f"/paper submit {ATTENTION} anonymous=yes")
    assert "nothing was added" in words(answer)
    assert "Ada" not in await everything_shown(club)


async def test_what_was_taken_back_is_put_back_without_a_name(club: Harness) -> None:
    await club.say("Ada", f"/paper submit {ATTENTION} it settles it anonymous=yes")
    removed = await club.say("Ada", "/paper withdraw 1")
    back = await press(club, removed, "Undo", "Ada")
    assert not back.failed
    assert (await submission_numbered(club, 1)).why == "it settles it"
    assert "Ada" not in await everything_shown(club)


async def test_what_another_took_back_is_brought_again_without_a_name(club: Harness) -> None:
    await club.say("Root", "/clubadmin topics add NLP", admin=True)
    await submit_papers(club, "Zoe", ATTENTION)
    await club.say("Ada", f"/paper submit {ATTENTION}")
    await club.say("Zoe", "/paper withdraw 1")
    await club.say("Ada", f"/paper submit {ATTENTION} topic=NLP")
    submitted = await submission_numbered(club, 1)
    assert (submitted.member.name, submitted.topic and submitted.topic.name) == ("Ada", "NLP")
    assert "Also submitted by" not in words(await club.say("Cy", "/paper show 1"))
    await club.say("Ada", "/paper withdraw 1")
    await club.say("Bea", f"/paper submit {ATTENTION} anonymous=yes")
    assert (await submission_numbered(club, 1)).credit == "a member"


async def test_words_instead_of_a_link_keep_the_name_away(club: Harness) -> None:
    choice = await club.say("Ada", '/paper submit "attention is all" why="no recurrence" anonymous=yes')
    submitted = await press(club, choice, "Submit this", "Ada")
    assert not submitted.failed
    assert "Ada" not in await everything_shown(club)
    existing = await club.say("Bea", '/paper submit "attention is all you need" anonymous=yes')
    assert "nothing was added" in words(existing)


async def test_merging_credits_only_those_with_names(club: Harness) -> None:
    await submit_papers(club, "Zoe", ATTENTION)
    await club.say("Ada", f"/paper submit {DISTILLATION} the same thing anonymous=yes")
    await club.say("Bea", f"/paper submit {DISTILLATION} so it is anonymous=yes")
    merged = await club.say("Mo", "/curate merge 2 into 1 sure=yes", moderator=True)
    assert not merged.failed
    assert "so it is" in await everything_shown(club)
    assert not {"Ada", "Bea"} & set((await everything_shown(club)).replace("'", " ").split())


async def test_what_was_taken_back_is_on_no_list(club: Harness) -> None:
    await submit_papers(club, "Zoe", ATTENTION)
    await club.say("Zoe", "/paper withdraw 1")
    for line in ("/paper top week", "/paper top all", "/paper find attention"):
        assert "#1" not in words(await club.say("Cy", line)), line
