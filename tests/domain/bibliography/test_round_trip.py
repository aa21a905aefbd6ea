"""Every format is read back to the works that were written into it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.bibliography.entry import BibliographyEntry
from bot.domain.bibliography.reading import read_bibliography
from bot.domain.bibliography.writing import LIST_WRITERS, ListFormat
from bot.domain.links.sites import SiteKind

LOSSLESS: tuple[ListFormat, ...] = ("json", "bibtex", "ris", "csl-json", "csv")

SAMPLE = """attention is all you need Schrödinger Łukasz's β-VAE R&D 50% C# a_b 3^rd {braces} a<b "quoted" =1+1 -ing x~y
naïve Đorđe 注意 機制 Straße costs $5 and more # @home https://example.org/a_b%20c — – … “so” it's O(n²)"""
WORDS = st.sampled_from(SAMPLE.split())
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
NAMES = st.sampled_from(
    ["Ada Lovelace", "Ludwig van Beethoven", "John Doe Jr.", "Physical Intelligence", "王 小明", "Đorđe Łukasz",
     "ATLAS Collaboration", "O'Brien", "Santiago Ramón y Cajal"]
)  # fmt: skip
DAYS = st.sampled_from(["", "2017", "2017-06", "2017-06-12"])


@st.composite
def works(draw: st.DrawFn) -> BibliographyEntry:
    """A work of any kind, with an arXiv id, a DOI, a page or none."""
    place = draw(st.sampled_from(["arxiv", "doi", "both", "page", "none"]))
    number = draw(st.integers(1, 9999))
    arxiv = f"2401.{number:05}" if place in ("arxiv", "both") else ""
    doi = f"10.1234/a_b.{number}(x)" if place in ("doi", "both") else ""
    url = {"page": f"https://example.org/p_{number}?a=1&b=2", "none": ""}.get(
        place, f"https://arxiv.org/abs/{arxiv}" if arxiv else f"https://doi.org/{doi}"
    )
    return BibliographyEntry(
        title=draw(TEXTS), authors=tuple(draw(st.lists(NAMES, max_size=3, unique=True))),
        abstract=draw(TEXTS | st.just("")), day=draw(DAYS), arxiv_id=arxiv, doi=doi, url=url,
        venue=draw(st.sampled_from(["", "Nature", "Proceedings of X & Y"])),
        kind=draw(st.sampled_from(SiteKind)), categories=draw(st.sampled_from([(), ("cs.CL",), ("cs.CL", "stat.ML")])),
        comment=draw(st.sampled_from(["", "12 pages, 5 figures"])), topic=draw(st.sampled_from(["", "NLP & co"])),
        why=draw(TEXTS | st.just("")), read=draw(st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1))),
    )  # fmt: skip


@pytest.mark.parametrize("form", LOSSLESS)
@given(st.lists(works(), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_again(form: ListFormat, entries: list[BibliographyEntry]) -> None:
    again = read_bibliography(LIST_WRITERS[form].write(entries))
    assert not again.problems
    assert list(again.entries) == entries


def test_a_markdown_list_keeps_title_link_and_day() -> None:
    entries = [
        BibliographyEntry(
            "Attention [is] all", ("Ada Lovelace",), arxiv_id="1706.03762", url="https://arxiv.org/abs/1706.03762",
            read=date(2021, 5, 3),
        ),
        BibliographyEntry("A blog", (), url="https://example.org/a", kind=SiteKind.BLOG),
    ]  # fmt: skip
    again = read_bibliography(LIST_WRITERS["markdown"].write(entries)).entries
    assert [(one.title, one.url, one.read) for one in again] == [(one.title, one.url, one.read) for one in entries]
