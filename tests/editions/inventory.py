"""Inventory of an edition's content, and of the content that readers find in each rendered form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from lxml import html
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.chat import cards
from bot.chat.rich_text import Link, plain
from bot.editions.model.blocks import Quotation
from bot.editions.model.document import (
    Chart,
    Check,
    Correction,
    Document,
    Item,
    NumberedReference,
    Period,
    Provenance,
    Section,
    Thread,
    Work,
)
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render import captions
from bot.editions.render.card_renderer import render_cards
from bot.editions.render.charts import description as chart_words

UNSEEN = {
    Document: {"template", "language", "emoji", "format", "issued", "period", "number", "listed_references"},
    Section: {"kind"},
    Item: {
        "kind",
        "key",
        "number",
        "submission",
        "suggestion",
        "reference",
        "voices",
        "votes",
        "brought",
        "authorship",
    },
    Provenance: {"prompt", "writer", "checks", "source"},
    Quotation: {"kind", "source", "start", "end"},
    Thread: {"platform", "workspace"},
    Correction: {"item"},
    Chart: {"points", "alt"},
    Work: {
        "latex_title",
        "latex_authors",
        "arxiv_id",
        "category",
        "doi",
        "journal",
        "year",
        "authors",
        "day",
        "abstract",
    },
    Period: {"zone"},
    Check: {"name", "passed", "detail"},
}
"""Fields that control rendering, or are worded by a property that is checked instead."""

WORDED: dict[type, Callable[[Any], Iterable[str]]] = {
    Document: captions.dateline,
    Item: lambda item: (captions.item_origin(item, IN_ENGLISH),),
    NumberedReference: lambda entry: (entry.people, entry.place),
    Thread: lambda thread: (thread.platform.title(),),
}
"""Text lines in which such fields appear."""


@dataclass(frozen=True)
class VisibleContent:
    """Content visible to a reader: the text, the quotes in order, and all link targets."""

    text: str
    quotes: list[str]
    links: set[str]

    @property
    def numbers(self) -> set[str]:
        """Every number in the text, except in addresses."""
        return set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"https?://\S+", " ", self.text)))


def texts(value: Any) -> Iterator[str]:
    """Every text of a document that a reader must find."""
    if isinstance(value, str):
        yield from filter(None, (normalize_space(value),))
    elif isinstance(value, Link):
        yield from texts(value.label)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from texts(one)
    elif is_dataclass(value):
        unseen = {"kind", "url"} | UNSEEN.get(type(value), set())
        for name in (f.name for f in fields(value) if f.name not in unseen):
            yield from texts(getattr(value, name))
        if worded := WORDED.get(type(value)):
            yield from texts(tuple(worded(value)))


def as_on_page(document: Document) -> Document:
    """The document without the badges that its page leaves out: a single one that repeats the link of the title."""

    def seen(item: Item) -> Item:
        repeated = [(badge.label, badge.url) for badge in item.badges] == [("📄 Paper", item.url)]
        return replace(item, badges=()) if repeated else item

    sections = (replace(section, items=tuple(map(seen, section.items))) for section in document.sections)
    return replace(document, sections=tuple(sections))


def addresses(value: Any) -> Iterator[str]:
    """Every address in a document that may be linked."""
    if isinstance(value, tuple | list):
        for one in value:
            yield from addresses(one)
    elif is_dataclass(value):
        url = getattr(value, "url", "")
        if url and Link("", url).is_safe:
            yield url
        for field in fields(value):
            yield from addresses(getattr(value, field.name))


def quotes(document: Document) -> list[str]:
    """Quotes in order, and members' comments."""
    return [
        normalize_space(text)
        for item in document.items
        for text in (*(b.text for b in item.blocks if isinstance(b, Quotation)), *(said.text for said in item.said))
    ]


def numbers(document: Document) -> set[str]:
    """Every number that may be printed: those in texts, counts and dates."""
    said = [
        *texts(document),
        *(f"{d:%-d %Y}" for d in dates(document)),
        str(document.number),
        captions.span(document.period, IN_ENGLISH),
    ]
    for item in document.items:
        said += [str(n) for n in (item.number, item.votes, item.voices, item.brought, item.reference)]
    said += [str(reference.number) for reference in document.references]
    for chart in document.charts:
        said += [*chart_words.rows(chart, IN_ENGLISH), chart_words.describe(chart, IN_ENGLISH)]
    said += re.findall(r"\[\d+\]", repr(document)) + re.findall(r"Cite\(number=\d+", repr(document))
    return set(re.findall(r"\d+(?:[.,]\d+)*", " ".join(said)))


def dates(value: Any) -> Iterator[datetime]:
    """Every date in a document."""
    if isinstance(value, datetime):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from dates(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from dates(getattr(value, field.name))


def in_page(page: str) -> VisibleContent:
    """Content that a reader of the web page finds."""
    tree = html.document_fromstring(page)
    for hidden in tree.xpath("//style | //head/title | //svg//text[@class='tick']"):
        hidden.drop_tree()
    links = {a for a in tree.xpath("//body//a/@href") if not a.startswith("#")} | set(tree.xpath("//img/@src"))
    said = [normalize_space(q.text_content()) for q in tree.xpath("//blockquote")]
    text = " ".join([*tree.xpath("//body//text()"), *tree.xpath("//img/@alt")])
    return VisibleContent(normalize_space(text), said, links)


def in_markdown(text: str) -> VisibleContent:
    """Content that a reader of the Markdown finds, parsed as CommonMark."""
    tokens = MarkdownIt("commonmark").parse(text)
    links, said, words, depth = set(), [], [], 0
    for token in tokens:
        depth += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.type == "blockquote_open":
            said.append("")
        if token.type in ("fence", "code_block"):
            words.append(token.content)
        if token.type != "inline":
            continue
        line = "".join(_comment_texts(token.children or []))
        words.append(line)
        links |= {
            str(child.attrGet("href") or child.attrGet("src"))
            for child in token.children or []
            if child.type in ("link_open", "image")
        }
        if depth and not line.startswith("— "):
            said[-1] = normalize_space(f"{said[-1]} {line}")
    said = [line.removeprefix("“").removesuffix("”").strip() for line in said]
    return VisibleContent(
        normalize_space(" ".join(words)), said, {url.replace("%28", "(").replace("%29", ")") for url in links}
    )


def _comment_texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "image"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "


def in_cards(document: Document) -> VisibleContent:
    """Content that a reader of the posted cards finds, in order."""
    links, said, words = set(), [], []
    for sheet in render_cards(document):
        card = sheet.card
        words.append(card.title)
        links |= {card.url} - {""}
        for part in card.parts:
            match part:
                case cards.Heading(text):
                    words.append(text)
                case cards.Text(spans) | cards.Note(spans):
                    words.append(plain(spans))
                case cards.QuotePart(text, source):
                    words += [text, source]
                    said.append(normalize_space(text))
                case cards.Points(items):
                    words += [plain(item) for item in items]
                case cards.LinkRow(row):
                    words += [link.label for link in row]
            links |= {link.url for link in _links(part)}
    return VisibleContent(normalize_space(" ".join(words)), said, links)


def _links(value: Any) -> Iterator[Link]:
    if isinstance(value, Link):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _links(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _links(getattr(value, field.name))


def normalize_space(text: str) -> str:
    """The text with every run of white space replaced by one space."""
    return " ".join(text.split())
