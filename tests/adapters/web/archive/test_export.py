"""The archive as files: every page of the server, links that work from a disk, nothing of a club that is not public."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import normpath
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from adapters.web.archive import export
from adapters.web.archive.catalogue import Catalogues
from adapters.web.archive.page_registry import PAGE_KINDS
from adapters.web.archive.page_request import open_page_request
from bot.errors import UserError
from tests.adapters.web.archive.conftest import LATEST, NOW, Site
from tests.adapters.web.archive.reading import faults


async def test_every_page_becomes_a_file_and_every_link_works_also_written_over_itself(
    site: Site, tmp_path: Path
) -> None:
    folder = tmp_path / "out" / "site"
    written = await export(site.harness.app, folder)
    assert len(written) == len(set(written))
    assert all(file.stat().st_size for file in written)
    for file, tree in pages(written):
        assert faults(tree) == [], file
        assert not tree.xpath("//form | //a[contains(@href, 'search')]")
    assert broken(written) == []
    before = {file: file.read_bytes() for file in written}
    assert await export(site.harness.app, folder) == written
    assert {file: file.read_bytes() for file in written} == before


def pages(written: list[Path]) -> Iterator[tuple[Path, Any]]:
    """The pages among the files, as a browser reads them."""
    for file in written:
        if file.name == "index.html":
            yield file, html.document_fromstring(file.read_text("utf-8"))


def broken(written: list[Path]) -> list[tuple[Path, str]]:
    """Links that lead to no file: each must, from wherever the folder lies."""
    there = {str(file) for file in written}
    links = (
        (file, link)
        for file, tree in pages(written)
        for link in tree.xpath("//a/@href | //img/@src | //link[not(@rel='canonical')]/@href")
    )
    parts = ((file, link, urlsplit(link)) for file, link in links)
    return [
        (file, link)
        for file, link, to in parts
        if not to.scheme and to.path and normpath(file.parent / unquote(to.path)) not in there
    ]


async def test_it_holds_what_the_server_sends(site: Site, tmp_path: Path) -> None:
    await site.edit(2, state="recalled")
    await export(site.harness.app, tmp_path / "site")
    visit = await open_page_request(site.harness.app, Catalogues(site.harness.app.store), site.club, "")
    for place in PAGE_KINDS:
        for words in await place.every(visit):
            address = place.address(site.club, words)
            answer = await site.get(address)
            file = tmp_path / "site" / unquote(address).lstrip("/")
            if file.is_file():  # a file to take away, byte by byte; pages differ in their links
                assert file.read_bytes() == answer.body, file
            else:
                assert (file / "index.html").exists()
                assert answer.status in (200, 410)
    assert "recalled" in (tmp_path / "site/clubs/1/editions/2/index.html").read_text()


async def test_only_public_clubs_are_written(site: Site, tmp_path: Path) -> None:
    async with site.harness.app.store.admin_session() as rooms:
        await rooms.directory.create_club("Private Readers", "UTC", NOW)
    written = await export(site.harness.app, tmp_path / "site")
    assert not any("Private" in file.read_text("utf-8") for file in written if file.suffix == ".html")
    with pytest.raises(UserError, match="Private Readers is not public"):
        await export(site.harness.app, tmp_path / "other", club="private readers")
    with pytest.raises(UserError, match="no club called"):
        await export(site.harness.app, tmp_path / "other", club="Nobody")
    named = await export(site.harness.app, tmp_path / "named", club="thursday readers")
    assert tmp_path / f"named/clubs/1/editions/{LATEST}/index.html" in named
    await site.change_settings(public=False)
    with pytest.raises(UserError, match="No club is public"):
        await export(site.harness.app, tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert not (tmp_path / "other").exists()
