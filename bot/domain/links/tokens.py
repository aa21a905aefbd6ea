"""Normalization of pasted text, and the parts of it that may be a link, an arXiv id or a DOI.

Every pattern runs in linear time. Callers limit the length of the text first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from bot.domain.links import arxiv_ids
from bot.domain.links.repairs import repair

DOI_START = r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/"
_SICI_BRACKET = r"(?:<(?=[^\s<>:]{0,8}:[^\s<>]{1,24}>[0-9]\.[0-9]\.[a-z]{2};)|>(?=[0-9]\.[0-9]\.[a-z]{2};))"
"""Bracket of a serial item's code in a DOI of the 1990s: 10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2."""
DOI = DOI_START + rf"(?:\(sici\)[!$&-\[\]_a-z~]+|(?:[!$&-;=@-\[\]_a-z~]|{_SICI_BRACKET})+)"
"""Crossref's recommended characters, and the brackets of older DOIs; match without regard to case."""
ARXIV_ID = rf"(?:{arxiv_ids.OLD_FORM}|[0-9]{{4}}\.[0-9]{{1,8}}(?:v[0-9]{{0,6}})?)"
"""Text that looks like an arXiv id, valid or not."""

_URL_CHARACTER = r"""[^\s<>"“”‘’«»`|{}。，、；！？（）【】《》「」『』]"""
GLUED = r"(?:(?<=[a-z0-9)])(?<!%[0-9a-f]{2})|[,;](?=https?://))https?:/"
"""Start of an address that is glued to the one before it; match without regard to case."""
_PIECE = re.compile(
    rf"""
    (?= [<\[] | (?<![a-z0-9])[a-z0-9] | https?:/ ) (?:                           # fast: most positions match nothing
      <(?P<angle> (?!doi:|arxiv:) [a-z][a-z0-9+-]{{0,30}}: [^\s<>|]++ ) (?: \|[^<>]*+ )? >       # Slack, Discord
    | \[[^\[\]\n]{{0,300}}+\]                                                    # Markdown
      \( <?(?P<markdown> [^\s<>()]++ (?: \([^\s<>()]*+\) [^\s<>()]*+ )*+ )>? [^()\n]{{0,300}}+ \)
    | (?P<url> https?:/{{1,3}} (?> (?: (?!{GLUED}) (?: {_URL_CHARACTER} | {_SICI_BRACKET} ) )+ ) )
    | (?<![\w@./:-]) (?P<named> (?:[a-z0-9-]{{1,63}}\.){{1,5}} [a-z]{{2,24}} (?: :[0-9]{{1,5}} )?
        / (?> (?: (?!{GLUED}) (?: {_URL_CHARACTER} | {_SICI_BRACKET} ) )* ) )
    | (?<![a-z0-9]) doi \s{{0,3}} [:\s] \s{{0,3}} (?P<doi> {DOI} )
    | (?<![\w./-]) (?P<bare_doi> {DOI} )
    | (?<![a-z0-9]) arxiv (?:\.org)? \s{{0,3}} [:\s/_-] \s{{0,3}} (?P<arxiv> {ARXIV_ID} ) (?!\w)
    | (?<![\w.,/$€£+-]) (?P<id> {arxiv_ids.OLD_FORM} | {arxiv_ids.NEW_FORM} ) (?! \w | [.,/%][0-9] | \s?% )
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INVISIBLE = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F),
     *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF, *range(0xD800, 0xE000), *range(0xE0000, 0xE0080)]
)  # fmt: skip
_SPACES = dict.fromkeys([*range(0x09, 0x0E), *range(0x1C, 0x20), 0x85, 0xA0, 0x2028, 0x2029, 0x202F, 0x3000], " ")
_WIDE: dict[int, int | str] = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDE |= {0xFF0D: "-", 0xFF0E: ".", 0xFF0F: "/", 0xFF1A: ":", 0xFF3F: "_", 0x2010: "-", 0x2011: "-"}
_NORMALIZED = _INVISIBLE | _SPACES | _WIDE

Form = Literal["url", "named", "doi", "arxiv", "id"]
_FORMS: dict[str, Form] = {
    "angle": "url", "markdown": "url", "url": "url", "named": "named", "doi": "doi", "bare_doi": "doi",
    "arxiv": "arxiv", "id": "id",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastedToken:
    """Text that may be a link: `named` is a site's name without https://, `id` an arXiv id without a prefix."""

    form: Form
    text: str
    start: int = 0
    end: int = 0
    """Positions of the whole piece in the text, with its brackets and label."""


def normalize_paste(text: str) -> str:
    """The text without invisible characters, white space as spaces, full-width letters and digits as normal ones.

    Damaged schemes are repaired (`hxxps`, `https//`), and what stands for a link is written as one (`abs/2401.00001`,
    `PMID: 12345678`).
    """
    return repair(text.translate(_NORMALIZED))


def find_tokens(text: str, limit: int) -> Iterator[PastedToken]:
    """The first `limit` parts of a text that may be links, in order. A link's label is skipped with the link."""
    for found in islice(_PIECE.finditer(text), limit):
        group = found.lastgroup or ""
        start = found.start(group)
        piece = strip_punctuation(found[group], text[max(start - 1, 0) : start])
        end = start + len(piece) if found.end() == found.end(group) else found.end()
        yield PastedToken(_FORMS[group], piece, found.start(), end)


def strip_punctuation(text: str, before: str = "") -> str:
    """The text without the sentence's punctuation at its end, and without brackets closed but never opened.

    `before` is the character in front of it: emphasis (_ and ~) that starts there ends with the text.
    """
    surplus = {")": text.count(")") - text.count("("), "]": text.count("]") - text.count("[")}
    end = len(text)
    while end:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in ".,;:!?'…*" and not (last in "_~" and last == before):
            break
        end -= 1
    return text[:end]
