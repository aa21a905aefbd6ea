"""An edition of thirty papers in German, from a file to its pages, on every platform: at most ten commands."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from pathlib import Path

import feedparser
import html5lib
import pytest
from lxml import html

from adapters.web.archive.export import export
from bot.editions.model import prose
from bot.editions.model.blocks import ListBlock, Quotation, QuoteState
from bot.editions.model.document import from_json
from tests.scenarios.german_edition import PAPERS, THEMES, chosen, newsletter
from tests.scenarios.stages import Stage
from tests.scenarios.test_edition import publish
from tests.scenarios.test_figures import picture, put
from tests.stand_ins import Harness

MAX_COMMANDS = 10
ENGLISH = re.compile(
    r"\b(?:about these texts|all content links|and|by|contents|edition|editions|issue|key insights?|more on|no\. \d|"
    r"papers? of|references|read|selected from|submitted|the|themes|to|votes?|week|why|with)\b",
    re.IGNORECASE,
)

FETCHES = re.compile(r"url\(|@import|image-set|src", re.IGNORECASE)
"""What makes a style load something."""

OF_PAPERS = """//style | //blockquote | //h3 | //*[@class='byline'] | //section[@class='references']//ul
    | //nav[@class='contents']//li | //section[@class='links']//li | //span[@class='unseen']"""
"""Elements with the papers' own words: titles, names, quotes."""


@pytest.mark.slow
async def test_thirty_papers_in_german_are_imported_published_and_valid_everywhere(
    stage: Stage, played_in: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played_in.change(installation=replace(played_in.app.installation, public_url="https://club.test"))
    olga, barbara = await stage.enter("Olga", "admin"), await stage.enter("Barbara", "moderator")
    for setting in ("language German", "public yes"):
        await olga.say(f"/clubadmin settings {setting}")
    file = put(stage, tmp_path, monkeypatch, newsletter().encode(), "lesebrief.md")
    asked = await barbara.say(f"/edition import {file}")
    assert "Lesebrief im November" in asked
    assert f"{PAPERS + 3} Einträge" in asked
    assert f"Importiert: {PAPERS + 3} Einträge" in await barbara.press("Entwurf erstellen")
    await assert_understood(played_in)
    file = put(stage, tmp_path, monkeypatch, picture(), "bild.png")
    await barbara.say(f'/edition item figure "{chosen()[0][1][0].title}" file={file} alt="Ein Feld" license=own')
    await barbara.say("/edition approve now")
    await publish(stage, played_in)
    posted = await stage.channel_text("digest")
    for _, papers in chosen():
        assert all(paper.title.split("$")[0][:30] in posted for paper in papers)
    if stage.name != "console":
        return  # the pages are made of what is stored, which was compared
    folder = tmp_path / "site"
    files = await export(played_in.app, folder)
    await asyncio.to_thread(assert_valid, files)
    (edition,) = (folder / "clubs").glob("*/editions/1/index.html")
    assert_german(edition)


async def assert_understood(played_in: Harness) -> None:
    """Assert that every part of the newsletter is where it belongs, and that its quotes were found in the abstracts."""
    async with played_in.app.store.read(1) as db:
        edition = await db.editions.current()
    assert edition is not None
    made = from_json(edition.document)
    assert made.language == "de"
    assert (made.letter.by if made.letter else "") == "Mo"
    assert [theme.title for theme in made.themes] == [title for title, _ in THEMES]
    assert [(section.kind, len(section.items)) for section in made.sections] == [
        ("theme", 10), ("theme", 10), ("theme", 10), ("news", 2), ("code", 1),
    ]  # fmt: skip
    papers = made.items[:PAPERS]
    assert all(item.why and item.insights and item.authors and item.kind == "paper" for item in papers)
    quotes = [block for item in papers for block in item.blocks if isinstance(block, Quotation)]
    assert [quote.state for quote in quotes] == [QuoteState.PAPER] * (PAPERS // 3)
    assert [len(item.insights[0].points) for item in papers[1::2] if isinstance(item.insights[0], ListBlock)] == [
        2
    ] * 15
    assert prose.plain(made.sign_off).endswith("was ihr lest!")


def assert_valid(files: list[Path]) -> None:
    """Assert that html5lib, feedparser and a mail program read every file that was written."""
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".html":
            html5lib.HTMLParser(strict=True).parse(content)
        elif file.suffix == ".atom":
            feed = feedparser.parse(content)
            assert not feed.bozo, (file, feed.get("bozo_exception"))
        elif file.suffix == ".json":
            json.loads(content)
    mail = next(file for file in files if file.name.endswith(".mail.html"))
    tree = html.document_fromstring(mail.read_bytes())
    assert not tree.xpath("//script | //link")
    (sheet,) = tree.xpath("//style")
    assert not sheet.attrib
    assert not FETCHES.search(sheet.text), "the forms for the dark and for phones fetch nothing"
    assert not FETCHES.search(" ".join(tree.xpath("//@style")))
    assert all(source.startswith("https://club.test/") for source in tree.xpath("//img/@src"))
    assert all(image.get("alt") for image in tree.xpath("//img"))


def assert_german(page: Path) -> None:
    """Assert that no word around the papers' own titles, names and quotes is English."""
    tree = html.document_fromstring(page.read_bytes())
    assert tree.get("lang") == "de"
    for node in tree.xpath(OF_PAPERS):
        node.drop_tree()
    text = " ".join(tree.text_content().split())
    assert not ENGLISH.findall(text), text
