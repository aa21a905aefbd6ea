"""Parameters of a command: their hints, and the conversion of words to values."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from bot.chat.form_texts import field_label, option_label
from bot.errors import UserError
from bot.locale.current import _, formatted
from bot.locale.date_words import plain_date_words
from bot.locale.typed_words import NO_WORDS, NONE_WORDS, YES_WORDS, typed_value

Suggest = Callable[[Any, str], Awaitable[Sequence[tuple[str, str]]]]
"""Function from a Context and the text typed so far to (label, word) pairs, best first."""

Check = Callable[[Any, str, Mapping[str, str]], Awaitable[object]]
"""Function from a Context, a word and all words by parameter. Raises UserError if the word cannot be used now."""

MAX_WORD_LENGTH = 40_000
"""Characters of a word that are accepted; forms and commands of both platforms allow fewer."""

FREE_TEXT_LENGTH = 60
"""Characters from which a parameter is free text rather than a word."""

MAX_LABEL_WORDS = 6
"""Words of an option's label that are understood when they are typed."""

MAX_NUMBER = 10**9
"""Largest number that is accepted."""

_ARTICLE = re.compile(r"^(an?|the|its|der|die|das|den|ein|eine|einen)\s+(?=\S)")

YES, NO = YES_WORDS, NO_WORDS


