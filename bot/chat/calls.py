"""Calls: a command's name and its words, before they are parsed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.text import clean

OPENING = {'"': '"', "'": "'", "“": "”", "„": "”", "‘": "’", "«": "»"}
"""Opening quotation marks with their closing marks; phones type the curly ones."""
CLOSING = {'"': '"”“', "”": '”"“', "'": "'’", "’": "’'", "»": "»"}


FILL = "form"
"""Command that opens the form of the call in its word, filled in, also if no word is missing."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a command. `str(call)` is the line that a person would type, and a button's value."""

    command: str
    words: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, command: str, *words: object, **named: object) -> Call:
        """Call from plain values: `Call.of("paper vote", 12)`. Named values of None are left out."""
        given = ((name, str(value)) for name, value in named.items() if value is not None)
        return cls(command, tuple(map(str, words)), tuple(given))

    def as_form(self) -> Call:
        """Call that opens this one's form, filled in, even if no word is missing."""
        return Call(FILL, (str(self),))

    def cleaned(self) -> Call:
        """The call without invisible characters: NUL, lone surrogates, direction marks."""
        named = tuple((name, clean(value)) for name, value in self.named)
        return Call(clean(self.command), tuple(map(clean, self.words)), named)

    def __str__(self) -> str:
        named = (f"{name}={quote_word(value)}" for name, value in self.named)
        return " ".join((self.command, *(quote_word(word, first=True) for word in self.words), *named))


@dataclass(frozen=True, slots=True)
class Token:
    """One typed word. `name` is set for `name=value` outside quotation marks."""

    text: str
    name: str = ""
    quoted: bool = False
    raw: str = ""
    """Exactly as typed, with quotation marks."""
    gap: str = " "
    """The space before it: line breaks with the indentation that follows, else one blank."""

    @property
    def marked(self) -> str:
        """The words with the quotation marks around them, without the backslashes within."""
        return f"{self.raw[0]}{self.text}{self.raw[-1]}" if self.quoted and not self.name else self.whole

    @property
    def whole(self) -> str:
        """The word with its name, for a name that the command does not know."""
        return f"{self.name}={self.text}" if self.name else self.text


def split_words(line: str) -> list[Token]:
    """Words of a typed line; quoted ones stay whole.

    Any text is accepted: a quotation mark opens only at the start of a word (so that "it's" is a word), curly marks
    count, and a mark that is never closed is an ordinary character.
    """
    words, at, start = [], 0, 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        gap = line[start:at]
        word, at = _next_token(line, at)
        words.append(replace(word, gap=gap if "\n" in gap else " "))
        start = at
    return words


def _next_token(line: str, start: int) -> tuple[Token, int]:
    """The word at `start`, and the position after it."""
    if closed := _quoted_word(line, start):
        return Token(closed[0], quoted=True, raw=line[start : closed[1]]), closed[1]
    at, name = start, ""
    while at < len(line) and not line[at].isspace():
        if line[at] == "=" and not name and line[start:at].isidentifier():
            name = line[start:at]
            if closed := _quoted_word(line, at + 1):
                return Token(closed[0], name, quoted=True, raw=line[start : closed[1]]), closed[1]
        at += 1
    return Token(line[start + len(name) + 1 : at] if name else line[start:at], name, raw=line[start:at]), at


def _quoted_word(line: str, at: int) -> tuple[str, int] | None:
    """The text in quotation marks at `at` and the position after it; None if there is none that ends a word."""
    if at >= len(line) or line[at] not in OPENING:
        return None
    closers, inside, end = CLOSING[OPENING[line[at]]], [], at + 1
    nested: list[str] = []
    while end < len(line):
        if line[end] == "\\" and end + 1 < len(line) and line[end + 1] in closers + "\\":
            inside.append(line[end + 1])
            end += 2
            continue
        if nested and line[end] == nested[-1]:  # “this” in a text that has marks of its own around it
            nested.pop()
        elif line[end] in "“„" and (end == at + 1 or not line[end - 1].isalnum()) and not _ends_word(line, end):
            nested.append("”" if line[end] == "“" else "“")
        elif line[end] in closers and (end + 1 == len(line) or line[end + 1].isspace()):
            return "".join(inside), end + 1
        inside.append(line[end])
        end += 1
    return None


def _ends_word(line: str, at: int) -> bool:
    return at + 1 == len(line) or line[at + 1].isspace()


def quote_word(word: str, *, first: bool = False) -> str:
    """The word in a form that `split_words` parses back, in quotation marks if necessary."""
    if word.isalnum():
        return word
    misleads = not word or any(c.isspace() for c in word) or word[0] in OPENING
    if not misleads and not (first and word.partition("=")[0].isidentifier() and "=" in word):
        return word
    return '"' + "".join(f"\\{c}" if c in '"”“\\' else c for c in word) + '"'
