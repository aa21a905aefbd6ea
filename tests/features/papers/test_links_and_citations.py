"""Links that members add to a paper, and its citations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.paper_record import PaperRecord
from bot.errors import Unavailable
from tests.features.conversation import ATTENTION, CLUB, press, set_moderators_channel, submit_papers
from tests.stand_ins import Harness, words


async def test_a_link_is_on_every_card_and_once(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", "/paper add-link 1 code <https://github.com/a/b>")
    assert "Code was added to the card of #1" in words(answer)
    assert "https://github.com/a/b" in words(club.gateway.edits[-1][1])
    again = await club.say("Cy", "/paper add-link 1 demo https://github.com/a/b")
    assert "already" in words(again)
    async with club.app.store.read(CLUB) as db:
        assert [(link.kind, link.url) for link in await db.submissions.links(1)] == [("code", "https://github.com/a/b")]
    assert club.paper_source.asked == [ATTENTION], "a link is never followed"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x.org/a",
        "javascript:alert(1)",
        "http://localhost/a",
        "https://me@x.org/",
        "https://10.0.0.1/",
        "x" * 2001,
        "no",
    ],
)
async def test_a_link_that_is_none_or_unsafe_is_refused(club: Harness, url: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", f"/paper add-link 1 code {url}")
    assert answer.failed
    async with club.app.store.read(CLUB) as db:
        assert not await db.submissions.links(1)


async def test_a_card_holds_a_dozen_links_and_no_more(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    for n in range(12):
        assert not (await club.say("Bob", f"/paper add-link 1 blog https://example.org/{n}")).failed
    assert "12 links" in words(await club.say("Bob", "/paper add-link 1 blog https://example.org/more"))
    async with club.app.store.read(CLUB) as db:
        assert len(await db.submissions.links(1)) == 12


async def test_nothing_is_added_to_a_dropped_paper(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate drop 1 spam", moderator=True)
    assert (await club.say("Bob", "/paper add-link 1 blog https://example.org/")).failed


async def test_a_paper_is_cited_in_each_format(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", "/paper cite 1")
    assert "@misc{vaswani2017attention," in words(answer)
    ris = await press(club, answer, "RIS", "Bob")
    assert "AU  - Vaswani, Ashish" in words(ris)
    assert "et al." not in words(await press(club, ris, "Markdown", "Bob"))


async def test_a_crowd_of_authors_is_cut_and_said_to_be(club: Harness) -> None:
    when = datetime(2025, 1, 1, tzinfo=UTC)
    record = PaperRecord(
        "arxiv:2501.00001", 1, "Big", tuple(f"G{i} F{i}" for i in range(3000)), "A.", ("cs.CL",), when, when
    )
    club.paper_source.put(record)
    await submit_papers(club, "Ada", "2501.00001")
    answer = words(await club.say("Bob", "/paper cite 1"))
    assert "and others" in answer
    assert "The first 40 of 3,000 authors" in answer


async def test_a_paper_without_details_cannot_be_cited_yet(club: Harness) -> None:
    club.paper_source.error = Unavailable("arXiv does not answer.")
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Bob", "/paper cite 1")
    assert answer.failed
    assert "not known yet" in words(answer)
