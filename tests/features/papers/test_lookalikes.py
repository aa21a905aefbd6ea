"""A title that the club has already, or nearly: people are asked before one work is there twice."""

from __future__ import annotations

import pytest

from tests.features.conversation import ATTENTION, press, submit_papers
from tests.stand_ins import Harness, words

HISTORY = r"""@article{a, title={Attention is all you need}, author={Vaswani, Ashish}, year={2017}}
@article{b, title={Selfish Sorting of Bookshelves: Part 1}, author={Doe, Jane}, year={1999}}
@article{c, title={Editorial}, author={Doe, Jane}, year={1999}}"""


@pytest.fixture
async def readers(club: Harness) -> Harness:
    """A club that has read three works without ids."""
    club.gateway.files["history.bib"] = HISTORY.encode()
    await club.say("Root", "/clubadmin import history.bib sure=yes", admin=True)
    return club


async def test_the_same_title_is_asked_about_and_either_answer_is_taken(readers: Harness) -> None:
    asked = await readers.say("Ada", f"/paper submit {ATTENTION} everyone cites it")
    assert asked.card.title == "Is it this one?"
    assert "#1" in words(asked)
    assert "Already read by the club" in words(await press(readers, asked, "Yes, show it", "Ada"))
    added = await press(readers, asked, "No, submit mine", "Ada")
    assert added.card.title == "Your paper is on the list"
    assert "everyone cites it" in words(await readers.say("Ada", "/paper show 4"))


@pytest.mark.parametrize(
    ("title", "asks"),
    [
        ("Selfish sorting of book-shelves (part 1)", True),
        ("Selfish Sorting of Bookshelf: Part 1", False),
        ("Selfish Sorting of Bookshelves: Part 2", False),
        ("Unselfish Cooking of Bookends: Part 1", False),
        ("Editorial", False),
    ],
)
async def test_only_what_may_be_the_same_work_is_asked_about(readers: Harness, title: str, asks: bool) -> None:
    answer = await readers.say("Ada", f'/paper submit https://example.org/x title="{title}"')
    assert (answer.card.title == "Is it this one?") is asks, answer.card


async def test_a_paper_that_was_submitted_is_no_lookalike_of_itself(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {ATTENTION}"))
