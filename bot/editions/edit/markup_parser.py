"""Parser of the light markup that moderators type for an item: one construct a line, similar to Markdown.

An empty line separates paragraphs. `- ` and `1. ` make lists, nested by indentation; `# ` a subheading; `> ` a quote,
whose last line `> — section 4.1` gives its credit; `→ ` (or `-> `) a note, or a related work if a link comes first;
`![alternative text](address) caption | credit` a figure; three backticks before and after, a code block. A backslash
escapes a mark (`bot.editions.edit.markup_writer` adds them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import assert_never

from bot.chat.rich_text import Bold, Italic, Link
from bot.chat.rich_text import InlineCode as CodeSpan
from bot.editions.model import prose
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Point,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.prose import Citation, Prose

SIGNS = r"\[]*`#>-•→!/.)|:@"
"""Characters that a backslash escapes. While parsing they are replaced by private-use Unicode characters."""
_HIDDEN = {sign: chr(0xF700 + place) for place, sign in enumerate(SIGNS)}
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()})
_ESCAPED = re.compile(r"\\([" + re.escape(SIGNS) + "])")

_POINT = re.compile(r"^(?P<indent>[ \t]*)(?:[-*•]|(?P<number>\d{1,3})[.)])[ \t]+(?P<words>\S.*)$")
_FIGURE = re.compile(r"^!\[(?P<alt>[^\[\]]*)\]\((?P<url>[^\s()]+)\)\s*(?P<caption>[^|]*)(?:\|(?P<credit>.*))?$")
_CREDIT = re.compile(r"^(?:—|--|–)\s*(?P<credit>.+)$")
_NOTE = re.compile(r"^(?:→|->)\s*(?:@(?P<by>[^:]{1,80}):\s*)?(?P<words>.+)$", re.DOTALL)


def parse_blocks(text: str, *, cited: frozenset[int] = frozenset()) -> tuple[Block, ...]:
    """Parse markup into blocks. `cited` are the reference numbers that `[3]` may refer to.

    Quotes have no source offsets yet: the caller looks them up.
    """
    return tuple(_shown(block) for run in _runs(text) for block in _read(run, cited))


def parse_line(text: str, *, cited: frozenset[int] = frozenset()) -> Prose:
    """Running text as it was typed, with links, emphasis and citations as values."""
    return _bare(prose.read(_ESCAPED.sub(lambda found: _HIDDEN[found[1]], text.strip()), cited=cited))


@dataclass(frozen=True, slots=True)
class _BlockRun:
    """Consecutive lines of one construct: a code fence, list, quote, note, figure, heading or paragraph."""

    kind: str
    lines: tuple[str, ...]


def _runs(text: str) -> Iterator[_BlockRun]:
    """Split the text into runs. A run ends at an empty line or at a line of another kind, unless that continues it."""
    kind, taken = "", list[str]()
    for typed in text.replace("\r\n", "\n").split("\n"):
        if kind == "fence":
            if typed.strip() == "```":
                yield _BlockRun("fence", tuple(taken))
                kind, taken = "", []
            else:
                taken.append(typed)
            continue
        found = _kind(typed)
        if found in ("text", "list") and kind in ("list", "note") and typed.strip() and (found == "text"):
            taken[-1] = f"{taken[-1]} {_hidden(typed).strip()}"
            continue
        if found != kind or found in ("note", "figure", "heading"):
            if taken:
                yield _BlockRun(kind, tuple(taken))
            kind, taken = found, []
        if found not in ("", "fence"):
            taken.append(_hidden(typed))
    if taken:
        yield _BlockRun(kind, tuple(taken))


def _kind(typed: str) -> str:
    bare = typed.strip()
    if not bare:
        return ""
    if bare.startswith("```"):
        return "fence"
    if re.match(r"#{1,6}\s", bare):
        return "heading"
    if bare.startswith(">"):
        return "quote"
    if bare.startswith(("→", "->")):
        return "note"
    if _FIGURE.match(bare):
        return "figure"
    return "list" if _POINT.match(typed) else "text"


def _hidden(typed: str) -> str:
    return _ESCAPED.sub(lambda found: _HIDDEN[found[1]], typed)


def _read(run: _BlockRun, cited: frozenset[int]) -> Iterator[Block]:
    match run.kind:
        case "fence":
            yield CodeBlock("\n".join(run.lines))
        case "heading":
            yield from (Subheading(one.strip().lstrip("#").strip()) for one in run.lines)
        case "quote":
            yield _quotation([one.strip().removeprefix(">").strip() for one in run.lines])
        case "note":
            yield _note(" ".join(run.lines).strip(), cited)
        case "figure":
            yield _figure(run.lines[0].strip(), cited)
        case "list":
            rows = [_row(one) for one in run.lines]
            yield from _listings(rows, cited)
        case _:
            yield Paragraph(prose.read(" ".join(one.strip() for one in run.lines), cited=cited))


def _quotation(said: Sequence[str]) -> Quotation:
    """A quote: all lines joined, except a last line that gives the credit."""
    found = _CREDIT.match(said[-1]) if len(said) > 1 else None
    text = " ".join(said[:-1] if found else said)
    return Quotation(text.strip("“”\"'’‘ ") or text, found["credit"].strip() if found else "")


def _note(said: str, cited: frozenset[int]) -> Block:
    found = _NOTE.match(said)
    spans = prose.read(found["words"].strip() if found else said, cited=cited)
    if not found or found["by"]:
        return RemarkBlock(spans, (found["by"] or "").strip() if found else "")
    match spans:
        case (Link(label, url), *rest) if label != url:
            return Related(label, url, _trimmed(tuple(rest)))
    return RemarkBlock(spans)


def _trimmed(spans: Prose) -> Prose:
    if spans and isinstance(spans[0], str):
        first = spans[0].lstrip()
        return (first, *spans[1:]) if first else spans[1:]
    return spans


def _figure(said: str, cited: frozenset[int]) -> Figure:
    found = _FIGURE.match(said)
    assert found is not None
    caption, credit = found["caption"].strip(), (found["credit"] or "").strip()
    return Figure(found["url"], found["alt"], prose.read(caption, cited=cited), prose.read(credit, cited=cited))


@dataclass(frozen=True, slots=True)
class _Row:
    depth: int
    numbered: bool
    words: str


def _row(typed: str) -> _Row:
    found = _POINT.match(typed)
    assert found is not None
    return _Row(len(found["indent"].expandtabs(4)), found["number"] is not None, found["words"].strip())


def _listings(rows: Sequence[_Row], cited: frozenset[int]) -> Iterator[ListBlock]:
    """Rows of one depth as lists; a new list starts where numbering begins or ends, and deeper rows are nested.

    A row indented less than the first one is treated as having the same depth.
    """
    top = rows[0].depth
    points: list[tuple[bool, Point]] = []
    below: list[_Row] = []
    for row in (*rows, None):
        if row is not None and row.depth > top and points:
            below.append(row)
            continue
        if below:
            numbered, last = points[-1]
            inner = [Point(p.words, p.below) for one in _listings(below, cited) for p in one.points]
            points[-1] = numbered, replace(last, below=ListBlock(tuple(inner), below[0].numbered))
            below = []
        if row is not None:
            points.append((row.numbered, Point(prose.read(row.words, cited=cited))))
    for numbered, run in groupby(points, key=lambda pair: pair[0]):
        yield ListBlock(tuple(point for _, point in run), numbered)


def _shown(block: Block) -> Block:
    """The block with every escaped character restored."""
    match block:
        case Paragraph(said):
            return Paragraph(_bare(said))
        case Subheading(text):
            return Subheading(text.translate(_SHOWN))
        case ListBlock():
            return _shown_list(block)
        case Quotation():
            return replace(block, text=block.text.translate(_SHOWN), where=block.where.translate(_SHOWN))
        case RemarkBlock(said, by):
            return RemarkBlock(_bare(said), by.translate(_SHOWN))
        case Related(title, url, note):
            return Related(title.translate(_SHOWN), url, _bare(note))
        case Figure(url, alt, caption, credit):
            return Figure(url, alt.translate(_SHOWN), _bare(caption), _bare(credit))
        case CodeBlock():
            return block
        case _:
            assert_never(block)


def _shown_list(block: ListBlock) -> ListBlock:
    points = (Point(_bare(p.words), _shown_list(p.below) if p.below else None) for p in block.points)
    return ListBlock(tuple(points), block.numbered)


def _bare(said: Prose) -> Prose:
    return tuple(_bare_span(span) for span in said)


def _bare_span(span: prose.ProseSpan) -> prose.ProseSpan:
    match span:
        case str():
            return span.translate(_SHOWN)
        case Link(label, url):
            return Link(label.translate(_SHOWN), url)
        case Citation():
            return span
        case Bold() | Italic() | CodeSpan():
            return replace(span, text=span.text.translate(_SHOWN))
        case _:
            assert_never(span)
