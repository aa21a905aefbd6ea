"""Rules of the paper search, independent of any database.

A paper matches if it contains every typed word, as a reader sees it: LaTeX is read first, and case, accents,
apostrophes and the height of a digit (x², H₂O) are ignored; see `bot.store.base.search_folding`:

- in its title, and in the heading that the club gave it, a word may match anywhere ("former" finds "Transformers");
- in its abstract, its authors' names and the reason for its submission, a word matches from a word start ("transf").

A word is the text between spaces, punctuation included. More words start within it: at punctuation and at the letter or
digit after it ("BERT-4", "C++"), at the first of several digits ("Llama2") and after the last, at a capital after a
lower-case letter ("AlphaFold"), and at every letter of a script without spaces ("神经网络").

An author matches by the typed name, from the start of a word in it ("ada lovel", "lovelace").

So each paper has index entries, and a typed word must be a prefix of one of them. Entries are cut to `MAX_TERM_LENGTH`
characters; a longer typed word is split at the word starts within it, and each piece is searched to that length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from bot.store.base.search_folding import fold, forms

INDEX_VERSION = "2"
"""Version of these rules. A change of the rules needs another value: the next start then rebuilds the index."""
MAX_TERM_LENGTH = 24
"""Characters of an entry that are stored and searched."""
MAX_NAME_LENGTH = 48
"""Characters of an author's name that are stored and searched."""
MAX_INDEX_BYTES = 500_000
"""Bytes of entries that are stored of one paper. PostgreSQL takes a million; the longest abstracts need a tenth."""
MAX_WORDS, MAX_TERMS = 8, 16
"""Typed words that are searched, and pieces of long words; later ones are ignored."""

TITLE, TEXT, AUTHOR = "t", "w", "a"
"""First letter of an entry: the field that it comes from."""
TERM_SEPARATOR = "\N{NO-BREAK SPACE}"
"""Character between the words of a name, since an entry contains no space."""

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
    """Index entries of a paper, without repeats. Titles and headings come first, in case there is no space for all."""
    found: dict[str, None] = {}
    remaining = MAX_INDEX_BYTES
    for entry in _entries(headings, texts, list(authors)):
        if entry not in found:
            remaining -= len(entry.encode())
            if remaining < 0:
                break
            found[entry] = None
    return list(found)


def query_terms(query: str) -> list[str]:
    """Terms that a match must contain, without the letter of the field. A last backslash is read as before a space."""
    return [piece for word in fold(f"{query} ").split()[:MAX_WORDS] for piece in _split_term(word.casefold())][
        :MAX_TERMS
    ]


def author_prefix(name: str) -> str:
    """Prefix of an author's entry for the typed name; empty if nothing was typed."""
    return _name(fold(name).split())


def _entries(headings: Iterable[str], texts: Iterable[str], authors: list[str]) -> Iterator[str]:
    for heading in headings:
        for form in forms(heading):
            for word in form.split():
                yield from (TITLE + _term(word, at) for at in range(len(word)))
    for author in authors:
        words = fold(author).split()
        yield from (AUTHOR + _name(words[at : at + MAX_NAME_LENGTH]) for at in range(len(words)))
    for text in (*texts, *authors):
        for form in forms(text):
            for word in form.split():
                yield from _text_entries(word)


@lru_cache(maxsize=4096)
def _text_entries(word: str) -> tuple[str, ...]:
    """Entries of a word in a text; cached, because most words of one text occur in the next."""
    return tuple(TEXT + _term(word, at) for at in _word_starts(word))


def _word_starts(word: str) -> Iterable[int]:
    """Positions within a word at which a word starts."""
    if word.isascii() and word.isalpha() and (word.islower() or word[1:].islower()):
        return (0,)
    return sorted({0, *(match.start() for match in _WORD_START.finditer(word))})


def _split_term(word: str) -> list[str]:
    return [word] if len(word) <= MAX_TERM_LENGTH else [_term(word, at) for at in _word_starts(word)]


def _term(word: str, at: int) -> str:
    return word[at : at + MAX_TERM_LENGTH].casefold()[:MAX_TERM_LENGTH]


def _name(words: list[str]) -> str:
    return TERM_SEPARATOR.join(word[:MAX_NAME_LENGTH] for word in words[:MAX_NAME_LENGTH]).casefold()[:MAX_NAME_LENGTH]
