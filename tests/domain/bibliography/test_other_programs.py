"""What we write is read by other programs without a complaint: pybtex, bibtexparser, rispy and citeproc-py."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from bot.domain.bibliography.entry import BibliographyEntry
from bot.domain.bibliography.writing import to_bibtex, to_csl, to_ris
from bot.domain.links.sites import SiteKind

ENTRIES = (
    BibliographyEntry(
        title="Deep Learning for Đorđe: 50% of β-VAE & {Braces} \\ $x_1$ #1 ~ ^",
        authors=("Đorđe Petrović", "The ATLAS Collaboration", "Ludwig van Beethoven", "John Doe Jr.", "王 小明", "Ł Ż"),
        abstract="A_b ~ c ^ d “q” <x> — ½ \\alpha",
        day="2017-06",
        arxiv_id="1706.03762",
        categories=("cs.CL",),
    ),
    BibliographyEntry(
        title="A Year Alone", authors=("Ada Lee",), day="1999", doi="10.1002/(sici)1097<1::aid>3.0.co;2-b",
        venue="Proceedings of the Conference on X & Y",
    ),
    BibliographyEntry(title="A Journal", authors=("O'Neil, Pat",), day="2001-05-04", doi="10.1000/182", venue="PLOS"),
    BibliographyEntry(title="A tool", url="https://github.com/a/b_c", kind=SiteKind.CODE, authors=("a",)),
    BibliographyEntry(title="Data", url="https://zenodo.org/records/1", kind=SiteKind.DATA),
    BibliographyEntry(title="Video", url="https://www.youtube.com/watch?v=abcdef1", kind=SiteKind.VIDEO),
    BibliographyEntry(title="News", url="https://example.org/x?a=1&b=2#c", kind=SiteKind.NEWS),
)  # fmt: skip


def test_pybtex_and_bibtexparser_read_every_entry() -> None:
    written = to_bibtex(ENTRIES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read: Any = pytest.importorskip("pybtex.database").parse_string(written, "bibtex")
        assert len(read.entries) == len(ENTRIES)
        first = next(iter(read.entries.values()))
        assert [str(person) for person in first.persons["author"]][1] == "{The ATLAS Collaboration}"
        assert len(first.persons["author"]) == len(ENTRIES[0].authors)
        parsed: Any = pytest.importorskip("bibtexparser").parse_string(written)
        assert len(parsed.entries) == len(ENTRIES)
        assert not parsed.failed_blocks


def test_rispy_reads_every_record() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read: Any = pytest.importorskip("rispy").loads(to_ris(ENTRIES))
    assert [record["title"] for record in read] == [entry.title for entry in ENTRIES]
    assert read[0]["authors"][0] == "Petrović, Đorđe"


def test_citeproc_makes_a_reference_of_every_item() -> None:
    items = json.loads(to_csl(ENTRIES))
    for item in items:
        item.pop("custom", None)  # of CSL-JSON's schema, and not of citeproc-py's
    citeproc: Any = pytest.importorskip("citeproc")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        source = pytest.importorskip("citeproc.source.json").CiteProcJSON(items)
    [style] = (Path(citeproc.__file__).parent / "data" / "styles").glob("harvard*.csl")
    made = citeproc.CitationStylesBibliography(
        citeproc.CitationStylesStyle(str(style.with_suffix("")), validate=False), source, citeproc.formatter.plain
    )
    for item in items:
        made.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    references = list(map(str, made.bibliography()))
    assert len(references) == len(ENTRIES)
    assert references[1].startswith("Lee, A. (1999)")
    assert "(2017)" in references[0]
