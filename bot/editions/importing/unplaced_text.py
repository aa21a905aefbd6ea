"""Lines of an imported text that are not in the edition made of it: each is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from bot.chat.rich_text import Bold
from bot.chat.text import truncate
from bot.editions.importing.dialects.markdown_dialects import in_known_form
from bot.editions.importing.items.item_lines import names_in
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import INSIGHTS, LINK_LINE, SPECIAL_PARTS, WHY
from bot.editions.importing.markdown.inline import parse_inline
from bot.editions.model import prose
from bot.editions.model.document import Document
from bot.editions.text_analysis.bullets import MARK
from bot.locale.current import _, _n

MAX_LINES = 8
"""Lines that are named; of more the number is said."""
_WORD = re.compile(r"[^\W_]+")
_LINE_MARKS = re.compile(rf"^[ \t>]*(?:#{{1,6}}[ \t]+|{MARK}|\\?\[?\d{{1,3}}(?:\.\d{{1,3}})?\\?[.)\]]+[ \t]+)?")
_LABEL = re.compile(r"^\W*([\w ?;’'-]{2,40}?)\W*(?:→|->|⇒|:|$)")
_STOP = re.compile(r"[.!?;:|·→()\[\]“”„\"*/]|\s[—–-]\s")
"""Signs at which a line may be divided among the parts of an edition: names and venue of a byline, cells of a table."""
_FILE = re.compile(r"\]\((?:\.{1,2}/)?figures/[^\s()]*\)")
_CITED_KEYS = re.compile(r"\[-?@[^\[\]\n]{1,300}\]")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'|]+")


def not_in_draft(line: str) -> str:
    """The question about a line that is not in the edition."""
    return _("This is not in the draft: “{line}”", line=truncate(" ".join(line.split()), 100))


def unplaced(text: str, document: Document) -> tuple[str, ...]:
    """A question for each line of a text that has words, or an address, which are nowhere in the document."""
    spoken = f" {' '.join(_WORD.findall(' '.join(_texts(document)).casefold()))} "
    addresses = set(_ADDRESS.findall(" ".join(_texts(document, with_addresses=True))))
    lines = [line for line in _lines(text) if not _is_placed(line, spoken, addresses)]
    named = [not_in_draft(line) for line in lines[:MAX_LINES]]
    if more := len(lines) - len(named):
        named.append(_n("{n} more line is not in the draft.", "{n} more lines are not in the draft.", more))
    return tuple(named)


def _lines(text: str) -> Iterator[str]:
    """The lines that are read."""
    for line in in_known_form(text).split("\n"):
        if not re.match(r"[ \t]{0,3}(?:`{3,}|~{3,})", line):
            yield line


def _is_placed(line: str, spoken: str, addresses: set[str]) -> bool:
    if not all(_is_known(url, addresses) for url in _ADDRESS.findall(line)):
        return False
    spans = parse_inline(_LINE_MARKS.sub("", _CITED_KEYS.sub("", _FILE.sub("]", line))))
    plain = prose.plain(spans).strip()
    if plain.strip(" :").casefold() in SPECIAL_PARTS:
        return True
    first = spans[0] if spans else ""
    if isinstance(first, Bold) and any(label.match(first.text) for label in (WHY, INSIGHTS)):
        spans = spans[1:]
        plain = prose.plain(spans)
    plain = names_in(plain) or plain
    if (found := _LABEL.match(plain)) and any(label.match(found[1]) for label in (WHY, INSIGHTS, LINK_LINE)):
        plain = plain[found.end() :]
    return _are_contained(plain, spoken) or all(_are_contained(prose.plain((span,)), spoken) for span in spans)


def _is_known(url: str, addresses: set[str]) -> bool:
    """True for an address of the document, also behind the wrapper of a program that counts clicks."""
    if url in addresses or (url := url.rstrip(".,;:!?*_'”")) in addresses:
        return True
    work = paper_of(url)
    return work is not None and any((known := paper_of(one)) and known.key == work.key for one in addresses)


def _are_contained(text: str, spoken: str) -> bool:
    """True if each piece of a text is said somewhere, perhaps without its first word: "By", "Source"."""
    pieces = (_WORD.findall(piece) for piece in _STOP.split(_ADDRESS.sub(" ", text).casefold()))
    return all(
        _is_contained(words, spoken) or (len(words) > 1 and _is_contained(words[1:], spoken)) for words in pieces
    )


def _is_contained(words: Sequence[str], spoken: str) -> bool:
    return not words or f" {' '.join(words)} " in spoken


def _texts(value: Any, *, with_addresses: bool = False) -> Iterator[str]:
    """Every text of a document, and its addresses if wanted: they stand between the words of a sentence."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _texts(one, with_addresses=with_addresses)
    elif is_dataclass(value):
        for name in (field.name for field in fields(value)):
            if with_addresses or name not in ("url", "kind"):
                yield from _texts(getattr(value, name), with_addresses=with_addresses)
