"""Cards as Block Kit: right in shape by Slack's own types, within every limit, harmless whatever they hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack.render.block_kit import BLOCKS, CONTINUED, VALUE, VIEW_BLOCKS, fallback, render, render_all
from bot.chat.calls import Call
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChartPart,
    Divider,
    Facts,
    Heading,
    LinkRow,
    ListEntry,
    Part,
    Points,
    QuotePart,
    Style,
    note,
    text,
)
from bot.chat.rich_text import Bold, Link
from tests.adapters.slack import random_cards
from tests.protocol.slack_server.blocks import controls, visible_text
from tests.protocol.slack_server.checks import look_at_message, look_at_view

SHOW = Call.of("paper show", 1)


def judged(card: Card) -> list[dict[str, Any]]:
    """A card as blocks that Slack takes and that harm nobody."""
    blocks = render(card)
    found = look_at_message({"text": fallback(card), "blocks": blocks}, ())
    assert (found.error, found.faults, found.harms) == ("", [], [])
    return blocks


def read(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(visible_text(blocks))


def values(blocks: list[dict[str, Any]]) -> list[str]:
    """What each button and menu item carries."""
    return [str((control.option or control.element)["value"]) for control in controls(blocks)]


def button(label: str, call: Call = SHOW, **more: Any) -> Button:
    return Button(label, call, **more)


def test_a_card_with_every_kind_of_part() -> None:
    parts: tuple[Part, ...] = (
        Heading("Why"),
        text("It began ", Bold("here"), ", ", Link("there", "https://a.test")),
        QuotePart("All you need is attention", "the abstract"),
        Points((("one",), ("two",)), numbered=True),
        Facts((("Votes", "3"), ("Paper", "#1"))),
        note("small"),
        ListEntry(("#1 ", Link("Attention", "https://a.test")), ("3 votes",), button("Open")),
        LinkRow((Link("Paper", "https://a.test"), Link("Bad", "javascript:x"))),
        Divider(),
        ChartPart("Votes", (("May", 3.0),), "Three votes."),
        Buttons((button("Vote", style=Style.MAIN), button("Drop", style=Style.DANGER, confirm="Really?"))),
    )
    blocks = judged(Card("Attention", parts, url="https://a.test"))
    shown = read(blocks)
    for word in ("Attention", "Why", "here", "all you need", "two", "Votes", "small", "3 votes", "Paper", "Vote"):
        assert word.lower() in shown.lower()
    assert "Bad" not in shown
    assert [c.element.get("style") for c in controls(blocks)] == [None, "primary", "danger"]
    assert values(blocks)[0] == "paper show 1"


def test_every_mrkdwn_object_is_verbatim() -> None:
    def look(node: Any) -> None:
        if isinstance(node, dict):
            assert node.get("type") != "mrkdwn" or node["verbatim"] is True
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(judged(Card("a", (note("b"), ListEntry(("c",)), Facts((("d", "e"),))), url="https://a.test")))


def test_an_empty_card_says_whose_it_is() -> None:
    assert read(judged(Card("  "))) == "Journal Club"
    assert fallback(Card("\n")) == "Journal Club"


def test_a_long_list_of_buttons_becomes_rows_and_menus() -> None:
    row = tuple(button(f"b{i}", Call.of("paper show", i)) for i in range(30))
    more = tuple(button(f"m{i}", Call.of("paper show", 100 + i)) for i in range(6))
    blocks = judged(Card("x", (Buttons(row, more),)))
    assert len(values(blocks)) == 36
    menus = [c for block in blocks for c in block.get("elements", []) if c["type"] == "overflow"]
    assert [len(menu["options"]) for menu in menus] == [3, 3]


def test_a_menu_of_one_is_a_button_and_what_is_too_long_for_a_menu_too() -> None:
    long = Call.of("paper submit", "https://a.test/" + "a" * 200)
    blocks = judged(Card("x", (Buttons((), (button("one"),)),)))
    assert [c.type for c in controls(blocks)] == ["button"]
    blocks = judged(Card("x", (Buttons((), (button("a"), button("b", Call.of("help")), button("c", long))),)))
    assert sorted(c.type for c in controls(blocks)) == ["button", "overflow", "overflow"]


def test_two_entries_of_a_menu_that_say_the_same_are_one() -> None:
    blocks = judged(Card("x", (Buttons((), (button("a"), button("a"), button("b", Call.of("help")))),)))
    assert values(blocks) == ["paper show 1", "help"]


def test_half_a_call_is_never_drawn() -> None:
    long = Call.of("paper submit", "a" * VALUE)
    assert values(judged(Card("x", (ListEntry(("y",), (), button("z", long)), Buttons((button("z", long),)))))) == []


def test_what_does_not_fit_is_cut_and_said_but_the_buttons_stay() -> None:
    rows: list[Part] = [ListEntry((f"row {i}",), ("small",)) for i in range(60)]
    blocks = judged(Card("Long", (*rows, Buttons((button("Next"),)))))
    assert BLOCKS - 1 <= len(blocks) <= BLOCKS, "an entry takes two"
    assert CONTINUED in read(blocks)
    assert values(blocks) == ["paper show 1"]
    many = judged(Card("Long", tuple(text("word " * 500) for _ in range(20))))
    assert CONTINUED in read(many)
    lines = judged(Card("Long", (Points(tuple(("word " * 60,) for _ in range(40))),)))
    assert CONTINUED in read(lines)


def test_several_cards_share_a_view() -> None:
    cards = tuple(Card(f"Card {i}", tuple(ListEntry((f"row {j}",)) for j in range(30))) for i in range(5))
    blocks = render_all(cards)
    found = look_at_view({"type": "home", "blocks": blocks}, (), ("home",))
    assert (found.error, found.faults, found.harms) == ("", [], [])
    assert len(blocks) == VIEW_BLOCKS
    assert read(blocks).count("Card ") == 4, "the fifth does not fit any more"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(random_cards.cards)
def test_nothing_that_anybody_writes_harms_or_breaks_a_card(card: Any) -> None:
    judged(card)


def test_two_thousand_hostile_strings() -> None:
    thrown(2_000)


@pytest.mark.stress
def test_a_million_hostile_strings() -> None:
    thrown(1_000_000)


def thrown(strings: int) -> None:
    dice = random_cards.Dice(seed=20261121)
    while dice.strings < strings:
        judged(dice.card())
