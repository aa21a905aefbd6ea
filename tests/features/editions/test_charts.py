"""Numbers in an edition: arXiv's volume, and charts in a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot.chat.cards import ChartPart, Points
from bot.editions.model.document import Document, from_json
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render import captions
from bot.errors import Unavailable
from bot.features.editions.draft import arxiv_volume
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, DISTILLATION, SAFE, set_moderators_channel, submit_papers
from tests.features.edition_steps import cards_shown, current_edition, publish_edition, say_as_moderator
from tests.stand_ins import Harness, words


class ArxivCounts:
    """Stand-in for arXiv's counts: a hundred papers a day and category. `down` is what a request raises."""

    def __init__(self) -> None:
        self.asked: list[tuple[Sequence[str], datetime, datetime]] = []
        self.down: Exception | None = None

    async def count(self, categories: Sequence[str], since: datetime, until: datetime) -> int:
        self.asked.append((categories, since, until))
        if self.down:
            raise self.down
        return 100 * len(categories) * round((until - since) / timedelta(days=1))


@pytest.fixture
def tally(club: Harness) -> ArxivCounts:
    tally = ArxivCounts()
    club.change(paper_counter=tally)
    return tally


async def drafted(club: Harness) -> Document:
    edition = await current_edition(club)
    assert edition is not None
    return from_json(edition.document)


NEW = ("2510.04871", "2510.05174")
"""Papers that came out in October 2025."""


async def test_an_edition_says_from_how_many_new_papers_it_was_selected(club: Harness, tally: ArxivCounts) -> None:
    club.clock.at = club.clock.at.replace(year=2025, month=10, day=13)
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", *NEW)
    await say_as_moderator(club, "/edition draft")
    document = await drafted(club)
    ((where, since, until),) = tally.asked
    assert (document.period.since, club.clock.at) == (since, until)
    assert document.selected_from == 100 * len(where) * 7
    assert f"selected from {document.selected_from:,} new papers (cs." in " ".join(captions.dateline(document))


async def test_of_old_papers_it_does_not_say_so_and_a_silent_arxiv_costs_nothing(
    club: Harness, tally: ArxivCounts
) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await say_as_moderator(club, "/edition draft")
    assert tally.asked == []
    club.clock.at = club.clock.at.replace(year=2025, month=10, day=13)
    tally.down = Unavailable("arXiv cannot be asked right now.")
    await submit_papers(club, "Ada", *NEW, "2510.05122")
    await say_as_moderator(club, "/edition draft")
    assert len(tally.asked) == 1
    assert (await drafted(club)).selected_from == 0


async def test_a_chart_of_what_comes_out_is_counted_month_by_month(club: Harness, tally: ArxivCounts) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, SAFE)
    await say_as_moderator(club, "/edition draft")
    cards = await cards_shown(club, '/edition chart "What came out" points=arxiv')
    assert "7 of 12 months counted" in words(cards[6])
    assert len(cards) == 13
    (chart,) = (await drafted(club)).charts
    assert [label for label, _ in chart.points][::11] == ["Dec 2024", "Nov 2025"]
    assert chart.points[-1] == ("Nov 2025", 100.0 * 2 * 30)
    assert "New papers in cs.CL and cs.CV on arXiv." in words(chart.caption)
    assert any(isinstance(part, ChartPart) for part in cards[-1].parts)


async def test_months_are_counted_once_and_filled_in_a_few_with_each_edition(club: Harness, tally: ArxivCounts) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, SAFE)
    await publish_edition(club)
    assert tally.asked == [], "before the first edition nobody knows where the club reads"
    for drafts in (1, 2):
        await arxiv_volume.fetch_missing_months(club.app, 1)
        assert [since.month for _, since, _ in tally.asked] == [11, 10, 9, 8, 7, 6][: 3 * drafts]
    tally.down = Unavailable("arXiv cannot be asked right now.")
    await arxiv_volume.fetch_missing_months(club.app, 1)
    tally.down = None
    del tally.asked[:]
    found = [point async for point in arxiv_volume.counts_by_month(club.app, ["cs.CV", "cs.CL"], IN_ENGLISH)]
    assert len(found) == 12
    assert len(tally.asked) == 6, "those that were counted already are remembered"
    assert found[-1] == ("Nov 2025", 6000.0)
    assert len(await arxiv_volume.stored_counts(club.app, ["cs.CL", "cs.CV"])) == 12


