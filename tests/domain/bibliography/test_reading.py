"""Lists as other programs and people write them."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest

from bot.domain.bibliography.entry import BibliographyEntry, parse_day
from bot.domain.bibliography.reading import read_bibliography
from bot.domain.links.sites import SiteKind


def only(text: str) -> BibliographyEntry:
    (entry,) = read_bibliography(text).entries
    return entry


BIBTEX = r"""
% a comment with an @ in it
@string{nips = "Advances in Neural Information Processing Systems"}
@comment{ignored, title={No}}
@InProceedings(key:1,
  Title     = "The {B}ERT of " # {$\alpha$-things},
  AUTHOR    = {van der Berg, Jan and {Google, Inc.} and Erd{\H{o}}s, P{\'a}l and others},
  booktitle = nips # " 30", month = jun, year = "2017", day = 3,
  url = {\url{https://example.org/a\_b}},
  doi = {https://doi.org/10.1000/ABC.1},
  abstract = {It costs 50\% less {\&} works.},
)
"""


def test_bibtex_with_strings_and_groups() -> None:
    assert only(BIBTEX) == BibliographyEntry(
        title="The BERT of α-things", authors=("Jan van der Berg", "Google, Inc.", "Pál Erdős"),
        abstract="It costs 50% less & works.", day="2017-06-03", doi="10.1000/abc.1", url="https://example.org/a_b",
        venue="Advances in Neural Information Processing Systems 30", kind=SiteKind.PAPER,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "arxiv_id", "doi"),
    [
        ("journal={arXiv preprint arXiv:1706.03762}", "1706.03762", ""),
        ("eprint={hep-th/9901001v2}, archiveprefix={arXiv}", "hep-th/9901001", ""),
        ("doi={10.48550/arXiv.1706.03762}", "1706.03762", ""),
        ("url={https://arxiv.org/pdf/1706.03762v5.pdf}", "1706.03762", ""),
        ("eprint={123456}, archiveprefix={pubmed}", "", ""),
        ("eprint={1313.99999}", "", ""),
        ("doi={nonsense}, url={https://doi.org/10.1000/x}", "", "10.1000/x"),
    ],
)
def test_ids_are_found_wherever_they_are(fields: str, arxiv_id: str, doi: str) -> None:
    entry = only(f"@misc{{a, title={{T}}, {fields}}}")
    assert (entry.arxiv_id, entry.doi) == (arxiv_id, doi)


def test_damaged_entries_cost_only_themselves() -> None:
    found = read_bibliography(
        "@article{a, title={open\n@article{b, title=}\n@article{c, title={Fine}}\n@article{d, note={x}}\n"
        "@misc{e, title={\n"
    )
    assert [entry.title for entry in found.entries] == ["Fine"]
    assert [problem.place for problem in found.problems] == ["line 1", "line 2", "line 4 (d)", "line 5"]


@pytest.mark.parametrize(
    "bad", ["@a{" * 50_000, "@a{x, t={" + "{" * 200_000, "@a{x,t=" + '"' * 200_000, "TY  - \n" * 9_000]
)
def test_hostile_lists_take_linear_time(bad: str) -> None:
    began = process_time()
    read_bibliography(f"{bad}\n@misc{{k, title={{T}}}}" if bad[0] == "@" else f"{bad}TI  - T\nER  - ")
    assert process_time() - began < 5


def test_ris_with_continued_lines_and_without_an_end() -> None:
    entry = only("TY  - CONF\nA1  - Doe, Jane\nT1  - A title\n  that goes on\nY1  - 2017/06//\nT2  - A Workshop\n"
                 "UR  - https://example.org\nN1  - read: 2020-01-02")  # fmt: skip
    assert (entry.title, entry.authors, entry.day) == ("A title that goes on", ("Jane Doe",), "2017-06")
    assert (entry.venue, entry.read) == ("A Workshop", date(2020, 1, 2))


def test_csl_of_other_programs() -> None:
    entry = only(
        '{"items": [{"type": "article-journal", "title": "H<sub>2</sub>O &amp; <i>more</i>", "DOI": "10.1000/X", '
        '"author": [{"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"}, '
        '{"literal": "A Group"}], '
        '"issued": {"date-parts": [["1999", 5]]}, "ISSN": ["1"], "note": 3}]}'
    )
    assert (entry.title, entry.doi, entry.day) == ("H2O & more", "10.1000/x", "1999-05")
    assert entry.authors == ("Ludwig van Beethoven", "A Group")


@pytest.mark.parametrize(
    "table",
    [
        "Item Type,Publication Year,Author,Title,DOI,Url,Date\n"
        "journalArticle,2001,\"Doe, Jane; Roe, Al\",A title,,,2001-02",
        "Paper;Authors;Link;Year\nA title;Jane Doe, Al Roe;;2001",
        "title\tauthors\tyear\nA title\tDoe, Jane; Roe, Al\t2001",
    ],
)  # fmt: skip
def test_tables_of_other_programs(table: str) -> None:
    entry = only(table)
    assert (entry.title, entry.authors, entry.day[:4], entry.read) == ("A title", ("Jane Doe", "Al Roe"), "2001", None)


@pytest.mark.parametrize(
    "row", ["[A title]({url}) | Jane Doe", "[A title]({url})", "A title | [page]({url}) | more | x"]
)
def test_a_row_of_a_markdown_table_may_have_more_or_fewer_cells_than_its_head(row: str) -> None:
    url = "https://arxiv.org/abs/1706.03762"
    entry = only(f"| Title | Authors |\n|---|---|\n| {row.format(url=url)} |\n")
    assert (entry.title, entry.arxiv_id) == ("A title", "1706.03762")


def test_a_list_by_meetings() -> None:
    found = read_bibliography(
        "# Our reading\n\nWe met often.\n\n## 3 May 2021\n\n1. [Attention](https://arxiv.org/abs/1706.03762v2)\n"
        "- [x] A title without any link\n\n## 2021-06-01: second meeting\n* 10.1038/nature14539 great, must read\n"
        "- 2020-01-01 https://example.org/some-page\n- too short\n## Others\n- “A quoted title” https://example.org/b"
    )
    rows = [(one.title, one.arxiv_id or one.doi or one.url, one.why, str(one.read)) for one in found.entries]
    assert rows == [
        ("Attention", "1706.03762", "", "2021-05-03"),
        ("A title without any link", "", "", "2021-05-03"),
        ("", "10.1038/nature14539", "great, must read", "2021-06-01"),
        ("Some page", "https://example.org/some-page", "", "2020-01-01"),
        ("A quoted title", "https://example.org/b", "", "None"),
    ]
    assert [problem.reason for problem in found.problems] == ["“too short” has no link, and is too short for a title."]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2017", "2017"), ("2017-6", "2017-06"), ("2017/06/12/", "2017-06-12"), ("12 June 2017", "2017-06-12"),
        ("Jun 12th, 2017", "2017-06-12"), ("12.06.2017", "2017-06-12"), ("25/12/2017", "2017-12-25"),
        ("12/25/2017", "2017-12-25"), ("03/04/2021", ""), ("2017-13-01", ""), ("2017-02-30", ""), ("soon", ""),
        ("2017-06-12T10:00:00Z", "2017-06-12"), ("June 2017", "2017-06"), ("", ""), ("0000", ""),
    ],
)  # fmt: skip
def test_days(text: str, day: str) -> None:
    assert parse_day(text) == day


LORA, ATTENTION = "https://arxiv.org/abs/2106.09685", "https://arxiv.org/abs/1706.03762"


@pytest.mark.parametrize(
    "listed",
    [
        f"{LORA},great ablations\n{ATTENTION},\"must read, really\"\n",
        f"LoRA: Low-Rank Adaptation;{LORA};great ablations\nAttention Is All You Need;{ATTENTION};must read, really\n",
        "2106.09685\tLoRA\tEdward Hu, Yelong Shen\t2021\tgreat ablations\n"
        "1706.03762\tAttention Is All You Need\tAshish Vaswani et al.\t2017\tmust read, really\n",
        f"- [LoRA]({LORA}): great ablations\n- [Attention]({ATTENTION}) — must read, really\n",
        f"1. **LoRA** [[pdf]]({LORA}) [[code]](https://github.com/microsoft/LoRA) – great ablations\n"
        f"2. Attention ([arXiv]({ATTENTION})): must read, really\n",
        f"| Title | Link | Notes |\n|---|---|---|\n| LoRA | {LORA} | great ablations |\n"
        f"| Attention | <{ATTENTION}> | must read, really |\n",
        f"Paper | Remark\n--- | ---\n[LoRA]({LORA}) | great ablations\n[Attention]({ATTENTION}) | must read, really\n",
        '{"title": "LoRA", "URL": "https://arxiv.org/abs/2106.09685", "author": "Edward Hu and Yelong Shen", '
        '"custom": {"why": "great ablations"}}\n'
        '{"title": "Attention", "URL": "https://arxiv.org/abs/1706.03762", "custom": {"why": "must read, really"}}\n',
    ],
)  # fmt: skip
def test_remarks_stay_with_their_works_whatever_the_list(listed: str) -> None:
    lora, attention = read_bibliography(listed).entries
    assert (lora.arxiv_id, lora.why) == ("2106.09685", "great ablations")
    assert (attention.arxiv_id, attention.why) == ("1706.03762", "must read, really")
    assert lora.title in ("", "LoRA", "LoRA: Low-Rank Adaptation")
    assert lora.authors in ((), ("Edward Hu", "Yelong Shen"))


def test_a_reading_list_without_names_of_columns_has_days() -> None:
    found = read_bibliography(f"31.05.2024;{LORA};Ana\n07.06.2024;{ATTENTION};Ben\n")
    assert [(one.arxiv_id, str(one.read)) for one in found.entries] == [
        ("2106.09685", "2024-05-31"), ("1706.03762", "2024-06-07"),
    ]  # fmt: skip


def test_one_line_of_text_with_a_comma_is_no_table() -> None:
    (entry,) = read_bibliography(f"I liked it, see {LORA}\n").entries
    assert entry.arxiv_id == "2106.09685"


@pytest.mark.parametrize(
    "record",
    [
        '{"title": "A Work of Length", "arxiv_id": "2106.09685", "authors": ["Ada Lee", "Wei Li"], "year": 2021}',
        '{"name": "A Work of Length", "arXiv": "2106.09685v2", "authors": [{"name": "Ada Lee"}, {"name": "Wei Li"}],'
        ' "published": "2021"}',
        '{"paper": "A Work of Length", "link": "https://arxiv.org/abs/2106.09685", "author": "Ada Lee and Wei Li",'
        ' "date": "2021"}',
        '{"title": "A Work of Length", "note": "arXiv:2106.09685 [cs]", "issued": {"date-parts": [[2021]]},'
        ' "author": [{"family": "Lee", "given": "Ada"}, {"literal": "Wei Li"}]}',
    ],
)
def test_json_of_peoples_own_making_keeps_authors_ids_and_days(record: str) -> None:
    for text in (f"[{record}]", record, f"{record}\n{record}"):
        entry = read_bibliography(text).entries[0]
        assert (entry.title, entry.authors) == ("A Work of Length", ("Ada Lee", "Wei Li"))
        assert (entry.arxiv_id, entry.day) == ("2106.09685", "2021")


@pytest.mark.parametrize("head", ["Date discussed", "date_presented", "Session date", "Discussion Date"])
def test_columns_for_the_day_of_reading_have_many_names(head: str) -> None:
    found = read_bibliography(f"Title,Link,{head}\nLoRA,https://arxiv.org/abs/2106.09685,2020-03-01\n")
    assert found.entries[0].read == date(2020, 3, 1)


def test_no_bracket_around_a_link_stays_behind_its_remark() -> None:
    found = read_bibliography("- NVAE (arXiv:2007.03898v3)\n- [LoRA](https://arxiv.org/abs/2106.09685)\n")
    assert [entry.why for entry in found.entries] == ["NVAE", ""]
