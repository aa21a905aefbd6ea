"""Citations: BibTeX that is valid LaTeX, RIS and Markdown."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.citations import Reference, bibtex, citation_key, markdown, ris
from bot.domain.models import Paper
from bot.latex.escaping import COMMANDS, escape
from bot.latex.reader import latex_to_text


def work(title: str = "Attention Is All You Need", *authors: str, **more: object) -> Reference:
    values: dict[str, object] = {
        "key": "arxiv:1706.03762",
        "url": "https://arxiv.org/abs/1706.03762",
        "title": title,
        "authors": list(authors or ("Ashish Vaswani", "Noam Shazeer")),
        "categories": ["cs.CL", "cs.LG"],
        "published_at": datetime(2017, 6, 12, tzinfo=UTC),
        "journal_ref": "",
        "doi": "",
    }
    return Reference.of(Paper(**(values | more)), latex_to_text)


def fields(entry: str) -> dict[str, str]:
    """Fields of a BibTeX entry, parsed with BibTeX's counting of braces."""
    head = re.match(r"@\w+\{([A-Za-z0-9]+),", entry)
    assert head, entry
    found, at = {"": head[1]}, head.end()
    while match := re.compile(r"\s*(\w+)\s*=\s*\{").match(entry, at):
        depth, at = 1, match.end()
        start = at
        while depth:
            depth += {"{": 1, "}": -1}.get(entry[at], 0)
            at += 1
        found[match[1]] = entry[start : at - 1]
        at += entry[at] == ","
    assert entry[at:].strip() == "}", entry[at:]
    return found


def test_an_arxiv_paper_has_arxivs_own_fields_and_its_authors_in_order() -> None:
    entry = bibtex(work())
    assert entry.startswith("@misc{vaswani2017attention,")
    found = fields(entry)
    assert found["title"] == "{Attention Is All You Need}"
    assert found["author"] == "Ashish Vaswani and Noam Shazeer"
    assert (found["eprint"], found["archivePrefix"], found["primaryClass"]) == ("1706.03762", "arXiv", "cs.CL")
    assert (found["year"], found["url"]) == ("2017", "https://arxiv.org/abs/1706.03762")


def test_a_work_with_a_journal_and_no_arxiv_id_is_an_article() -> None:
    cited = work("Deep learning", "Yann LeCun", key="doi:10.1038/nature14539", journal_ref="Nature 521, 436 & on")
    assert bibtex(cited).startswith("@article{lecun2017deep,")
    assert fields(bibtex(cited))["journal"] == r"Nature 521, 436 \& on"
    assert fields(bibtex(cited))["doi"] == "10.1038/nature14539"


@pytest.mark.parametrize(
    "volume",
    [
        "Proceedings of the 58th Annual Meeting of the ACL", "2016 IEEE Conference on Computer Vision",
        "Advances in Neural Information Processing Systems", "Lecture Notes in Computer Science",
        "Third Workshop on Shelves",
    ],
)  # fmt: skip
def test_a_paper_in_proceedings_is_no_journal_article(volume: str) -> None:
    cited = work("Shelves", "Ada Ng", key="doi:10.1000/182", journal_ref=volume)
    entry = bibtex(cited)
    assert entry.startswith("@inproceedings{")
    assert fields(entry)["booktitle"] == volume
    assert "journal" not in fields(entry)
    assert ris(cited).startswith("TY  - CONF\n")
    assert f"T2  - {volume}" in ris(cited)


@pytest.mark.parametrize(
    ("raw", "escaped"),
    [
        ("R&D at 100% of #1_a", r"R\&D at 100\% of \#1\_a"),
        (r"Schr\"odinger and $\alpha_1$-decay", r"Schr\"odinger and $\alpha_1$-decay"),
        ("costs $5 and $10", r"costs \$5 and \$10"),
        ("Erdős, Gödel, Çelik, Łukasz", r"Erd{\H{o}}s, G{\"o}del, {\c{C}}elik, {\L}ukasz"),
        ("naïve", r"na{\"{\i}}ve"),
        ("a {BERT} model", "a {BERT} model"),
        ("an open { brace", "an open  brace"),
        (r"\{x", r"{\textbraceleft}x"),
        (r"\input{/etc/passwd}", "input{/etc/passwd}"),
        ("$^^5cinput{x}$", r"\$\^{}\^{}5cinput{x}\$"),
        ("100% $x % y$", r"100\% $x \% y$"),
        ("x^2 “quoted” – 大模型", r"x\^{}2 ``quoted'' -- 大模型"),
        ("β-VAE and µm", r"{\ensuremath{\beta}}-VAE and {\ensuremath{\mu}}m"),
        ("$β_1$", r"${\beta}_1$"),
        ("$$x^2$$ and $$ 5", r"$x^2$ and \$\$ 5"),
        ("ends in \\", r"ends in {\textbackslash}"),
    ],
)
def test_titles_are_safe_for_latex_and_keep_their_commands(raw: str, escaped: str) -> None:
    assert escape(raw) == escaped


SIGNS = "\\{}$&%#_^~'\"`ainput^5c éőß大\n \u0301"


