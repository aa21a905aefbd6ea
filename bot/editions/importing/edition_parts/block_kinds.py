"""Kinds of source blocks and lines of a newsletter, judged by their text and their neighbors."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.chat.rich_text import LINK_TARGET, Link
from bot.editions.importing.edition_parts.bylines import is_day
from bot.editions.importing.items.references import paper_of
from bot.editions.importing.label_words import GREETING, SMALL_PRINT
from bot.editions.importing.markdown.inline import parse_inline
from bot.editions.importing.markdown.markdown_lines import SourceBlock
from bot.editions.model import prose
from bot.editions.model.prose import Prose

LINK_FIRST = re.compile(
    rf"\s*(?:[^\w\s!-~→]{{1,4}}\s+)?(?:[*_]{{1,2}})?(?P<link>\[(?:\\.|[^\[\]\\])+\]\(<?{LINK_TARGET}>?\))(?:[*_]{{1,2}})?(?P<rest>.*)",
    re.DOTALL,
)
"""A paragraph that begins with its link, perhaps in bold or behind an emoji."""
MAX_TITLE = 120
"""Characters of a line that may be a title."""
_SMALL_PRINT_LENGTH = 400
_SALUTATION = re.compile(r"[^\W\d_][^\s,.;:!?]*(?: [^\s,.;:!?]+){0,3}[,!]")
"""Up to four words and a comma: "Hej friends,"."""


def has_linked_points(blocks: Sequence[SourceBlock]) -> bool:
    """True for a list with a link, whose points are items; another one belongs to the text around it."""
    return any(block.kind == "list" and prose.links(parse_inline(block.text)) for block in blocks)


def is_paper_alone(block: SourceBlock) -> bool:
    """True for a paragraph that is nothing but a link to a work: an item among others that have headings."""
    found = LINK_FIRST.match(block.text) if block.kind == "text" else None
    return bool(
        found and not found["rest"].strip() and any(paper_of(u) for u in re.findall(LINK_TARGET, found["link"]))
    )


def is_subtitle(block: SourceBlock, before: SourceBlock, after: Sequence[SourceBlock]) -> bool:
    """True for a small heading directly below the title, before all sections: it names no item."""
    if block.kind != "heading" or block.level < 3 or "](http" in block.text:
        return False
    if after and is_day(after[0]):
        return False  # the author's name
    below = next((other for other in after if other.kind == "heading"), None)
    return before.kind == "heading" and before.level == 1 and below is not None and below.level == 2


def begins_with_link(words: Prose) -> bool:
    """True if a paragraph is about what it links first: an entry of a list without bullets."""
    if words and words[0] == "!":
        return False  # a picture
    first = next((span for span in words if not (isinstance(span, str) and not re.search(r"\w", span))), "")
    return isinstance(first, Link)


def is_small_print(block: SourceBlock) -> bool:
    """True for what a mail program puts around a newsletter; it is named as left out."""
    words = re.sub(LINK_TARGET, "", block.text)
    return block.kind == "text" and len(words) <= _SMALL_PRINT_LENGTH and bool(SMALL_PRINT.search(block.text))


def is_greeting(text: str) -> bool:
    """True for a line that speaks to its readers: "Dear all," and, in any words, a few with a comma behind them."""
    line = text.strip()
    return len(line) < 80 and bool(GREETING.match(line) or _SALUTATION.fullmatch(line))


def is_title_line(block: SourceBlock) -> bool:
    """True for a short line of text without a full stop at its end, which may be the title of what follows."""
    line = block.text.strip()
    short = block.kind == "text" and len(block.lines) == 1 and len(line) <= MAX_TITLE
    return short and not line.endswith((".", ",", ":", "!", "?")) and "](http" not in line and not is_greeting(line)
