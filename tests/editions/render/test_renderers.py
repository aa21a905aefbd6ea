"""Renderers neither drop nor add items, links, quotes or numbers, and escape hostile input."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from bot.editions.model.blocks import ListBlock, Paragraph, Point, Quotation, RemarkBlock
from bot.editions.model.document import Document, Section, from_json, sha256, to_json
from bot.editions.render import email, export_formats, html_page, markdown
from bot.editions.render.page_outline import page_outline
from tests.editions import feed_reading, inventory
from tests.editions.inventory import VisibleContent, normalize_space
from tests.editions.sample import full, moco, of_items

RENDERERS: dict[str, Callable[[Document], VisibleContent]] = {
    "page": lambda document: inventory.in_page(html_page.render(document)),
    "markdown": lambda document: inventory.in_markdown(markdown.render(document)),
    "cards": inventory.in_cards,
    "mail": lambda document: inventory.in_page(email.render(document)),
    "atom": lambda document: feed_reading.in_atom(feed_reading.of_editions(document)),
    "json feed": lambda document: feed_reading.in_json(feed_reading.of_editions(document)),
    "json": lambda document: in_json(document),
}


AS_ON_PAGE = (RENDERERS["page"], RENDERERS["mail"])
"""Forms that are read from their start to their end, and say once what others repeat."""


def in_json(document: Document) -> VisibleContent:
    """Content that a program finds in the JSON."""
    back = from_json(json.loads(json.dumps(to_json(document))))
    text = normalize_space(" ".join(inventory.texts(back)))
    return VisibleContent(text, inventory.quotes(back), set(inventory.addresses(back)))


@pytest.fixture(params=RENDERERS)
def drawn(request: pytest.FixtureRequest) -> Callable[[Document], VisibleContent]:
    return RENDERERS[request.param]


@pytest.mark.parametrize("papers", ["one of everything", 0, 1, 10, 60])
def test_nothing_is_dropped_and_nothing_added(drawn: Callable[[Document], VisibleContent], papers: int | str) -> None:
    document = of_items(papers) if isinstance(papers, int) else full()
    found = drawn(document)
    for text in inventory.texts(inventory.as_on_page(document) if drawn in AS_ON_PAGE else document):
        assert text in found.text
    assert found.links == set(inventory.addresses(document))
    assert found.quotes == inventory.quotes(document)
    assert found.numbers <= inventory.numbers(document)


def test_the_items_stand_in_their_order(drawn: Callable[[Document], VisibleContent]) -> None:
    document = full()
    text = drawn(document).text
    text = text[text.rindex("Dear readers") :]
    places = [text.rindex(normalize_space(b.text)) for item in document.items[:2] for b in item.passages[:1]]
    assert places == sorted(places)


def test_the_parts_stand_in_one_order(drawn: Callable[[Document], VisibleContent]) -> None:
    """The order is that of the outline in every form."""
    if drawn is RENDERERS["json"]:
        return
    text = drawn(full()).text
    text = text[text.index("Dear readers") :]  # a page begins with links to its contents, a feed has themes as tags
    links = "More links" if drawn in AS_ON_PAGE else "All content links"
    parts = [
        "Watch this edition", "Major themes", "Contents", "Papers a year", "By Xinlei Chen", "📄 Paper", "❓ Why",
        "💡 Key insights", "What the club said", "submitted by Ada", "Discord",
        "Sentences of the abstract v4, chosen on 23 Nov 2026", "Maxwell Nye", links, "Corrections",
        "See you next week", "Picked by",
    ]  # fmt: skip
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


def test_votes_and_bringers_are_told(drawn: Callable[[Document], VisibleContent]) -> None:
    if drawn is RENDERERS["json"]:
        return  # JSON contains the numbers, but not their wording
    text = drawn(full()).text
    names = "voted for by Ben and Cy · submitted by Ada (#4)"
    numbers = "5 votes · 2 in the discussion · "
    live = drawn is RENDERERS["cards"]  # the current numbers are below each card
    assert (names if live else numbers + names) in text
    assert not (live and numbers in text), "the tally is shown once"


def test_json_loses_nothing() -> None:
    document = full()
    value = to_json(document)
    assert from_json(value) == document
    assert from_json(json.loads(json.dumps(value))) == document
    assert sha256(value) == sha256(json.loads(json.dumps(value)))
    assert sha256(to_json(replace(document, number=4))) != sha256(value)


NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "](https://evil.test) [a](https://evil.test)",
    "`code` ``` **bold** _it_ ~~no~~ # not a heading",
    "- not\n- a list\n\n1. nor\n\n# this",
    "&lt;b&gt; &amp; $x^2$ | a | b |",
    "<!channel> <@U1> @everyone",
    "javascript:alert(1)",
    "שלום עולם",
    "https://evil.test/bare <https://evil.test/auto>",
    "    four spaces\n\tand a tab",
    "***\n---\n===",
    "\\",
    "1986. A year.",
    "+ one",
]


@pytest.mark.parametrize("text", NASTY)
def test_what_papers_say_is_data(text: str) -> None:
    document = hostile(text)
    tree = html.document_fromstring(html_page.render(document))
    assert not tree.xpath("//script | //*[starts-with(name(@*), 'on')] | //iframe | //object")
    assert not [a for a in tree.xpath("//a/@href") if not a.startswith(("https://", "#"))]
    assert not html.document_fromstring(email.render(document)).xpath(
        "//script | //img | //@*[starts-with(name(), 'on')]"
    )
    for found in (
        inventory.in_page(html_page.render(document)),
        inventory.in_page(email.render(document)),
        inventory.in_markdown(markdown.render(document)),
    ):
        assert found.links == set(inventory.addresses(document))
        assert normalize_space(text) in found.text
        assert found.quotes == [normalize_space(text)]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"]), min_size=1, max_size=60).filter(lambda t: t.strip()))
@pytest.mark.slow
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    document = hostile(text)
    found = inventory.in_markdown(markdown.render(document))
    assert normalize_space(text) in found.text
    assert found.links == set(inventory.addresses(document))
    assert normalize_space(text) in inventory.in_page(html_page.render(document)).text


def hostile(text: str) -> Document:
    """An edition with this text wherever a paper, a model or a member provides text."""
    item = replace(
        moco(),
        title=text,
        authors=text,
        why=(text,),
        insights=(Paragraph((text,)), ListBlock((Point((text,)),))),
        passages=(Quotation(text, "abstract"), RemarkBlock((text,), text)),
        said=(),
    )
    document = replace(full(), sections=(Section(text, "theme", (item,)),), headline=text, club=text)
    return replace(document, charts=(), references=())


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    item = replace(moco(), url="javascript:alert(1)", badges=())
    document = replace(full(), sections=(Section("Theme", "theme", (item,)),))
    assert "javascript:" not in "".join(html.document_fromstring(html_page.render(document)).xpath("//a/@href"))
    assert "](javascript" not in markdown.render(document)


def test_the_page_runs_no_script_and_its_policy_fits_its_style() -> None:
    made = html_page.render(full())
    assert "<script" not in made
    assert " style=" not in made
    (inner,) = re.findall(r"<style>(.*?)</style>", made, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
    tree = html.document_fromstring(made)
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy == html_page.content_security_policy()


def test_the_page_can_be_read_aloud() -> None:
    tree = html.document_fromstring(html_page.render(full()))
    assert tree.get("lang") == "en"
    assert len(tree.xpath("//h1")) == 1
    levels = [int(h.tag[1]) for h in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(image.get("alt") for image in tree.xpath("//img"))
    assert all(chart.get("aria-labelledby") for chart in tree.xpath("//svg"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a[1:] for a in tree.xpath("//a/@href") if a.startswith("#")} <= set(ids)
    assert all(tree.xpath(f"//*[@id='{name}']") for names in tree.xpath("//@aria-labelledby") for name in names.split())


def test_files_are_written_side_by_side(tmp_path: Path) -> None:
    written = export_formats.write(full(), tmp_path / "new")
    assert [file.name for file in written] == ["edition-3.html", "edition-3.md", "edition-3.json"]
    assert from_json(json.loads(written[2].read_text("utf-8"))) == full()


@pytest.mark.parametrize(("zone", "day"), [("Pacific/Kiritimati", "24 Nov 2026"), ("Pacific/Pago_Pago", "23 Nov 2026")])
def test_days_are_those_of_the_clubs_zone(zone: str, day: str) -> None:
    document = full()
    [fix] = document.corrections
    document = replace(
        document,
        period=replace(document.period, zone=zone),
        corrections=(replace(fix, at=datetime(2026, 11, 24, 0, 30, tzinfo=UTC)),),
    )
    for made in (markdown.render(document), html_page.render(document)):
        assert f"Corrected on {day}" in made, "beside the item"
        assert day in made[made.rindex("Corrections") :], "and among the corrections"


def test_a_mail_is_no_wider_than_its_words_and_says_once_who_wrote_them() -> None:
    document = of_items(10)
    made = email.render(document)
    assert "overflow-wrap:anywhere" in made
    body = made.partition("<body")[2]
    assert "text-transform:uppercase" not in body.partition("Cats")[0]
    shared = page_outline(document).origin.partition(": ")[2].removesuffix(".")
    assert shared
    assert normalize_space(html.document_fromstring(made).text_content()).count(shared) == 1
