"""Error cards: the title says what happened."""

from __future__ import annotations

import pytest

from bot.chat.cards import Card, text
from bot.chat.error_cards import GENERAL_TITLE, MAX_ERROR_TITLE, build_error_card
from bot.chat.rich_text import InlineCode


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


def test_a_sentence_of_too_many_words_stays_text() -> None:
    long = "x" * MAX_ERROR_TITLE + "."
    assert build_error_card(long).title == GENERAL_TITLE
    assert build_error_card("").title == GENERAL_TITLE


def test_more_parts_follow_the_text() -> None:
    more = text("Your text is saved.")
    card: Card = build_error_card("It is so. Try again.", more)
    assert card.parts == (text("Try again."), more)
