"""The line at the head of a newsletter that names its author and its day, as programs for newsletters put it there."""

from __future__ import annotations

import re

from bot.editions.importing.items.item_lines import names_in
from bot.editions.importing.markdown.inline import unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock

MAX_BYLINE = 120
"""Characters of such a line."""
_DAY = re.compile(
    r"(?:[^\W\d_]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}\.? (?:de )?[^\W\d_]{3,10}\.?,? (?:de )?\d{4}|"
    r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
_AROUND = re.compile(
    r"\b\d{1,3} ?min(?:ute)?s?\.?(?: read)?\b|[♥❤♡🔁💬]\ufe0f? ?\d*|[|·•—–]|∙|\bshare\b", re.IGNORECASE
)
_BY = re.compile(r"^(?:by|von|par|por|di|door)[ \t]+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?: (?:[a-z]{2,3} )?[^\W\d_a-z][\w.'’-]*){1,3}")
"""Two to four words of a name."""


def take_byline(blocks: list[SourceBlock]) -> str:
    """Remove the byline from the first blocks, if they have one, and return the names in it ("" for none).

    A byline has a day: a name alone is text.
    """
    for at, block in enumerate(blocks[:4]):
        words = _words(block)
        if words is None or not _DAY.search(words):
            continue
        rest = _without_day(words)
        if rest and not _is_name(rest):
            continue
        beside = [
            n for n in (at - 1, at + 1) if 0 <= n < len(blocks) and not rest and _is_name(_words(blocks[n]) or "")
        ]
        names = _BY.sub("", rest or (_words(blocks[beside[0]]) or "" if beside else ""))
        for n in sorted({at, *beside[:1]}, reverse=True):
            del blocks[n]
        return names
    return ""


def _words(block: SourceBlock) -> str | None:
    """A short block as one line without emphasis; None for any other."""
    if block.kind not in ("text", "heading") or len(block.text) > MAX_BYLINE + 200:
        return None
    line = unescape(" ".join(re.sub(r"\[([^\[\]]*)\]\([^()\s]*\)", r"\1", block.text).split()))
    line = re.sub(r"[*_]{1,2}", "", line).strip()
    return line if len(line) <= MAX_BYLINE else None


def _without_day(words: str) -> str:
    return " ".join(_AROUND.sub(" ", _DAY.sub(" ", words)).split()).strip(" ,;:")


def _is_name(words: str) -> bool:
    return bool(_NAME.fullmatch(words) or names_in(words))


def is_day(block: SourceBlock) -> bool:
    """True for a line with a day and no other words than those of a byline."""
    words = _words(block)
    return words is not None and bool(_DAY.search(words)) and not _without_day(words)
