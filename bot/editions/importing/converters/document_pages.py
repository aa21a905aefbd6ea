"""Pages that word processors write (Google Docs, Word, LibreOffice), brought into the form that other pages have.

A paragraph of the class "title" is the title, nested lists stand beside each other, emphasis is a class, and comments
of reviewers follow at the end.
"""

from __future__ import annotations

import re

from lxml import html

_RULE = re.compile(r"\.([\w-]{1,40})\{([^{}]{0,2000})\}")
_LEVEL = re.compile(r"\blst-kix_[\w-]+?-(\d)\b")
_DEEPEST = 5


def prepare_document_page(tree: html.HtmlElement) -> None:
    """Change the elements of such a page in place; those of other pages stay as they are."""
    _without_comments(tree)
    _with_title(tree)
    _with_emphasis(tree)
    _with_nested_lists(tree)


def _without_comments(tree: html.HtmlElement) -> None:
    """Remove the comments of reviewers and the marks that lead to them: no reader is to see them."""
    for mark in tree.xpath("//a[starts-with(@href, '#cmnt')] | //a[starts-with(@id, 'cmnt')]"):
        inside = mark.get("id", "").startswith("cmnt") and not mark.get("id", "").startswith("cmnt_ref")
        within = mark.xpath("ancestor::div[1] | ancestor::p[1]")
        gone = within[0] if inside and within and len(within[0].text_content()) < 2_000 else mark
        if gone.getparent() is not None:
            gone.drop_tree()


def _with_title(tree: html.HtmlElement) -> None:
    """Make a heading of the title above all others, which become those of sections."""
    titles = tree.xpath(f"//p[{_is_of('title')} or {_is_of('MsoTitle')}]")
    first = next((node for node in tree.iter("h1", "h2", "h3") if node.text_content().strip()), None)
    if len(titles) != 1 or not titles[0].text_content().strip():
        return
    order = list(tree.iter("p", "h1", "h2", "h3"))
    if first is not None and order.index(titles[0]) > order.index(first):
        return
    for level in range(_DEEPEST, 0, -1):
        for node in list(tree.iter(f"h{level}")):
            node.tag = f"h{level + 1}"
    titles[0].tag = "h1"
    for below in tree.xpath(f"//p[{_is_of('subtitle')} or {_is_of('MsoSubtitle')}]")[:1]:
        below.tag = "figcaption"


def _is_of(name: str) -> str:
    """Condition of XPath that an element has a class."""
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


def _with_emphasis(tree: html.HtmlElement) -> None:
    """Write the emphasis of classes as the style of the elements that have them."""
    looks: dict[str, str] = {}
    for sheet in tree.iter("style"):
        for name, rule in _RULE.findall(sheet.text_content()[:200_000]):
            kept = re.findall(r"font-weight:\s*(?:bold|[67]00)|font-style:\s*italic", rule)
            if kept:
                looks[name] = ";".join(kept)
    if looks:
        for node in tree.xpath("//span[@class]"):
            styles = [looks[name] for name in node.get("class", "").split() if name in looks]
            if styles:
                node.set("style", ";".join([node.get("style", ""), *styles]))


def _with_nested_lists(tree: html.HtmlElement) -> None:
    """Put each list that stands below another one into its last point, and go on with the list after it."""
    for node in tree.xpath("//ul[contains(@class, 'lst-kix_')] | //ol[contains(@class, 'lst-kix_')]"):
        found, before = _LEVEL.search(node.get("class", "")), node.getprevious()
        if found is None or before is None or before.tag not in ("ul", "ol") or (node.tail or "").strip():
            continue
        if (before.tail or "").strip() or not (points := before.findall("li")):
            continue
        level = int(found[1])
        if level == 0:
            if before.tag == node.tag and "start" not in node.get("class", "").split():
                before.extend(node.findall("li"))
                node.drop_tree()
            continue
        last = points[-1]
        while level > 1 and (inner := [one for one in last if one.tag in ("ul", "ol")]) and inner[-1].findall("li"):
            last, level = inner[-1].findall("li")[-1], level - 1
        last.append(node)
