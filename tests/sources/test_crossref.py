"""The Crossref client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.paper_record import PaperRecord
from bot.domain.publication_date import iso_date
from bot.domain.withdrawals import record_withdrawal
from bot.sources.crossref import CrossrefClient, _record, _work
from bot.sources.json_host import SourceMalformed, SourceUnavailable
from tests.sources import faulty
from tests.sources.clock import Clock
from tests.sources.faulty import Fault, FaultyArxiv, answer_with, too_many_requests
from tests.sources.local_rate_gate import LocalRateGate

DOI = "10.1038/nature14539"
WORK: dict[str, Any] = {
    "DOI": DOI,
    "title": ["Deep  learning"],
    "author": [
        {"given": "Yann", "family": "LeCun", "sequence": "first"},
        {"given": "Yoshua", "family": "Bengio"},
        {"given": "Geoffrey", "family": "Hinton"},
        {"name": "The  Committee"},
        {"family": " "},
    ],
    "abstract": "<jats:title>Abstract</jats:title><jats:p>Depth &lt; width <jats:italic>and</jats:italic> H<jats:sub>2"
    "</jats:sub>O.</jats:p><jats:p>More &amp; more.</jats:p>",
    "container-title": ["Nature"],
    "published": {"date-parts": [[2015, 5, 27]]},
    "deposited": {"date-parts": [[2023, 5, 18]]},
    "type": "journal-article",
}


NOTICE: dict[str, Any] = {
    "type": "retraction",
    "label": "Retraction",
    "DOI": "10.1000/r",
    "updated": {"date-parts": [[2021, 3, 2]]},
    "source": "retraction-watch",
}


def work(**changes: Any) -> Fault:
    message = {name: value for name, value in {**WORK, **changes}.items() if value is not None}
    answer = {"status": "ok", "message-type": "work", "message": message}
    return answer_with(json.dumps(answer), kind="application/json")


@pytest.fixture
async def crossref(server: FaultyArxiv, clock: Clock) -> AsyncIterator[CrossrefClient]:
    base = server.url.removesuffix("/api/query")
    rate_gate = LocalRateGate(clock.monotonic, clock.sleep)
    async with CrossrefClient(
        rate_gate, contact="club@example.org", base_url=base, now=clock.now, sleep=clock.sleep, chance=lambda: 0.5
    ) as crossref:
        yield crossref


async def test_a_work_becomes_a_record(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    server.plan = [work()]
    assert await crossref.record(DOI) == PaperRecord(
        key=f"doi:{DOI}",
        version=1,
        title="Deep learning",
        authors=("Yann LeCun", "Yoshua Bengio", "Geoffrey Hinton", "The Committee"),
        abstract="Depth < width and H₂O. More & more.",
        categories=(),
        published=datetime(2015, 5, 27, tzinfo=UTC),
        updated=datetime(2023, 5, 18, tzinfo=UTC),
        journal_ref="Nature",
        doi=DOI,
    )
    assert server.ledger[0].headers["User-Agent"] == "journalclub (mailto:club@example.org)"


async def test_the_doi_cannot_leave_its_place_in_the_path(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    odd = "10.1000/../../x?y=1#z%2f<a>"
    server.plan = [work(DOI=odd)]
    found = await crossref.record(odd)
    assert found is not None
    assert server.ledger[0].query == {}
    assert server.paths == [f"/works/{odd}"]


@pytest.mark.parametrize(
    "junk", ["", "nature14539", "10.1/x", "10.1038/", "10.1038/a b", "10.1038/" + "x" * 999, "10.1038/ü"]
)
async def test_what_is_no_doi_is_not_asked(crossref: CrossrefClient, server: FaultyArxiv, junk: str) -> None:
    assert await crossref.record(junk) is None
    assert server.ledger == []


async def test_an_unknown_doi_is_none(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    server.plan = [answer_with("Resource not found.", status=404, kind="text/plain")]
    assert await crossref.record(DOI) is None


async def test_upper_case_is_the_same_doi(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    server.plan = [work(DOI="10.1038/NATURE14539")]
    found = await crossref.record(DOI)
    assert found is not None
    assert found.key == f"doi:{DOI}"


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ["RETRACTED: Deep learning"]},
        {"title": ["WITHDRAWN: Deep learning"]},
        {"title": ["[Retracted] Deep learning"]},
        {"title": ["Retraction: Deep learning"]},
        {"title": ["Retraction notice: Deep learning"]},
        {"title": ["RETRACTED ARTICLE: Deep learning"]},
        {"updated-by": [{"type": "removal"}]},
        {"updated-by": [{"type": "correction"}, {"type": "retraction", "DOI": "10.1/r"}]},
        {"updated-by": [{"type": "withdrawal"}]},
    ],
)
async def test_a_retraction_is_a_withdrawal(
    crossref: CrossrefClient, server: FaultyArxiv, changes: dict[str, Any]
) -> None:
    server.plan = [work(**changes)]
    found = await crossref.record(DOI)
    assert found is not None
    assert found.withdrawn


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"title": ["WITHDRAWN: Deep learning"]},
            "Withdrawn by its publisher. Crossref says: “Withdrawal, as the title",
        ),
        (
            {"updated-by": [NOTICE | {"type": "correction", "label": "Correction"}, NOTICE]},
            "Retracted by its publisher on 2 Mar 2021. Crossref says: “Retraction of 2021-03-02 (Retraction Watch), "
            "https://doi.org/10.1000/r; Correction of",
        ),
    ],
)
async def test_a_retraction_is_told_in_crossrefs_words(
    crossref: CrossrefClient, server: FaultyArxiv, changes: dict[str, Any], told: str
) -> None:
    server.plan = [work(**changes)]
    found = await crossref.record(DOI)
    assert found is not None
    withdrawal = record_withdrawal(found)
    assert withdrawal is not None
    assert withdrawal.line.startswith(told)


@pytest.mark.parametrize("title", ["Retracted papers and their readers", "Withdrawn behaviour in mice", "Removed"])
async def test_a_title_about_retractions_is_none(crossref: CrossrefClient, server: FaultyArxiv, title: str) -> None:
    server.plan = [work(title=[title])]
    found = await crossref.record(DOI)
    assert found is not None
    assert not found.withdrawn


async def test_a_correction_or_a_concern_is_noted_and_no_retraction(
    crossref: CrossrefClient, server: FaultyArxiv
) -> None:
    server.plan = [work(**{"updated-by": [NOTICE | {"type": "expression_of_concern", "label": None, "source": "x"}]})]
    found = await crossref.record(DOI)
    assert found is not None
    assert not found.withdrawn
    assert found.comment == "Expression of concern of 2021-03-02, https://doi.org/10.1000/r"


async def test_records_of_the_same_work_are_named_without_itself(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    relation = {
        "has-preprint": [
            {"id-type": "arxiv", "id": "1501.00001v2"},
            {"id-type": "doi", "id": "10.48550/arXiv.1501.00001"},
        ],
        "is-preprint-of": [{"id-type": "doi", "id": DOI.upper()}, {"id-type": "doi", "id": "10.1000/PUBLISHED"}],
        "is-supplement-to": [{"id-type": "doi", "id": "10.1000/other"}],
        "is-version-of": [{"id-type": "uri", "id": "https://example.org"}, {"id-type": "doi", "id": None}, 7],
    }
    server.plan = [work(relation=relation)]
    found = await crossref.record(DOI)
    assert found is not None
    assert set(found.same_work) == {"arxiv:1501.00001", "doi:10.1000/published"}


async def test_a_subtitle_and_a_suffix_are_kept_and_long_values_cut(
    crossref: CrossrefClient, server: FaultyArxiv
) -> None:
    authors = [{"given": "A", "family": f"B{n}", "suffix": "Jr."} for n in range(5_000)]
    server.plan = [work(subtitle=["a <i>view</i>"], author=authors), work(title=["x" * 10_000])]
    found = await crossref.record(DOI)
    assert found is not None
    assert found.title == "Deep learning: a view"
    assert len(found.authors) == 5_000
    assert found.authors[0] == "A B0 Jr."
    longest = await crossref.record(DOI)
    assert longest is not None
    assert len(longest.title) == 1_000


@pytest.mark.parametrize(
    ("changes", "published"),
    [
        ({"published": {"date-parts": [[2015]]}}, "2015"),
        ({"published": None, "issued": {"date-parts": [[2015, 5]]}}, "2015-05"),
        ({"published": {"date-parts": [[2015]]}, "published-online": {"date-parts": [[2015, 5, 27]]}}, "2015-05-27"),
        ({"published": {"date-parts": [[2015]]}, "published-print": {"date-parts": [[2016, 5, 27]]}}, "2015"),
        ({"published": None, "created": {"date-parts": [[2015, 5, 28]]}}, "2015-05-28"),
        ({"published": {"date-parts": [[None]]}}, ""),
        ({"published": {"date-parts": [[2015, 13, 1]]}}, ""),
        ({"published": {"date-parts": []}}, ""),
    ],
)
async def test_dates_are_as_precise_as_they_are_given(
    crossref: CrossrefClient, server: FaultyArxiv, changes: dict[str, Any], published: str
) -> None:
    server.plan = [work(**changes)]
    found = await crossref.record(DOI)
    assert found is not None
    assert iso_date(found.published, found.published_precision) == published


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (answer_with(faulty.HTML, kind="text/html"), "it is not JSON"),
        (answer_with("[" * 100_000, kind="application/json"), "it is not JSON"),
        (answer_with("[]", kind="application/json"), "it is not about a work"),
        (
            answer_with('{"message-type": "work-list", "message": {}}', kind="application/json"),
            "it is not about a work",
        ),
        (work(DOI="10.1038/other"), "it is about another DOI"),
        (work(title=[]), "it has no title"),
        (answer_with("", status=302, Location="http://169.254.169.254/"), "it is a redirect"),
        (faulty.endless_body, "it is more than 2,097,152 bytes"),
    ],
)
async def test_nonsense_is_named(crossref: CrossrefClient, server: FaultyArxiv, fault: Fault, reason: str) -> None:
    server.plan = [fault]
    with pytest.raises(SourceMalformed) as caught:
        await crossref.record(DOI)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("plan", "reason", "requests"),
    [
        ([too_many_requests(503)] * 3, "HTTP 503", 3),
        ([too_many_requests(403)], "HTTP 403", 1),
        ([answer_with(faulty.HTML, status=404, kind="text/html")], "HTTP 404", 1),
        ([too_many_requests(429, Retry_After="300")], "HTTP 429", 1),
    ],
)
async def test_what_is_no_answer_is_not_read_as_no_paper(
    crossref: CrossrefClient, server: FaultyArxiv, plan: list[Fault], reason: str, requests: int
) -> None:
    server.plan = list(plan)
    with pytest.raises(SourceUnavailable) as caught:
        await crossref.record(DOI)
    assert str(caught.value) == (f"Crossref is not answering right now ({reason}). Please try again in a few minutes.")
    assert len(server.ledger) == requests


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["date-parts", "type", "family", "is-preprint-of", "id", "updated", "label"]), inner
        )
    ),
    max_leaves=8,
)


@pytest.mark.slow
@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([*WORK, "updated-by", "issued", "created", "relation", "subtitle"]), JSON))
def test_any_shape_of_a_work_is_a_record_or_nonsense(changes: dict[str, Any]) -> None:
    answer = json.loads(json.dumps({"message-type": "work", "message": {**WORK, **changes}}))
    try:
        record = _record(DOI, _work(answer))
    except SourceMalformed:
        return
    assert record.title
    assert all(record.authors)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"title": ["Chaos in<mml:math><mml:mi>N</mml:mi></mml:math>-Coupled Maps"]}, "Chaos in N-Coupled Maps"),
        ({"title": ["The<math><mi>O</mi><mo>(</mo><mi>n</mi><mo>)</mo></math>limit"]}, "The O(n) limit"),
        ({"title": ["Fish &amp;amp; Chips"]}, "Fish & Chips"),
        ({"title": ["Fish &amp;amp;amp; Chips"]}, "Fish & Chips"),
        ({"title": ["Shelves"], "subtitle": ["A survey"]}, "Shelves: A survey"),
        ({"title": ["Why shelves?"], "subtitle": ["A survey"]}, "Why shelves? A survey"),
        ({"title": ["Shelves: a survey"], "subtitle": ["A Survey"]}, "Shelves: a survey"),
        ({"title": ["H<sub>2</sub>O and <i>E. coli</i>"]}, "H₂O and E. coli"),
        ({"title": ["Cold at 10<sup>-3</sup> K"]}, "Cold at 10⁻³ K"),
        ({"title": ["x<sup>a</sup> and y<sup>(t+1)*</sup>"]}, "x^a and y^((t+1)*)"),
        ({"title": ["&lt;i&gt;Drosophila&lt;/i&gt; wings"]}, "Drosophila wings"),
        ({"title": ["<![CDATA[A & B]]>"]}, "A & B"),
        ({"title": ["Where a<b and c>d, or x < y"]}, "Where a<b and c>d, or x < y"),
        ({"title": ["AT&T, R&D &amp; so on"]}, "AT&T, R&D & so on"),
        ({"title": ['<span class="x">S</span>tart']}, "Start"),
    ],
)
async def test_a_title_is_read_as_it_is_printed(
    crossref: CrossrefClient, server: FaultyArxiv, given: dict[str, Any], title: str
) -> None:
    server.plan = [work(**given)]
    record = await crossref.record(DOI)
    assert record is not None
    assert record.title == title


async def test_a_suffix_stays_with_its_name(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    server.plan = [work(author=[{"given": "John", "family": "Doe", "suffix": "Jr."}, {"name": ":"}])]
    record = await crossref.record(DOI)
    assert record is not None
    assert record.authors == ("John Doe Jr.",)
