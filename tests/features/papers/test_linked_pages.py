"""Links to pages: their own titles and authors, and the papers that they name."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.domain.page_details import PageDetails
from tests.features.papers.test_dois import DOI, PREPRINT, ListedRegistry, article
from tests.stand_ins import Harness, words


@dataclass(slots=True)
class ListedPages:
    """Page reader with these pages."""

    known: dict[str, PageDetails] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def details(self, url: str) -> PageDetails | None:
        self.asked.append(url)
        return self.known.get(url)


FORUM = "https://openreview.net/forum?id=AbCdEf1234"
BLOG = "https://example.org/post"


async def test_a_page_has_its_own_title_and_authors(club: Harness) -> None:
    pages = ListedPages({FORUM: PageDetails("A Submission", ("Ada Lee",), "We submit.", "ICLR 2024 poster")})
    club.change(page_reader=pages)
    await club.say("Alice", f"/paper submit {FORUM} great ablations, must read")
    shown = words(await club.say("Bob", "/paper show 1"))
    for part in ("A Submission", "Ada Lee", "great ablations, must read"):
        assert part in shown
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {FORUM}"))
    assert pages.asked == [FORUM], "a known page is not read again"


@pytest.mark.parametrize("with_reader", [True, False])
async def test_a_reason_is_never_a_title(club: Harness, with_reader: bool) -> None:
    club.change(page_reader=ListedPages() if with_reader else None)
    await club.say("Alice", f"/paper submit {FORUM} great ablations, must read")
    async with club.app.store.read(1) as db:
        submission = await db.submissions.get(1)
        assert submission is not None
        assert submission.paper.title == "openreview.net/forum?id=AbCdEf1234"
        assert submission.why == "great ablations, must read"


async def test_a_page_that_names_an_arxiv_paper_is_that_paper(club: Harness) -> None:
    club.change(page_reader=ListedPages({FORUM: PageDetails("T", arxiv_id=PREPRINT.arxiv_id)}))
    assert PREPRINT.title in words(await club.say("Alice", f"/paper submit {FORUM}"))
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {PREPRINT.arxiv_id}"))


async def test_a_papers_page_that_names_a_doi_is_that_paper(club: Harness) -> None:
    club.change(
        page_reader=ListedPages({FORUM: PageDetails("T", doi=DOI)}), doi_registry=ListedRegistry({DOI: article()})
    )
    assert "The Published Title" in words(await club.say("Alice", f"/paper submit {FORUM}"))
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {DOI}"))


async def test_a_page_whose_doi_is_unknown_keeps_its_own_details(club: Harness) -> None:
    club.change(page_reader=ListedPages({FORUM: PageDetails("The Page", doi=DOI)}), doi_registry=ListedRegistry())
    assert "The Page" in words(await club.say("Alice", f"/paper submit {FORUM}"))


async def test_a_blog_post_about_a_doi_stays_a_post(club: Harness) -> None:
    club.change(
        page_reader=ListedPages({BLOG: PageDetails("My Post", doi=DOI)}), doi_registry=ListedRegistry({DOI: article()})
    )
    assert "My Post" in words(await club.say("Alice", f"/paper submit {BLOG}"))
