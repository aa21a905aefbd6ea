"""Layouts of an edition: a thread by default, one message a paper, or one long post."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.models import DeliveryKind
from tests.features.conversation import CLUB
from tests.features.edition_steps import publish_edition, say_as_moderator, set_up_week
from tests.stand_ins import Harness, words


def in_digest(club: Harness) -> list[tuple[str, str]]:
    """Thread and title of each post in the channel for editions, in order."""
    return [(where.thread, card.title) for where, card in club.gateway.posts if where.room == "digest"]


async def test_an_edition_is_a_header_with_the_papers_in_its_thread(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    header, *replies = in_digest(club)
    assert header[0] == ""
    assert len({thread for thread, _ in replies}) == 1
    assert replies[0][0], "the replies are in the header's thread"
    shown = next(card for where, card in club.gateway.posts if where.room == "digest")
    assert "Attention Is All You Need" in words(shown), "the header presents the top papers"
    votes = [card for where, card in club.gateway.posts if where.room == "digest" and card.buttons()]
    assert len(votes) == 3, "each paper can be voted for in its reply"


async def test_a_correction_and_a_recall_reach_every_reply(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    posts = len(in_digest(club))
    club.gateway.edits.clear()
    await club.say("Mo", "/edition recall reason=wrong-week sure=yes", moderator=True)
    recalled = [card.title for where, card in club.gateway.edits if where.room == "digest"]
    assert len(recalled) == posts
    assert all("recalled" in title for title in recalled)
    assert len(in_digest(club)) == posts, "nothing new is posted"


@pytest.mark.parametrize(("layout", "least"), [("messages", 4), ("one", 1)])
async def test_a_club_chooses_another_layout(club: Harness, layout: str, least: int) -> None:
    await set_up_week(club)
    await club.say("Root", f"/clubadmin settings layout {layout}", admin=True)
    await publish_edition(club)
    found = in_digest(club)
    assert {thread for thread, _ in found} == {""}, "no reply"
    assert len(found) >= least
    if layout == "one":
        assert len(found) < 4
        everything = words([card for where, card in club.gateway.posts if where.room == "digest"])
        assert "Attention Is All You Need" in everything
        if len(found) > 1:
            assert [title[-5:] for _, title in found] == [f"({n}/{len(found)})" for n in range(1, len(found) + 1)]
    await club.say("Root", "/clubadmin settings layout thread", admin=True)
    async with club.app.store.read(CLUB) as db:
        assert not any(d.in_thread for d in await db.deliveries.by_subject(DeliveryKind.EDITION, 1))
    edition = await club.say("Mo", "/edition recall reason=wrong-week sure=yes", moderator=True)
    assert not edition.failed, "an edition keeps the layout that it was posted in"


async def test_a_preview_of_the_page_says_why_there_is_no_link(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    for address, public, say in (
        ("", "no", "The club has no public archive"),
        ("", "yes", "The program has no address on the web"),
        ("https://club.test", "yes", "https://club.test/clubs/"),
    ):
        club.change(installation=replace(club.app.installation, public_url=address))
        await club.say("Root", f"/clubadmin settings public {public}", admin=True)
        assert say in words((await say_as_moderator(club, "/edition preview web")).card)
