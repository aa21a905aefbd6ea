"""Papers on the list that turn out to be one work are joined once, or moderators are asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.models import SubmissionState
from bot.domain.paper_record import PaperRecord
from bot.errors import Unavailable
from bot.features.editions.review.paper_updates import check_for_updates
from bot.features.moderation.same_work import join_same_works
from bot.features.shared.papers.metadata_backfill import backfill
from tests.features.conversation import CLUB, audit_entries, publish_papers, set_moderators_channel, submission_numbered
from tests.features.papers.test_dois import DOI, PREPRINT, ListedRegistry, article
from tests.stand_ins import Harness, words


@pytest.fixture
async def both(club: Harness) -> ListedRegistry:
    """The preprint is #1, its published paper #2; nobody knows yet that they are one work."""
    registry = ListedRegistry({DOI: article()})
    club.change(doi_registry=registry)
    await set_moderators_channel(club)
    await club.say("Alice", f"/paper submit {PREPRINT.arxiv_id}")
    await club.say("Bob", f"/paper submit {DOI} now in print")
    for voter in ("Cy", "Dee"):
        await club.say(voter, "/paper vote 2")
    await club.say("Cy", "/paper vote 1")
    return registry


async def learn(club: Harness, registry: ListedRegistry, *, at: str = "arXiv") -> None:
    """A source says what it did not say before; the papers are asked about, and what follows is done."""
    if at == "arXiv":
        club.paper_source.put(replace(PREPRINT, doi=DOI.upper()))
    else:
        registry.known[DOI] = article(same_work=(PREPRINT.key,))
    club.clock.advance(days=8)
    await check_for_updates(club.app, CLUB)
    await join_same_works(club.app, CLUB)
    await club.delivery_worker.drain()


@pytest.mark.parametrize("source", ["arXiv", "Crossref"])
async def test_what_becomes_known_as_one_work_is_joined_with_its_votes(
    club: Harness, both: ListedRegistry, source: str
) -> None:
    await learn(club, both, at=source)
    preprint, published = await submission_numbered(club, 1), await submission_numbered(club, 2)
    assert published.merged_into_id == preprint.id
    assert published.state is SubmissionState.MERGED
    assert preprint.votes == 2, "Cy and Dee, once each"
    assert "now in print" in words(await club.say("Eve", "/paper show 1"))
    told = [card for person, card in club.gateway.direct_messages if card.title == "Two papers are the same work"]
    assert len(told) == 1
    assert "same work as #1" in words(told[0])
    posts = [card for _, card in club.gateway.posts if card.title == "#2 was merged into #1"]
    assert len(posts) == 1
    await join_same_works(club.app, CLUB)
    assert len(await audit_entries(club, verbs=("merge",))) == 1


async def test_what_moderators_undo_stays_undone(club: Harness, both: ListedRegistry) -> None:
    await learn(club, both)
    assert not (await club.say("Root", "/curate restore 2", admin=True)).failed
    both.known[DOI] = article(same_work=(PREPRINT.key,))
    await learn(club, both)
    assert (await submission_numbered(club, 2)).merged_into_id is None
    assert (await submission_numbered(club, 2)).votes == 2


async def test_of_a_published_paper_moderators_are_asked_once(club: Harness, both: ListedRegistry) -> None:
    await publish_papers(club, 2)
    await learn(club, both)
    await learn(club, both)
    assert (await submission_numbered(club, 1)).merged_into_id is None
    asked = [card for _, card in club.gateway.posts if card.title == "The same work is on the list twice"]
    assert len(asked) == 1
    [button] = asked[0].buttons()
    assert str(button.call) == "curate merge 1 2", "the one of the edition stays"
    done = await club.say("Root", f"{button.call} sure=yes", admin=True)
    assert not done.failed
    assert (await submission_numbered(club, 1)).merged_into_id == (await submission_numbered(club, 2)).id


async def test_details_that_come_late_join_too(club: Harness) -> None:
    registry = ListedRegistry({DOI: article(same_work=(PREPRINT.key,))}, error=Unavailable("Crossref is down."))
    club.change(doi_registry=registry)
    await club.say("Alice", f"/paper submit {PREPRINT.arxiv_id}")
    assert "on the list" in words(await club.say("Bob", f"/paper submit {DOI}"))
    registry.error = None
    club.clock.advance(minutes=6)
    await backfill(club.app, CLUB)
    await join_same_works(club.app, CLUB)
    assert (await submission_numbered(club, 2)).merged_into_id == (await submission_numbered(club, 1)).id


async def test_relations_in_a_circle_and_removed_papers_join_nothing_twice(club: Harness, both: ListedRegistry) -> None:
    other = PaperRecord("doi:10.1000/183", 1, "A Third Record", (), "", (), None, None, doi="10.1000/183")
    both.known["10.1000/183"] = other
    await club.say("Eve", "/paper submit 10.1000/183")
    await club.say("Root", "/curate drop 3 spam", admin=True)
    both.known["10.1000/183"] = replace(other, same_work=(f"doi:{DOI}",))
    both.known[DOI] = article(same_work=(PREPRINT.key, "doi:10.1000/183"))
    await learn(club, both)
    assert (await submission_numbered(club, 2)).merged_into_id == (await submission_numbered(club, 1)).id
    assert (await submission_numbered(club, 3)).state is SubmissionState.DROPPED


async def test_a_relation_known_for_long_changes_nothing(club: Harness, both: ListedRegistry) -> None:
    club.paper_source.put(replace(PREPRINT, doi=DOI))
    club.clock.advance(days=8)
    await check_for_updates(club.app, CLUB)
    club.clock.at += timedelta(days=61)
    await join_same_works(club.app, CLUB)
    assert (await submission_numbered(club, 2)).merged_into_id is None
