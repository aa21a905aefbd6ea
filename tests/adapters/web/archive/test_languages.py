"""The archive's pages are in the club's language: its words come from the catalogue, its dates from the language."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import html

from adapters.web.archive.export import export
from bot.locale.catalogues import translator
from bot.locale.current import DOMAIN
from bot.locale.maintenance import texts
from tests.adapters.web.archive.conftest import LATEST, Site

NAMES = {"(Atom)", "(JSON", "Atom", "BibTeX", "Feed", "Feed)", "JSON", "RIS", "article"}
"""Names of formats and of a kind for link previews, which are the same in every language."""
PATHS = (
    "", f"/editions/{LATEST}", "/papers/1", "/years/2026", "/themes", "/themes/computer-graphics", "/meetings",
    "/people", "/statistics", "/index", "/search", "/search?q=learning", "/search?q=xyzzy", "/nowhere",
)  # fmt: skip

TEMPLATES = sorted(
    Path(str(file)).name
    for folder in ("adapters.web.archive", "bot.editions.render")
    for file in files(folder).joinpath("templates" if folder.startswith("adapters") else "pages").iterdir()
    if file.name.endswith(".jinja")
)


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_holds_words_of_its_own(name: str) -> None:
    """What stands between the tags of a template, and in the attributes that people read, comes from a catalogue."""
    folders = files("adapters.web.archive").joinpath("templates"), files("bot.editions.render").joinpath("pages")
    source = next(f.joinpath(name).read_text("utf-8") for f in folders if f.joinpath(name).is_file())
    bare = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<style>.*?</style>|<code>.*?</code>", " ", source, flags=re.DOTALL)
    tree = html.fromstring(f"<div>{bare}</div>")
    words = " ".join(tree.itertext()).split()
    words += " ".join(tree.xpath("//@aria-label | //@title | //@alt | //@placeholder")).split()
    assert [word for word in words if re.search(r"[A-Za-z]{2}", word) and word not in NAMES] == []


async def test_a_german_club_has_german_pages(site: Site, tmp_path: Path) -> None:
    await site.change_settings(language="German")
    german = translator(DOMAIN, "de")
    english = {
        text.message
        for text in texts(DOMAIN)
        if text.file.endswith(".jinja") and isinstance(text.message, str) and "{" not in text.message
    }
    translated = {text for text in english if german.gettext(text) != text}
    assert len(translated) > 60
    for path in PATHS:
        page = (await site.get(path)).page
        told = {" ".join(str(text).split()) for text in page.xpath("//text()[not(ancestor::style)]")}
        told |= {" ".join(str(text).split()) for text in page.xpath("//@aria-label | //@title")}
        assert not told & translated, path
        if not path.startswith("/editions"):
            assert page.get("lang") == "de"
    words = (await site.get("/years/2026")).page.text_content()
    assert "26. Januar" in words or "19. Januar" in words
    assert "jeden Montag um" in (await site.get("")).page.text_content()
    await export(site.harness.app, tmp_path)
    page = (tmp_path / "clubs/1/index/index.html").read_text("utf-8")
    assert "Titel, von A bis Z" in page


async def test_other_clubs_keep_their_language(site: Site) -> None:
    await site.change_settings(language="German")
    assert "Suche" in (await site.get("/search")).text
    await site.change_settings(language="English")
    assert "Search the editions" in (await site.get("/search")).text
    assert "Journal clubs" in (await site.ask("GET", "/clubs")).text
