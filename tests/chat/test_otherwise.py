"""Words that are no value of the parameter whose turn it is, but the beginning of a text that comes later."""

from __future__ import annotations

import pytest

from bot.features.registry import all_commands


def typed(line: str) -> dict[str, str]:
    command, call = all_commands.find(line)
    return {name: word for name, word in command.words(call).items() if word}


@pytest.mark.parametrize(
    ("line", "given"),
    [
        ("/curate pick 3 great pick", {"paper": "3", "why": "great pick"}),
        ("/curate pick 3 great", {"paper": "3", "why": "great"}),
        ("/curate pick 3 2 great pick, isn’t it?", {"paper": "3", "place": "2", "why": "great pick, isn’t it?"}),
        ("/curate pick 3 2 Reasoning", {"paper": "3", "place": "2", "theme": "Reasoning"}),
        (
            '/curate pick 3 2 "Small models" because',
            {"paper": "3", "place": "2", "theme": "Small models", "why": "because"},
        ),
        ("/curate pick 3 99", {"paper": "3", "place": "99"}),
        ("/curate pick 3 first", {"paper": "3", "place": "first"}),
        ("/curate pick 3 -1", {"paper": "3", "place": "-1"}),
        ("/curate pick 3 2nd", {"paper": "3", "place": "2nd"}),
        ("/curate pick 3 weil es gut ist theme=X", {"paper": "3", "why": "weil es gut ist", "theme": "X"}),
        ("/curate pick 3 great why=better", {"paper": "3", "place": "great", "why": "better"}),
        ("/curate pick 3, 2 ,5", {"paper": "3,2,5"}),
        ("/curate pick 3, 2; 5 1", {"paper": "3,2;5", "place": "1"}),
        ("/curate pick 3,2 both are good", {"paper": "3,2", "why": "both are good"}),
        ("/paper report 3 the second quote is not there", {"paper": "3", "note": "the second quote is not there"}),
        ("/paper report 3 quote is not there", {"paper": "3", "what": "quote", "note": "is not there"}),
    ],
)
def test_a_text_may_begin_where_another_value_could(line: str, given: dict[str, str]) -> None:
    assert typed(line) == given


def test_a_problem_without_its_kind_is_asked_for_in_the_form() -> None:
    command, call = all_commands.find("/paper report 3 the second quote is not there")
    assert [param.name for param in command.missing(call)] == ["what"]
