"""Error cards: the title says what happened."""

from __future__ import annotations

import pytest

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Text, text
from bot.chat.error_cards import GENERAL_TITLE, MAX_ERROR_TITLE, build_error_card, with_text
from bot.chat.rich_text import InlineCode, plain


@pytest.mark.parametrize(
    ("message", "title", "rest"),
    [
        ("There is no topic “NLP”. There are: CV.", "There is no topic “NLP”", "There are: CV."),
        ("Which paper? Give its number.", "Which paper?", "Give its number."),
        ("There is no edition No. 3. Try another.", "There is no edition No. 3", "Try another."),
        (
            "No paper here has “Why. How. What” in its title. Try again.",
            "No paper here has “Why. How. What” in its title",
            "Try again.",
        ),
        ("the message was deleted", "The message was deleted", ""),
        ("It is already picked.", "It is already picked", ""),
        ("library.bib is empty. Try another.", "library.bib is empty", "Try another."),
        ("my_list cannot be read.", "my_list cannot be read", ""),
        ("~/a.csv is missing.", "~/a.csv is missing", ""),
        ("arXiv has no such paper. Check it.", "arXiv has no such paper", "Check it."),
        ("a paper is missing.", "A paper is missing", ""),
        ("No. 3 has no item “99”. See it.", "No. 3 has no item “99”", "See it."),
        ("Nr. 3 hat keinen Eintrag „99“. Mehr, z. B. hier.", "Nr. 3 hat keinen Eintrag „99“", "Mehr, z. B. hier."),
    ],
)
def test_the_first_sentence_is_the_title(message: str, title: str, rest: str) -> None:
    card = build_error_card(message)
    assert card.title == title
    assert card.parts == ((text(rest),) if rest else ())


def test_a_title_quotes_words_and_names_commands() -> None:
    card = build_error_card("`/curate log` is for moderators. Ask an admin.")
    assert card.title == "/curate log is for moderators"
    assert card.parts == (text("Ask an admin."),)
    card = build_error_card("There is no setting `itmes`. See `/clubadmin settings`.")
    assert card.title == "There is no setting “itmes”"
    assert card.parts == (text("See ", InlineCode("/clubadmin settings"), "."),)


LONG = "one and the other and " * 5


@pytest.mark.parametrize(
    ("message", "title", "rest"),
    [
        (f"Several papers have it: {LONG}#2. Use the number.", "Several papers have it", "#2. Use the number."),
        (f"There is a list of them; {LONG}more.", "There is a list of them", "more."),
        (f"It takes one of a few words ({LONG}x).", "It takes one of a few words", "x."),
        (f"It cannot be used there ({LONG}why?). Try again.", "It cannot be used there", "why? Try again."),
        (f"There is no such list (nor table) here: {LONG}x.", "There is no such list (nor table) here", "x."),
        (f"It says “a: b” and more: {LONG}x.", "It says “a: b” and more", "x."),
        ("The list has a mistake\nin line 2.", "The list has a mistake", "in line 2."),
    ],
)
def test_of_a_long_sentence_the_part_that_says_the_reason_is_the_title(message: str, title: str, rest: str) -> None:
    card = build_error_card(message)
    assert card.title == title
    [body] = card.parts
    assert isinstance(body, Text)
    assert plain(body.words).endswith(rest)


def test_a_long_sentence_without_a_break_is_shortened_and_stays_text() -> None:
    long = "x" * MAX_ERROR_TITLE + "."
    card = build_error_card(long)
    assert card.title.endswith("…")
    assert len(card.title) <= MAX_ERROR_TITLE
    assert card.parts == (text(long),)
    assert build_error_card("").title == GENERAL_TITLE


def test_one_more_sentence_stands_above_the_buttons() -> None:
    buttons = Buttons((Button("Again", Call.of("paper top")),))
    card = with_text(build_error_card("It is so.", buttons), "See `/paper top`.")
    assert card.parts == (text("See ", InlineCode("/paper top"), "."), buttons)
    assert with_text(card, "") is card


def test_more_parts_follow_the_text() -> None:
    more = text("Your text is saved.")
    card: Card = build_error_card("It is so. Try again.", more)
    assert card.parts == (text("Try again."), more)
