"""Numbers in a text as values with units, independent of spelling.

"7B" and "7 billion", "10%" and "10 per cent", "1,000" and "1000", "two" and "2", "twice" and "2x" are equal. Digits
inside a name (GPT-4, T5, CIFAR-10) belong to the name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.editions.verification.list_markers import list_marker_spans
from bot.editions.verification.units import (
    CURRENCIES,
    FRACTIONS,
    HALVES,
    LETTERS,
    MULTIPLES,
    ORDINALS,
    PER_CENT,
    POWERS,
    SHARE_FOLLOWS,
    SHARE_PRECEDES,
    UNITS,
    WORDS,
)

Meaning = tuple[Fraction, str]
"""A value and its unit; the unit is "" if the text has none that changes the meaning of the number."""

MAGNITUDES = "magnitudes"
"""The unit of "orders of magnitude" whose number is not told."""
MANY = "many"
"""The unit of "thousands" and "millions of"."""

_TOKEN = re.compile(
    r"""
      (?P<number>(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\d)\.\d+)(?:e[-+]?\d{1,2}\b)?)
    | (?P<raised>[⁰¹²³⁴-⁹⁻]+)
    | (?P<word>[^\W\d_]+)
    | (?P<space>\s+)
    | (?P<sign>.)
    """,
    re.VERBOSE,
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_BETWEEN = re.compile(r"\s?(?:-|to|and|or|/|vs\.?|versus|,|→|->)\s?", re.IGNORECASE)
_POINTS_UNIT = re.compile(r"\s[A-Za-z][\w@-]*\spoints?\b")
"""F1 points, BLEU points, percentage points."""
_MAX_POWER = 400
_MAX_DIGITS = 60
_MAX_MAGNITUDES = 30


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its position in a text, and all its possible meanings."""

    meanings: tuple[Meaning, ...]
    start: int
    end: int
    weak: bool = False
    """True for words such as "one" or "first", which rarely state a number."""


def amounts(text: str) -> list[Amount]:
    """Every number that the text claims, in order. The text is plain: its LaTeX has been read."""
    text = text.translate(_DASHES)
    points = {at for span in list_marker_spans(text) for at in range(*span)}
    reader = _NumberParser(text)
    found: list[_NumberToken] = []
    while reader.at < len(reader.tokens):
        claim = reader.claim()
        if claim is None:
            reader.at += 1
        elif claim.start not in points:
            found.append(claim)
    return _in_context(found, text)


@dataclass(frozen=True, slots=True)
class _NumberToken:
    """The parts of a parsed number: digits, multiplier and unit."""

    value: Fraction
    scale: int
    unit: str
    start: int
    end: int
    weak: bool = False


def _in_context(claims: Sequence[_NumberToken], text: str) -> list[Amount]:
    """The possible meanings of each number in context: in "5 to 10%" and "45.2 and 50.1 points" the first one also gets
    the unit."""
    found: list[Amount] = []
    scale, unit, start = 1, "", -1
    for claim in reversed(claims):
        meanings = [(claim.value * claim.scale, claim.unit)]
        if start < 0 or claim.unit or claim.scale != 1 or not _BETWEEN.fullmatch(text, claim.end, start):
            scale, unit = claim.scale, claim.unit
        meanings.append((claim.value * scale, unit))
        if not claim.unit and claim.value < 1:  # half is 50%, a fifth is 20%
            meanings.append((claim.value * 100, "%"))
        if claim.unit == "%":
            meanings.append((claim.value / 100, ""))
        if claim.unit == "s" and str(claim.value).strip("0") == "1":  # 100s of tasks
            meanings.append((claim.value, MANY))
        start = claim.start
        found.append(Amount(tuple(dict.fromkeys(meanings)), claim.start, claim.end, claim.weak))
    return found[::-1]


def _parse_digits(figures: str) -> Fraction:
    """Numeric value of a run of digits. Very long runs are cut: they only need to be distinguishable."""
    return Fraction(figures.replace(",", "")[:_MAX_DIGITS].rstrip(".e+-"))


