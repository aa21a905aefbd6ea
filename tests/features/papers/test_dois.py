"""Papers by their DOI: one work once, unknown DOIs kept, and what publishers say of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta

import pytest

from adapters.web.archive.structured_data import citation_tags
from bot.domain.paper_record import PaperRecord
from bot.domain.publication_date import PublicationDate
from bot.editions.compose.item_builder import venue
from bot.editions.model.document import Work, from_json
from bot.features.editions.review.paper_updates import check_for_updates, next_check
from bot.features.shared.papers.metadata_backfill import backfill
from bot.features.shared.papers.paper_list import listed_entries
from bot.locale import translator
from bot.sources.json_host import SourceUnavailable
from bot.sources.recorded_arxiv import recorded_papers
from tests.features.conversation import CLUB, set_moderators_channel
from tests.features.edition_steps import publish_edition, say_as_moderator, set_up_week
from tests.stand_ins import MONDAY, Harness, words

DOI = "10.1000/182"
PREPRINT = next(record for record in recorded_papers() if not record.withdrawn)


def article(**changes: object) -> PaperRecord:
    made = PaperRecord(f"doi:{DOI}", 1, "The Published Title", ("A B",), "", (), MONDAY, MONDAY, doi=DOI)
    return replace(made, **changes)  # type: ignore[arg-type]


@dataclass(slots=True)
class ListedRegistry:
    """Registry with these records; `error`, if set, is raised."""

    known: dict[str, PaperRecord] = field(default_factory=dict)
    error: Exception | None = None

    async def record(self, doi: str) -> PaperRecord | None:
        if self.error:
            raise self.error
        return self.known.get(doi)


async def test_punctuation_that_was_copied_with_a_doi_is_no_reason(club: Harness) -> None:
    club.change(doi_registry=ListedRegistry({DOI: article()}))
    assert "Tell the others why" in words(await club.say("Ada", f"/paper submit {DOI} ."))


async def test_a_paper_that_is_retracted_later_is_found_within_a_week(club: Harness) -> None:
    registry = ListedRegistry({DOI: article()})
    club.change(doi_registry=registry)
    await club.say("Ada", f"/paper submit {DOI} shelves")
    notice = "Retraction by the publisher, 10.1000/notice"
    registry.known[DOI] = article(withdrawn=True, comment=notice)
    club.clock.advance(days=6)
    await check_for_updates(club.app, CLUB)
    assert notice not in words(await club.say("Ada", "/paper show 1")), "asked once a week"
    due = await next_check(club.app, CLUB)
    assert due is not None
    assert due <= club.clock() + timedelta(days=1)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    assert notice in words(await club.say("Ada", "/paper show 1"))


async def test_a_doi_whose_preprint_is_on_arxiv_is_that_paper(club: Harness) -> None:
    club.change(doi_registry=ListedRegistry({DOI: article(same_work=(PREPRINT.key, f"doi:{DOI}"))}))
    assert PREPRINT.title in words(await club.say("Alice", f"/paper submit {DOI}"))
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {PREPRINT.arxiv_id}"))
    assert "already on the list" in words(await club.say("Cy", f"/paper submit https://doi.org/{DOI}"))


async def test_a_preprint_joins_its_published_paper_in_either_order(club: Harness) -> None:
    club.change(doi_registry=ListedRegistry({DOI: article()}))
    club.paper_source.put(replace(PREPRINT, doi=DOI.upper()))
    await club.say("Alice", f"/paper submit {DOI}")
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {PREPRINT.arxiv_id}"))


async def test_a_published_paper_joins_its_preprint(club: Harness) -> None:
    club.change(doi_registry=ListedRegistry({DOI: article()}))
    club.paper_source.put(replace(PREPRINT, doi=DOI.upper()))
    await club.say("Alice", f"/paper submit {PREPRINT.arxiv_id}")
    assert "already on the list" in words(await club.say("Bob", f"/paper submit {DOI}"))


async def test_relations_in_a_circle_end(club: Harness) -> None:
    one, other = article(same_work=("doi:10.1000/183",)), article(key="doi:10.1000/183", same_work=(f"doi:{DOI}",))
    club.change(doi_registry=ListedRegistry({DOI: one, "10.1000/183": replace(other, doi="10.1000/183")}))
    assert not (await club.say("Alice", f"/paper submit {DOI}")).failed
    assert "already on the list" in words(await club.say("Bob", "/paper submit 10.1000/183"))


async def test_an_unknown_doi_is_kept_until_its_details_come(club: Harness) -> None:
    registry = ListedRegistry()
    club.change(doi_registry=registry)
    answer = words(await club.say("Alice", f"/paper submit {DOI}"))
    assert "on the list" in answer
    assert "There are no details for this DOI yet." in answer
    club.clock.advance(minutes=6)
    assert await backfill(club.app, 1) == 1, "every registry has answered"
    assert await backfill(club.app, 1) == 0
    registry.known[DOI] = article()
    club.clock.advance(hours=23)
    assert await backfill(club.app, 1) == 0, "an unknown DOI is asked for once a day"
    club.clock.advance(hours=2)
    assert await backfill(club.app, 1) == 1
    assert "The Published Title" in words(await club.say("Alice", "/paper show 1"))


async def test_a_registry_that_is_down_loses_nothing(club: Harness) -> None:
    registry = ListedRegistry({DOI: article()}, error=SourceUnavailable("DataCite", "HTTP 503"))
    club.change(doi_registry=registry)
    answer = words(await club.say("Alice", f"/paper submit {DOI} worth reading"))
    assert "on the list" in answer
    assert "DataCite is not answering right now. The paper was added; its details will follow" in answer
    registry.error = None
    club.clock.advance(minutes=6)
    assert await backfill(club.app, 1) == 1
    assert "The Published Title" in words(await club.say("Alice", "/paper show 1"))


async def test_a_retracted_paper_is_refused_with_the_words_of_the_source(club: Harness) -> None:
    notice = "Retraction of 2021-03-02, https://doi.org/10.1000/r"
    club.change(doi_registry=ListedRegistry({DOI: article(withdrawn=True, comment=notice)}))
    answer = words(await club.say("Alice", f"/paper submit {DOI}"))
    assert "was retracted by its publisher on 2 Mar 2021, so it was not added" in answer
    assert f"Crossref says: “{notice}”" in answer


@pytest.mark.parametrize(
    ("parts", "shown", "month"),
    [((2015,), "2015", ""), ((2015, 5), "May 2015", "5"), ((2015, 5, 7), "7 May 2015", "5")],
)
async def test_a_date_is_as_precise_as_its_source_everywhere(
    club: Harness, parts: tuple[int, ...], shown: str, month: str
) -> None:
    date = PublicationDate.of_parts(*parts)
    assert date is not None
    dated = article(published=date.at, published_precision=date.precision)
    club.change(doi_registry=ListedRegistry({DOI: dated}))
    await club.say("Alice", f"/paper submit {DOI}")
    assert f"A B · {shown}" in words(await club.say("Bob", "/paper show 1"))
    cited = words(await club.say("Bob", "/paper cite 1"))
    assert re.findall(r"month += \{(\d+)\}", cited) == ([month] if month else [])
    async with club.app.store.read(1) as db:
        submission = await db.submissions.get(1)
        assert submission is not None
        assert venue(submission.paper, translator("edition", "en")).endswith(shown)
        tags = dict(citation_tags(Work.of(submission.paper, str)))
        assert tags["citation_publication_date"] == date.iso.replace("-", "/")
        [entry] = await listed_entries(db, UTC, club.clock())
        assert entry.day == date.iso


async def test_a_correction_is_on_the_card(club: Harness) -> None:
    notice = "Correction of 2021-03-02, https://doi.org/10.1000/c"
    club.change(doi_registry=ListedRegistry({DOI: article(comment=notice)}))
    await club.say("Alice", f"/paper submit {DOI}")
    assert f"Crossref says: “{notice}”" in words(await club.say("Bob", "/paper show 1"))


async def test_a_correction_that_comes_later_is_told_once_to_who_submitted_and_voted(club: Harness) -> None:
    registry = ListedRegistry({DOI: article()})
    club.change(doi_registry=registry)
    await set_moderators_channel(club)
    await club.say("Ada", f"/paper submit {DOI}")
    await club.say("Bob", "/paper vote 1")
    await club.say("Cy", "/paper skip 1 reason=off-topic")
    notice = "Correction of 2025-12-20, https://doi.org/10.1000/c"
    registry.known[DOI] = article(comment=notice)
    for _ in range(2):
        club.clock.advance(days=8)
        await check_for_updates(club.app, CLUB)
    await club.delivery_worker.drain()
    told = [card for _, card in club.gateway.direct_messages if card.title == "There is a notice about #1"]
    assert len(told) == 2, "Ada and Bob, once each"
    assert notice in words(told[0])
    posted = [card for _, card in club.gateway.posts if card.title == "There is a notice about #1"]
    assert len(posted) == 1
    assert "Correction of 2025-12-20" in words(await club.say("Dee", "/paper top window=all"))
    assert notice in words(await club.say("Dee", "/paper cite 1"))


async def test_a_correction_is_noted_in_a_published_edition(club: Harness) -> None:
    registry = ListedRegistry({DOI: article(abstract="We show that shelves hold books. They do so for long.")})
    club.change(doi_registry=registry)
    await set_up_week(club)
    await club.say("Ada", f"/paper submit {DOI}")
    await say_as_moderator(club, "/curate pick 4")
    await publish_edition(club)
    notice = "Expression of concern of 2025-12-20, https://doi.org/10.1000/c"
    registry.known[DOI] = replace(registry.known[DOI], comment=notice)
    for _ in range(2):
        club.clock.advance(days=8)
        await check_for_updates(club.app, CLUB)
    async with club.app.store.read(CLUB) as db:
        edition = await db.editions.by_number(1)
        assert edition is not None
        fixes = from_json(edition.document).corrections
    assert [fix.say for fix in fixes] == [f"Crossref has a notice about “The Published Title”: {notice}."]


async def test_what_was_read_before_is_asked_about_monthly(club: Harness) -> None:
    registry = ListedRegistry({DOI: article()})
    club.change(doi_registry=registry)
    await set_moderators_channel(club)
    await club.say(
        "Root", f"/clubadmin import - The Published Title https://doi.org/{DOI} 2019-01-02 sure=yes", admin=True
    )
    await backfill(club.app, CLUB)
    registry.known[DOI] = article(withdrawn=True, comment="Retraction of 2025-12-20, https://doi.org/10.1000/r")
    club.clock.advance(days=29)
    await check_for_updates(club.app, CLUB)
    assert "Retracted" not in words(await club.say("Ada", "/paper show 1"))
    due = await next_check(club.app, CLUB)
    assert due is not None
    assert due <= club.clock() + timedelta(days=2)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    assert "Retracted" in words(await club.say("Ada", "/paper show 1"))
    told = [card for _, card in club.gateway.direct_messages if card.title == "#1 was withdrawn"]
    assert "The club has already read it" in words(told[0])


async def test_without_a_registry_a_doi_is_kept_and_its_title_is_asked_for(club: Harness) -> None:
    club.change(doi_registry=None)
    submitted = await club.say("Ada", f"/paper submit {DOI}")
    assert not submitted.failed
    assert "Give its title" in [button.label for button in submitted.card.buttons()]
