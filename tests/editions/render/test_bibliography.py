"""Bibliography exports: every work once, and no others."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from bot.domain.bibliography.typed_reference import read_typed_reference
from bot.editions.model.document import Document, NumberedReference, Work
from bot.editions.render import bibliography
from tests.editions.sample import full, work

SAME = work("Show Your Work", ("Maxwell Nye",), "2112.00114", 2021)


def with_works(*works: Work, et_al: bool = False) -> Document:
    return replace(full(), references=tuple(NumberedReference(n, one, et_al) for n, one in enumerate(works, 1)))


def titles(text: str) -> dict[str, list[str]]:
    return {
        "bibtex": re.findall(r"title +=\s\{\{(.*)\}\}", text),
        "ris": re.findall(r"^TI  - (.*)\r$", text, re.MULTILINE),
    }


@pytest.mark.parametrize("document", [full(), with_works(SAME, SAME), with_works()])
def test_each_form_has_each_work_once_and_its_link(document: Document) -> None:
    works = [reference.work for reference in document.references]
    wanted, urls = [w.title for w in works], [w.url for w in works]
    bib, ris = bibliography.bibtex(document), bibliography.ris(document)
    csl = json.loads(bibliography.csl_json(document))
    assert titles(bib)["bibtex"] == titles(ris)["ris"] == [item["title"] for item in csl] == wanted
    assert re.findall(r"url += \{(.*)\}", bib) == urls
    assert re.findall(r"^UR  - (.*)\r$", ris, re.MULTILINE) == urls
    assert [item["URL"] for item in csl] == urls
    assert re.findall(r"^AU  - ", ris, re.MULTILINE) == ["AU  - "] * sum(len(w.authors) for w in works)


def test_two_works_never_share_a_key() -> None:
    document = with_works(*[SAME] * 30)
    keys = re.findall(r"@\w+\{(.*),", bibliography.bibtex(document))
    assert keys[:3] == ["nye2021show", "nye2021showb", "nye2021showc"]
    assert len(set(keys)) == 30
    assert [item["id"] for item in json.loads(bibliography.csl_json(document))] == keys


def test_a_list_of_authors_that_was_cut_says_so() -> None:
    assert "Maxwell Nye and others" in bibliography.bibtex(with_works(SAME, et_al=True))
    assert "others" not in bibliography.bibtex(with_works(SAME))


def test_csl_tells_a_preprint_from_an_article_and_a_group_from_a_person() -> None:
    printed = replace(
        SAME, journal="Journal of Work 3 (2021) 7", doi="10.1000/182", authors=("The Work Group", "Jan van Dam")
    )
    (preprint,) = json.loads(bibliography.csl_json(with_works(SAME)))
    (article,) = json.loads(bibliography.csl_json(with_works(printed)))
    assert (preprint["type"], preprint["publisher"], preprint["number"]) == ("article", "arXiv", "arXiv:2112.00114")
    assert (article["type"], article["container-title"], article["DOI"]) == (
        "article-journal",
        printed.journal,
        printed.doi,
    )
    assert "publisher" not in article
    assert article["author"] == [{"literal": "The Work Group"}, {"family": "van Dam", "given": "Jan"}]
    assert preprint["issued"] == {"date-parts": [[2021]]}


def test_every_form_has_the_doi_the_abstract_and_the_day() -> None:
    dated = replace(SAME, day="2021-11-30", abstract="We show $x$ & more.")
    document = with_works(dated)
    bib, ris = bibliography.bibtex(document), bibliography.ris(document)
    (csl,) = json.loads(bibliography.csl_json(document))
    assert re.findall(r"doi += \{(.*)\}", bib) == [csl["DOI"]] == ["10.48550/arXiv.2112.00114"]
    assert re.findall(r"(?:month|day) += \{(\d+)\}", bib) == ["11", "30"]
    assert "abstract" in bib
    assert "DA  - 2021/11/30\r\n" in ris
    assert "DO  - 10.48550/arXiv.2112.00114\r\n" in ris
    assert f"AB  - {dated.abstract}\r\n" in ris
    assert csl["issued"] == {"date-parts": [[2021, 11, 30]]}
    assert csl["abstract"] == dated.abstract


@pytest.mark.parametrize(
    ("typed", "title", "authors", "year"),
    [
        ("A. Author, B. Writer. *Composition and its discontents.* 2019", "Composition and its discontents",
         ("A. Author", "B. Writer"), 2019),
        ("Cervantes, M. *Don Quijote*. 1605", "Don Quijote", ("M. Cervantes",), 1605),
        ("Rich Sutton. The Bitter Lesson. 2019", "The Bitter Lesson", ("Rich Sutton",), 2019),
        ("J. K. Rowe, A. Lee and C. von Ahn. On names. Proc. of X. 2020", "On names",
         ("J. K. Rowe", "A. Lee", "C. von Ahn"), 2020),
        ("Wu et al. *Books*. 2021", "Books", ("Wu",), 2021),
        ("Goethe, *Faust*, 1808", "Faust", ("Goethe",), 1808),
        ("A talk on *many* things, given in 2019", "A talk on many things, given in 2019", (), 2019),
        ("Some page of ours", "Some page of ours", (), None),
    ],
)  # fmt: skip
def test_a_reference_in_one_line_is_read_in_its_parts(
    typed: str, title: str, authors: tuple[str, ...], year: int | None
) -> None:
    raw = Work(typed, (), "https://arxiv.org/abs/2010.11929", typed, (), arxiv_id="2010.11929")
    (item,) = json.loads(bibliography.csl_json(with_works(raw)))
    assert item["title"] == title
    assert len(item.get("author", [])) >= len(authors)
    bib = bibliography.bibtex(with_works(raw))
    assert "*" not in bib
    assert (f"{year}" in bib) == (year is not None)
    typed_reference = read_typed_reference(typed)
    assert (typed_reference.authors, typed_reference.year) == (authors, year)