@dataclass(frozen=True, slots=True)
class ParameterHint:
    """Declaration of a parameter beside its name and type: how it is asked for, read and checked."""

    label: str
    """Text under a Discord option and label in a Slack form; of a yes-or-no parameter what yes does."""
    long: bool = False
    """True for text of several lines, which takes all remaining words."""
    rest: bool = False
    """True if it takes all remaining words."""
    here: bool = False
    """True if it may be omitted in the thread of a paper, which is then used."""
    asked_later: bool = False
    """True for a `here` parameter that the command itself asks for elsewhere."""
    most: int = 500
    """Maximum number of characters."""
    suggest: Suggest | None = None
    """Function that offers values while somebody types."""
    free: bool = False
    """True if the values of `suggest` are examples: any text is accepted."""
    strict: bool = False
    """True if nothing but the values of `suggest` is accepted, so that a menu offers no typed text."""
    clears: bool = False
    """True if `none` is a value, which empties something."""
    needed_with: tuple[str, tuple[str, ...]] = ("", ())
    """Another parameter, and values of it that need this one: `("action", ("add", "remove"))`."""
    unless: tuple[str, ...] = ()
    """Parameters of which any one makes this one unnecessary in spite of `needed_with`."""
    keeps_marks: tuple[str, tuple[str, ...]] = ("", ())
    """Another parameter, and values of it with which quotation marks around the whole typed text belong to the text.

    Elsewhere such marks only hold the words together.
    """
    fixed: bool = False
    """True if a form does not ask for it again when the button that opened the form gave it."""
    varies: Callable[[Parameter, Mapping[str, str]], Parameter] | None = None
    """Function that adapts it to the other words of a call: the value of a setting depends on the setting."""
    people: bool = False
    """True if a member may be mentioned in its text: the mention is read as the platform writes it."""
    file: bool = False
    """True for an uploaded file: its word is a reference that the platform's gateway can read."""
    in_forms: bool = True
    """False for a value that only a button gives."""
    parse: Callable[[str], Any] | None = None
    """Function from the word to the value, without waiting. Raises UserError."""
    check: Check | None = None
    """Check of a word that needs the clock, a setting or a lookup, such as a date or a paper.

    It is used only where something else in a call is wrong, so that all mistakes are named at once; the command itself
    checks as well.
    """
    find: Callable[[str], tuple[str, str]] | None = None
    """Function that finds the value within a typed line: (value, other words), ("", "") if the line has none."""
    leading: Callable[[str], tuple[str, str]] | None = None
    """Function like `find` for a value at the start of a line that is not valid for the first parameter.

    An edition's number may come before all else.
    """
    starts: Callable[[str], bool] | None = None
    """Function that is True for a line that begins with its text though another parameter comes first: a question."""
    otherwise: str = ""
    """Text that a typed word which is no value of this parameter begins: `pick 3 great paper`."""
    several: bool = False
    """True if it takes several values with commas between them, with or without spaces."""
    means: tuple[str, ...] = ()
    """Words that set a yes-or-no parameter: "back" beside the paper."""
    known: tuple[str, ...] = ()
    """Words that it takes, where no menu can hold them, for a message about a missing one."""
    recognize: Callable[[str], bool] | None = None
    """Function that is True for a text that can only be this value: typed behind the command, it needs no name."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a handler."""

    name: str
    type: type
    hint: ParameterHint
    """Its declaration."""
    choices: tuple[str, ...] = ()
    default: Any = inspect.Parameter.empty
    command: str = ""
    options_of: str = ""
    """Subject of its options, if that is not its name: a setting, for the field of its value."""

    @classmethod
    def of(cls, parameter: inspect.Parameter, annotation: Any, command: str = "") -> Parameter:
        """Parameter from a handler's signature."""
        is_annotated = get_origin(annotation) is Annotated
        kind, hint = get_args(annotation)[:2] if is_annotated else (annotation, ParameterHint(parameter.name))
        choices: tuple[str, ...] = ()
        if get_origin(kind) in (Union, UnionType):  # `int | None`: an int that may be left out
            kind = next(inner for inner in get_args(kind) if inner is not NoneType)
        if get_origin(kind) is Literal:
            kind, choices = str, get_args(kind)
        elif isinstance(kind, type) and issubclass(kind, Enum):
            choices = tuple(str(member.value) for member in kind)
        return cls(parameter.name, kind, hint, choices, parameter.default, command)

    @property
    def title(self) -> str:
        """Label of its field in a form, in the language in use."""
        return field_label(self.command, self.name)

    @property
    def help_text(self) -> str:
        """Text below its field, in the language in use; empty if it only repeats the label."""
        words = _(self.hint.label)
        return "" if _ARTICLE.sub("", words).casefold().strip(" ?") == self.title.casefold().strip(" ?") else words

    @property
    def values(self) -> tuple[str, ...]:
        """Words that it takes, if only certain words are taken: its choices, or yes and no."""
        return self.choices or (("yes", "no") if self.type is bool else ())

    def option(self, value: str) -> str:
        """Label of one of its values, in the language in use."""
        return option_label(self.options_of or self.name, value)

    def is_needed(self, given: Mapping[str, str]) -> bool:
        """True if a call with these other words lacks something without it."""
        other, values = self.hint.needed_with
        is_needed_here = self.hint.here and not self.hint.asked_later
        if any(given.get(name, "").strip() for name in self.hint.unless):
            values = ()
        return self.required or is_needed_here or (bool(values) and given.get(other, "").strip().lower() in values)

    def is_set_by(self, word: str) -> bool:
        """True if a word alone sets it: one that means yes, or one of its choices."""
        return word.lower() in self.hint.means or (bool(self.choices) and bool(typed_value(word, self.choices)))

    @property
    def required(self) -> bool:
        """True if the command needs it (a `here` parameter is optional inside a paper's thread)."""
        return self.default is inspect.Parameter.empty

    @property
    def takes_rest(self) -> bool:
        """True if it takes all remaining words."""
        return self.hint.long or self.hint.rest

    @property
    def is_free_text(self) -> bool:
        """True if it is free text: then `reason=too far off` needs no quotation marks."""
        return self.type is str and not self.choices and not self.hint.parse and self.hint.most >= FREE_TEXT_LENGTH

    @property
    def is_written(self) -> bool:
        """True if people write a text into it, rather than naming something."""
        return self.hint.long or (self.is_free_text and (self.hint.suggest is None or self.hint.free))

    def plain_word(self, word: str) -> str:
        """The word as the code knows it: a value by its label or in German becomes its name."""
        if self.values:
            by_label = (value for value in self.values if self.option(value).casefold() == word.strip().casefold())
            return typed_value(word, self.values) or next(by_label, word)
        clears = self.hint.clears or not self.is_written
        return "none" if clears and word.strip().lower() in NONE_WORDS else word

    def words_of_option(self, words: Sequence[str], *, least: int = 1) -> int:
        """Number of words at the start that are the label of one of its values; 1 if none is, 0 if that is too few."""
        labels = {self.option(value).casefold() for value in self.values}
        sizes = range(min(len(words), MAX_LABEL_WORDS), 1, -1)
        size = next((size for size in sizes if " ".join(words[:size]).casefold() in labels), 1)
        return size if size >= least else 0

    def accepts(self, word: str) -> bool:
        """True if the word is valid."""
        try:
            self.read(word)
        except UserError:
            return False
        return True

    def read(self, word: str) -> Any:
        """Value of the word. Raises UserError, with this field, if it is invalid."""
        word = self.plain_word(word.strip())
        if not word and self.required:
            raise UserError(_("Please give {label}.", label=_(self.hint.label)), field=self.name)
        if len(word) > (most := min(self.hint.most, MAX_WORD_LENGTH)):
            raise UserError(
                _(
                    "`{name}` may have at most {most} characters; this has {word_count}.",
                    name=self.name,
                    most=formatted(most, ","),
                    word_count=formatted(len(word), ","),
                ),
                field=self.name,
            )
        try:
            return self._value(word)
        except UserError as error:
            raise UserError(str(error), field=self.name) from None
        except ValueError:
            needed = _("a whole number") if self.type is int else _(self.hint.label)
            raise UserError(
                _("`{name}` should be {needed}, not “{word}”.", name=self.name, needed=needed, word=word[:80]),
                field=self.name,
            ) from None

    def _value(self, word: str) -> Any:
        if self.hint.parse:
            return self.hint.parse(word)
        if self.choices:
            return self._choice(word)
        if self.type is bool:
            if word.lower() in self.hint.means:
                return True
            if word.lower() in YES | NO:
                return word.lower() in YES
            raise UserError(_("`{name}` is yes or no, not “{word}”.", name=self.name, word=word[:80]))
        if self.type is int:
            number = int(word.removeprefix("#"))
            if abs(number) > MAX_NUMBER:  # no database can store it
                raise UserError(_("“{word}” is too large a number for `{name}`.", word=word[:40], name=self.name))
            return number
        if self.type is date:
            return date.fromisoformat(plain_date_words(word))
        return word

    def _choice(self, word: str) -> Any:
        if word not in self.choices:
            raise UserError(
                _(
                    "`{name}` cannot be “{word}”. It is one of: {choices}.",
                    name=self.name,
                    word=word[:40],
                    choices=", ".join(self.choices),
                )
            )
        return self.type(word)