async def test_a_chart_of_the_clubs_own_numbers(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await club.say("Ben", "/paper vote 1")
    await publish_edition(club)
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", SAFE)
    await say_as_moderator(club, "/edition draft")
    for word, total in (("submitted", 3), ("votes", 1), ("papers", 2)):
        await say_as_moderator(club, f'/edition chart "About us: {word}" points={word}')
        chart = next(c for c in (await drafted(club)).charts if c.title == f"About us: {word}")
        assert sum(value for _, value in chart.points) == total
    answer = await say_as_moderator(club, '/edition chart "About us: votes" points=none')
    assert "Chart removed" in words(answer)
    assert [chart.title for chart in (await drafted(club)).charts] == ["About us: submitted", "About us: papers"]


async def test_a_chart_of_nothing_and_of_no_numbers_is_refused(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await say_as_moderator(club, "/edition draft")
    refused = {
        "votes": "nothing to count",
        "arxiv": "no source that counts papers",
        "2020=x": "not a label",
        "a: nan": "not a label",
        "a: -1e300": "too large",
        "2020: 10 2021: 14": "two numbers",
    }
    for points, why in refused.items():
        answer = await club.say("Mo", f'/edition chart "C" points="{points}"', moderator=True)
        assert answer.failed, points
        assert why in words(answer)


async def test_the_posted_header_carries_the_chart_and_its_numbers(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition chart "Papers a year" points="2019: 1200, 2020: 1680" unit=papers')
    await published_as_is(club)
    header = club.gateway.cards("digest")[0]
    (plot,) = [part for part in header.parts if isinstance(part, ChartPart)]
    assert plot.points == (("2019", 1200.0), ("2020", 1680.0))
    assert plot.alt == "From 2019 to 2020: 2,880 papers in all; the most, 1,680, at 2020."
    assert any(isinstance(part, Points) and "1,680 papers" in words(part) for part in header.parts)


async def test_zeros_take_one_row_and_the_picture_has_the_unit(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await say_as_moderator(club, "/edition draft")
    (*_, answer) = await cards_shown(
        club, '/edition chart "Talks" points="2018: 0, 2019: 1, 2020: 0, 2021: 0, 2022: −2" unit=talks'
    )
    (rows,) = [part for part in answer.parts if isinstance(part, Points)]
    assert [row for (row,) in rows.items] == ["2019: 1 talk", "2022: −2 talks", "2018, 2020, 2021: 0 talks"]
    (plot,) = [part for part in answer.parts if isinstance(part, ChartPart)]
    assert plot.unit == "talks"
    assert plot.alt == "From 2018 to 2022: the least, −2 talks, at 2022; the most, 1 talk, at 2019."


async def published_as_is(club: Harness) -> None:
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("A: -3,5; B: 2,1; C: −0,25", (-3.5, 2.1, -0.25)),
        ("A: -3,5, B: +2,1, C: 0,125", (-3.5, 2.1, 0.125)),
        ("A: 1.200,50; B: 1,200; C: 1,680,000", (1200.5, 1200, 1680000)),
        ("2019: 1,200, 2020: 1,680,000,2021: 3", (1200, 1680000, 3)),
        ("A: 10,B: 14", (10, 14)),
    ],
)
async def test_numbers_of_a_chart_may_have_a_decimal_comma(
    club: Harness, typed: str, values: tuple[float, ...]
) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, f'/edition chart Change points="{typed}" unit=%')
    (chart,) = (chart for chart in (await drafted(club)).charts if chart.title == "Change")
    assert tuple(value for _, value in chart.points) == values
