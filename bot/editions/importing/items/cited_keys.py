"""Citations by a key, as Pandoc and this program write them: `[@2106.09685]`, `[@hu2021; @li2020, p. 3]`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.editions.importing.items.references import paper_of, reference_of_url
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model.derived_fields import citation_key
from bot.editions.model.document import NumberedReference

_CITED = re.compile(
    r"(?<![\\\w`])\[-?@[^\s\[\];,]{1,300}(?:[;,]\s*-?@[^\s\[\];,]{1,300})*(?P<place>,\s?[^\[\]@\n]{1,40})?\]"
)
_KEY = re.compile(r"@([^\s\[\];,]{1,300})")
_BY_NAME = re.compile(r"(?P<name>[^\W\d_]{2,40})[_:-]?(?P<year>(?:19|20)\d\d)")


@dataclass(frozen=True, slots=True)
class BoundKeys:
    """The references, with those that keys have added, and the keys that mean none."""

    references: tuple[NumberedReference, ...]
    unknown: tuple[str, ...] = ()


def with_cited_keys(texts: Iterable[list[SourceBlock]], references: Sequence[NumberedReference]) -> BoundKeys:
    """Write the numbers of references in place of keys, in these lists of blocks.

    A key is an id of arXiv, a DOI, or a family name with a year (`hu2021lora`). A work without a reference gets one.
    """
    entries = list(references)
    unknown: dict[str, None] = {}

    def numbered(found: re.Match[str]) -> str:
        numbers = [_number(key, entries) for key in _KEY.findall(found[0])]
        if None in numbers:
            unknown[found[0]] = None
            return found[0]
        place = (found["place"] or "").lstrip(", ")
        return ", ".join(f"[{number}]" for number in numbers) + (f" ({place})" if place else "")

    for blocks in texts:
        for at, block in enumerate(blocks):
            if block.kind != "code" and any("@" in line for line in block.lines):
                lines = tuple(_CITED.sub(numbered, line) for line in block.lines)
                blocks[at] = replace(block, lines=lines, source=_CITED.sub(numbered, block.source))
    return BoundKeys(tuple(entries), tuple(unknown))


def _number(key: str, entries: list[NumberedReference]) -> int | None:
    """The number of the work that a key means, which becomes a reference if it has none; None if it is not known."""
    key = key.rstrip(".")
    known = {citation_key(entry.work): entry.number for entry in entries}
    for name in (key, f"arxiv:{key}", f"doi:{key}"):
        if name in known:
            return known[name]
    if paper := paper_of(key if "/" in key or ":" in key else f"arxiv:{key}"):
        number = max((entry.number for entry in entries), default=0) + 1
        entries.append(reference_of_url(paper.url, number))
        return number
    if not (named := _BY_NAME.match(key)):
        return None
    texts = {
        entry.number: " ".join((*entry.work.authors, entry.work.title, str(entry.work.year or ""))) for entry in entries
    }
    fitting = [
        number
        for number, text in texts.items()
        if re.match(rf"\W*(?:\w+\W+){{0,3}}?{named['name']}\b", text, re.IGNORECASE) and named["year"] in text
    ]
    return fitting[0] if len(fitting) == 1 else None
