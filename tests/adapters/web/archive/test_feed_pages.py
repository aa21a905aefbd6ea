"""The feeds as a reader fetches them: valid, complete, with the pages they belong to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from lxml import etree

from benchmarks.years import fill
from bot.editions.model.document import Correction
from tests.adapters.web.archive.conftest import LATEST, NOW, Site, opened
from tests.editions.feed_reading import NS, check_atom, check_json_feed
from tests.stand_ins import fresh_sqlite


async def atom(site: Site, path: str) -> etree._Element:
    root = etree.fromstring((await site.get(path)).text.encode())
    check_atom(root)
    return root


def texts(root: etree._Element, path: str) -> list[str]:
    return [str(found) for found in root.xpath(path, namespaces=NS)]


async def test_both_forms_tell_the_same(site: Site) -> None:
    (theme, *_) = (await site.get("/themes")).page.xpath("//ul[@class='rows']//a/@href")
    for path in ("/editions", "/items", theme):
        root = await atom(site, f"{path}.atom")
        value = json.loads((await site.get(f"{path}.json")).text)
        check_json_feed(value)
        for name, field in (
            ("id", "id"),
            ("title", "title"),
            ("updated", "date_modified"),
            ("content", "content_html"),
        ):
            assert texts(root, f"//a:entry/a:{name}/text()") == [item[field] for item in value["items"]]
        links = texts(root, "//a:entry/a:link[@rel='alternate']/@href")
        assert links == [item["url"] for item in value["items"]]
        assert texts(root, "/a:feed/a:link[@rel='self']/@href")[0].endswith(f"{path}.atom")
        for link in links:
            assert (await site.get(link.removeprefix("https://club.test").partition("#")[0])).status == 200


async def test_the_feed_of_editions_has_them_latest_first(site: Site) -> None:
    root = await atom(site, "/editions.atom")
    links = texts(root, "//a:entry/a:link[@rel='alternate']/@href")
    assert links == [f"https://club.test/clubs/1/editions/{number}" for number in range(LATEST, 0, -1)]


async def test_a_correction_reaches_the_readers_of_both_feeds(site: Site) -> None:
    document = await site.document(2)
    item = document.items[0]
    before = {path: await atom(site, path) for path in ("/editions.atom", "/items.atom")}
    later = NOW + timedelta(hours=1)
    await site.edit(2, replace(document, corrections=(Correction(later, "Five, not four.", item.key),)), revision=1)
    for path, old in before.items():
        new = await atom(site, path)
        assert texts(new, "//a:entry/a:id/text()") == texts(old, "//a:entry/a:id/text()")
        assert texts(new, "/a:feed/a:updated/text()") == ["2026-01-26T11:00:00Z"]
        was, now = (texts(root, "//a:entry/a:updated/text()") for root in (old, new))
        assert [n for o, n in zip(was, now, strict=True) if o != n] == ["2026-01-26T11:00:00Z"]


async def test_a_recall_takes_its_items_out_of_their_feed(site: Site) -> None:
    before = texts(await atom(site, "/items.atom"), "//a:entry/a:id/text()")
    await site.edit(LATEST, state="recalled")
    after = texts(await atom(site, "/items.atom"), "//a:entry/a:id/text()")
    assert after == before[3:]


async def test_a_recall_replaces_the_edition_that_readers_already_have(site: Site) -> None:
    """A reader of feeds keeps what it received: only an entry with the same id and a later time takes its place."""
    before, secret = await atom(site, "/editions.atom"), (await site.document(LATEST)).title
    await site.recall(LATEST, "The table was wrong <b>everywhere</b>.")
    after, text = await atom(site, "/editions.atom"), (await site.get("/editions.atom")).text
    assert texts(after, "//a:entry/a:id/text()") == texts(before, "//a:entry/a:id/text()")
    assert texts(after, "//a:entry/a:published/text()") == texts(before, "//a:entry/a:published/text()")
    assert texts(after, "//a:entry/a:title/text()")[0] == f"No. {LATEST} was recalled"
    assert (
        texts(after, "//a:entry/a:updated/text()")[0] == texts(after, "/a:feed/a:updated/text()")[0] > "2026-01-26T09"
    )
    assert secret not in text
    (content, *_) = texts(after, "//a:entry/a:content/text()")
    assert content == (
        "<p>The club recalled this edition on 26 Jan 2026. Why: The table was wrong &lt;b&gt;everywhere&lt;/b&gt;.</p>"
    )
    items = json.loads((await site.get("/editions.json")).text)["items"]
    check_json_feed(json.loads((await site.get("/editions.json")).text))
    assert items[0]["title"] == f"No. {LATEST} was recalled"
    assert items[0]["url"].endswith(f"/editions/{LATEST}")
    await site.edit(LATEST - 1, replace(await site.document(LATEST - 1), headline="Another"), revision=1)
    again = await atom(site, "/editions.atom")
    assert texts(again, "//a:entry/a:id/text()") == texts(before, "//a:entry/a:id/text()")


async def test_an_installation_that_does_not_know_its_address_has_valid_feeds_too(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path / "club.db")
    club = fill(url, editions=2, papers=2, until=NOW)
    async with opened(url, club, public_url="") as site:
        for path in ("/editions", "/items"):
            root = await atom(site, f"{path}.atom")
            check_json_feed(json.loads((await site.get(f"{path}.json")).text))
            assert not texts(root, "//a:link[@rel='alternate']/@href")
        assert not (await site.get("")).page.xpath("//link[@rel='canonical']")
