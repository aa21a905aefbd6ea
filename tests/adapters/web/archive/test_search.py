"""Search: every word must be there, whatever its case or accents; whatever is typed is only words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.archive.catalogue import CatalogueItem, _entries, fold
from adapters.web.archive.search import PAGE_SIZE, find, highlight
from bot.editions.model import prose
from bot.editions.model.document import Figure, Letter, Paragraph
from tests.adapters.web.archive.conftest import LATEST, Site
from tests.editions.sample import full


def entry(title: str, text: str = "", edition: int = 1) -> CatalogueItem:
    return CatalogueItem(edition, title, "paper", title, "a", "", 1, "", "", "", fold(title), fold(f"{title} {text}"))


def titles(asked: str, *entries: CatalogueItem) -> list[str]:
    return [found.title for found in find(entries, tuple(fold(asked).split()))]


def test_every_word_must_be_there() -> None:
    both, one = entry("Attention is all", "you need"), entry("Attention")
    assert titles("need ATTENTION", both, one) == ["Attention is all"]
    assert titles("attention", both, one) == ["Attention is all", "Attention"]
    assert titles("missing", both, one) == []


def test_titles_come_first_then_the_latest() -> None:
    old, new, named = entry("A", "graphs"), entry("B", "graphs"), entry("On graphs")
    assert titles("graphs", new, old, named) == ["On graphs", "B", "A"]


@pytest.mark.parametrize("asked", ["schrodinger", "SCHRÖDINGER", "Schro\u0308dinger", "schrödinger"])
def test_accents_and_case_make_no_difference(asked: str) -> None:
    assert titles(asked, entry("Schrödinger bridges"))


def test_what_was_found_is_marked() -> None:
    pieces = [(piece.text, piece.marked) for piece in highlight("Große Modelle, große Fragen", ("mode", "frage"))]
    assert "".join(text for text, _ in pieces) == "Große Modelle, große Fragen"
    pieces = [(piece.text, piece.marked) for piece in highlight("Über Graphen", ("uber",))]
    assert pieces == [("Über", True), (" Graphen", False)]


@given(st.text(max_size=40), st.lists(st.text(min_size=1, max_size=5).map(fold).filter(bool), max_size=4))
def test_marking_changes_no_letter(title: str, words: list[str]) -> None:
    pieces = list(highlight(title, tuple(words)))
    assert "".join(piece.text for piece in pieces) == title
    assert all(before.marked != after.marked for before, after in pairwise(pieces))


async def test_a_paper_is_found_by_title_author_and_quote(site: Site) -> None:
    item = (await site.document(LATEST)).items[0]
    author = item.authors.split(",")[0]
    quote = next(block.text for block in item.passages)
    for asked in (item.title, author, " ".join(quote.split()[:6])):
        found = (await site.get(f"/search?q={asked.replace(' ', '+')}")).page
        assert item.title in found.xpath("string(//main)"), asked


@pytest.mark.parametrize(
    "asked",
    [
        *('"', "title:x", "NEAR(a", "-x", "AND OR NOT", "a*", "%", "_", "100%", "\\", "(((", "{{7*7}}", "🔬"),
        *("' OR 1=1 --", "'; DROP TABLE edition; --", "<script>alert(1)</script>", '" onfocus=alert(1) x="'),
    ],
)
async def test_whatever_is_typed_is_only_words(site: Site, asked: str) -> None:
    answer = await site.get(f"/search?q={quote(asked)}")
    assert answer.status == 200
    tree = answer.page
    (field,) = tree.xpath("//input")
    assert field.get("value") == asked
    assert not tree.xpath("//script | //@*[starts-with(name(), 'on')]")


@pytest.mark.parametrize("asked", ["%00", "x" * 5000, "a+" * 500, "%ED%A0%80", "%FF%FE", "%E2%80%AE+rtl"])
async def test_a_long_or_broken_question_is_answered_too(site: Site, asked: str) -> None:
    answer = await site.get(f"/search?q={asked}")
    assert answer.status == 200
    assert len(answer.page.xpath("string(//input/@value)")) <= 200


async def test_results_come_in_pages(site: Site) -> None:
    document = await site.document(LATEST)
    (section, *_) = document.sections
    many = tuple(
        replace(section.items[0], key=f"arxiv:9{n:03}", title=f"Zebra {n:02}", brought=0, submission=0)
        for n in range(45)
    )
    await site.edit(LATEST, replace(document, sections=(replace(section, items=many),), references=()))
    seen: list[str] = []
    path = "/search?q=zebra"
    for page in (1, 2, 3):
        tree = (await site.get(path)).page
        shown = tree.xpath("//ul[@class='rows']//h2/a")
        seen += [link.text_content() for link in shown]
        assert tree.xpath("string(//p[@role='status'])").startswith(f"45 found, {(page - 1) * PAGE_SIZE + 1}–")
        following = tree.xpath("//a[@rel='next']/@href")
        assert bool(following) == (page < 3)
        path = following[0] if following else ""
    assert seen == [f"Zebra {n:02}" for n in range(45)]


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "9" * 30, "٣", "2.5"])
async def test_an_odd_page_is_the_first_or_empty(site: Site, page: str) -> None:
    answer = await site.get(f"/search?q=the&page={page}")
    assert answer.status == 200


async def test_what_is_found_can_be_narrowed_by_kind_theme_and_year(site: Site) -> None:
    page = (await site.get("/search")).page
    options = {name: page.xpath("//select[@name=$name]/option/@value", name=name) for name in ("theme", "year")}
    assert options["year"] == ["", "2026", "2025"]

    async def count(path: str) -> int:
        tree = (await site.get(path)).page
        return int((tree.xpath("string(//p[@role='status'])").split() or ["0"])[0].replace("Nothing", "0"))

    assert await count("/search?q=&year=2025") == 6
    assert await count("/search?q=&year=2026") == 12
    assert await count("/search?year=1999") == 0
    by_theme = [await count(f"/search?theme={quote(theme)}") for theme in options["theme"] if theme]
    assert all(by_theme)
    assert await count("/search?kind=paper") == 18
    assert await count("/search?kind=news") == 0
    every = await count("/search?q=learning")
    assert every == await count("/search?q=learning&year=2025") + await count("/search?q=learning&year=2026") > 0
    chosen = (await site.get(f"/search?q=learning&year=2025&theme={'x' * 900}")).page
    assert chosen.xpath("//select[@name='year']/option[@selected]/@value") == ["2025"]


async def test_texts_of_the_edition_itself_are_found(site: Site) -> None:
    document = full()
    await site.edit(LATEST, document)
    assert document.letter
    chart, reference = document.charts[0], document.references[-1]
    letter = next(block.text for block in document.letter.blocks if isinstance(block, Paragraph))
    own = [letter, prose.plain(document.sign_off), chart.title, reference.work.title]
    for text in filter(None, own):
        word = max(re.findall(r"[^\W\d_]+", text), key=len)
        page = await site.get(f"/search?q={quote(word)}")
        assert f"/editions/{LATEST}" in page.text, text
        assert "Nothing that was published" not in page.text, text
    assert "Nothing that was published" in (await site.get("/search?q=xyzzy")).text


def test_an_item_is_found_by_its_reference_and_by_a_figure() -> None:
    document = full()
    entries = list(_entries(1, document))
    for item in document.items:
        words = next(entry.words for entry in entries if entry.key == item.key)
        for reference in document.references:
            if reference.number == item.reference:
                assert fold(reference.work.title) in words
        for block in item.blocks:
            if isinstance(block, Figure):
                assert fold(block.alt) in words


@pytest.mark.parametrize("page", [2, 999, 10**15])
async def test_a_page_behind_the_last_one_is_the_last_one(site: Site, page: int) -> None:
    found = {
        number: (await site.get(f"/search?q=&year=2025&page={number}")).page.xpath("//ul[@class='rows']//h2/a/@href")
        for number in (1, page)
    }
    assert len(found[1]) == 6
    assert found[page] == found[1]


async def test_words_around_an_edition_in_another_language_say_which_language_they_are_in(site: Site) -> None:
    await site.change_settings(language="French")
    page = (await site.get(f"/editions/{LATEST}")).page
    assert page.get("lang") == "en"
    assert page.xpath("//nav[@class='site']/@lang") == ["fr"]


async def test_a_signature_without_a_letter_has_no_box(site: Site) -> None:
    document = await site.document(LATEST)
    await site.edit(LATEST, replace(document, letter=Letter((), "Tove Lind")))
    page = (await site.get(f"/editions/{LATEST}")).page
    assert [node.text_content() for node in page.xpath("//p[@class='signed']")] == ["— Tove Lind"]
    assert not page.xpath("//section[@class='letter']")
