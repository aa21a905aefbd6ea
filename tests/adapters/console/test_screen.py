"""The terminal of one person: numbered buttons, forms field by field, and what a script is told."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.console.gateway import ButtonRow, ConsoleGateway
from adapters.console.screen import Screen
from adapters.console.session import open_club, person, run_session, terminal_workspace_id, this_terminal
from bot.chat.calls import Call
from bot.chat.cards import Button
from bot.chat.gateway import Location
from bot.chat.parameters import Parameter
from bot.runtime.delivery_worker import DeliveryWorker
from bot.runtime.scheduler import Scheduler
from tests.stand_ins import open_harness


class ConsoleHarness:
    """A terminal with somebody before it, who answers the fields of a form with what is laid out for them."""

    def __init__(self, screen: Screen, lines: list[str]) -> None:
        self.screen = screen
        self.lines = lines
        self.answers: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.delivery_worker = DeliveryWorker(screen.app)
        screen.ask = self._answer

    async def _answer(self, param: Parameter, typed: str) -> str:
        self.asked.append((param.name, typed))
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    async def say(self, line: str) -> str:
        """All that is on the screen after a line."""
        self.lines.clear()
        await self.screen.handle_line(line)
        await self.delivery_worker.drain()
        return "\n".join(self.lines)

    def number(self, label: str) -> str:
        """The number beside a button."""
        return str([button.label for button in self.screen.buttons].index(label) + 1)


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[ConsoleHarness]:
    """Ada at the terminal of a new club."""
    async with open_harness(tmp_path) as club:
        lines: list[str] = []
        gateway = ConsoleGateway(lines.append)
        club.add(gateway)
        where = Location("console", terminal_workspace_id(await open_club(club.app)), "general")
        yield ConsoleHarness(
            Screen(club.app, person("Ada", "member"), where, lines.append, button_row=gateway.buttons), lines
        )


async def test_a_number_presses_the_button_it_stands_beside(desk: ConsoleHarness) -> None:
    await desk.say("/paper submit 1706.03762")
    shown = await desk.say("/paper show 1")
    vote = desk.number("Vote")
    assert f"[{vote}]\xa0Vote" in shown
    await desk.say(vote)
    assert "already voted for #1" in await desk.say("/paper vote 1")
    assert "no button 99" in await desk.say("99")


async def test_a_number_presses_only_what_the_newest_answer_shows(desk: ConsoleHarness) -> None:
    assert "nothing to press" in await desk.say("1")
    await desk.say("/paper submit 1706.03762")
    await desk.say("/paper show 1")
    save = desk.number("Save")
    await desk.say("/paper find nothing-of-the-kind")
    shown = await desk.say(save)
    assert f"Number {save} was not pressed" in shown
    assert "The buttons below belong to “Attention Is All You Need”" in shown
    assert "On your reading list" in await desk.say(desk.number("Save")), "they are shown again, and can be pressed"


async def test_a_mistyped_command_is_run_corrected_with_the_same_text(desk: ConsoleHarness) -> None:
    shown = await desk.say("/paper sumbit 1706.03762 no recurrence needed")
    assert "Did you mean /paper submit" in shown
    assert "no button 999" in await desk.say("9" * 5_000)
    assert "on the list" in await desk.say("1")
    assert "no recurrence needed" in await desk.say("/paper show 1")
    assert "Did you mean /paper vote 1 back=yes?" in await desk.say("/paper unvote 1")
    assert "You have not voted for #1" in await desk.say("1")
    assert "has no option “colour”" in await desk.say('/paper cite 1 colour="red"')
    assert "Vaswani" in await desk.say("1")
    for line in ("/quit", "/nonsense"):
        assert "Did you mean" not in await desk.say(line), line
    assert "What I can do" in await desk.say("/hilfe")


async def test_buttons_of_what_was_posted_can_be_pressed_too(desk: ConsoleHarness) -> None:
    shown = await desk.say("/paper submit 1706.03762")
    save = desk.number("Save")
    assert f"[{save}]\xa0Save" in shown.partition("#papers")[2], "on the card in the room"
    assert "On your reading list" in await desk.say(save)


async def test_a_button_that_was_posted_under_a_former_name_can_be_pressed(desk: ConsoleHarness) -> None:
    await desk.say("/paper submit 1706.03762")
    desk.screen.who = replace(desk.screen.who, moderates=True)
    await desk.say("/edition draft")
    desk.screen.button_row.shown = (Button("Look at it", Call.of("curate digest preview")),)
    assert "Checks" in await desk.say("1")
    assert not desk.asked, "it needs no word, so no form is opened"


async def test_a_missing_word_is_asked_for_field_by_field(desk: ConsoleHarness) -> None:
    desk.answers = ["1706.03762", "it began here", "", "", ""]
    assert "on the list" in await desk.say("/paper submit")
    assert [name for name, _ in desk.asked] == ["link", "why", "topic", "anonymous", "title"]
    assert "it began here" in await desk.say("/paper show 1")


async def test_a_wrong_word_in_a_field_is_said_at_once_and_asked_again(desk: ConsoleHarness) -> None:
    desk.answers = ["ftp://example.org/x", "1706.03762", "", "", "perhaps", "no", ""]
    shown = await desk.say("/paper submit")
    assert "anonymous is yes or no" in shown, "no backticks on the screen"
    assert "https://" in shown
    assert "yes or no" in shown
    assert "on the list" in shown
    assert desk.asked[1] == ("link", "ftp://example.org/x"), "what was typed is there to be mended"


async def test_who_gives_a_form_up_has_sent_nothing(desk: ConsoleHarness) -> None:
    desk.answers = ["1706.03762"]
    assert "Nothing was sent" in await desk.say("/paper submit")
    assert "Nothing yet" in await desk.say("/paper top")


async def test_a_form_that_failed_can_be_taken_up_again_with_what_was_typed(desk: ConsoleHarness) -> None:
    desk.answers = ["1706.03762", "a long thought", "Nonsense", "", ""]
    shown = await desk.say("/paper submit")
    assert "There is no topic" in shown
    desk.asked.clear()
    desk.answers = ["1706.03762", "a long thought", "", "", ""]
    assert "on the list" in await desk.say("1")
    assert ("why", "a long thought") in desk.asked


async def test_a_duplicate_says_where_it_is_discussed(desk: ConsoleHarness) -> None:
    await desk.say("/paper submit 1706.03762")
    desk.screen = replace(desk.screen, who=person("Ben", "member"), button_row=ButtonRow())
    shown = await desk.say("/paper submit https://huggingface.co/papers/1706.03762 for the history")
    assert "Ada submitted it first" in shown
    assert "Discussion: #papers" in shown
    assert "Here: #papers" in await desk.say("/paper discuss 1")


async def test_a_file_is_put_into_the_folder_and_never_over_another(desk: ConsoleHarness, tmp_path: Path) -> None:
    shown = await desk.say("/my data export")
    assert '{"table": "member"' in shown.rpartition("File: journal-club-data.jsonl")[2], "without a folder it is shown"
    desk.screen.folder = tmp_path / "taken"
    desk.screen.folder.mkdir()
    for name in ("journal-club-data.jsonl", "journal-club-data-2.jsonl"):
        assert f"Saved in {desk.screen.folder / name}." in await desk.say("/my data export")
        assert (desk.screen.folder / name).read_text().startswith('{"table": "member"')


SCRIPT = """# a comment
/paper submit 1706.03762

/curate pick 1
/edition draft
/edition approve
/edition schedule now
/digest list
"""


@pytest.mark.parametrize(("script", "code"), [(SCRIPT, 0), ("/paper top\n/nonsense\n/paper top\n", 1), ("", 0)])
async def test_a_script_is_carried_out_to_its_end_and_says_whether_all_went_well(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    script: str,
    code: int,
) -> None:
    async with open_harness(tmp_path) as club:
        monkeypatch.setattr("sys.stdin", io.StringIO(script))
        gateway = this_terminal()
        club.add(gateway)
        tick, drain = Scheduler(club.app).tick, DeliveryWorker(club.app).drain
        assert (
            await run_session(club.app, gateway, "Barbara", tick=tick, drain=drain, role="moderator", folder=tmp_path)
            == code
        )
    shown = capsys.readouterr().out
    if script == SCRIPT:
        assert "No. 1: Weekly Update" in shown, "an edition is published without `journalclub run`"
    elif script:
        assert shown.count("Top papers") == 2, "a line that fails does not stop the rest"
