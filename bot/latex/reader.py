"""Conversion of LaTeX to plain text.

This is no TeX engine: one pass over the tokens, with tables of a few hundred commands. An unknown command becomes its
argument or its name. The result is data like the input: it may contain any character, and is cleaned and escaped where
it is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from bot.latex.heuristics import format_dash, is_formula, is_tie
from bot.latex.symbols import (
    ACCENTS,
    ALPHABETS,
    ARGUMENT_COUNTS,
    DECLARATIONS,
    DOUBLE_STRUCK,
    FUNCTIONS,
    HIDDEN_ARGUMENT,
    LETTERS,
    RELATIONS,
    SPACINGS,
    SUPERSCRIPTS,
    SYMBOLS,
    keep_argument,
    parse_character,
    script,
    with_accent,
)

MAX_LENGTH = 6_000
"""Characters that are converted; the rest stays unchanged. arXiv allows abstracts of 1,920 characters."""
MAX_NESTING = 20
"""Nesting of groups that is parsed; deeper groups lose their braces."""
_MAX_OPTIONAL_LENGTH = 40
"""Tokens within which an optional argument `[…]` must close."""

_TRIGGER = re.compile(r"[\\$~]|--|``|[\^_]\{|\{[^\x00-\x7f]\}")
_PIECE = re.compile(
    r"""
      \\[A-Za-z]+(?:\*(?=\{))?       # a command, perhaps starred
    | \\.                            # a backslash with one other character
    | \$\$? | -{2,} | `{2} | '+ | \s+
    | [^\\$`'"~^_{}\[\]\s-]+         # words
    | .                              # anything else by itself
    """,
    re.VERBOSE | re.DOTALL,
)


def latex_to_text(text: str) -> str:
    r"""The text as printed: `$O(n^2)$` is O(n²), `Schr\"odinger` is Schrödinger.

    Text without LaTeX stays unchanged, as do dollars that are money. Never raises; takes time linear in the length of
    the text.
    """
    if not _TRIGGER.search(text):
        return text
    return _LatexReader(text[:MAX_LENGTH]).result() + text[MAX_LENGTH:]


class _LatexReader:
    """Reader of one text: its tokens and the current position. Methods advance past the tokens that they read."""

    def __init__(self, text: str) -> None:
        self.pieces: list[str] = _PIECE.findall(text)
        self.at = 0
        self.depth = 0
        self.after_command = -1  # end of the last command: a group right there is its argument
        self.closers: dict[int, int] = {}
        self.quotes: dict[int, str] = {}
        self.places: dict[str, list[int]] = {"$": [], "$$": [], r"\)": [], r"\]": []}
        self._pair_up()

    def _pair_up(self) -> None:
        """Find the partner of each brace and each ``quote'' in advance, so that reading never goes back."""
        open_braces: list[int] = []
        open_quote = -1
        for place, piece in enumerate(self.pieces):
            if piece == "{":
                open_braces.append(place)
            elif piece == "}" and open_braces:
                self.closers[open_braces.pop()] = place
            elif piece == "``":
                open_quote = place
            elif piece in ("''", '"') and open_quote >= 0:
                self.quotes[open_quote], self.quotes[place] = "“", "”"
                open_quote = -1
            elif piece in self.places:
                self.places[piece].append(place)

    def result(self) -> str:
        """The whole text, converted."""
        return self._run(len(self.pieces), math=False)

    def _run(self, end: int, *, math: bool) -> str:
        out: list[str] = []
        while self.at < end:
            if written := self._step(_last_characters(out), end, math=math):
                out.append(written)
        return "".join(out)

    def _step(self, before: str, end: int, *, math: bool) -> str:
        """Convert one token with its arguments. `before` is the last output, at most two characters."""
        place, piece = self.at, self.pieces[self.at]
        self.at += 1
        match piece[0]:
            case "\\" if len(piece) > 1:
                written = self._command(piece[1:].rstrip("*") or "*", before, end, math=math)
                self.after_command = self.at
                return written
            case "{" if self._is_group(place, end, math=math):
                return self._group(self.closers[place], math=math)
            case "$" if math:
                return ""  # $a$$b$ is two formulas
            case "$" if self._is_formula(piece, end):
                return self._formula(piece, end)
            case "^" | "_" if math or self._next(end) == "{":
                inner = self._argument(end, math=True)
                return piece if inner is None else script(piece, inner)
            case "'" if math:
                return {1: "′", 2: "″"}.get(len(piece), "‴")
            case "`" | "'" | '"' if place in self.quotes:
                return self.quotes[place]
            case "~" if math or is_tie(before, self._next(end)[:1]):
                return " "
            case "-" if not math:
                return format_dash(piece, before[-1:], self._next(end)[:1])
            case _ if math and piece.isspace():
                return "" if before[-1:].isspace() else " "
        return piece

    # Lookahead

    def _next(self, end: int) -> str:
        return self.pieces[self.at] if self.at < end else ""

    def _skip_space(self, end: int) -> None:
        if self._next(end).isspace():
            self.at += 1

    def _take_character(self) -> str:
        """The first character of the next token, whose rest stays."""
        piece = self.pieces[self.at]
        self.pieces[self.at] = piece[1:]
        self.at += len(piece) == 1
        return piece[0]

    def _partner(self, closing: str, end: int) -> int:
        """Position of the next such token; -1 if there is none before the end."""
        places = self.places[closing]
        index = bisect_left(places, self.at)
        return places[index] if index < len(places) and places[index] < end else -1

    def _is_formula(self, dollar: str, end: int) -> bool:
        closer = self._partner(dollar, end)
        if closer < 0:
            return False
        after = self.pieces[closer + 1][0] if closer + 1 < len(self.pieces) else ""
        return is_formula("".join(self.pieces[self.at : closer]), after)

    def _is_group(self, place: int, end: int, *, math: bool) -> bool:
        """True if a brace opens a LaTeX group; in plain text, {a, b} is a set and {name} a placeholder."""
        if self.closers.get(place, end) >= end:
            return False
        inner = self.pieces[place + 1] if self.closers[place] == place + 2 else ""
        single = inner == "," or (len(inner) == 1 and inner.isalpha() and not inner.isascii())  # 46{,}080, {é}
        return math or place == self.after_command or single or self._starts_with_command(place + 1)

    def _starts_with_command(self, place: int) -> bool:
        while self.pieces[place] == "{" and place < self.closers.get(place, -1):
            place += 1
        return self.pieces[place][0] == "\\"

    # Groups, formulas, arguments

    def _group(self, closer: int, *, math: bool) -> str:
        """Content up to the closing brace, converted."""
        self.depth += 1
        inner = self._run(closer, math=math) if self.depth <= MAX_NESTING else self._flat(closer)
        self.depth -= 1
        self.at = closer + 1
        return inner

    def _flat(self, end: int) -> str:
        """Words without structure, for groups nested too deep."""
        bare = (piece.lstrip("\\") for piece in self.pieces[self.at : end] if piece not in ("{", "}", "$"))
        return "".join(SYMBOLS.get(piece, piece) for piece in bare)

    def _formula(self, closing: str, end: int) -> str:
        """A formula up to its closing token, which exists."""
        closer = self._partner(closing, end)
        formula = self._run(closer, math=True).strip()
        self.at = closer + 1
        return formula

    def _argument(self, end: int, *, math: bool, braced: bool = False) -> str | None:
        """The next group, command or character, converted; None, without advancing, if there is none."""
        start = self.at
        self._skip_space(end)
        following = self._next(end)
        if following == "{" and self.closers.get(self.at, end) < end:
            self.at += 1
            return self._group(self.closers[self.at - 1], math=math)
        if braced or following in ("", "{", "}", "[", "]", "$", "$$") or self.depth >= MAX_NESTING:
            self.at = start
            return None
        if following[0] == "\\":
            self.depth += 1
            written = self._step("", end, math=math)
            self.depth -= 1
            return written
        return self._take_character()

    def _raw(self, end: int) -> str:
        """The next group unchanged, for keys and addresses."""
        if self._next(end) != "{" or self.closers.get(self.at, end) >= end:
            return ""
        start, self.at = self.at + 1, self.closers[self.at] + 1
        return "".join(self.pieces[start : self.at - 1]).replace("\\", "")

    def _optional(self, end: int) -> str:
        """The next optional argument, without its brackets."""
        window = self.pieces[self.at : min(self.at + _MAX_OPTIONAL_LENGTH, end)]
        if window[:1] != ["["] or "]" not in window:
            return ""
        closer = window.index("]")
        self.at += closer + 1
        return "".join(window[1:closer])

    # Commands

    def _command(self, name: str, before: str, end: int, *, math: bool) -> str:
        """Text of a command with its arguments."""
        if name in ACCENTS and (accented := self._accented(name, end, math=math)) is not None:
            return accented
        if not name[0].isalpha():
            return self._symbol(name, before, end)
        if name in RELATIONS:
            return self._relation(RELATIONS[name], before, end, math=math)
        if name in LETTERS or name in SYMBOLS:
            return self._sign(name, end, math=math)
        if name in FUNCTIONS:
            return "°" if name == "deg" and not math else self._function(name, before, end)
        if name in DECLARATIONS:
            self._skip_space(end)
            if self._next(end).startswith("."):  # \left. is an invisible bracket
                self._take_character()
            return ""
        if name in HIDDEN_ARGUMENT:
            self._optional(end)
            self._raw(end)
            return ""
        return self._with_arguments(name, before, end, math=math)

    def _with_arguments(self, name: str, before: str, end: int, *, math: bool) -> str:
        """Text of a command that has a rule for its arguments, or is unknown."""
        match name:
            case "frac" | "dfrac" | "tfrac" | "cfrac" | "nicefrac" | "sfrac":
                return f"{keep_argument(self._math(end))}/{keep_argument(self._math(end))}"
            case "binom" | "dbinom" | "tbinom":
                return f"({self._math(end)} choose {self._math(end)})"
            case "sqrt":
                return f"{self._optional(end).translate(SUPERSCRIPTS)}√{keep_argument(self._math(end))}"
            case "not":
                return with_accent(self._math(end), "\u0338")
            case "operatorname":
                return self._function(self._math(end), before, end)
            case "bmod":
                return f"{_space_after(before)}mod "
            case "pmod":
                return f"{_space_after(before)}(mod {self._math(end)})"
            case "textsuperscript" | "textsubscript":
                return script("^" if "super" in name else "_", self._argument(end, math=math) or "")
            case "unicode":
                return parse_character(self._raw(end))
            case "footnote" | "thanks":
                return f"{_space_after(before)}({self._argument(end, math=False, braced=True) or name})"
            case "url" | "nolinkurl":
                return self._raw(end)
            case "mathbb":
                return (self._argument(end, math=math) or "").translate(DOUBLE_STRUCK)
            case _ if name in ALPHABETS:
                return self._argument(end, math=math) or ""
            case _ if name.startswith("cite") or name.endswith("cite"):
                self._optional(end)
                self._optional(end)
                return f"[{self._raw(end) or name}]"
        return self._shown(name, end, math=math)

    def _math(self, end: int) -> str:
        return self._argument(end, math=True) or ""

    def _shown(self, name: str, end: int, *, math: bool) -> str:
        """The printed argument of a command: the last one; its name, if it has none."""
        self._optional(end)
        math = math and not name.startswith("text") and name not in ("emph", "mbox", "hbox", "href")
        shown = ""
        for _ in range(ARGUMENT_COUNTS.get(name, 1)):
            shown = self._argument(end, math=math, braced=True) or shown
        return shown or ("" if name in ARGUMENT_COUNTS else name)

    def _accented(self, name: str, end: int, *, math: bool) -> str | None:
        """The letter after an accent with its mark; None, after at most an empty group, if none follows."""
        following = self._next(end)[:1]
        if not name.isalpha() and not (following.isalpha() or following in ("{", "\\")):
            return None
        base = self._argument(end, math=math)
        if not base:
            return None
        if base[0].isalpha() and (len(base) == 1 or len(name) == 1):
            return with_accent(base, ACCENTS[name])
        return base if name.isalpha() else SPACINGS.get(name, name) + base

    def _symbol(self, name: str, before: str, end: int) -> str:
        closing = {"(": r"\)", "[": r"\]"}.get(name, "")
        if closing and self._partner(closing, end) >= 0:
            return self._formula(closing, end)
        spacing = SPACINGS.get(name, name)
        spaced = before[-1:].isspace() or self._next(end).isspace()
        return "" if spacing == " " and spaced else spacing

    def _sign(self, name: str, end: int, *, math: bool) -> str:
        sign = LETTERS.get(name) or SYMBOLS[name]
        following = self._next(end)
        if following.isspace() and (math or name in LETTERS):
            following_character = self.pieces[self.at + 1][:1] if self.at + 1 < end else ""
            self.at += following_character.isalpha()  # in \alpha x the space only ends the command
        elif sign[-1] == "." and following.startswith("."):
            self._take_character()
        return sign

    def _relation(self, sign: str, before: str, end: int, *, math: bool) -> str:
        if not math:
            return sign
        self._skip_space(end)
        return f"{sign} " if before[-1:].isspace() else sign

    def _function(self, name: str, before: str, end: int) -> str:
        following = self._next(end)
        command = following[1:2].isalpha() and following[0] == "\\" and following[1:] not in DECLARATIONS
        lead = " " if before[-1:].isalnum() else ""
        return f"{lead}{name} " if command or following[:1].isalnum() else lead + name


def _space_after(before: str) -> str:
    return "" if before[-1:].isspace() else " "


def _last_characters(out: list[str]) -> str:
    """The last two characters of the output, or fewer. No item of `out` is empty."""
    if not out:
        return ""
    return out[-1][-2:] if len(out[-1]) > 1 or len(out) == 1 else out[-2][-1] + out[-1]
