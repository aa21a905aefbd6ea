"""An edition of thirty different papers on its pages: light, laid out, valid, accessible, no dead link."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import html5lib
import pytest
from lxml import html

from adapters.web.archive.export import export
from bot.runtime.scheduler import Scheduler
from tests.adapters.web.archive.chromium import COMMAND, browser
from tests.adapters.web.archive.conftest import Site
from tests.adapters.web.archive.test_axe import FOUND, violations
from tests.adapters.web.archive.test_browser import LOW_CONTRAST, SMALL_TARGETS
from tests.features.conversation import set_moderators_channel, submit_papers
from tests.features.edition_steps import say_as_moderator
from tests.scenarios.german_edition import chosen, newsletter

CLUB, NUMBER = 2, 1
MAX_BYTES = 60_000
PAGES = (
    "",
    f"/editions/{NUMBER}",
    "/years/2026",
    "/themes",
    "/people",
    "/statistics",
    "/search?q=lernen",
    "/search?q=learning&kind=paper&year=2026",
    "/search?q=nothingatall",
    "/papers/1",
    "/nowhere",
)


@pytest.fixture
async def thirty(site: Site) -> Site:
    """The club with one more edition: thirty papers that a moderator has imported."""
    club = site.harness
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", chosen()[0][1][0].arxiv_id)
    for setting in ("language German", "public yes", "people yes"):
        await club.say("Root", f"/clubadmin settings {setting}", admin=True)
    club.gateway.files["brief.md"] = newsletter().encode()
    await say_as_moderator(club, "/edition import brief.md sure=yes")
    await say_as_moderator(club, "/edition approve now")
    for _ in range(3):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    return replace(site, club=CLUB)


async def test_every_page_is_light_and_valid_and_no_link_is_dead(thirty: Site, tmp_path: Path) -> None:
    seen, waiting = set[str](), [f"/clubs/{CLUB}{page}" for page in PAGES[:-1]]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = await thirty.get(path)
        if answer.status in (301, 302, 308):
            waiting.append(answer.headers["Location"])
            continue
        assert answer.status == 200, path
        if "html" in answer.headers["Content-Type"]:
            assert len(answer.body) <= MAX_BYTES, (path, len(answer.body))
            waiting += [link for link in checked_links(path, answer.body) if link not in seen]
        elif path.endswith(".atom"):
            assert not feedparser.parse(answer.body).bozo, path
    assert {f"/clubs/{CLUB}/editions/{NUMBER}", f"/clubs/{CLUB}/papers/1", f"/clubs/{CLUB}/themes"} <= seen
    files = await export(thirty.harness.app, tmp_path / "site")
    written = {file.resolve() for file in files}
    for file in files:
        if file.suffix == ".html" and ".mail." not in file.name:
            for link in html.document_fromstring(file.read_bytes()).xpath("//a/@href | //img/@src"):
                if not urlsplit(link).netloc and urlsplit(link).path:
                    target = (file.parent / unquote(urlsplit(link).path)).resolve()
                    assert target in written or target / "index.html" in written, (file, link)


def checked_links(path: str, body: bytes) -> list[str]:
    """Paths of the archive that a page leads to; the page is read as strictly as a validator does."""
    html5lib.HTMLParser(strict=True).parse(body)
    tree = html.document_fromstring(body)
    found = (
        urlsplit(urljoin(f"https://club.test{path}", link))
        for link in tree.xpath("//a/@href | //link/@href | //img/@src")
    )
    inside = (link for link in found if link.netloc == "club.test" and link.path.startswith(f"/clubs/{CLUB}"))
    return [f"{link.path}?{link.query}" if link.query else link.path for link in inside]


@pytest.mark.skipif(COMMAND is None or FOUND is None, reason="no Chromium or no axe-core here")
async def test_every_page_is_laid_out_readable_and_accessible(thirty: Site, tmp_path: Path) -> None:
    async with browser(tmp_path / "profile") as tab:
        for page in PAGES:
            for width, dark in ((390, False), (768, True), (1280, False)):
                where = (page, width, dark)
                await tab.open(f"{thirty.root}/clubs/{CLUB}{page}", width=width, dark=dark)
                assert await tab.value("document.documentElement.scrollWidth") <= width, where
                assert await tab.value(LOW_CONTRAST) == [], where
                assert await tab.value(SMALL_TARGETS) == [], where
            assert await violations(tab) == [], page