@given(st.text(alphabet=SIGNS, max_size=40) | st.text(max_size=60))
@settings(max_examples=400)
def test_no_text_unbalances_braces_or_smuggles_a_command(text: str) -> None:
    safe = escape(text)
    depth = 0
    for character in safe:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert {command[1:] for command in re.findall(r"\\[A-Za-z]+", safe.replace(r"\\", ""))} <= COMMANDS
    assert not re.search(r"(?<!\\)(?:\\\\)*[%#&]", safe)
    assert "^^" not in safe


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=20), max_size=4))
@settings(max_examples=200)
def test_any_title_and_names_can_be_parsed_back(title: str, authors: list[str]) -> None:
    entry = fields(bibtex(work(title, *authors)))
    assert entry["eprint"] == "1706.03762"
    assert entry[""].isalnum()
    for line in ris(work(title, *authors)).splitlines():
        assert re.match(r"[A-Z][A-Z0-9]  - ", line)


@pytest.mark.parametrize(
    ("name", "in_bibtex", "in_ris"),
    [
        ("Ludwig van Beethoven", "Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("William H. Press Jr.", "Press, Jr., William H.", "Press, William H., Jr."),
        ("Sammy Davis, Jr.", "Davis, Jr., Sammy", "Davis, Sammy, Jr."),
        ("The ATLAS Collaboration", "{The ATLAS Collaboration}", "The ATLAS Collaboration"),
        ("DeepSeek-AI", "{DeepSeek-AI}", "DeepSeek-AI"),
        ("Physical Intelligence", "{Physical Intelligence}", "Physical Intelligence"),
        ("Essential AI", "{Essential AI}", "Essential AI"),
        ("Weiwei Ai", "Weiwei Ai", "Ai, Weiwei"),
        ("Google Research", "{Google Research}", "Google Research"),
        ("Kimi Team", "{Kimi Team}", "Kimi Team"),
        ("Doe, Jane", "Doe, Jane", "Doe, Jane"),
        ("Doe, Jane, Jr.", "Doe, Jr., Jane", "Doe, Jane, Jr."),
        ("John Smith III", "Smith, III, John", "Smith, John, III"),
        ("Maria de la Cruz", "Maria de la Cruz", "de la Cruz, Maria"),
        ("Santiago Ramón y Cajal", r"Ram{\'o}n y Cajal, Santiago", "Ramón y Cajal, Santiago"),
        ("王 小明", "王, 小明", "王, 小明"),
        ("王小明", "王小明", "王小明"),
        ("Simon and Garfunkel", "{Simon and Garfunkel}", "Simon and Garfunkel"),
        ("José García", r"Jos{\'e} Garc{\'{\i}}a", "García, José"),
    ],
)
def test_names_are_split_for_bibtex_and_ris(name: str, in_bibtex: str, in_ris: str) -> None:
    assert fields(bibtex(work("T", name)))["author"] == in_bibtex
    assert f"AU  - {in_ris}" in ris(work("T", name)).splitlines()


def test_many_authors_keep_their_order_or_end_in_others() -> None:
    many = [f"Given{i} Family{i}" for i in range(3000)]
    whole = work("A big collaboration", *many)
    assert fields(bibtex(whole))["author"].split(" and ") == many
    assert (
        fields(bibtex(whole, max_authors=3))["author"]
        == "Given0 Family0 and Given1 Family1 and Given2 Family2 and others"
    )
    assert [line[6:] for line in ris(whole).splitlines() if line.startswith("AU")][-1] == "Family2999, Given2999"
    assert markdown(whole, max_authors=2).startswith("Given0 Family0, Given1 Family1 et al.")


def test_markdown_links_the_title_and_formats_nothing_by_accident() -> None:
    said = markdown(work("On *stars* and [links]", "Ada_Lovelace Byron"))
    assert said == (
        r"Ada\_Lovelace Byron. [On \*stars\* and \[links\]](<https://arxiv.org/abs/1706.03762>). "
        "arXiv:1706.03762, 2017."
    )


def test_a_citation_key_has_ascii_letters_for_any_name() -> None:
    assert citation_key(work("The Łódź method", "Łukasz Kaiser")) == "kaiser2017lodz"
    assert citation_key(work("大模型", "王伟")) == "170603762"
    assert citation_key(work("Why", published_at=None)) == "vaswani"


@pytest.mark.parametrize(
    ("listed", "people"),
    [
        (("Mistral-AI", ":", "Ada Ng"), ("Mistral-AI", "Ada Ng")),
        (("Ada Ng", "et al."), ("Ada Ng",)),
        (("Ada Ng et al.",), ("Ada Ng",)),
        (("Ada Ng", "and Ben Ode"), ("Ada Ng", "Ben Ode")),
        (("Ada Ng,", "&", "Ben Ode;"), ("Ada Ng", "Ben Ode")),
        (("John Doe", "Jr.", "Ada Ng"), ("John Doe Jr.", "Ada Ng")),
        (("John Doe", "III"), ("John Doe III",)),
        (("", " ", "-", "Ada Ng", "others"), ("Ada Ng",)),
        (("Team:", "Ada Ng"), ("Team", "Ada Ng")),
        ((":",), ()),
        (("Andrea Andersen", "Al Etal"), ("Andrea Andersen", "Al Etal")),
    ],
)
def test_noise_is_no_author(listed: tuple[str, ...], people: tuple[str, ...]) -> None:
    cited = work("T", *listed)
    assert cited.authors == people
    assert "and :" not in bibtex(cited)
    assert len([line for line in ris(cited).splitlines() if line.startswith("AU")]) == len(people)
