"""Cards for errors: the first sentence of the message is the title, the rest is the text."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.chat.cards import Buttons, Card, Part, Tone, text
from bot.chat.mentions import readable
from bot.chat.rich_text import parse_backticks
from bot.chat.text import truncate
from bot.errors import UserError
from bot.locale.current import _, mark_text

MAX_ERROR_TITLE = 90
"""Characters of a sentence that still reads well as a title."""
MIN_ERROR_TITLE = 12
"""Characters from which a part of a sentence is a title."""
GENERAL_TITLE = mark_text("Please check what you typed")
"""Title of an error without words."""

_CODE = re.compile(r"`([^`]*)`")
_ABBREVIATIONS = (
    "No",
    "Nr",
    r"e\.g",
    r"z\. B",
    r"z\.B",
    "Jan",
    "Feb",
    "Apr",
    "Aug",
    "Sep",
    "Sept",
    "Okt",
    "Nov",
    "Dez",
)
_NO_END = "".join(rf"(?<!\b{word})" for word in _ABBREVIATIONS)
_MONTHS = "Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sep|Okt|Nov|Dez"
_BREAK = re.compile(r":(?=\s)|;(?=\s)|\s–(?=\s)|\s(?=\()")
"""A place within a sentence at which a title can end."""
_BRACKET = re.compile(r"\(([^()]+)\)(?:\.\s*|\s*$)")
"""Words in brackets at the end of a sentence."""
_SENTENCE_END = re.compile(rf"{_NO_END}[.?!](?=\s|$)(?!(?<=\d\.)\s(?:{_MONTHS}))")
"""The end of a sentence; a German date such as "5. Dez. 2026" has none in it."""


class RefusedWithCard(UserError):
    """A refusal that is shown as a card of its own, with buttons for what can be done about it."""

    def __init__(self, card: Card, message: str = "") -> None:
        super().__init__(message or card.title)
        self.card = card


class NothingToChange(Exception):
    """A repeat: what was asked for is already done. Nothing is changed, and its card is an ordinary answer."""

    def __init__(self, card: Card) -> None:
        super().__init__(card.title)
        self.card = card


def error_card_of(error: UserError) -> Card:
    """Card of a refusal: its own if it has one, else its message's."""
    return error.card if isinstance(error, RefusedWithCard) else build_error_card(str(error))


def beside_field(name: str, message: str) -> str:
    """A parameter's message for the place beside its field, where the name that is typed in commands says nothing."""
    start = f"`{name}` "
    return f"{_('This')} {message.removeprefix(start)}" if message.startswith(start) else message


def build_error_card(message: str, *more: Part) -> Card:
    """Card for the message of a `UserError`, followed by `more`.

    The first sentence becomes the title, so that the title says what happened; its full stop is dropped. Of one that
    is too long, the part before a colon, a semicolon or a bracket is the title, or else its first words.
    """
    title, rest = _split(readable(message).strip())
    parts = (text(*parse_backticks(rest)),) if rest else ()
    return Card(title, (*parts, *more), Tone.BAD)


def with_text(card: Card, message: str) -> Card:
    """The card with one more sentence above its buttons; as it is if the sentence is empty."""
    if not message:
        return card
    at = next((place for place, part in enumerate(card.parts) if isinstance(part, Buttons)), len(card.parts))
    return replace(card, parts=(*card.parts[:at], text(*parse_backticks(message)), *card.parts[at:]))


def _split(message: str) -> tuple[str, str]:
    for end in _SENTENCE_END.finditer(message):
        sentence = message[: end.end()]
        opening, closing = ("„", "“") if "„" in sentence else ("“", "”")  # German, English
        if sentence.count(opening) != sentence.count(closing) or sentence.count("(") != sentence.count(")"):
            continue  # the full stop belongs to a quoted or bracketed text
        if len(sentence) > MAX_ERROR_TITLE or "\n" in sentence:
            break
        title = sentence.removesuffix(".") or sentence
        return _as_title(title), message[end.end() :].strip()
    else:
        if len(message) <= MAX_ERROR_TITLE and "\n" not in message:
            return (_as_title(message), "") if message else (_(GENERAL_TITLE), "")
    return _split_within(message)


def _split_within(message: str) -> tuple[str, str]:
    """Title and text of a message whose first sentence is too long for a title, or goes on in another line."""
    line = message.partition("\n")[0]
    for found in _BREAK.finditer(line[: MAX_ERROR_TITLE + 1]):
        title, rest = line[: found.start()], message[found.start() :].lstrip(":;– \n")
        if rest.startswith("(") and not _BRACKET.match(rest):
            continue  # the sentence goes on behind the bracket
        if found.start() >= MIN_ERROR_TITLE and title.count("“") == title.count("”") and title.count("`") % 2 == 0:
            return _as_title(title), _capitalized(_without_brackets(rest))
    if len(line) <= MAX_ERROR_TITLE and len(line) < len(message):
        return _as_title(line.rstrip(".:")), message[len(line) :].strip()
    return _as_title(truncate(line, MAX_ERROR_TITLE)), message


def _without_brackets(rest: str) -> str:
    """The text behind a title as sentences of its own, where its first one is in brackets."""
    if not (bracket := _BRACKET.match(rest)):
        return rest
    end = "" if bracket[1].endswith((".", "?", "!")) else "."
    return f"{bracket[1]}{end} {rest[bracket.end() :]}".strip()


def _as_title(sentence: str) -> str:
    """The sentence with a capital letter. A title has no code: a word in backticks is quoted, and a command plain."""
    return _capitalized(
        _CODE.sub(lambda code: code[1] if code[1].startswith("/") else _("“{text}”", text=code[1]), sentence)
    )


def _capitalized(sentence: str) -> str:
    """The sentence with a capital letter, unless it begins with a name: of a file, a site, or such as "arXiv"."""
    first = sentence.split(maxsplit=1)[0].rstrip(",;:") if sentence.strip() else ""
    is_word = first.replace("’", "").replace("'", "").replace("-", "").isalpha() and first[1:].islower()
    return sentence[:1].upper() + sentence[1:] if is_word or len(first) == 1 else sentence
