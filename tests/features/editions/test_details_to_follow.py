"""arXiv is down: submissions are published on time nevertheless, and completed when arXiv answers."""

from __future__ import annotations

import pytest

from bot.editions.model.document import sha256
from bot.errors import Unavailable
from bot.features.editions.publishing import item_completion
from tests.features.conversation import (
    ATTENTION,
    CLUB,
    DISTILLATION,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.features.edition_steps import document_of, edition_numbered, say_as_moderator
from tests.runtime.schedule_steps import tick
from tests.stand_ins import Harness, words

AWAY = Unavailable("arXiv cannot be asked right now.")


async def submitted_while_arxiv_is_away(club: Harness) -> None:
    """Two papers of which only a link and a reason are known."""
    await set_moderators_channel(club)
    await tick(club)
    club.paper_source.error = AWAY
    for name, paper, why in (("Ada", ATTENTION, "it began here"), ("Ben", DISTILLATION, "small and good")):
        assert not (await club.say(name, f"/paper submit {paper} {why}")).failed


async def test_an_edition_comes_out_with_links_and_reasons_and_is_completed_when_arxiv_answers(
    club: Harness,
) -> None:
    await submitted_while_arxiv_is_away(club)
    await tick(club, days=7)
    made = await edition_numbered(club)
    assert made.state == "published"
    assert "A quiet week" not in words(club.gateway.cards("digest"))
    posted = words(club.gateway.cards("digest"))
    assert "it began here" in posted
    assert f"https://arxiv.org/abs/{ATTENTION}" in posted
    assert "Details to follow" in posted
    club.paper_source.error = None
    await tick(club, minutes=6)
    after = await document_of(club)
    assert [item.pending for item in after.items] == [False, False]
    [first] = [item for item in after.items if item.brought == 1]
    assert (first.title, first.reference, bool(first.provenance)) == ("Attention Is All You Need", 1, True)
    assert "Ashish Vaswani" in first.authors
    assert after.references[0].work.authors[0] == "Ashish Vaswani"
    assert [fix.item for fix in after.corrections] == [item.key for item in after.items]
    redrawn = [card for where, card in club.gateway.edits if where.room == "digest"]
    assert any(card.title.endswith("Attention Is All You Need") and "Corrected on" in words(card) for card in redrawn)
    posts = len(club.gateway.cards("digest"))
    await tick(club, minutes=6)
    assert len((await document_of(club)).corrections) == 2, "they are completed once"
    assert len(club.gateway.cards("digest")) == posts


async def test_a_draft_and_an_approved_edition_gain_the_details_before_they_are_out(club: Harness) -> None:
    await submitted_while_arxiv_is_away(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule wed 10:00")
    await say_as_moderator(club, "/edition approve")
    club.paper_source.error = None
    await tick(club, minutes=6)
    made = await edition_numbered(club)
    assert (made.state, made.sha) == ("approved", sha256(made.document))
    assert [item.pending for item in (await document_of(club)).items] == [False, False]
    assert (await document_of(club)).corrections == (), "nobody has read it yet"
    await tick(club, days=2, hours=1)
    assert (await edition_numbered(club)).state == "published"


async def test_a_paper_that_arxiv_does_not_know_is_taken_out_again(club: Harness) -> None:
    await submitted_while_arxiv_is_away(club)
    await submit_papers(club, "Cy", "2509.99999")
    await tick(club, days=7)
    assert (await edition_numbered(club)).state == "published"
    club.paper_source.error = None
    await tick(club, minutes=6)
    assert (await submission_numbered(club, 3)).state == "dropped"
    made = await document_of(club)
    assert [item.brought for item in made.items] == [1, 2]
    assert "arXiv does not have this paper" in next(fix for fix in made.corrections if "2509.99999" in fix.item).say


@pytest.mark.parametrize("hand", ["", '/edition item write 1 why text="A moderator says why"'])
async def test_what_a_person_wrote_stays_when_the_details_come(club: Harness, hand: str) -> None:
    await submitted_while_arxiv_is_away(club)
    await say_as_moderator(club, "/edition draft")
    if hand:
        await say_as_moderator(club, hand)
    await say_as_moderator(club, "/edition approve now")
    await tick(club)
    club.paper_source.error = None
    await tick(club, minutes=6)
    [item] = [item for item in (await document_of(club)).items if item.brought == 1]
    assert not item.pending
    assert (item.why == ("A moderator says why",)) == bool(hand)
    assert await item_completion.complete(club.app, CLUB) == 0, "a repeat changes nothing"
