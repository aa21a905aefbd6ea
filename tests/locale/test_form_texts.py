"""Forms have titles, labels and options in words, in every language that people are answered in."""

from __future__ import annotations

import pytest

from bot.chat.calls import Call
from bot.chat.form_texts import FIELD_LABELS, FORM_TITLES, MAX_FORM_TITLE, OPTION_LABELS, form_title
from bot.errors import Mistakes, UserError
from bot.features.registry import all_commands
from bot.locale.current import in_language
from bot.locale.languages import ANSWER_LANGUAGES


@pytest.mark.parametrize("language", [language.code for language in ANSWER_LANGUAGES])
def test_titles_fit_on_every_platform(language: str) -> None:
    with in_language(language):
        titles = {name: form_title(name, "") for name in FORM_TITLES}
    assert {name: title for name, title in titles.items() if not 0 < len(title) <= MAX_FORM_TITLE} == {}


def test_every_form_has_a_title_and_every_field_and_option_a_label() -> None:
    lacking = []
    for command in all_commands.values():
        asked = command.form_parameters({}, here=False)
        if asked and command.name not in FORM_TITLES:
            lacking.append(f"FORM_TITLES: {command.name}")
        for param in asked:
            if not {f"{command.name}.{param.name}", param.name} & FIELD_LABELS.keys():
                lacking.append(f"FIELD_LABELS: {command.name}.{param.name}")
            lacking += [
                f"OPTION_LABELS: {param.name}.{value}"
                for value in param.values
                if not {f"{param.name}.{value}", value} & OPTION_LABELS.keys()
            ]
    assert lacking == [], "bot/chat/form_texts.py has the words of forms"


def test_no_text_is_left_of_a_command_that_is_gone() -> None:
    assert FORM_TITLES.keys() <= set(all_commands)
    names = {param.name for command in all_commands.values() for param in command.params}
    assert {key.rpartition(".")[2] for key in FIELD_LABELS} <= names


def test_every_mistake_is_found_at_once() -> None:
    plan = all_commands["curate meeting plan"]
    with pytest.raises(Mistakes) as wrong:
        plan.read(Call(plan.name, (), (("when", "thu 16:00"), ("size", "many"), ("minutes", "long"))))
    assert set(wrong.value.by_field) == {"size", "minutes"}
    with pytest.raises(Mistakes) as incomplete:
        plan.read(Call(plan.name, (), (("size", "many"),)))
    assert set(incomplete.value.by_field) == {"when", "size"}
    with pytest.raises(UserError, match="still needs: when"):
        plan.read(Call(plan.name))


@pytest.mark.parametrize(
    ("line", "fixed"),
    [
        ("paper report 12", {"paper"}),
        ("edition item write 3 why", {"item", "part"}),
        ("edition item write 3 nonsense", {"item"}),
        ("clubadmin settings items value=8", {"key"}),
        ("clubadmin topics rename", {"action"}),
        ("curate edit 12 title=Shorter", {"paper"}),
    ],
)
def test_what_a_button_gave_is_not_asked_again_unless_people_write_it(line: str, fixed: set[str]) -> None:
    command, call = all_commands.find(line)
    assert {param.name for param in command.fixed(call)} == fixed


def test_a_command_asks_for_what_its_action_needs() -> None:
    topics = all_commands["clubadmin topics"]
    assert [param.name for param in topics.missing(Call.of("clubadmin topics", "merge"))] == ["name", "to"]
    assert topics.missing(Call.of("clubadmin topics")) == ()
