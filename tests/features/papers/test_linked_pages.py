"""Links to pages: their own titles and authors, and the papers that they name."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bot.domain.page_details import PageDetails
from bot.domain.paper_record import PaperRecord
from bot.errors import Unavailable
from bot.features.shared.papers.metadata_backfill import backfill
from tests.features.conversation import press
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


@dataclass(slots=True)
class ListedFinder:
    """Work finder with these works; `error`, if set, is raised."""

    label = "OpenAlex"
    pages: dict[str, list[PaperRecord]] = field(default_factory=dict)
    titles: list[PaperRecord] = field(default_factory=list)
    error: Exception | None = None

    async def at_url(self, url: str) -> list[PaperRecord]:
        if self.error:
            raise self.error
        return self.pages.get(url, [])

    async def titled(self, title: str) -> list[PaperRecord]:
        if self.error:
            raise self.error
        return self.titles


OTHER = article(key="doi:10.1000/other", doi="10.1000/other", title="Another Work")


async def test_of_several_works_at_a_page_the_member_is_asked_which(club: Harness) -> None:
    finder = ListedFinder({FORUM: [article(), OTHER]})
    registry = ListedRegistry({DOI: article(), "10.1000/other": OTHER})
    club.change(page_reader=ListedPages(), work_finder=finder, doi_registry=registry)
    asked = await club.say("Alice", f"/paper submit {FORUM} great ablations")
    assert asked.card.title == "Which of these?"
    assert [button.label for button in asked.card.buttons()] == [
        "Submit this", "Submit this", "None of these: submit the page",
    ]  # fmt: skip
    assert not (await club.say("Alice", "/paper top window=all")).card.title.startswith("#")
    own = await press(club, asked, "None of these", "Bob")
    assert "openreview.net/forum?id=AbCdEf1234" in words(own)
    chosen = await press(club, asked, "Submit this", "Alice")
    assert "The Published Title" in words(chosen)
    assert "great ablations" in words(await club.say("Bob", "/paper show 2"))


async def test_the_one_work_at_a_page_is_that_paper(club: Harness) -> None:
    finder = ListedFinder({FORUM: [article()]})
    club.change(page_reader=ListedPages(), work_finder=finder, doi_registry=ListedRegistry({DOI: article()}))
    assert "The Published Title" in words(await club.say("Alice", f"/paper submit {FORUM}"))
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {DOI}"))


async def test_a_title_that_arxiv_does_not_know_is_looked_up_elsewhere_and_offered(club: Harness) -> None:
    finder = ListedFinder(titles=[OTHER])
    club.change(work_finder=finder, doi_registry=ListedRegistry({"10.1000/other": OTHER}))
    offered = await club.say("Alice", "/paper submit another work of somebody")
    assert offered.card.title == "Results from OpenAlex"
    assert "Another Work" in words(await press(club, offered, "Submit this", "Alice"))
    finder.titles = []
    assert "arXiv and OpenAlex found no such paper" in words(await club.say("Alice", "/paper submit nobody wrote this"))
    finder.error = Unavailable("OpenAlex is not answering right now.")
    assert "found no such paper" in words(await club.say("Alice", "/paper submit nobody wrote this"))
    club.paper_source.error = Unavailable("arXiv is not answering right now.")
    assert "arXiv is not answering right now" in words(await club.say("Alice", "/paper submit nobody wrote this"))


async def test_a_title_that_no_source_knows_is_asked_for(club: Harness) -> None:
    club.change(page_reader=ListedPages(), doi_registry=ListedRegistry())
    submitted = await club.say("Alice", f"/paper submit {FORUM}")
    assert "could not find a title" in words(submitted)
    [button] = [one for one in submitted.card.buttons() if one.label == "Give its title"]
    assert str(button.call) == "paper title 1"
    assert "Only they or a moderator" in words(await club.say("Bob", "/paper title 1 title=Mine"))
    saved = words(await club.say("Alice", "/paper title 1 title=How  attention works"))
    assert "How attention works" in saved
    assert "How attention works" in words(await club.say("Bob", "/paper find attention"))
    assert "could not find" not in words(
        await club.say("Cy", "/paper submit https://example.org/p title='A Fine Post'")
    )


async def test_a_typed_title_of_a_doi_gives_way_to_the_publishers(club: Harness) -> None:
    registry = ListedRegistry()
    club.change(doi_registry=registry)
    submitted = await club.say("Alice", f"/paper submit {DOI}")
    assert "Give its title" in [button.label for button in submitted.card.buttons()]
    await club.say("Alice", "/paper title 1 title=What I remember")
    assert "What I remember" in words(await club.say("Bob", "/paper show 1"))
    registry.known[DOI] = article()
    club.clock.advance(days=2)
    await backfill(club.app, 1)
    assert "The Published Title" in words(await club.say("Bob", "/paper show 1"))
    assert "cannot be changed here" in words(await club.say("Alice", "/paper title 1 title=Mine"))
