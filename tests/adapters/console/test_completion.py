"""What Tab offers in the terminal, on the line and in the fields of a form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.document import Document

from adapters.console.completion import CommandCompleter, FieldCompleter
from adapters.console.gateway import ButtonRow
from adapters.console.screen import Screen
from adapters.console.session import open_club, person, terminal_workspace_id
from bot.chat.gateway import Location
from tests.stand_ins import Harness, open_harness


@pytest_asyncio.fixture
async def terminal_club(tmp_path: Path) -> AsyncIterator[tuple[Harness, Screen]]:
    """A club with two papers and a topic, and Ada before its terminal."""
    async with open_harness(tmp_path) as club:
        entered = await open_club(club.app)
        where = Location("console", terminal_workspace_id(entered), "general")
        admin = Screen(club.app, person("Katherine", "admin"), where, lambda _: None)
        for line in (
            '/clubadmin topics add "Language models"',
            "/paper submit 1706.03762",
            "/paper submit 2510.04871",
        ):
            assert await admin.handle_line(line)
        yield club, replace(admin, who=person("Ada", "member"), button_row=ButtonRow())


async def offers(completer: Completer, typed: str) -> list[str]:
    """The line as it would stand after each of the suggestions."""
    document = Document(typed)
    found = completer.get_completions_async(document, CompleteEvent(text_inserted=True))
    return [typed[: len(typed) + c.start_position] + c.text async for c in found]


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("/paper vo", "/paper vote"),
        ("paper sub", "/paper submit"),
        ("/paper top mo", "/paper top month"),
        ("/paper vote atten", "/paper vote 1"),
        ("/paper find x sco", "/paper find x scope="),
        ("/paper find x scope=a", "/paper find x scope=arxiv"),
        ("/paper submit 1706.03762 topic=lan", '/paper submit 1706.03762 topic="Language models"'),
        ("/paper vote 1 back=", "/paper vote 1 back=yes"),
        ("/help paper wi", "/help paper withdraw"),
    ],
)
async def test_a_line_is_completed(terminal_club: tuple[Harness, Screen], typed: str, line: str) -> None:
    assert line in await offers(CommandCompleter(terminal_club[1]), typed)


@pytest.mark.parametrize("typed", ["/paper submit 1706.03762 a reason to", "/nonsense ", "/paper top month ", ""])
async def test_prose_and_nonsense_are_left_alone(terminal_club: tuple[Harness, Screen], typed: str) -> None:
    assert all(line.startswith("/") for line in await offers(CommandCompleter(terminal_club[1]), typed))
    assert not [line for line in await offers(CommandCompleter(terminal_club[1]), typed) if "=" in line]


async def test_what_was_chosen_reads_as_it_was_meant(terminal_club: tuple[Harness, Screen]) -> None:
    club, _ = terminal_club
    [line] = await offers(CommandCompleter(terminal_club[1]), "/paper submit 1706.03762 topic=lan")
    _, call = club.app.commands.find(line)
    assert dict(call.named) == {"topic": "Language models"}


async def test_fields_of_a_form_are_completed(terminal_club: tuple[Harness, Screen]) -> None:
    club, screen = terminal_club
    params = {param.name: param for param in club.app.commands["paper submit"].params}
    assert await offers(FieldCompleter(screen, params["topic"]), "lang") == ["Language models"]
    assert await offers(FieldCompleter(screen, params["anonymous"]), "") == ["yes", "no"]
    assert await offers(FieldCompleter(screen, params["why"]), "because") == []
    key = screen.app.commands["clubadmin settings"].params[0]
    assert (await offers(FieldCompleter(screen, key), "ite"))[0] == "items", "its name begins so"
