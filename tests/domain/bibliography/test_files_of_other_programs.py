"""Lists as other programs and people save them: PubMed, EndNote, Zotero's items, BibLaTeX, spreadsheets in German."""

from __future__ import annotations

import json

import pytest

from bot.domain.bibliography.entry import BibliographyEntry
from bot.domain.bibliography.reading import is_pasted_list, read_bibliography

PUBMED = """PMID- 33390593
OWN - NLM
TI  - Protein structures in the deep sea: a survey of
      what is known.
LID - 10.1038/s41586-020-0001-1 [doi]
AB  - We survey.
FAU - García, María José
AU  - García MJ
FAU - Okafor, N
DP  - 2020 Jan 3
JT  - Nature

PMID- 2
AU  - Nobody
DP  - 1999 Winter
TI  - Second.
"""
ENDNOTE = """%0 Conference Proceedings
%T Residual rivers
%A Kaiming, Hé
%A van Berg, Jan
%B CVPR
%D 2016
%R 10.1109/CVPR.2016.90
%X Deep
rivers.

%0 Web Page
%T A page
%U https://example.org/a
"""
ZOTERO = [
    {
        "key": "A", "version": 3,
        "data": {
            "itemType": "preprint", "title": "Scaling <i>up</i>", "date": "2021-02-03", "archiveID": "arXiv:2102.00001",
            "creators": [
                {"creatorType": "editor", "name": "Ed"},
                {"creatorType": "author", "firstName": "Ana", "lastName": "Soto"},
                {"creatorType": "author", "name": "The Group"},
            ],
        },
    },
    {"key": "B", "data": {"itemType": "attachment", "title": "Full Text PDF", "url": "https://arxiv.org/pdf/2102.1"}},
    {"itemType": "journalArticle", "title": "Kept", "DOI": "10.1000/182", "publicationTitle": "PLOS", "extra": 5},
    {"itemType": "journalArticle"},
]  # fmt: skip


def entries(text: str) -> list[BibliographyEntry]:
    return list(read_bibliography(text).entries)


def test_a_list_of_pubmed() -> None:
    assert is_pasted_list(PUBMED)
    first, second = entries(PUBMED.replace("\n", "\r\n"))
    assert first.title == "Protein structures in the deep sea: a survey of what is known"
    assert first.authors == ("María José García", "N Okafor")
    assert (first.day, first.doi, first.venue) == ("2020-01-03", "10.1038/s41586-020-0001-1", "Nature")
    assert (second.title, second.day, second.url) == ("Second", "1999", "https://pubmed.ncbi.nlm.nih.gov/2/")


def test_a_list_of_endnote() -> None:
    assert is_pasted_list(ENDNOTE)
    first, second = entries(ENDNOTE)
    assert (first.title, first.authors, first.abstract) == (
        "Residual rivers",
        ("Hé Kaiming", "Jan van Berg"),
        "Deep rivers.",
    )
    assert (first.day, first.doi, first.venue, first.why) == ("2016", "10.1109/cvpr.2016.90", "CVPR", "")
    assert (second.title, second.url, second.kind) == ("A page", "https://example.org/a", None)


def test_items_of_zotero_and_not_their_files() -> None:
    found = read_bibliography(json.dumps(ZOTERO))
    first, second = found.entries
    assert (first.title, first.authors) == ("Scaling up", ("Ana Soto", "The Group"))
    assert (first.arxiv_id, first.day) == ("2102.00001", "2021-02-03")
    assert (second.title, second.doi, second.venue) == ("Kept", "10.1000/182", "PLOS")
    [problem] = found.problems
    assert "no title" in problem.reason
    assert [entry.title for entry in entries(json.dumps({"items": [ZOTERO[2]]}))] == ["Kept"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "family=Berg, given=Jan, prefix=van den, useprefix=true and family=Li, given=Wei",
            ("Jan van den Berg", "Wei Li"),
        ),
        ("family={Ó Briain}, given={Seán}, suffix=Jr. and Ana Soto", ("Seán Ó Briain Jr.", "Ana Soto")),
        ("given=Only", ("given=Only",)),
    ],
)
def test_names_in_parts(written: str, read: tuple[str, ...]) -> None:
    assert entries(f"@article{{a, title={{T}}, author={{{written}}}}}")[0].authors == read


@pytest.mark.parametrize(
    ("field", "doi"),
    [("10.1234/abc_{def}", "10.1234/abc_{def}"), ("{10.1234/a}", "10.1234/a"), (r"10.1234/a\_b", "10.1234/a_b")],
)
def test_a_doi_keeps_its_own_braces(field: str, doi: str) -> None:
    assert entries(f"@article{{a, title={{T}}, doi={{{field}}}}}")[0].doi == doi


def test_a_table_with_german_heads() -> None:
    text = "Titel;Autoren;Jahr;Gelesen am;Warum;Adresse\nÜber Möbius;Müller, J. und Weiß, A.;2019;3.5.2024;kurz;https://a.example/x\n"
    [found] = entries(text)
    assert (found.title, found.day, str(found.read), found.why) == ("Über Möbius", "2019", "2024-05-03", "kurz")
    assert found.url == "https://a.example/x"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("B and C", ("B", "C")), ("Plato and Hume", ("Plato", "Hume")), ("Soto, Ana", ("Ana Soto",)),
        ("Müller, J. und Weiß, A.", ("J. Müller", "A. Weiß")),
        ("Ana Soto, Wei Li and Jo Ox", ("Ana Soto", "Wei Li", "Jo Ox")),
    ],
)  # fmt: skip
def test_names_of_a_cell(cell: str, names: tuple[str, ...]) -> None:
    assert entries(f"title\tauthors\nA title\t{cell}\n")[0].authors == names


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("- **LoRA** arXiv:2106.09685", "LoRA"), ("- [x] done **LoRA**: https://arxiv.org/abs/2106.09685", "LoRA"),
        ("* https://arxiv.org/abs/2106.09685 **Low-Rank Adaptation**", "Low-Rank Adaptation"),
    ],
)  # fmt: skip
def test_bold_words_beside_a_link_are_its_title(line: str, title: str) -> None:
    [found] = entries(f"# 2024\n{line}\n")
    assert (found.title, found.arxiv_id, found.why) == (title, "2106.09685", "")
