"""New papers come to a club in the terminal: `journalclub console` with lines from a pipe, two days in a row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.protocol.new_papers import (
    CLOSE_TO_ESG,
    ESG,
    MEMORY,
    MEMORY_TITLE,
    PREPRINT,
    NewPapers,
    new_papers,
    noon_zone,
    pass_a_day,
)
from tests.protocol.program import DUE_LATER, started

FIRST_DAY = f"""\
/clubadmin settings digest_at {DUE_LATER}
/clubadmin settings timezone {noon_zone()}
/curate candidates
/clubadmin sources add biorxiv:neuroscience words=zebrafish
/clubadmin sources add cs.CL
/clubadmin sources test cs.LG
/paper submit {MEMORY} memory for agents
/curate pick 1
/clubadmin settings shortlist daily
/clubadmin sources
/curate candidates
3
/curate candidates
4
/my follow keyword retrieval
/my papers on
/paper submit {ESG}
/paper similar 2
/paper find scope=new neurons
"""
"""The numbers press "More like this" and "Less like this" of the first paper on the list."""

NEXT_DAY = """\
/curate candidates
/clubadmin sources remove biorxiv:neuroscience
/curate candidates page=9
/paper find scope=new neurons
"""


async def lines(folder: Path, hosts: NewPapers, typed: str) -> str:
    """What the terminal prints for these lines; each of them must succeed."""
    own = {"ARXIV__GAP_SECONDS": "0", "DATACITE__ENABLED": "no", "PAGES__READ": "no"}
    words = ("console", "--as", "Olga", "--admin")
    async with started(folder, *words, stdin=typed, **own, **hosts.settings) as program:
        assert await program.ends(within=180) == 0, program.text
        assert "Traceback" not in program.text
        return program.text


def answer(text: str, typed: str, after: str = "") -> str:
    """What was printed for a line, after an earlier one, in one line."""
    later = text.partition(f"> {after}")[2] if after else text
    found = later.partition(f"> {typed}\n")[2].partition("\n> ")[0]
    return " ".join(found.replace("│", " ").split())


def _number(listed: str) -> int:
    """The number of new papers that a list was chosen from."""
    found = re.search(r"(\d+) new papers", listed)
    assert found, listed
    return int(found[1])


@pytest.mark.timeout(400)  # the ranker runs in a process of low priority
async def test_two_days_of_new_papers(tmp_path: Path) -> None:
    async with new_papers() as hosts:
        first = await lines(tmp_path, hosts, FIRST_DAY)
        assert "No sources yet" in answer(first, "/curate candidates")
        assert "zebrafish" in answer(first, "/clubadmin sources add biorxiv:neuroscience words=zebrafish")
        assert "The source works" in answer(first, "/clubadmin sources test cs.LG")
        assert "1 paper in 7 days" in answer(first, "/clubadmin sources")
        listed = answer(first, "/curate candidates", after="/clubadmin sources\n")
        assert MEMORY_TITLE not in listed, "what the club has"
        more, less = answer(first, "3"), answer(first, "4")
        assert "more papers like it" in more
        assert "fewer papers like it" in less
        assert answer(first, "/my papers on").count("Why this") == 3
        assert CLOSE_TO_ESG in answer(first, "/paper similar 2")
        assert PREPRINT in answer(first, "/paper find scope=new neurons")
        assert "for the club" in first.partition("#moderators")[2], "the day's post"

        pass_a_day(tmp_path / "data" / "journalclub.db")
        hosts.arxiv.announce()
        second = await lines(tmp_path, hosts, NEXT_DAY)
        again = answer(second, "/curate candidates")
        assert "Why this" in again
        assert _number(again) > _number(listed), "the next day's are there"
        for pressed in (more, less):
            title = pressed.partition(". The next list")[0].removeprefix("New papers for the club ")
            assert 20 < len(title) < 160
            assert title not in again, "what was pressed is not suggested again"
        assert "no longer a source of the club" in answer(second, "/clubadmin sources remove biorxiv:neuroscience")
        assert PREPRINT not in answer(second, "/paper find scope=new neurons")
