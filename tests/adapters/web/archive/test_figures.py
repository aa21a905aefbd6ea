"""Figures on the web: those of published editions, on every page, in feeds, downloads and the export."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from lxml import html
from PIL import Image

from adapters.web.archive.export import export
from bot.domain.figure_names import figure_name
from bot.editions.model.blocks import Figure
from tests.adapters.web.archive.conftest import LATEST, Site

HOME = "https://club.test/clubs/1"


def picture(color: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (320, 200), color).save(file, "PNG")
    return file.getvalue()


async def store(site: Site, content: bytes) -> str:
    name = figure_name(content, 320, 200, "png")
    async with site.harness.app.store.begin(site.club) as db:
        member = (await db.submissions.by_number(1)).member_id  # type: ignore[union-attr] # the filled club has #1
        await db.figures.save(name, content, member, site.harness.app.now())
    return name


@pytest.fixture
async def shown(site: Site) -> str:
    """The name of a figure that an item of the latest edition and one of the first has."""
    name = await store(site, picture("teal"))
    for number in (1, LATEST):
        document = await site.document(number)
        section = document.sections[0]
        item = replace(section.items[0], passages=(Figure(name, "A teal field", ("All of it.",), ("Own work",)),))
        sections = (replace(section, items=(item, *section.items[1:])), *document.sections[1:])
        await site.edit(number, replace(document, sections=sections))
    return name


async def test_pages_show_the_picture_with_its_size_and_the_server_gives_it(site: Site, shown: str) -> None:
    entry = (await site.document(LATEST)).sections[0].items[0]
    for path in ("", f"/editions/{LATEST}", f"/papers/{entry.brought}"):
        (image,) = (await site.get(path)).page.xpath("//figure[@class='picture']//img")
        assert dict(image.attrib) == {
            "src": f"/clubs/{site.club}/{shown}", "alt": "A teal field", "width": "320", "height": "200",
            "decoding": "async",
        }, "it is loaded at once: what waits for a reader to scroll is empty in print"  # fmt: skip
    thumb = (await site.get("")).page.xpath("//img[@class='thumb']/@src")
    assert thumb == [f"/clubs/{site.club}/{shown}"], "an earlier edition has its picture beside its title"
    answer = await site.get(f"/{shown}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.body == picture("teal")


async def test_what_no_published_edition_has_is_not_public(site: Site, shown: str) -> None:
    secret = await store(site, picture("red"))
    for name in (secret, shown.replace("-320x200", "-321x200"), "figures/x.png"):
        assert (await site.get(f"/{name}")).status == 404
    await site.change_settings(public=False)
    assert (await site.get(f"/{shown}")).status == 404


async def test_feeds_downloads_and_files_have_the_picture(site: Site, shown: str, tmp_path: Path) -> None:
    feed = feedparser.parse((await site.get("/editions.atom")).body)
    newest = html.fromstring(f"<div>{feed.entries[0].content[0].value}</div>")
    assert newest.xpath("//img/@src") == [f"{HOME}/{shown}"]
    text = (await site.get(f"/editions/{LATEST}.md")).text
    assert f"[![A teal field]({HOME}/{shown})]({HOME}/{shown})" in text
    mail = html.document_fromstring((await site.get(f"/editions/{LATEST}.mail.html")).text)
    assert mail.xpath("//img/@src") == [f"{HOME}/{shown}"]
    await export(site.harness.app, tmp_path)
    file = tmp_path / f"clubs/1/{shown}"
    assert file.read_bytes() == picture("teal")
    page = tmp_path / f"clubs/1/editions/{LATEST}/index.html"
    (source,) = html.parse(page).xpath("//figure[@class='picture']//img/@src")
    assert (page.parent / source).resolve() == file.resolve()
