"""An import is taken back: what it added leaves the list, apart from what somebody has used since."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.domain.models import Paper, SearchEntry, Submission
from bot.features.admin import import_undo, paper_import
from tests.features.admin.test_paper_import import LIST, import_file
from tests.features.conversation import CLUB, press, submit_papers
from tests.stand_ins import Harness, words

SECOND = "title,authors,url\nAnother Work of Some Length,Ken Batcher,https://example.org/another\n"


async def count(club: Harness) -> tuple[int, int, int]:
    """Numbers of submissions, papers and search entries."""
    async with club.app.store.read(CLUB) as db:
        session = db.reading_history._session
        tables = (Submission, Paper, SearchEntry)
        found = [await session.scalar(select(func.count()).select_from(table)) for table in tables]
    return found[0] or 0, found[1] or 0, found[2] or 0


async def test_the_papers_of_an_import_leave_the_list_and_can_be_imported_again(club: Harness) -> None:
    await submit_papers(club, "Ada", "2106.09685")
    before = await count(club)
    imported = await club.say("Root", f"/clubadmin import {SECOND} sure=yes", admin=True)
    asked = await press(club, imported, "Undo the import", "Root", admin=True)
    assert "Undo the import of 1 paper?" in words(asked)
    assert (await count(club))[0] == before[0] + 1
    done = await press(club, asked, "Remove 1 paper", "Root", admin=True)
    assert "Undone: the import of 1 paper" in words(done)
    assert await count(club) == before
    assert "Another Work" not in words(await club.say("Ada", "/paper find another work of some length"))
    again = await press(club, asked, "Remove 1 paper", "Root", admin=True)
    assert "There is nothing to undo" in words(again)
    assert "Imported: 1 paper" in words(await club.say("Root", f"/clubadmin import {SECOND} sure=yes", admin=True))


async def test_papers_that_somebody_has_used_stay(club: Harness) -> None:
    await import_file(club, "list.csv", LIST.encode())
    await club.say("Ada", "/my save 1")
    asked = words(await club.say("Root", "/clubadmin import undo=last", admin=True))
    assert "Undo the import of 1 paper?" in asked
    assert "Papers that stay: 1" in asked
    assert "Undone: the import of 1 paper" in words(
        await club.say("Root", "/clubadmin import undo=last sure=yes", admin=True)
    )
    assert "A Long Title of a First Paper" in words(await club.say("Ada", "/paper show 1"))
    assert "There is no paper #2" in words(await club.say("Ada", "/paper show 2"))
    refused = words(await club.say("Root", "/clubadmin import undo=last", admin=True))
    assert "There is no import to undo" in refused


@pytest.mark.parametrize(
    "use",
    [
        "/my note 1 text='read again'",
        "/paper add-link 1 code https://github.com/a/b",
        "/my follow paper 1",
        "/my quote 1 words='It has words of its own, as it should.'",
        "/curate edit 1 title='A Better Title'",
        "/curate meeting plan 'friday 16:00' paper=1",
        "/paper report 1 other 'it is another one'",
        "/club nominate 1",
    ],
)
async def test_every_use_keeps_a_paper(club: Harness, use: str) -> None:
    await import_file(club, "one.csv", LIST.split("A Long Title of a Second")[0].encode())
    await club.say("Root", use, admin=True)
    answer = words(await club.say("Root", "/clubadmin import undo=last sure=yes", admin=True))
    kept = "There is no paper #1" not in words(await club.say("Ada", "/paper show 1"))
    assert kept is ("There is no import to undo" in answer)
    assert kept or "Undone" in answer


async def test_the_last_of_several_imports_is_undone_first(club: Harness) -> None:
    await import_file(club, "list.csv", LIST.encode())
    await import_file(club, "second.csv", SECOND.encode())
    await club.say("Root", "/clubadmin import undo=last sure=yes", admin=True)
    assert (await count(club))[0] == 2
    await club.say("Root", "/clubadmin import undo=last sure=yes", admin=True)
    assert (await count(club))[0] == 0
    assert "There is no import to undo" in words(await club.say("Root", "/clubadmin import undo=last", admin=True))


async def test_an_import_of_many_batches_is_one_entry_of_the_log_even_if_it_stops(
    club: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper_import, "BATCH", 100)
    monkeypatch.setattr(import_undo, "BATCH", 60)
    real, calls = paper_import._add, 0

    async def fail_third(*given: object) -> import_undo.LoggedImport:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("the power is gone")
        return await real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(paper_import, "_add", fail_third)
    content = "\n".join(f"@misc{{k{n}, title={{A Fine Work with the Number {n}}}}}" for n in range(250)).encode()
    await import_file(club, "big.bib", content)
    assert "papers: 200" in words(await club.say("Root", "/curate log", admin=True))
    await submit_papers(club, "Ada", "2106.09685")
    assert "Undone: the import of 200 papers" in words(
        await club.say("Root", "/clubadmin import undo=last sure=yes", admin=True)
    )
    assert (await count(club))[0] == 1
    log = words(await club.say("Root", "/curate log", admin=True))
    assert "took back an import of papers" in log
    assert "numbers" not in log


async def test_only_admins_undo_and_only_imports_of_their_club(club: Harness) -> None:
    await import_file(club, "list.csv", LIST.encode())
    assert "Undone" not in words(await club.say("Ada", "/clubadmin import undo=last sure=yes"))
    for which in ("999999", "0", "1'--", "second"):
        refused = words(await club.say("Root", f"/clubadmin import undo={which} sure=yes", admin=True))
        assert "There is no import to undo" in refused
    assert (await count(club))[0] == 2
