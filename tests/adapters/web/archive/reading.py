"""What a screen reader, a keyboard and a strict eye find wrong with a page: the rules of axe that need no browser.

The names are axe's own (https://dequeuniversity.com/rules/axe/).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from bot.chat.text import one_line

INNER = "[not(ancestor::main or ancestor::article)]"
LANDMARKS = f"//header{INNER} | //nav | //main | //footer{INNER}"
VAGUE = {"here", "click here", "more", "link", "read more", "this"}


def faults(tree: Any) -> list[str]:
    """Everything that is wrong, in words; an empty list if nothing is."""
    return [*_document(tree), *_structure(tree), *_names(tree), *_references(tree)]


def _document(tree: Any) -> Iterator[str]:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", tree.get("lang", "")):
        yield f"html-has-lang: {tree.get('lang')!r}"
    if not tree.xpath("string(//head/title)").strip():
        yield "document-title"
    viewport = tree.xpath("string(//meta[@name='viewport']/@content)")
    if "user-scalable=no" in viewport or "maximum-scale" in viewport or "width=device-width" not in viewport:
        yield f"meta-viewport: {viewport}"
    if not tree.xpath("string(//meta[@name='description']/@content)").strip():
        yield "meta description is missing"
    for inner in tree.xpath("//*[@lang]/@lang"):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", inner):
            yield f"valid-lang: {inner!r}"


def _structure(tree: Any) -> Iterator[str]:
    headings = tree.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")
    levels = [int(heading.tag[1]) for heading in headings]
    if levels.count(1) != 1:
        yield f"page-has-heading-one: {levels.count(1)}"
    yield from (f"heading-order: h{a} then h{b}" for a, b in pairwise(levels) if b > a + 1)
    yield from ("empty-heading" for heading in headings if not one_line(heading.text_content()))
    for tag, most in (("main", 1), (f"header{INNER}", 1)):
        if len(tree.xpath(f"//{tag}")) > most:
            yield f"landmark-unique: {tag}"
    if len(tree.xpath("//main")) != 1:
        yield "landmark-one-main"
    labels = Counter(one_line(_name(tree, nav)) for nav in tree.xpath("//nav"))
    yield from (f"landmark-unique: nav {label!r}" for label, count in labels.items() if count > 1 or not label)
    for lost in tree.xpath("//body//text()[normalize-space() and not(ancestor::a[@class='skip'])]"):
        parents = set(lost.getparent().iterancestors()) | {lost.getparent()}
        if not parents & set(tree.xpath(LANDMARKS)):
            yield f"region: {one_line(lost)[:60]!r} stands in no landmark"
    (first, *_) = tree.xpath("//body//a")
    if first.get("class") != "skip" or first.get("href", " ")[1:] not in tree.xpath("//@id"):
        yield "skip-link"
    yield from (f"list: <{child.tag}> in a list" for child in tree.xpath("//ul/* | //ol/*") if child.tag != "li")
    yield from ("listitem" for item in tree.xpath("//li") if item.getparent().tag not in ("ul", "ol"))
    yield from ("definition-list" for child in tree.xpath("//dl/*") if child.tag not in ("div", "dt", "dd"))
    yield from ("th-has-data-cells" for cell in tree.xpath("//th[not(@scope)]"))


def _names(tree: Any) -> Iterator[str]:
    for link in tree.xpath("//a[@href]"):
        name = one_line(_name(tree, link))
        if not name or name.lower() in VAGUE:
            yield f"link-name: {name!r} to {link.get('href')}"
    for image in tree.xpath("//img"):
        if not image.get("alt"):
            yield f"image-alt: {image.get('src')}"
    for drawing in tree.xpath("//*[local-name()='svg']"):
        if drawing.get("role") != "img" or not one_line(_name(tree, drawing)):
            yield "svg-img-alt"
    for field in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        if not tree.xpath(f"//label[@for='{field.get('id')}']"):
            yield f"label: {field.get('name')}"
    yield from ("button-name" for button in tree.xpath("//button") if not one_line(button.text_content()))
    yield from ("summary-name" for words in tree.xpath("//summary") if not one_line(words.text_content()))
    yield from (f"tabindex: {index}" for index in tree.xpath("//@tabindex") if int(index) > 0)


def _references(tree: Any) -> Iterator[str]:
    ids = Counter(tree.xpath("//@id"))
    yield from (f"duplicate-id: {id}" for id, count in ids.items() if count > 1)
    for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
        for value in tree.xpath(f"//@{attribute}"):
            yield from (f"{attribute}: no {id!r}" for id in value.split() if id not in ids)


def _name(tree: Any, node: Any) -> str:
    """What a screen reader calls it."""
    if labels := node.get("aria-labelledby"):
        return " ".join(tree.xpath("string(//*[@id=$id])", id=id) for id in labels.split())
    return str(node.get("aria-label") or node.text_content()) + " ".join(node.xpath(".//img/@alt"))
