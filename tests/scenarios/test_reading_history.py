"""A club brings what it has read before, and takes its list away, as the same conversation on every platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack import gateway as slack_gateway
from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.stand_ins import Harness

LIBRARY = r"""@article{lecun, title={Deep {Learning} for {\DJ}or{\dj}e}, author={LeCun, Yann and Bengio, Yoshua},
  year=2015, dateread={2019-03-04}, doi={10.1038/nature14539}, abstract={Representations of data}}
@misc{vaswani, title={Attention Is All You Need}, eprint={1706.03762}, archiveprefix={arXiv}}
@inproceedings{old, title={A Very Old Result on Sorting Networks}, author={Batcher, Ken}, year=1968}
@misc{again, title={A Very Old Result on Sorting Networks}, author={Ken Batcher}, year=1968}
@misc{nothing, note={no name}}"""


async def test_a_pasted_library_is_shown_then_added_found_and_exported(stage: Stage, played_in: Harness) -> None:
    await with_papers(stage)
    olga = await stage.enter("Olga", "admin")
    before = await stage.channel_text("papers")
    shown = await olga.say(f"/clubadmin import text='{LIBRARY}'")
    assert "Add 2 papers from BibTeX?" in shown
    assert "New: 2, 1 of them with the date on which they were read" in shown
    assert "Already here: 1" in shown
    assert "Twice in the list: 1" in shown
    assert "(nothing): It has no title, no id and no link." in shown
    assert "Imported: 2 papers" in await olga.press("Add 2 papers")
    await stage.settle()
    assert await stage.channel_text("papers") == before  # nothing is announced
    found = await olga.say("/paper find dorde")
    assert "Deep Learning for Đorđe" in found
    card = await olga.say("/paper show sorting networks")
    assert "Already read by the club" in card
    again = await olga.say("/paper submit 10.1038/nature14539")
    assert "The club has read this paper" in again
    assert "4 Mar 2019" in again
    assert "Sorting" not in await olga.say("/paper top window=all")
    assert "Nothing new in that BibTeX list" in await olga.say(f"/clubadmin import text='{LIBRARY}'")
    assert "as a file" in await olga.say("/clubadmin export bibtex which=read")
    name, content = await olga.file()
    assert name == "papers.bib"
    assert r"{Deep Learning for {\DJ}or{\dj}e}" in content
    assert "2019-03-04" in content


async def test_a_file_is_read_where_it_was_put(
    stage: Stage, played_in: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga = await stage.enter("Olga", "admin")
    content = b"read,title,authors\n2020-02-02,A Table Has This Fine Title,Ada Lovelace;\n"
    if stage.name == "console":
        (tmp_path / "list.csv").write_bytes(content)
        shown = await olga.say(f"/clubadmin import {tmp_path / 'list.csv'}")
    elif stage.name == "slack":

        async def read_file(*given: object) -> bytes:
            assert given[3] == "F0123456789"
            return content

        monkeypatch.setattr(slack_gateway, "read_file", read_file)
        shown = await olga.say("/clubadmin import F0123456789")
    else:

        async def get_from_cdn(_: object, url: str) -> bytes:
            assert url == "https://cdn.discordapp.com/list.csv"
            return content

        monkeypatch.setattr("discord.http.HTTPClient.get_from_cdn", get_from_cdn)
        shown = await olga.say(f"/clubadmin import https://cdn.discordapp.com/list.csv#{len(content)}")
    assert "Add 1 paper from CSV?" in shown
    assert "Imported: 1 paper" in await olga.press("Add 1 paper")
    assert "A Table Has This Fine Title" in await olga.say("/paper find fine table")