class _NumberParser:
    """Reads the numbers of one text, token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_TOKEN.finditer(text))
        self.at = 0

    def claim(self) -> _NumberToken | None:
        """Parse the number at the current token and advance past it; return None without advancing if there is none."""
        start = self.at
        token = self.tokens[start]
        kind = token.lastgroup
        claim = None
        if kind == "number" and not self._is_part_of_name():
            claim = self._digits()
        elif kind == "word" and self._text(-1) != "-":
            claim = self._words(token.group().lower())
        if claim is None:
            self.at = start
        return claim

    # Tokens around

    def _text(self, ahead: int) -> str:
        place = self.at + ahead
        return self.tokens[place].group() if 0 <= place < len(self.tokens) else ""

    def _kind(self, ahead: int) -> str:
        place = self.at + ahead
        return self.tokens[place].lastgroup or "" if 0 <= place < len(self.tokens) else ""

    def _is_part_of_name(self) -> bool:
        """Return True if the current digits belong to a name: T5, GPT-4, pass@1, 1.2.3, 3D."""
        before, after = self._text(-1), self._text(1)
        if before == "@" and after == "%":
            return False  # TPR@1%
        if before in ("@", "_", "\\", "#") or self._kind(-1) == "raised":
            return True
        if self._kind(-1) == "word":
            return before != "x" or self._kind(-2) != "number"
        if before == "-" and self._kind(-2) == "word" and not self._text(-2).islower():
            return True
        if before == "." and self._kind(-2) == "number":
            return True
        return self._kind(1) == "word" and after not in LETTERS and after not in UNITS

    # Numbers in figures

    def _digits(self) -> _NumberToken | None:
        start = self.tokens[self.at].start()
        currency = self._text(-1) if self._text(-1) in CURRENCIES else ""
        value = _parse_digits(self.tokens[self.at].group())
        self.at += 1
        value = self._with_power(value)
        if value and self._text(0) == "/" and self._kind(1) == "number":
            value /= _parse_digits(self._text(1)) or 1
            self.at += 2
        if self._text(0) == "+":
            self.at += 1
        if value.denominator == 1 and value <= _MAX_MAGNITUDES and self._pass_magnitudes():
            return self._token(10 ** int(value), "times", start)
        scale = self._scale()
        unit = self._unit() or (UNITS[currency] if currency else "")
        return _NumberToken(value, scale, unit, start, self.tokens[self.at - 1].end())

    def _with_power(self, value: Fraction) -> Fraction:
        """The value with its power, as in 10^5, 10⁵, 1e-5 and 3 × 10^8."""
        if (power := self._power()) is not None:
            return value**power if value else value
        shift = 0
        while self._kind(shift) == "space" or (self._text(shift) in ("×", "x", "*", "·") and shift < 3):
            shift += 1
        if shift and self._text(shift) == "10":
            saved, self.at = self.at, self.at + shift + 1
            if (power := self._power()) is not None:
                return value * Fraction(10) ** power
            self.at = saved
        return value

    def _power(self) -> int | None:
        if self._kind(0) == "raised":
            digits = self._text(0).translate(_RAISED)
            self.at += 1
        elif self._text(0) == "^":
            ahead = 1
            while self._text(ahead) in ("{", "(", "-"):
                ahead += 1
            if self._kind(ahead) != "number":
                return None
            digits = ("-" if "-" in (self._text(ahead - 1),) else "") + self._text(ahead)
            self.at += ahead + 1 + (self._text(ahead + 1) in ("}", ")"))
        else:
            return None
        return int(digits) if re.fullmatch(r"-?\d{1,3}", digits) and abs(int(digits)) <= _MAX_POWER else None

    def _scale(self) -> int:
        """The letter or the words behind a number that multiply it, passed by: 7B, 7-billion, 2 hundred thousand."""
        if self._kind(0) == "word" and self._text(0) in LETTERS and self._text(0) not in UNITS:
            self.at += 1
            return LETTERS[self._text(-1)]
        scale = 1
        while self._text(0) in (" ", "-") and self._text(1).lower() in POWERS:
            scale *= POWERS[self._text(1).lower()]
            self.at += 2
        return scale

    def _unit(self) -> str:
        """Parse the unit after a number and advance past it; return its canonical form, "" if there is none."""
        ahead = 1 if self._text(0) in (" ", "-", "\u00a0", "\u2009", "\u202f") else 0
        word = self._text(ahead)
        if word == "frames" and self._text(ahead + 2) == "per" and self._text(ahead + 4).startswith("s"):
            self.at += ahead + 5
            return "fps"
        if (word, self._text(ahead + 2)) in PER_CENT:
            self.at += ahead + 3
            return "%"
        if word in ("×", "x", "X") and self._kind(ahead + 1 + (self._kind(ahead + 1) == "space")) == "number":
            return ""  # 512 × 512
        if self.at < len(self.tokens) and (points := _POINTS_UNIT.match(self.text, self.tokens[self.at].start())):
            while self.at < len(self.tokens) and self.tokens[self.at].start() < points.end():
                self.at += 1
            return "points"
        unit = UNITS.get(word, "" if len(word) < 2 else UNITS.get(word.lower(), ""))
        if not unit or (ahead and (unit == "th" or word in CURRENCIES)):
            return ""
        self.at += ahead + 1
        return unit

    # Numbers in words

    def _words(self, word: str) -> _NumberToken | None:
        start = self.tokens[self.at].start()
        self.at += 1
        alone = self._text(0) != "-"  # "double-blind" and "half-life" contain no number
        if word in MULTIPLES and alone:
            return self._token(MULTIPLES[word], "times", start)
        if word in HALVES and self._text(1).lower() in ("a", "an") and self._text(3).lower() in POWERS:
            self.at += 2  # half a billion
            return self._token(Fraction(self._scale(), 2), self._unit(), start)
        if word in HALVES and alone:
            return self._token(Fraction(1, 2), "", start)
        if word.endswith("fold") and (times := WORDS.get(word[:-4]) or POWERS.get(word[:-4])):
            return self._token(times, "times", start)
        if word in ("order", "orders") and self._text(1).lower() == "of" and self._text(3).lower() == "magnitude":
            return self._magnitudes(start, plural=word == "orders")
        if word.removesuffix("s") in POWERS and word.endswith("s"):
            return self._token(POWERS[word.removesuffix("s")], MANY, start)
        if word in WORDS:
            return self._number_words(word, start)
        if word in ORDINALS:
            return self._token(ORDINALS[word], "th", start, weak=True)
        following = self._text(1).lower()
        if word in ("a", "an") and following in POWERS:
            scale = self._scale()
            return self._token(scale, self._unit(), start)
        if word in ("a", "an") and following in FRACTIONS and self._is_share():
            self.at += 2
            return self._token(Fraction(1, FRACTIONS[following]), "", start)
        return None

    def _is_share(self) -> bool:
        """Return True if "a fifth" is a share, as in "a fifth of", "by a fifth", but not in "a fifth model"."""
        before, after = self._text(-3).lower(), self._text(3).lower()
        return (
            after in SHARE_FOLLOWS
            or before in SHARE_PRECEDES
            or (self._text(1) != "third" and self._text(2) in (".", ",", ";", ")", ""))
        )

    def _magnitudes(self, start: int, *, plural: bool) -> _NumberToken:
        """Parse "order of magnitude" as ten times; how many "orders" are is told by the number before them."""
        self.at += 4
        return self._token(1 if plural else 10, MAGNITUDES if plural else "times", start)

    def _pass_magnitudes(self) -> bool:
        """Return True after advancing past "orders of magnitude"."""
        if [self._text(ahead).lower() for ahead in (1, 3, 5)] != ["orders", "of", "magnitude"]:
            return False
        self.at += 6
        return True

    def _number_words(self, word: str, start: int) -> _NumberToken:
        """Parse a number word with its continuation: twenty-five, two thirds, three million, ten per cent."""
        value = WORDS[word] + self._ones_after_tens(word)
        if self._pass_magnitudes():
            return self._token(10**value, "times", start)
        part = FRACTIONS.get(self._text(1).lower().removesuffix("s"))
        if part and self._text(0) in (" ", "-"):
            self.at += 2
            return self._token(Fraction(value, part), "", start)
        if [self._text(ahead) for ahead in (1, 3, 5)] == ["and", "a", "half"]:
            self.at += 6
            return self._token(value + Fraction(1, 2), self._unit(), start)
        scale = self._scale()
        unit = self._unit()
        return self._token(value * scale, unit, start, weak=word == "one" and scale == 1 and not unit)

    def _ones_after_tens(self, word: str) -> int:
        """The 5 of twenty-five, passed by."""
        ones = WORDS.get(self._text(1).lower(), 0)
        if WORDS[word] < 20 or self._text(0) != "-" or not 0 < ones < 10:
            return 0
        self.at += 2
        return ones

    def _token(self, value: Fraction | int, unit: str, start: int, *, weak: bool = False) -> _NumberToken:
        return _NumberToken(Fraction(value), 1, unit, start, self.tokens[self.at - 1].end(), weak)
