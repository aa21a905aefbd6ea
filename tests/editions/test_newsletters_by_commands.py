"""Five real newsletters, each rebuilt by commands: complete and in order, in every form."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.document import Document, Item
from bot.editions.model.prose import Citation
from bot.editions.render import bibliography
from bot.runtime.scheduler import Scheduler
from tests.editions import inventory
from tests.editions.building import FIVE, Builder, codes
from tests.editions.inventory import normalize_space
from tests.editions.render.test_renderers import RENDERERS
from tests.features.edition_steps import document_of, say_as_moderator
from tests.stand_ins import Harness

QUICK = ("2020-12-28", "2021-04-12")


@pytest.mark.slow
@pytest.mark.parametrize(
    "edition",
    [
        # The smallest and the largest; tests/scenarios/test_five_newsletters.py makes all five each time.
        pytest.param(edition, id=edition["day"], marks=() if edition["day"] in QUICK else pytest.mark.stress)
        for edition in FIVE
    ],
)
async def test_a_moderator_builds_it_with_commands_and_nothing_is_lost(club: Harness, edition: dict[str, Any]) -> None:
    made = await Builder(club, edition).build()
    assert_it_is(made, edition)
    assert_every_form_has_it_all(made)
    await say_as_moderator(club, "/edition draft")
    again = await document_of(club)
    assert again == made, "a draft made anew keeps every change"
    assert "approved" in (await say_as_moderator(club, "/edition approve now")).card.title
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    posted = [card.title for card in club.gateway.cards("digest")]
    at = [next(n for n, title in enumerate(posted) if title.endswith(i.title)) for i in themed(made)]
    assert at == sorted(at)
    assert posted[0] == made.title


def themed(made: Document) -> list[Item]:
    """The items that are posted on cards of their own."""
    return [item for section in made.sections if section.kind == "theme" for item in section.items]


def assert_it_is(made: Document, edition: dict[str, Any]) -> None:
    """Assert that the document contains every element of the original in its place."""
    assert made.title == edition["title"]
    assert made.headline == edition.get("headline", made.headline)
    assert made.headline
    assert [theme.line for theme in made.themes] == edition["themes"]
    assert (len(made.letter.blocks) if made.letter else 0) == (edition["letter"] + 1 if edition.get("letter") else 0)
    assert (made.letter.by if made.letter else "") == edition.get("signed", "")
    assert (f"{made.video.label} {made.video.url}" if made.video else None) == edition.get("video")
    assert str(made.selected_from) == edition.get("selected", "0")
    assert [chart.title for chart in made.charts] == [title for title, *_ in edition.get("charts", ())]
    assert {c.role: ", ".join(c.names) for c in made.credits}.items() >= edition.get("credits", {}).items()
    expected = [(s["title"], s["kind"], bool(s.get("intro")), len(s["items"])) for s in edition["sections"]]
    assert [(s.title, s.kind, bool(s.intro), len(s.items)) for s in made.sections] == expected
    wanted = [item for section in edition["sections"] for item in section["items"]]
    for item, facts in zip(made.items, wanted, strict=True):
        assert_item(item, facts)
    counted = [
        section for section, facts in zip(made.sections, edition["sections"], strict=True) if facts.get("numbered")
    ]
    numbered = [item.number for section in counted for item in section.items]
    assert numbered == list(range(1, len(numbered) + 1))
    assert_citations(made, edition, wanted)


def assert_item(item: Item, facts: dict[str, Any]) -> None:
    """Assert that an item has its links, and its texts block by block."""
    assert (item.kind, item.title) == (facts["kind"], facts["title"])
    kinds = [kind.replace("colab", "demo") for kind in facts.get("links", {})]
    paper = ["paper"] if "arxiv" in facts else []
    assert [badge.kind for badge in item.badges] == [*paper, *kinds]
    assert [b.url for b in item.badges[len(paper) :]] == list(facts.get("links", {}).values())
    assert bool(item.why) == bool(facts.get("why"))
    if "arxiv" in facts:
        assert item.authors
        assert item.authors == facts.get("authors", item.authors)
        assert item.reference
    assert [shape(block) for block in item.insights] == kinds_of(facts.get("insights", ""))
    assert [shape(block) for block in item.passages] == kinds_of(facts.get("passages", ""))
    for block, code in zip(item.passages, codes(facts.get("passages", "")), strict=True):
        if isinstance(block, Quotation):
            assert block.start is not None
            assert block.source
            section = code.partition(":")[2]
            assert block.where.endswith(section) if section else block.where


def shape(block: Block) -> str:
    """Code of a block."""
    match block:
        case ListBlock(points, numbered):
            return f"{'n' if numbered else 'u'}{len(points)}"
        case Figure(credit=credit):
            return "F" if credit else "f"
    names = {Paragraph: "p", Quotation: "q", RemarkBlock: "r", Related: "v", Subheading: "h", CodeBlock: "c"}
    return names[type(block)]


def kinds_of(line: str) -> list[str]:
    """The codes without the parts that only the builder needs."""
    plain = [code.partition("@")[0].partition(":")[0] for code in codes(line)]
    return ["v" if code == "w" else code for code in plain]


def assert_citations(made: Document, edition: dict[str, Any], wanted: list[dict[str, Any]]) -> None:
    """Assert that citations point to the right works after papers moved and numbers changed."""
    by_number = {entry.number: entry.work for entry in made.references}
    assert list(by_number) == list(range(1, len(by_number) + 1))
    titles = [work[0] for work in edition.get("cited", ())]
    for item, facts in zip(made.items, wanted, strict=True):
        asked = [code for part in ("why", "insights") for code in codes(str(facts.get(part, ""))) if "@" in code]
        cited = [int(n) for code in asked for n in code.split("@")[1:]]
        spans = [*item.why, *(span for block in item.insights for span in getattr(block, "words", ()))]
        found = [by_number[span.number] for span in spans if isinstance(span, Citation)]
        assert len(found) == len(cited)
        for work, n in zip(found, cited, strict=True):
            assert titles[n - 1] in (work.title, work.arxiv_id)


def assert_every_form_has_it_all(made: Document) -> None:
    """Assert that each renderer shows every text, quote, link and number, and the items in order."""
    texts, links, quotes = [*inventory.texts(made)], set(inventory.addresses(made)), inventory.quotes(made)
    numbers = inventory.numbers(made)
    for name, draw in RENDERERS.items():
        found = draw(made)
        lost = [text for text in texts if text not in found.text]
        assert not lost, (name, lost[:3])
        assert (found.links, found.quotes) == (links, quotes), name
        assert found.numbers <= numbers, name
        at, places = 0, []
        body = found.text[len(found.text) // 40 :] if name == "json" else found.text
        for item in made.items:
            at = body.find(normalize_space(item.title), at) + 1
            places.append(at)
        assert all(places), (name, "an item is missing or out of its order")
    assert bibliography.bibtex(made).count("@") >= len(made.references)
    assert len(json.loads(bibliography.csl_json(made))) == len(made.references)
    assert bibliography.ris(made).count("ER  -") == len(made.references)
