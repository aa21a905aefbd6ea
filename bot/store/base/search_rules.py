"""What a search finds: the rule, free of any database.

A paper is found by words, in capitals or not; accents count. Every word that was typed must be in it:

- anywhere in a word of its title, or of the heading that the club gave it ("former" finds "Transformers");
- where a word begins, in its abstract, its authors' names and the reason why it was brought ("transf" finds it there).

A word is what stands between spaces, with all its signs. Within one, more words begin: at signs and at the letter or
digit after them ("BERT-4", "C++"), at the first of some digits ("Llama2") and after the last, at a capital after a
small letter ("AlphaFold"), and at every letter of a script that has no spaces ("神经网络").

An author is found by the name as it was typed, from where a word of it begins ("ada lovel", "lovelace").

So each paper has some entries, and what was typed must be how one of them begins. Of an entry `MOST` letters are
kept; of a longer word that was typed, each word that begins in it is looked for as far as that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from bot.chat.text import clean

INDEX_VERSION = "1"
"""Whoever changes what is found gives it another name here; then the next start writes all entries anew."""
MAX_TERM_LENGTH = 24
"""Letters that are kept of an entry, and looked for."""
MAX_NAME_LENGTH = 48
"""The same of an author's name."""
MAX_INDEX_BYTES = 500_000
"""Bytes of entries that are kept of one paper. PostgreSQL takes a million; the longest abstracts need a tenth."""
MAX_WORDS, MAX_TERMS = 8, 16
"""Typed words that are looked for, and pieces of long ones; those after them are not."""

TITLE, TEXT, AUTHOR = "t", "w", "a"
"""The first letter of an entry: what it is of."""
TERM_SEPARATOR = "\N{NO-BREAK SPACE}"
"""Between the words of a name: no entry has a space in it."""

_WORD_START = regex.compile(
    r"""
      (?<! [\p{L}\p{M}\p{N}] ) (?= [\p{L}\p{M}\p{N}] )  # a letter or digit after a sign
    | (?<= [\p{L}\p{M}\p{N}] ) (?= [^\p{L}\p{M}\p{N}] ) # a sign after one of those
    | (?<! \p{N} ) (?= \p{N} ) | (?<= \p{N} ) (?= \P{N} )
    | (?<= \p{Ll} ) (?= \p{Lu} )
    | (?= [\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}] )
    """,
    regex.VERBOSE | regex.VERSION1,
)


def entries(headings: Iterable[str], texts: Iterable[str], authors: Iterable[str]) -> list[str]:
    """What a paper is found by, each entry once. The headings come first where there is no room for all."""
    found: dict[str, None] = {}
    room = MAX_INDEX_BYTES
    for entry in _entries(headings, texts, list(authors)):
        if entry not in found:
            room -= len(entry.encode())
            if room < 0:
                break
            found[entry] = None
    return list(found)


def query_terms(typed: str) -> list[str]:
    """What must be found of the words that were typed, without the letter that says where."""
    return [piece for word in clean(typed).split()[:MAX_WORDS] for piece in _split_term(word.casefold())][:MAX_TERMS]


def author_prefix(typed: str) -> str:
    """The beginning of an author's entry that was typed; empty where nothing was."""
    return _name(clean(typed).split())


def _entries(headings: Iterable[str], texts: Iterable[str], authors: list[str]) -> Iterator[str]:
    for heading in headings:
        for word in clean(heading).split():
            yield from (TITLE + _term(word, at) for at in range(len(word)))
    for author in authors:
        words = clean(author).split()
        yield from (AUTHOR + _name(words[at:]) for at in range(len(words)))
    for text in (*texts, *authors):
        for word in clean(text).split():
            yield from _text_entries(word)


@lru_cache(maxsize=4096)
def _text_entries(word: str) -> tuple[str, ...]:
    """The entries of a word; most words of a text are in the next one too."""
    return tuple(TEXT + _term(word, at) for at in _word_starts(word))


def _word_starts(word: str) -> Iterable[int]:
    """Where words begin in a word."""
    if word.isascii() and word.isalpha() and (word.islower() or word[1:].islower()):
        return (0,)
    return sorted({0, *(match.start() for match in _WORD_START.finditer(word))})


def _split_term(word: str) -> list[str]:
    return [word] if len(word) <= MAX_TERM_LENGTH else [_term(word, at) for at in _word_starts(word)]


def _term(word: str, at: int) -> str:
    return word[at : at + MAX_TERM_LENGTH].casefold()[:MAX_TERM_LENGTH]


def _name(words: list[str]) -> str:
    return TERM_SEPARATOR.join(words).casefold()[:MAX_NAME_LENGTH]
