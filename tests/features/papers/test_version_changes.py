"""`/paper changes`: what differs between two versions of a paper."""

from __future__ import annotations

from dataclasses import replace

from bot.features.editions.review.paper_updates import check_for_updates
from tests.features.conversation import CLUB, press
from tests.features.papers.test_dois import PREPRINT
from tests.stand_ins import Harness, words

FIRST = replace(
    PREPRINT,
    version=1,
    title="A First Title",
    authors=("Ada Lee", "Bo Chen"),
    abstract="We start here. It is $x^2$ fast.",
)
SECOND = replace(
    FIRST, version=2, title="A Better Title", authors=("Ada Lee", "Cy Dean"), abstract="We start here. It is slow."
)
THIRD = replace(SECOND, version=3, authors=("Cy Dean", "Ada Lee"))


async def test_what_changed_is_shown_from_what_the_club_knew_or_from_arxiv(club: Harness) -> None:
    club.paper_source.put(FIRST)
    await club.say("Ada", f"/paper submit {PREPRINT.arxiv_id}")
    assert "only one version" in words(await club.say("Bob", "/paper changes 1"))
    club.paper_source.put(SECOND)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    club.paper_source.asked.clear()
    shown = words(await club.say("Bob", "/paper changes 1"))
    for part in (
        "from version 1 to version 2", "A First Title", "A Better Title", "new: Cy Dean", "no longer: Bo Chen",
        "It is x² fast.", "It is slow.",
    ):  # fmt: skip
        assert part in shown
    assert "We start here" not in shown
    assert not club.paper_source.asked, "it was stored"
    club.paper_source.put(THIRD)
    club.clock.advance(days=2)
    await check_for_updates(club.app, CLUB)
    latest = await club.say("Bob", "/paper changes 1")
    assert "in another order: Cy Dean, Ada Lee" in words(latest)
    assert "A First Title" in words(await press(club, latest, "Since version 1", "Bob"))
    assert "versions 1 to 3" in words(await club.say("Bob", "/paper changes 1 since=3"))


async def test_a_version_that_the_club_never_saw_is_asked_for(club: Harness) -> None:
    club.paper_source.put(THIRD)
    await club.say("Ada", f"/paper submit {PREPRINT.arxiv_id}")
    assert "no longer shows version 2" in words(await club.say("Bob", "/paper changes 1"))
    club.paper_source.versions[f"{PREPRINT.arxiv_id}v2"] = SECOND
    assert "in another order" in words(await club.say("Bob", "/paper changes 1"))


async def test_a_card_says_where_it_was_accepted_and_links_its_code(club: Harness) -> None:
    comment = "Accepted at ICLR 2024 (oral); code: https://github.com/example/tool"
    club.paper_source.put(replace(FIRST, comment=comment, journal_ref=""))
    await club.say("Ada", f"/paper submit {PREPRINT.arxiv_id}")
    card = words(await club.say("Bob", "/paper show 1"))
    assert "Ada Lee, Bo Chen · Accepted at ICLR 2024 (oral) · " in card
    assert "https://github.com/example/tool" in card
    await club.say("Bob", "/paper add-link 1 code https://github.com/example/tool/")
    assert words(await club.say("Bob", "/paper show 1")).count("example/tool") == 1
