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
from bot.sources.crossref import CrossrefClient, CrossrefMalformed, CrossrefUnavailable, _record, _work
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


def work(**changes: Any) -> Fault:
    message = {name: value for name, value in {**WORK, **changes}.items() if value is not None}
    answer = {"status": "ok", "message-type": "work", "message": message}
    return answer_with(json.dumps(answer), kind="application/json")


@pytest.fixture
async def crossref(server: FaultyArxiv, clock: Clock) -> AsyncIterator[CrossrefClient]:
    base = server.url.removesuffix("/api/query")
    rate_gate = LocalRateGate(clock.monotonic, clock.sleep)
    async with CrossrefClient(
        rate_gate, mailto="club@example.org", base_url=base, now=clock.now, sleep=clock.sleep, chance=lambda: 0.5
    ) as crossref:
        yield crossref


async def test_a_work_becomes_a_record(crossref: CrossrefClient, server: FaultyArxiv) -> None:
    server.plan = [work()]
    assert await crossref.record(DOI) == PaperRecord(
        key=f"doi:{DOI}",
        version=1,
        title="Deep learning",
        authors=("Yann LeCun", "Yoshua Bengio", "Geoffrey Hinton", "The Committee"),
        abstract="Depth < width and H2O. More & more.",
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
    ("changes", "published"),
    [
        ({"published": {"date-parts": [[2015]]}}, datetime(2015, 1, 1, tzinfo=UTC)),
        ({"published": None, "issued": {"date-parts": [[2015, 5]]}}, datetime(2015, 5, 1, tzinfo=UTC)),
        ({"published": {"date-parts": [[None]]}}, None),
        ({"published": {"date-parts": [[2015, 13, 1]]}}, None),
        ({"published": {"date-parts": []}}, None),
    ],
)
async def test_dates_may_be_rough(
    crossref: CrossrefClient, server: FaultyArxiv, changes: dict[str, Any], published: datetime | None
) -> None:
    server.plan = [work(**changes)]
    found = await crossref.record(DOI)
    assert found is not None
    assert found.published == published


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
    with pytest.raises(CrossrefMalformed) as caught:
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
    with pytest.raises(CrossrefUnavailable) as caught:
        await crossref.record(DOI)
    assert str(caught.value) == (f"Crossref does not answer right now ({reason}). Please try again in a few minutes.")
    assert len(server.ledger) == requests


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["date-parts", "type", "family"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from([*WORK, "updated-by", "issued", "created"]), JSON))
def test_any_shape_of_a_work_is_a_record_or_nonsense(changes: dict[str, Any]) -> None:
    body = json.dumps({"message-type": "work", "message": {**WORK, **changes}}).encode()
    try:
        record = _record(DOI, _work(body))
    except CrossrefMalformed:
        return
    assert record.title
    assert all(record.authors)
