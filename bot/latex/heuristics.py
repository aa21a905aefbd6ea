"""Rules for text that may be plain or LaTeX: is this dollar money, this tilde a space, these hyphens a dash?

In doubt the text stays unchanged: an extra character is easy to ignore, a price without its dollar is wrong.
"""

from __future__ import annotations

import re

_LONGEST_FORMULA = 1_000
_TEX = re.compile(r"\\[A-Za-z,;!]|[\^_{]")
_COMMAND = re.compile(r"\\[A-Za-z]+\s*(?:\{[^{}]*\})?")
_PROSE = re.compile(r"(?<![A-Za-z])[A-Za-z]{3,},?\s+[A-Za-z]{2,},?\s+[A-Za-z]{2,}")
_WORD = re.compile(r"(?<!\S)[A-Za-z]{2,}")


def is_formula(body: str, after: str) -> bool:
    """True if the text between two dollars is a formula, and the dollars are neither money nor an accident.

    `after` is the character after the second dollar. A text that reads like a sentence is no formula. One that starts
    with a digit and has no TeX is an amount of money if the second dollar has a space before it or a digit after it
    (pandoc's rule), or if words follow: "$5 billion and 10$".
    """
    if not body.strip() or len(body) > _LONGEST_FORMULA or _PROSE.search(_COMMAND.sub(" ", body)):
        return False
    if _TEX.search(body):
        return True
    if body[0].isdigit() and (body[-1].isspace() or after.isdigit()):
        return False
    loose = body[0].isdigit() or body[0].isspace() or body[-1].isspace()
    return not loose or not _WORD.search(body) or len(body.split()) == 1


def is_tie(before: str, after: str) -> bool:
    """True if ~ is a non-breaking space, as in Fig.~1; in ~5% and 3~5 it is not.

    `before` are the two characters before it, `after` is the one after it.
    """
    last = before[-1:]
    if not last or last.isspace() or last in "([/~=<>" or not after or after.isspace() or after in "~=<>":
        return False
    return not after.isdigit() or last in ".)}" or last.isupper() or (len(before) == 2 and before.isalpha())


def format_dash(hyphens: str, before: str, after: str) -> str:
    """-- and --- as dashes, except in an arrow, a comment or a command-line option.

    `before` and `after` are the characters on either side, "" at the ends of the text.
    """
    option = len(hyphens) == 2 and after.isalpha() and (not before or before.isspace() or before in "([`'\"“")
    if option or after == ">" or before in ("<", "!", "|"):
        return hyphens
    return {2: "–", 3: "—"}.get(len(hyphens), hyphens)
