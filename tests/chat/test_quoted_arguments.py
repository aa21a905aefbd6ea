"""Quoted arguments of a typed line: each is an argument of its own where the command takes several."""

from __future__ import annotations

import pytest

from bot.features.registry import all_commands


@pytest.mark.parametrize(
    ("line", "arguments"),
    [
        (
            '/edition correct title "Agents that learn" "The title named another paper."',
            {"part": "title", "text": "Agents that learn", "erratum": "The title named another paper."},
        ),
        (
            "/edition correct why “It is twice as fast.” “We had said four times.” 12",
            {"part": "why", "text": "It is twice as fast.", "erratum": "We had said four times.", "item": "12"},
        ),
        (
            '/edition correct why "It is fast." "We had said slow." item=12 edition=2',
            {"part": "why", "text": "It is fast.", "erratum": "We had said slow.", "item": "12", "edition": "2"},
        ),
        (
            '/paper submit 1706.03762 "no recurrence" "Agents"',
            {"link": "1706.03762", "why": "no recurrence", "topic": "Agents"},
        ),
        ('/paper skip "attention is all" "too far off"', {"paper": "attention is all", "reason": "too far off"}),
        (
            "/edition correct passages “It is fast.” “We had misquoted.” 12",
            {"part": "passages", "text": "“It is fast.”", "erratum": "We had misquoted.", "item": "12"},
        ),
        ('/edition recall "the wrong draft" 1', {"reason": "the wrong draft", "edition": "1"}),
        ('/curate drop 3 "off topic" no', {"paper": "3", "reason": "off topic", "tell_submitter": "no"}),
    ],
)
def test_texts_in_quotation_marks_are_separate_arguments(line: str, arguments: dict[str, str]) -> None:
    command, call = all_commands.find(line)
    assert command.words(call) == arguments


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('/edition item write 3 passages "The first quote." "The second."', '"The first quote." "The second."'),
        ('/edition item write 3 why "Attention" is a word that misleads', '"Attention" is a word that misleads'),
        ('/my note 3 "It works" says the abstract "but only there"', '"It works" says the abstract "but only there"'),
        ("/edition item write 3 passages “We had “surprise” here”", "“We had “surprise” here”"),
        ('/edition item write 3 passages "a \\"quote\\" within"', '"a "quote" within"'),
        ("/edition item write 3 why “We had it here”", "We had it here"),
        ('/my note 3 "One" "two" "three"', '"One" "two" "three"'),
        ('/paper ask 3 "What does it cost?"', "What does it cost?"),
    ],
)
def test_marks_inside_one_text_stay_in_it(line: str, text: str) -> None:
    command, call = all_commands.find(line)
    given = command.words(call)
    assert text in (given.get("text"), given.get("question"))
    assert all_commands.find_stored(str(call))[1] == call
