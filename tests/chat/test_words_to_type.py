"""Words to type in sentences: text between backticks is code wherever people read it, and a word sets what it means."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.calls import Call
from bot.chat.error_cards import RefusedWithCard
from bot.domain.club_settings import ClubSettings
from bot.errors import UserError
from bot.features.registry import all_commands


def unparsed() -> Iterator[str]:
    """Places where a sentence with backticks is shown as plain text."""
    for folder in ("bot", "adapters"):
        for file in Path(folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in ("text", "note", "Bold"):
                    continue
                for sentence in call.args:
                    if isinstance(sentence, ast.Call) and "`" in "".join(map(ast.unparse, sentence.args)):
                        yield f"{file}:{call.lineno}"


@pytest.mark.slow
def test_no_sentence_with_backticks_is_shown_as_it_is() -> None:
    assert list(unparsed()) == []


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("paper summary 2 abstract", {"paper": "2", "view": "abstract"}),
        ("paper summary abstract 1706.03762", {"paper": "1706.03762", "view": "abstract"}),
        ("paper summary abstract", {"paper": "", "view": "abstract"}),
        ("paper summary attention abstract", {"paper": "attention abstract"}),
        ("paper find arxiv", {"query": "arxiv"}),
        ("paper find 12 new", {"query": "12 new"}),
        ("paper vote 3 back", {"paper": "3", "back": "yes"}),
    ],
)
def test_a_choice_beside_a_paper_needs_no_name(line: str, given: dict[str, str]) -> None:
    command, call = all_commands.find(line)
    assert command.words(call, here=False) == given


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("save", Call("my save")),
        ("nominate 12", Call("club nominate", ("12",))),
        ("vote 12", Call("paper vote", ("12",))),
        ("my votes", Call("my votes")),
        ("", Call("help")),
        ("what can you do?", Call("help", ("what can you do?",))),
        ("was kannst du?", Call("help", ("was kannst du?",))),
        ("vote 12?", Call("paper vote", ("12?",))),
    ],
)
def test_a_verb_said_to_the_bot_is_the_only_command_of_that_name(line: str, call: Call) -> None:
    assert all_commands.find_mention(line)[1] == call


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("/paper 1", "paper show 1"),
        ("/paper #12", "paper show #12"),
        ("/curate 3", "curate show 3"),
        ("/digest 2", "digest read 2"),
        ("/paper 1706.03762", "paper submit 1706.03762"),
    ],
)
def test_a_number_behind_the_first_word_is_shown(line: str, call: str) -> None:
    assert str(all_commands.find(line)[1]) == call


def _read(line: str) -> dict[str, str]:
    command, call = all_commands.find(line)
    return command.words(call)


@pytest.mark.parametrize(
    ("line", "run"),
    [
        ("/paper attention is all you need", "paper find attention is all you need"),
        ("/paper foo", "paper find foo"),
        ("/paper vot 12", "paper vote 12"),
        ("/paper cite 12 ris please", "paper cite 12 ris"),
    ],
)
def test_words_that_are_not_understood_are_not_lost(line: str, run: str) -> None:
    with pytest.raises(RefusedWithCard) as refused:
        _read(line)
    assert [str(button.call) for button in refused.value.card.buttons()] == [run]


def test_a_verb_that_is_unknown_stays_unknown() -> None:
    with pytest.raises(UserError, match="There is no command"):
        all_commands.find_mention("hlep")


@pytest.mark.parametrize("typed", ["👍", "+1", ":+1:", "👍🏽", ":thumbsup:", "thumbsup"])
def test_a_reaction_is_set_as_people_type_it(typed: str) -> None:
    assert ClubSettings.of({}).changed("vote_reaction", typed).vote_reaction == "thumbsup"
