"""Rephrased true sentences, and the same with one error: test data for the grounding check.

All changes follow rules of their own, from lists and patterns that the check does not use. A change counts as an error
only if the inserted text occurs nowhere in the abstract; a true number attached to the wrong thing is beyond a check of
words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.known_names import DATA_SETS, MODELS, PLACES, listed

_WORDS = {"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "ten": "10"}
_DIGITS_TO_WORDS = {figure: word for word, figure in _WORDS.items()}
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w.,-]*\d)(?!\w*-\d)")
_POINT = re.compile(r"\d{1,2}[).]")
"""The number of a point in a list: no claim."""
_MEASURED = re.compile(
    r"(?<![\w.,-])(\d+(?:\.\d+)?)(%|\\%|B\b|M\b|x\b|×| ms\b| GB\b| hours\b| points\b| million\b| billion\b)"
)
_OTHER_UNIT = {
    "%": " points", "B": "M", "M": "B", "x": "%", "×": "%", " ms": " s", " GB": " MB", " hours": " days",
    " points": "%", " million": " billion", " billion": " million",
}  # fmt: skip
_EXPANDED = re.compile(r"((?:[A-Z]?[a-z]+[ -]){1,4}[A-Z]?[a-z]+) \(([A-Z]{2,6})s?\)")


@dataclass(frozen=True, slots=True)
class Corruption:
    """A text with one thing wrong in it, at `start` to `end`."""

    kind: str
    text: str
    start: int
    end: int


def rephrase(text: str, chance: Random) -> str:
    """The text in other words and spellings; every number, name and acronym keeps its meaning."""

    def maybe(pattern: str, instead: str | Callable[[re.Match[str]], str], share: float = 0.7) -> None:
        nonlocal text
        text = re.sub(pattern, lambda m: _substitute(m, instead) if chance.random() < share else m.group(), text)

    maybe(r"\b(\d+(?:\.\d+)?)\\?%", lambda m: f"{m[1]}{chance.choice([' percent', ' per cent', ' %'])}")
    maybe(r"\b(\d+(?:\.\d+)?)B\b(?!-)", r"\1 billion")
    maybe(r"\b(\d+(?:\.\d+)?)M\b(?!-)", r"\1 million")
    maybe(r"(?<![\w.-])(\d{1,3})[kK]\b", r"\g<1>,000")
    maybe(r"\b(\d{1,3}),(\d{3})\b(?!,)", r"\1\2")
    maybe(
        r"(?<![\w.,-])(\d{1,2})(\d{3})\b(?![\d.,])",
        lambda m: m.group() if m[1] in ("1", "2", "20") else f"{m[1]},{m[2]}",
    )
    maybe(r"(?<![\w.-])(\d+(?:\.\d+)?)\s?[x×](?=\s)", lambda m: f"{m[1]}{chance.choice(['×', ' times', '-fold'])}")
    maybe(rf"\b({'|'.join(_WORDS)})\b(?!-)", lambda m: _WORDS[m[1]])
    maybe(rf"(?<![\w.,@-])({'|'.join(_DIGITS_TO_WORDS)}) (?=[a-z])", lambda m: f"{_DIGITS_TO_WORDS[m[1]]} ")
    maybe(_EXPANDED.pattern, _long_form_or_acronym, 0.5)
    maybe(r"\b([a-z]{4,})-(shot|training|tuning|based|level|modal)\b", r"\1 \2", 0.5)
    pairs = (("We", "The authors"), ("we", "they"), ("Our", "Their"), ("our", "their"), ("us", "them"))
    for ours, theirs in () if '"' in text else pairs:  # quoted text stays unchanged
        maybe(rf"\b{ours}\b", theirs)
    maybe(r"\b[Ii]n this (?:paper|work), ", "", 1)
    maybe(r"\bpropose\b", chance.choice(["introduce", "present", "put forward"]))
    maybe(r"\b(?:show|demonstrate) that\b", chance.choice(["find that", "report that"]))
    maybe(r"\b(?:However|Moreover|Furthermore|Additionally), (\w)", lambda m: m[1].upper())
    return chance.choice(["", "", "Key result: ", "In short: ", "Why it matters: ", "Broadly, "]) + text


def corruptions(abstract: str, text: str, others: Sequence[str], chance: Random) -> Iterator[Corruption]:
    """The text with one thing wrong, once for every kind of mistake that the text has room for."""
    makers: dict[str, Callable[[], Corruption | None]] = {
        "number changed": lambda: _number(abstract, text, chance),
        "unit changed": lambda: _unit(abstract, text, chance),
        "number made up": lambda: _added("", _gain(abstract, chance), text, chance),
        "data set": lambda: _name(abstract, text, listed(DATA_SETS), ("on", "evaluated on", "and"), chance),
        "model or method": lambda: _name(abstract, text, listed(MODELS), ("beating", "built on", "unlike"), chance),
        "institution": lambda: _name(abstract, text, listed(PLACES), ("with", "by researchers from"), chance),
        "acronym": lambda: _expansion(abstract, text, others, chance),
        "link": lambda: _added("link", _link(chance), text, chance),
    }
    for kind, make in makers.items():
        made = make()
        if made is not None:
            yield Corruption(kind, made.text, made.start, made.end)


def _long_form_or_acronym(match: re.Match[str]) -> str:
    """ "long form (LF)" reduced to the long form or the acronym, if the preceding words form the acronym."""
    words = re.findall(r"[A-Za-z]+", match[1])[-len(match[2]) :]
    if [word[0].upper() for word in words] != list(match[2]):
        return match.group()
    return match[1]


def _number(abstract: str, text: str, chance: Random) -> Corruption | None:
    """One number replaced by another of the same format."""
    found = [match for match in _NUMBER.finditer(text) if not _POINT.match(text, match.start())]
    if not found:
        return None
    match = chance.choice(found)
    for _ in range(20):
        digits = list(match.group())
        at = chance.choice([i for i, digit in enumerate(digits) if digit.isdigit()])
        digits[at] = chance.choice("123456789")
        new = "".join(digits)
        if new != match.group() and not _occurs(new, abstract):
            return _replaced(text, match.start(), match.end(), new)
    return None


def _unit(abstract: str, text: str, chance: Random) -> Corruption | None:
    found = list(_MEASURED.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    unit = match[2].lstrip("\\")
    new = match[1] + _OTHER_UNIT[unit]
    spelled = {" points": " point", "%": " percent", "x": " times"}
    taken = [new, match[1] + spelled.get(_OTHER_UNIT[unit], _OTHER_UNIT[unit])]
    return None if any(one in abstract for one in taken) else _replaced(text, match.start(), match.end(), new)


def _gain(abstract: str, chance: Random) -> str:
    while True:
        new = chance.choice([f"{chance.uniform(2, 60):.1f}", str(chance.randint(11, 97))])
        if not _occurs(new, abstract):
            return chance.choice(
                [f", a gain of {new}%", f" (up by {new} points)", f", {new} times faster", f" in {new} minutes"]
            )


def _link(chance: Random) -> str:
    letters = "abcdefghijklmnoprstuvw"
    made = ["".join(chance.choice(letters) for _ in range(chance.randint(4, 9))) for _ in range(2)]
    return chance.choice(
        [" (https://github.com/{}/{})", " at {}-{}.github.io", " (see www.{}.com/{})", " (https://{}.ai/{})"]
    ).format(*made)


def _name(abstract: str, text: str, names: Sequence[str], joins: Sequence[str], chance: Random) -> Corruption | None:
    """A name in the text replaced by a listed one; if there is none, a listed name is added."""
    foreign = [name for name in names if not _occurs(name, abstract)]
    new = chance.choice(foreign)
    there = [
        m for name in names if not name.islower() for m in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
    ]
    if there:
        match = chance.choice(there)
        return _replaced(text, match.start(), match.end(), new)
    return _added(f" {chance.choice(joins)} ", new, text, chance)


def _expansion(abstract: str, text: str, others: Sequence[str], chance: Random) -> Corruption | None:
    """One word of an acronym's long form replaced by a word of another abstract, half of the time with the same
    initial."""
    found = list(_EXPANDED.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    words = list(re.finditer(r"[A-Za-z]+", match[1]))[-len(match[2]) :]
    if [word.group()[0].upper() for word in words] != list(match[2]):
        return None
    old = chance.choice(words)
    pool = [
        word for other in others for word in re.findall(r"\b[a-z]{5,}\b", other) if word[:4] not in abstract.lower()
    ]
    alike = [word for word in pool if word[0] == old.group()[0].lower()]
    new = chance.choice(alike if alike and chance.random() < 0.5 else pool)
    if old.group()[0].isupper():
        new = new.capitalize()
    start = match.start() + old.start()
    return _replaced(text, start, start + len(old.group()), new)


def _added(join: str, new: str, text: str, chance: Random) -> Corruption:
    """A phrase added before the full stop of one sentence."""
    stops = [match.start() for match in re.finditer(r"[a-z)]\.(?:\s|$)", text)] or [len(text) - 1]
    at = chance.choice(stops) + 1
    join = "" if join == "link" else join
    return Corruption("", text[:at] + join + new + text[at:], at + len(join), at + len(join) + len(new))


def _replaced(text: str, start: int, end: int, new: str) -> Corruption:
    return Corruption("", text[:start] + new + text[end:], start, start + len(new))


def _occurs(new: str, abstract: str) -> bool:
    """Return True if the abstract contains the text in any equivalent spelling."""
    bare = re.sub(r"[\s,_-]", "", new).lower()
    whole = re.sub(r"[\s,_-]", "", abstract).lower()
    word = _DIGITS_TO_WORDS.get(new.removesuffix(".0"), "")
    return bare.removesuffix(".0") in whole or bool(word and re.search(rf"\b{word}", abstract, re.IGNORECASE))


def _substitute(match: re.Match[str], instead: str | Callable[[re.Match[str]], str]) -> str:
    return match.expand(instead) if isinstance(instead, str) else instead(match)
