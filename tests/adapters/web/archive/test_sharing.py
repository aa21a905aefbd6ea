"""What is seen of the archive elsewhere: in link previews, search engines, reference managers and on lost ways."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from PIL import Image

from adapters.web.archive import export
from bot.domain.accent_colors import DARK_BACKGROUND, LIGHT_BACKGROUND, accent_shades, contrast
from bot.domain.club_settings import ClubSettings
from bot.editions.render.share_card import SIZE, ShareCard, draw
from bot.errors import UserError
from tests.adapters.web.archive.conftest import LATEST, Site
from tests.adapters.web.archive.reading import faults
from tests.editions.sample import full, of_items

PAGE_BYTES = 60_000
"""Bytes of a page without its pictures that a slow phone loads at once."""


def metas(tree: object, name: str) -> list[str]:
    """Contents of a page's tags of a name."""
    return tree.xpath("//meta[@property=$name or @name=$name]/@content", name=name)  # type: ignore[attr-defined, no-any-return]  # lxml has no types


async def test_a_link_to_an_edition_is_shown_with_its_picture(site: Site) -> None:
    for path in (f"/editions/{LATEST}", "", f"/papers/{(await site.document(LATEST)).items[0].brought}"):
        page = (await site.get(path)).page
        assert metas(page, "twitter:card") == ["summary_large_image"], path
        (url,) = metas(page, "og:image")
        assert url == f"https://club.test/clubs/{site.club}/editions/{LATEST}/card.png"
        assert f"No. {LATEST}" in metas(page, "og:image:alt")[0]
        assert metas(page, "og:description") == metas(page, "description") != [""]
        assert len(metas(page, "description")) == 1
        assert page.xpath("//link[@rel='icon']/@href")[0].startswith("data:image/svg+xml,")
    answer = await site.get(f"/editions/{LATEST}/card.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert Image.open(BytesIO(answer.body)).size == SIZE
    assert len(answer.body) < 60_000
    assert (await site.get("/editions/99/card.png")).status == 404
    first = await site.document(LATEST)
    await site.edit(LATEST, replace(first, title="Another title"), revision=1)
    assert (await site.get(f"/editions/{LATEST}/card.png")).body != answer.body


@pytest.mark.parametrize("title", ["", "A " * 400, "论文", "x" * 300, "\u202eabc", "🔬"])
def test_a_picture_is_drawn_of_any_words(title: str) -> None:
    card = ShareCard(title, title, title, (title,) * 4, "#ffff00")
    assert Image.open(BytesIO(draw(card))).size == SIZE


async def test_search_engines_find_the_pages_of_public_clubs(site: Site) -> None:
    await site.edit(2, state="recalled")
    robots = (await site.ask("GET", "/robots.txt")).text
    assert "Sitemap: https://club.test/sitemap.xml" in robots
    assert "Disallow: /clubs/*/search" in robots
    answer = await site.ask("GET", "/sitemap.xml")
    root = etree.fromstring(answer.body)
    found = [loc.text.removeprefix("https://club.test") for loc in root.iter("{*}loc")]
    assert len(found) == len(set(found)) > 2 * LATEST
    for path in found:
        page = await site.ask("GET", path)
        assert page.status == 200, path
        assert not metas(page.page, "robots"), path
    home = f"/clubs/{site.club}"
    assert {home, f"{home}/editions/{LATEST}", f"{home}/papers/1", f"{home}/index"} <= set(found)
    assert not any("people" in path or "/editions/2" in path or "search" in path for path in found)
    assert len(list(root.iter("{*}lastmod"))) == LATEST - 1
    await site.change_settings(public=False)
    assert (await site.ask("GET", "/robots.txt")).text == "User-agent: *\nDisallow: /\n"
    assert not list(etree.fromstring((await site.ask("GET", "/sitemap.xml")).body))
    icon = await site.ask("GET", "/favicon.ico")
    assert Image.open(BytesIO(icon.body)).size == (32, 32)


async def test_a_lost_reader_is_led_back(site: Site) -> None:
    for path in ("/nothing", "/editions/999", "/papers/4/x/y", "/themes/none"):
        answer = await site.get(path)
        assert (answer.status, faults(answer.page)) == (404, []), path
        assert f"/clubs/{site.club}/editions/{LATEST}" in answer.page.xpath("//main//a/@href")
        assert "Thursday Readers" in answer.text
    await site.change_settings(public=False)
    for path in ("/nothing", ""):
        answer = await site.get(path)
        assert (answer.status, faults(answer.page)) == (404, [])
        assert "Thursday Readers" not in answer.text
        assert answer.page.xpath("//main//a/@href") == ["/clubs"]
    elsewhere = await site.ask("GET", "/elsewhere")
    assert elsewhere.status == 404
    assert elsewhere.page.xpath("string(//main//h1)") == "Page not found"
    assert "Thursday Readers" not in elsewhere.text


async def test_the_export_has_what_a_web_server_of_files_looks_for(site: Site, tmp_path: Path) -> None:
    await export(site.harness.app, tmp_path)
    assert "Sitemap: https://club.test/sitemap.xml" in (tmp_path / "robots.txt").read_text()
    for loc in etree.parse(tmp_path / "sitemap.xml").iter("{*}loc"):
        path = loc.text.removeprefix("https://club.test")
        assert path.endswith("/")
        assert (tmp_path / path.lstrip("/") / "index.html").is_file(), path
    lost = html.fromstring((tmp_path / "404.html").read_text())
    assert "Thursday Readers" in lost.xpath("string(//body)"), "it is in the only club’s dress"
    assert all(link.startswith("https://club.test/clubs/") for link in lost.xpath("//main//a/@href"))
    assert lost.xpath("//main//a/@href")
    for address in [*lost.xpath("//link/@href"), *lost.xpath("//a/@href")]:
        if address.startswith("https://club.test/"):
            path = tmp_path / address.removeprefix("https://club.test/")
            assert (path / "index.html" if address.endswith("/") else path).is_file(), address
    assert lost.xpath("//link[@rel='stylesheet']/@href")
    home = html.fromstring((tmp_path / f"clubs/{site.club}/index.html").read_text())
    (picture,) = metas(home, "og:image")
    assert (tmp_path / picture.removeprefix("https://club.test/")).is_file()
    assert "index/index.html" in home.xpath("//nav[@class='site']//a/@href")


async def test_the_front_page_has_the_latest_edition_in_full(site: Site) -> None:
    await site.edit(LATEST, full())
    home = (await site.get("")).page
    for item in full().items:
        assert home.xpath("//main//*[@id=$anchor]", anchor=item.anchor), item.title
    words = home.xpath("string(//main)")
    assert "Known tricks such as scratchpads" in words
    assert "No. 5 · 3 papers · 12 votes" in words
    assert not home.xpath("//a[@class='more']")
    await site.edit(LATEST, of_items(30), revision=1)
    long = await site.get("")
    assert "Read the other 18" in long.page.xpath("string(//a[@class='more'])")
    assert len(long.body) <= PAGE_BYTES


async def test_no_page_is_heavy(site: Site) -> None:
    await site.edit(LATEST, of_items(10))
    for path in ("", f"/editions/{LATEST}", "/years/2026", "/papers/1", "/themes", "/index", "/search?q=a", "/x"):
        assert len((await site.get(path)).body) <= PAGE_BYTES, path
    await site.edit(LATEST, of_items(30), revision=1)
    page = f"{site.root}/clubs/{site.club}/editions/{LATEST}"
    async with ClientSession(auto_decompress=False) as client:
        async with client.get(page, headers={"Accept-Encoding": "gzip"}) as answer:
            sent = await answer.read()
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Vary"] == "Accept-Encoding"
        async with client.get(page, headers={"Accept-Encoding": "identity"}) as answer:
            assert gzip.decompress(sent) == await answer.read()
    assert len(gzip.decompress(sent)) <= PAGE_BYTES, "thirty papers in full, to whom takes nothing compressed"
    assert len(sent) <= PAGE_BYTES / 4
    await site.edit(LATEST, of_items(60), revision=2)
    year = await site.get("/years/2026")
    assert "and 15 more" in year.text, "180 titles for four editions"
    assert len(year.body) <= PAGE_BYTES


async def test_contents_and_references_are_folded_and_news_are_bullets(site: Site) -> None:
    await site.edit(LATEST, full())
    page = (await site.get(f"/editions/{LATEST}")).page
    folded = page.xpath("//details[not(@open)]/summary/h2/text()")
    assert folded == ["Contents", "References", "More links"]
    assert page.xpath("//nav[@class='contents']//p[@class='group']/text()")[:2] == [
        "Self-Supervised Learning",
        "Language models",
    ]
    (news,) = page.xpath("//section[@class='part news']/ul[@class='bullets']/li")
    assert news.text_content().startswith(
        "EMNLP 2021 is held in Punta Cana and online The proceedings follow in the ACL"
    )
    (pick,) = page.xpath("//section[@class='part picks']/ul[@class='sentence']/li")
    assert pick.text_content() == "Adversarial Retriever-Ranker for dense text retrieval"
    assert len(page.xpath("//article[contains(@class, 'item')]")) == 2


async def test_the_style_sheet_is_loaded_once_for_all_pages(site: Site, tmp_path: Path) -> None:
    named = {
        (await site.get(path)).page.xpath("//link[@rel='stylesheet']/@href")[0]
        for path in ("", f"/editions/{LATEST}", "/papers/1", "/nothing")
    }
    (address,) = named
    sheet = await site.get(address)
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    await site.change_settings(accent="teal")
    older = await site.get(address)
    assert older.headers["Cache-Control"] == "public, max-age=60", "a page of before the change still has a sheet"
    assert older.text != sheet.text
    assert older.text == (await site.get((await site.get("")).page.xpath("//link[@rel='stylesheet']/@href")[0])).text
    files = await export(site.harness.app, tmp_path)
    pages = [file for file in files if file.name == "index.html" and file.parent.name != "clubs"]
    for page in pages[1:]:
        (link,) = html.parse(page).xpath("//link[@rel='stylesheet']/@href")
        assert (page.parent / link).resolve().read_text("utf-8") == older.text, page
    await site.change_settings(public=False)
    assert (await site.get(address)).status == 404


async def test_what_most_texts_have_in_common_is_said_once(site: Site) -> None:
    await site.edit(LATEST, of_items(4))
    page = (await site.get(f"/editions/{LATEST}")).page
    (note,) = page.xpath("//p[@class='origin']")
    shared = note.text_content().partition(": ")[2].removesuffix(".")
    assert shared
    assert not page.xpath("//details[@class='provenance']")
    (section,) = of_items(4).sections
    first, *others = section.items
    assert first.provenance
    other = replace(first, provenance=replace(first.provenance, editor="Ada"))
    await site.edit(LATEST, replace(of_items(4), sections=(replace(section, items=(other, *others)),)), revision=1)
    page = (await site.get(f"/editions/{LATEST}")).page
    assert page.xpath("string(//p[@class='origin'])").endswith(f"{shared}.")
    (own,) = page.xpath("//details[@class='provenance']")
    assert "edited by Ada" in own.text_content()
    silent = replace(first, provenance=None, passages=())
    await site.edit(LATEST, replace(of_items(4), sections=(replace(section, items=(silent, *others)),)), revision=2)
    page = (await site.get(f"/editions/{LATEST}")).page
    assert not page.xpath("//p[@class='origin']"), "it would say of the first what nobody knows"
    assert len(page.xpath("//details[@class='provenance']")) == 3


async def test_a_club_has_its_color_and_logo(site: Site) -> None:
    await site.change_settings(accent="#ffee00", logo="https://club.test/logo.png")
    for path in ("", f"/editions/{LATEST}", "/nothing"):
        answer = await site.get(path)
        shades = accent_shades("#ffee00")
        (sheet_at,) = answer.page.xpath("//link[@rel='stylesheet']/@href")
        sheet = (await site.get(sheet_at)).text
        assert f"--accent: {shades.light};" in sheet
        assert f"--accent: {shades.dark};" in sheet
        assert answer.page.xpath("//nav[@class='site']//img/@src") == ["https://club.test/logo.png"]
        assert answer.page.xpath("//link[@rel='icon']/@href") == ["https://club.test/logo.png"]
    settings = ClubSettings.of({})
    assert settings.changed("accent", "Teal").accent == settings.changed("accent", "0B6E75").accent == "#0b6e75"
    assert settings.changed("accent", "teal").changed("accent", "none").accent == ""
    for value in ("#12", "red;}", "chartreuse", "url(x)"):
        with pytest.raises(UserError, match="it takes a code"):
            settings.changed("accent", value)
    for value in ("http://club.test/x.png", "https://club.test", 'https://club.test/"x', "javascript:alert(1)"):
        with pytest.raises(UserError, match="it takes an address"):
            settings.changed("logo", value)


@given(st.integers(0, 0xFFFFFF))
def test_every_accent_can_be_read(number: int) -> None:
    shades = accent_shades(f"#{number:06x}")
    assert contrast(shades.light, LIGHT_BACKGROUND) >= 4.5
    assert contrast(shades.dark, DARK_BACKGROUND) >= 4.5


async def test_reference_managers_and_search_engines_read_a_paper(site: Site) -> None:
    item = (await site.document(LATEST)).items[0]
    submission = await site.submission(item.brought)
    async with site.harness.app.store.begin(site.club) as db:
        paper = await db.papers.by_key(submission.paper.key)
        assert paper is not None
        paper.title, paper.journal_ref = "On </script> and <b>", "Journal of Tests 3"
    page = (await site.get(f"/papers/{item.brought}")).page
    arxiv_id = submission.paper.key.removeprefix("arxiv:")
    assert metas(page, "citation_title") == ["On </script> and <b>"]
    assert metas(page, "citation_author") == submission.paper.authors
    assert metas(page, "citation_arxiv_id") == [arxiv_id]
    assert metas(page, "citation_pdf_url") == [f"https://arxiv.org/pdf/{arxiv_id}"]
    assert metas(page, "citation_doi")[0]
    assert metas(page, "citation_publication_date")[0].count("/") == 2
    data = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert data["headline"] == "On </script> and <b>"
    assert [author["name"] for author in data["author"]] == submission.paper.authors
    assert data["isPartOf"]["name"] == "Journal of Tests 3"
    assert data["subjectOf"]["url"] == f"https://club.test/clubs/{site.club}/papers/{item.brought}"


async def test_the_index_has_every_title_once(site: Site) -> None:
    document = await site.document(LATEST)
    (section, *_) = document.sections
    names = [
        f"{article}Zebra {n:03}" for n, article in zip(range(240), ("The ", "a ", "", "Ẑ̂ebra: ") * 60, strict=True)
    ]
    many = tuple(
        replace(section.items[0], key=f"arxiv:9{n:03}", title=name, brought=0, submission=0)
        for n, name in enumerate(names)
    )
    await site.edit(LATEST, replace(document, sections=(replace(section, items=many),), references=()))
    seen: list[str] = []
    for page in (1, 2, 3):
        answer = await site.get(f"/index/{page}" if page > 1 else "/index")
        assert len(answer.body) <= PAGE_BYTES
        seen += [link.text_content() for link in answer.page.xpath("//ul[@class='titles index']//a")]
    assert (await site.get("/index/4")).status == 404
    assert len(seen) == len(names) + 3 * (LATEST - 1)
    zebras = [title for title in seen if "Zebra 0" in title and "Ẑ" not in title]
    assert zebras == sorted(zebras, key=lambda title: title[-3:])
    assert len(zebras) == 75
