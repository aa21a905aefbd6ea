"""Cards as Components V2: within the limits by construction, buttons before words."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.render.components import MAX_COMPONENTS, MAX_TEXT, render
from adapters.discord.render.custom_ids import MAX_CALL_LENGTH, ComponentAction, CustomIdSigner, delivery_mark
from bot.chat.calls import Call
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    File,
    Heading,
    LinkRow,
    ListEntry,
    Note,
    Part,
    Points,
    QuotePart,
    Style,
    Text,
    Tone,
    text,
)
from bot.chat.rich_text import Bold, InlineCode, Italic, Link, Span, Words
from tests.adapters.discord.render.test_discord_markdown import PIECES
from tests.protocol.discord_server.component_rules import check_components

ARXIV = "https://arxiv.org/abs/1706.03762"
SEALS = CustomIdSigner(b"s" * 32, "7")


class Chance:
    """Makes up cards that hold anything at all. Drawn from a seed: hypothesis alone would take minutes for these."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def card(self) -> Card:
        parts = tuple(self._part() for _ in range(self._upto(25)))
        return Card(
            self._text(), parts, self._random.choice(list(Tone)), self._random.choice(("", ARXIV, self._text()))
        )

    def _upto(self, most: int) -> int:
        return self._random.randint(0, most)

    def _text(self) -> str:
        text = "".join(self._random.choice(PIECES) for _ in range(self._upto(12)))
        return text * (100 if self._upto(20) == 0 else 1)

    def _words(self) -> Words:
        return tuple(self._span() for _ in range(self._upto(4)))

    def _span(self) -> Span:
        text = self._text()
        return self._random.choice((text, Bold(text), Italic(text), InlineCode(text), self._link()))

    def _link(self) -> Link:
        return Link(self._text(), self._random.choice((ARXIV, self._text())))

    def _button(self) -> Button:
        call = Call.of("paper vote", self._upto(9), self._random.choice(("", "", self._text())))
        return Button(self._text(), call, self._random.choice(list(Style)), self._random.choice(("", "Sure?")))

    def _buttons(self, most: int) -> tuple[Button, ...]:
        return tuple(self._button() for _ in range(self._upto(most)))

    def _part(self) -> Part:
        match self._upto(9):
            case 0:
                return Heading(self._text())
            case 1:
                return QuotePart(self._text(), self._text())
            case 2:
                return Points(tuple(self._words() for _ in range(self._upto(12))), bool(self._upto(1)))
            case 3:
                return Facts(tuple((self._text(), self._text()) for _ in range(self._upto(5))))
            case 4:
                return Note(self._words())
            case 5 | 6:
                return ListEntry(self._words(), self._words(), self._random.choice((None, self._button())))
            case 7:
                return Buttons(self._buttons(12), self._buttons(30))
            case 8:
                return LinkRow(tuple(self._link() for _ in range(self._upto(5))))
            case _:
                return self._random.choice(
                    (
                        Divider(),
                        Text(self._words()),
                        ChartPart("Votes", (("May", 3.0),), self._text()),
                        File("a.md", "a"),
                    )
                )


CODE = re.compile(r"```.*?```|(?<!\\)(?:\\\\)*`[^`]*`", re.DOTALL)
"""What stands in code is shown as it is."""


def parts(view: ui.LayoutView, kind: type) -> list[Any]:
    return [item for item in view.walk_children() if isinstance(item, kind)]


def words(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in parts(view, ui.TextDisplay))


def check(card: Card) -> None:
    view = render(card, SEALS)
    components: Any = [item.to_component_dict() for item in view.children]
    assert [str(problem) for problem in check_components(components, v2=True)] == []
    assert view.total_children_count <= MAX_COMPONENTS
    assert view.content_length() <= MAX_TEXT
    assert not re.search(r"(?<!\\)(?:\\\\)*<[@#!:/t]", CODE.sub("", words(view)))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**64))
def test_every_card_fits_whatever_it_holds(seed: int) -> None:
    check(Chance(seed).card())


@pytest.mark.stress
@pytest.mark.timeout(3600)
@settings(max_examples=200_000, deadline=None)
@given(st.integers(0, 2**64))
def test_every_card_fits_whatever_it_holds_for_long(seed: int) -> None:
    check(Chance(seed).card())


def test_a_list_of_ten_keeps_its_buttons_and_its_pager() -> None:
    rows = tuple(
        ListEntry((f"#{i} ", Link("A title " * 15, "https://arxiv.org/abs/1706.03762")), ("1 vote · by Ada " * 10,),
              Button("Open", Call.of("paper show", i)))
        for i in range(10)
    )  # fmt: skip
    pager = Buttons((Button("← Back", Call.of("paper top", page=1)), Button("Next →", Call.of("paper top", page=3))))
    view = render(Card("The top of the edition", (*rows, pager)), SEALS)
    assert [b.label for b in parts(view, ui.Button)] == ["Open"] * 10 + ["← Back", "Next →"]


def test_words_are_cut_before_a_button_is_lost() -> None:
    act = Buttons((Button("Vote", Call.of("paper vote", 1)),), (Button("Why?", Call.of("paper why", 1)),) * 2)
    view = render(Card("Long", (*[text("word " * 300)] * 5, act)), SEALS)
    assert "cut here" in words(view)
    assert [b.label for b in parts(view, ui.Button)] == ["Vote"]
    assert len(parts(view, ui.Select)) == 1


def test_two_buttons_that_do_the_same_have_ids_of_their_own() -> None:
    same = Button("Open", Call.of("paper show", 1))
    ids = [b.custom_id for b in parts(render(Card("x", (Buttons((same, same)),)), SEALS), ui.Button)]
    assert len(set(ids)) == 2
    assert {SEALS.verify(custom_id) for custom_id in ids} == {("paper show 1", ComponentAction.RUN)}


def test_a_button_with_a_question_asks_first() -> None:
    button = Button("Drop", Call.of("paper drop", 1), Style.DANGER, "Drop it?")
    (drawn_button,) = parts(render(Card("x", (Buttons((button,)),)), SEALS), ui.Button)
    assert SEALS.verify(drawn_button.custom_id) == ("paper drop 1", ComponentAction.ASK)


def test_a_delivery_carries_its_mark_and_a_private_message_no_buttons() -> None:
    card = Card("x", (Buttons((Button("Vote", Call.of("paper vote", 1)),)),))
    assert render(card, SEALS, mark=delivery_mark("jc1")).children[0].id == delivery_mark("jc1")
    assert parts(render(card, None), ui.Button) == []


def test_the_longest_call_that_is_carried_fits_a_custom_id() -> None:
    call = Call("paper find", ("x" * (MAX_CALL_LENGTH - len("paper find ")),))
    assert len(str(call)) == MAX_CALL_LENGTH
    assert len(SEALS.custom_id(call, ComponentAction.ASK, 99)) == 100
