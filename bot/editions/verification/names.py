"""Names in a text: data sets, models, methods, people and other words with an unusual spelling.

ImageNet, MMLU, GPT-4, vLLM and Qwen2.5-7B are recognized by spelling alone. Stanford and Gemini look like any
capitalised word; they count as names unless the word is common in abstracts (`vocabulary.txt.gz`: words in lower case
at least 25 times in 70,000 arXiv abstracts, and more often than capitalised).
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from bot.editions.verification import acronyms
from bot.editions.verification.units import LETTERS, UNITS

_TOKEN = re.compile(r"(?<![\w@])[^\W_]+(?:(?:[-/_&+@‐‑–]|['’](?!s\b)|\.(?=\d))[^\W_]+)*\+{0,2}")
_PART = re.compile(r"[^\W_]+(?:\.\d+)?")
_NUMBERED = re.compile(r"(?:\A|[-/])[A-Z][^\W\d_]+-\d|@\d")
_MEASURE = re.compile(r"\d+(?:\.\d+)?([^\W\d_]+)")
_ROMAN = re.compile(r"[IVX]{1,4}")
_MAX_JOINED_WORDS = 8
_ALWAYS_ALLOWED = frozenset(("ai", "ml"))
"""Names too general to check: they may be used even if the source lacks them."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name and its position in a text."""

    text: str
    start: int
    end: int


def names(text: str) -> list[Name]:
    """Every word or compound of the text that looks like a name, in order. `text` must not contain LaTeX."""
    return [
        Name(match.group(), match.start(), match.end())
        for match in _TOKEN.finditer(text)
        if any(_looks_like_a_name(part) for part in _PART.findall(match.group())) or _NUMBERED.search(match.group())
    ]


class Vocabulary:
    """Words of a source, and the names that are allowed because they occur in it.

    Joining and case do not matter: GPT-4, GPT 4 and GPT4 are equal, as are Llama and LLaMA.
    """

    def __init__(self, source: str) -> None:
        pieces = [match.group().lower() for match in acronyms.PIECE.finditer(source)]
        self._keys = {
            "".join(pieces[at : at + length]) for length in range(1, _MAX_JOINED_WORDS + 1) for at in range(len(pieces))
        }
        self._keys |= {piece[:-1] for piece in pieces if len(piece) > 3 and piece.endswith("s")}
        self._numbered = {one for one, following in pairwise(pieces) if following.isdigit()}
        self._roots = f" {acronyms.stems(source)} "

    def has_phrase(self, words: str) -> bool:
        """Return True if these words are adjacent in the source, ignoring endings, case and punctuation."""
        return f" {acronyms.stems(words)} " in self._roots

    def has_title(self, words: str) -> bool:
        """Return True if the capitalised words are adjacent in the source, or the source has their acronym.

        Words that are each a name by themselves (LaSOT, GPUs) are not treated as a title.
        """
        capitals = [part for part in _PART.findall(words) if part[0].isupper()]
        if all(_looks_like_a_name(part) or _key(part) in _ALWAYS_ALLOWED for part in capitals):
            return True
        if self.has_phrase(words) or self._has(_key(words)):
            return True
        short = acronyms.COMMON_ACRONYMS.get(acronyms.stems(words))
        return short is not None and short in self._keys

    def has_numbered(self, name: str, number: str) -> bool:
        """Return True if the source has the name with this number (Llama 2), or has the name without any number."""
        parts = _PART.findall(name)
        return _key(parts[-1]) not in self._numbered or self._has(_key(parts[-1] + number))

    def has_name(self, name: str) -> bool:
        """Return True if the source has this name or all parts of the compound (LLM-based, PyTorch/JAX)."""
        if "@" in name:
            return self._has(_key(name))  # pass@1 does not match pass@8
        parts = _PART.findall(name)
        at = 0
        while at < len(parts):
            run = next(
                (
                    n
                    for n in range(min(len(parts) - at, _MAX_JOINED_WORDS), 0, -1)
                    if self._has(_key("".join(parts[at : at + n])))
                ),
                0,
            )
            if run:
                at += run
                if at < len(parts) and parts[at][0].isdigit() and not parts[at - 1].islower():
                    return False  # CIFAR-100, where the source has CIFAR-10
            elif self._is_allowed(parts[at]) and not (parts[at][0].isdigit() and at and not parts[at - 1].islower()):
                at += 1
            else:
                return False
        return True

    def _has(self, key: str) -> bool:
        variants = [key, f"{key}ian", key.removesuffix("ian"), key.removesuffix("s") if len(key) > 3 else key]
        if len(key) > 6:  # Australia and Australian; but Imagen is no image
            variants += [f"{key}n", key.removesuffix("n")]
        return any(variant in self._keys for variant in variants)

    def _is_allowed(self, part: str) -> bool:
        if not _looks_like_a_name(part):
            return True
        return any(map(self.has_phrase, acronyms.COMMON.get(acronyms.acronym_key(part), ())))


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


def _looks_like_a_name(part: str) -> bool:
    """Return True if a single word, without the parts it is joined to, is spelled like a name."""
    if part.islower() or part.isdigit() or len(part) < 2 or _key(part) in _ALWAYS_ALLOWED or _ROMAN.fullmatch(part):
        return part.islower() and any(map(str.isdigit, part)) and not _is_measure(part)
    if _is_measure(part):
        return False
    if part[0].isupper() and part[1:].islower() and part.isalpha():
        return not _is_common_word(part.lower())
    return any(map(str.isalpha, part))


def _is_measure(part: str) -> bool:
    """7B, 10k, 4th, 30ms: numbers, not names."""
    match = _MEASURE.fullmatch(part)
    return match is not None and (match[1] in LETTERS or match[1] in UNITS)


def _is_common_word(word: str) -> bool:
    common = vocabulary()
    root = word.removesuffix("ing")
    return any(form in common for form in (word, word.removesuffix("s"), word.removesuffix("es"), root, f"{root}e"))


@cache
def vocabulary() -> frozenset[str]:
    """Words that are common in abstracts, in lower case; loaded on first use."""
    packed = resources.files(__package__).joinpath("vocabulary.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())
