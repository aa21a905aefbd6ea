"""The words of a typed line, sorted into the parameters of its command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from bot.chat.calls import Call, Token
from bot.chat.mentions import is_markup, parse_channel, parse_mention
from bot.chat.parameters import Parameter
from bot.locale.typed_words import typed_option

OPTION = re.compile(r"(?!freq=)[a-z_]{3,20}=")
"""The beginning of an option as people write it; a rule of repetition begins with `freq=`."""
_LETTER = re.compile(r"[^\W\d_]")
SUGGESTION_CUTOFF = 0.75
"""Similarity (difflib's ratio) from which a name is a mistyped option and not a word."""


def parse_call(name: str, parameters: Sequence[Parameter], tokens: list[Token], *, stored: bool = False) -> Call:
    """Sort the words of a line: named ones if the command knows the name ("a=b" in a title is a word).

    A name that resembles one of the command's counts as an option, and is refused when the call is read; so does one
    with a quoted value, unless it is within free text. Named free text continues until the next name: `reason=too far
    off`. Quotation marks around a whole text are removed unless its parameter keeps them, those inside it are part of
    the text; several texts that are each in quotation marks are separate arguments.
    """
    params = {p.name: p for p in parameters}
    tokens = [replace(token, name=typed_option(token.name, params)) if token.name else token for token in tokens]
    find = parameters[0].hint.find if parameters else None
    if find and tokens and tokens[0].raw.startswith(("@", "TY")):  # a pasted reference has names of its own
        value, rest = find(" ".join(token.raw for token in tokens))
        if value and not rest:
            return Call(name, (value,))
    if recognized := _recognized_text(name, parameters, tokens):
        return recognized
    words: list[Token] = []
    named: dict[str, str] = {}
    open_ended = ""
    for token in tokens:
        if token.name in params:
            named[token.name] = token.text
            open_ended = token.name if _continues(params[token.name], token) else ""
        elif token.name and (
            get_close_matches(token.name, params, n=1, cutoff=SUGGESTION_CUTOFF)
            or (token.quoted and not open_ended and not any(p.takes_rest for p in parameters[: len(words)]))
            or _is_foreign_option(token, params[open_ended] if open_ended else _next_parameter(parameters, words))
        ):
            named[token.name] = token.text
            open_ended = ""
        elif open_ended:
            gap = token.gap if params[open_ended].hint.long else " "
            named[open_ended] += f"{gap}{token.whole if params[open_ended].hint.rest else token.raw}"
        else:
            words.append(token)
    if find and not words:
        words = _swallowed_value(parameters, find, named)
    if not stored:
        words = _without_leading_value(parameters, words, named)
        words = _with_texts(parameters, _joined_list(parameters, words), named)
    if separated := _separate_texts(name, parameters, words, named, stored=stored):
        return separated
    if find and words and (sorted_words := _find_value(find, words)):
        value, rest = sorted_words
        takes = bool(rest) and len(parameters) > 1 and parameters[1].name not in named
        return Call(name, (value, rest) if takes else (value,), tuple(named.items()))
    start = next((at for at, p in enumerate(parameters) if p.hint.long), len(words))
    text = words[start:]
    parsed = [token.whole for token in words[:start]]
    if len(text) == 1:
        given = {param.name: word for param, word in zip(parameters, parsed, strict=False)} | named
        parsed.append(_typed_text(parameters[start], text[0], given, stored=stored))
    if len(text) > 1:
        parsed.append("".join(f"{token.gap if place else ''}{token.raw}" for place, token in enumerate(text)))
    return Call(name, tuple(parsed), tuple(named.items()))


def _next_parameter(parameters: Sequence[Parameter], words: Sequence[Token]) -> Parameter | None:
    """The parameter that takes the next word without a name."""
    rest = next((p for p in parameters[: len(words)] if p.takes_rest), None)
    return rest or next(iter(parameters[len(words) :]), None)


def _is_foreign_option(token: Token, param: Parameter | None) -> bool:
    """True if a word is an option that the command does not have: `agenda=0` is no part of a date or a paper."""
    return bool(param and (param.hint.parse or param.hint.check) and OPTION.match(token.raw))


def _continues(param: Parameter, token: Token) -> bool:
    """True if the words behind a named value may belong to it: free text, but not after a picked person or channel."""
    hint = param.hint
    takes_one = (hint.people and not hint.rest) or hint.parse in (parse_mention, parse_channel)
    return param.is_free_text and not token.quoted and not (takes_one and is_markup(token.text))


def _swallowed_value(
    parameters: Sequence[Parameter], find: Callable[[str], tuple[str, str]], named: dict[str, str]
) -> list[Token]:
    """The main value that a named free text took with it: `topic=Agents https://…`; `named` keeps the other words."""
    if parameters[0].name in named:
        return []
    texts = [p.name for p in parameters[1:] if p.name in named and p.is_free_text]
    for name in sorted(texts, key=lambda one: parameters[0].name == one):
        before, _unused, last = named[name].rpartition(" ")
        for text, other in ((last, before), (named[name], "")):
            value, rest = find(text)
            if value and other + rest:
                named[name] = " ".join(filter(None, (other, rest)))
                return [Token(value, raw=value)]
    return []


def _without_leading_value(parameters: Sequence[Parameter], words: list[Token], named: dict[str, str]) -> list[Token]:
    """The words behind a value that the line begins with though its parameter comes later; `named` gets the value."""
    line = " ".join(token.raw for token in words)
    started = next((p for p in parameters if p.hint.starts and p.name not in named), None)
    if started and words and not words[0].quoted and started.hint.starts and started.hint.starts(line):
        named[started.name] = line
        return []
    first = next((p for p in parameters if p.name not in named), None)
    wanted = next((p for p in parameters if p.hint.leading and p.name not in named), None)
    if first is None or wanted is None or wanted.hint.leading is None or not words or words[0].quoted:
        return words
    value, rest = wanted.hint.leading(line)
    if not value or first.accepts(line if first.takes_rest else words[0].whole):
        return words
    named[wanted.name] = value
    return words[len(line.removesuffix(rest).split()) :]


def _typed_text(param: Parameter, token: Token, given: Mapping[str, str], *, stored: bool) -> str:
    """A text that is one word of a line, with the quotation marks around it where they belong to it."""
    other, values = param.hint.keeps_marks
    keeps = bool(values) and not stored and given.get(other, "").strip().lower() in values
    return token.marked if keeps else token.whole


def _joined_list(parameters: Sequence[Parameter], words: list[Token]) -> list[Token]:
    """The words with a list at the start as one of them: `12, 9 , 15`."""
    if not (parameters and parameters[0].hint.several):
        return words
    while len(words) > 1 and (words[0].raw.endswith((",", ";")) or words[1].raw.startswith((",", ";"))):
        both = f"{words[0].raw}{words[1].raw}"
        words = [replace(words[0], text=both, raw=both), *words[2:]]
    return words


def _with_texts(parameters: Sequence[Parameter], words: list[Token], named: dict[str, str]) -> list[Token]:
    """The words before a text that begins where another parameter would come; `named` gets the text.

    `pick 3 great paper` has no place, but a reason. A number that is too large for a place is still a mistake.
    """
    for at, (param, token) in enumerate(zip([p for p in parameters if p.name not in named], words, strict=False)):
        if param.takes_rest:
            break
        if not (target := param.hint.otherwise) or target in named or token.quoted or not _LETTER.search(token.raw):
            continue
        if (len(words) > at + 1) if param.is_free_text else not param.accepts(token.whole):
            named[target] = "".join(f"{word.gap if place else ''}{word.raw}" for place, word in enumerate(words[at:]))
            return words[:at]
    return words


def _separate_texts(
    name: str, parameters: Sequence[Parameter], words: list[Token], named: Mapping[str, str], *, stored: bool
) -> Call | None:
    """Call with the texts at the end of a line as separate arguments; None if its marks belong to one text.

    `correct title "The new title" "It was wrong."` has two texts: each is in quotation marks and has a parameter that
    accepts it. What follows the first may also be a word that cannot be part of a text, such as a number or `yes`.
    """
    open_params = [p for p in parameters if p.name not in named]
    start = next((at for at, p in enumerate(open_params) if p.takes_rest), len(words))
    texts = list(zip(open_params[start:], words[start:], strict=False))
    if len(texts) < 2 or len(texts) < len(words[start:]) or not texts[0][1].quoted:
        return None
    if not all((token.quoted or not param.is_written) and param.accepts(token.whole) for param, token in texts):
        return None
    given = {param.name: token.whole for param, token in zip(open_params, words[:start], strict=False)} | {**named}
    separate = {param.name: _typed_text(param, token, given, stored=stored) for param, token in texts}
    return Call(name, tuple(token.whole for token in words[:start]), tuple({**named, **separate}.items()))


def _recognized_text(name: str, parameters: Sequence[Parameter], tokens: list[Token]) -> Call | None:
    """Call with a text that needs no name, such as a pasted list, and the options behind it; None if there is none."""
    params = {p.name: p for p in parameters}
    end = len(tokens)
    while end and tokens[end - 1].name in params:
        end -= 1
    typed = "".join(f"{token.gap if place else ''}{token.raw}" for place, token in enumerate(tokens[:end]))
    wanted = next((p for p in parameters if p.hint.recognize and typed and p.hint.recognize(typed)), None)
    if wanted is None:
        return None
    options = {token.name: token.text for token in tokens[end:]}
    return Call(name, (), tuple({wanted.name: typed, **options}.items()))


def _find_value(find: Callable[[str], tuple[str, str]], words: list[Token]) -> tuple[str, str] | None:
    """The first value of a line and its other words; None if the first word is the value, or there is none to find."""
    value, rest = find(" ".join(token.raw for token in words))
    alone, beside = find(words[0].whole)
    return (value, rest) if value and (alone != value or beside) else None
