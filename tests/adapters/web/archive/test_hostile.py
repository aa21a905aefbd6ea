"""Whatever papers, members and models write stays words: in every page, feed and file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import etree, html

from adapters.web.archive.catalogue import Catalogues
from adapters.web.archive.page_registry import PAGE_KINDS
from adapters.web.archive.page_request import open_page_request
from bot.editions.model.document import Correction, Document
from tests.adapters.web.archive.conftest import LATEST, NOW, Site
from tests.editions.render.test_renderers import hostile
from tests.thinning import thinned

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "]]><script>alert(1)</script>",
    "javascript:alert(1)",
    "</title></style></textarea><script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!--<script>",
    "data:text/html,<script>alert(1)</script>",
    "../../../etc/passwd",
    "שלום \u202e txt",
)


def evil(text: str, like: Document) -> Document:
    """An edition that says this everywhere, with a paper that has a page."""
    made = hostile(text)
    (section,) = made.sections
    mine = like.items[0]
    item = replace(
        section.items[0],
        key=mine.key,
        submission=mine.submission,
        brought=mine.brought,
        url=text,
        venue=text,
        brought_by=(text,),
        badges=tuple(replace(badge, url="javascript:alert(1)") for badge in section.items[0].badges),
    )
    fix = Correction(NOW, text, item.key)
    return replace(made, number=like.number, sections=(replace(section, items=(item,)),), corrections=(fix,))


def unsafe(tree: Any) -> list[str]:
    """What could run, or lead to what runs."""
    found = tree.xpath(
        "//script[not(@type='application/ld+json')] | //iframe"
        " | //object | //embed | //base | //*[local-name()='foreignObject']"
    )
    found += tree.xpath("//@*[starts-with(name(), 'on')] | //@style | //@srcdoc")
    icons = tree.xpath("//link[@rel='icon' and starts-with(@href, 'data:image/svg+xml,')]/@href")
    for data in tree.xpath("//script[@type='application/ld+json']"):
        assert "<" not in data.text
        assert json.loads(data.text)["@type"] == "ScholarlyArticle"
    found += [icon for icon in icons if unsafe(etree.fromstring(unquote(icon.partition(",")[2]).encode()))]
    links = [link for link in tree.xpath("//@href | //@src | //@action | //@formaction") if link not in icons]
    bad = [link for link in links if not link.startswith(("https://", "http://", "/", "#"))]
    return [*map(str, found), *bad]


@pytest.mark.parametrize("text", thinned(NASTY, every=4))
async def test_nothing_hostile_gets_through(site: Site, text: str) -> None:
    await site.edit(LATEST, evil(text, await site.document(LATEST)))
    async with site.harness.app.store.begin(site.club) as db:
        (await db.club()).name = text
        submission = await db.submissions.by_number((await site.document(LATEST)).items[0].brought)
        assert submission is not None
        submission.paper.title = submission.paper.abstract = submission.title = text
        submission.paper.authors = [text, text]
        submission.paper.url = text
        member = await db.members.get(submission.member_id)
        assert member is not None
        member.name, member.prefs = text, {"web": True}
    visit = await open_page_request(site.harness.app, Catalogues(site.harness.app.store), site.club, "")
    visit = replace(visit, catalogue=replace(visit.catalogue, editions=visit.catalogue.editions[:1]))
    seen = 0
    for place in PAGE_KINDS:
        for words in [*await place.every(visit), *([{}] if place.path == "/search" else [])]:
            answer = await site.get(place.address(site.club, words))
            assert answer.status == 200, (place, words)
            _check(answer.headers["Content-Type"].partition(";")[0], answer.text, place.path)
            seen += 1
    assert seen > 20


def _check(kind: str, text: str, path: str) -> None:
    if kind == "text/html":
        tree = html.document_fromstring(text)
        if path.endswith("{ending}"):  # the message has its styles in place, and is taken away
            for part in tree.xpath("//*[@style]"):
                del part.attrib["style"]
        assert unsafe(tree) == []
    elif kind == "application/atom+xml":
        root = etree.fromstring(text.encode())
        for content in root.iter("{*}content"):
            assert unsafe(html.fromstring(f"<div>{content.text}</div>")) == []
        assert all(link.get("href").startswith("https://") for link in root.iter("{*}link"))
    elif kind == "application/feed+json":
        for item in json.loads(text)["items"]:
            assert unsafe(html.fromstring(f"<div>{item['content_html']}</div>")) == []
            assert all(item.get(name, "https://").startswith("https://") for name in ("url", "external_url"))
    elif kind == "image/svg+xml":
        assert unsafe(etree.fromstring(text.encode())) == []
    elif kind == "application/json":
        json.loads(text)
