"""What a moderator types, as an item's blocks: a few marks, one a line, as in a chat.

Paragraphs stand apart by an empty line. `- ` and `1. ` make lists, deeper ones set in; `# ` a subheading; `> ` a quote,
with who says it where in a last line `> — section 4.1`; `→ ` (or `-> `) a note, or a related work where a link comes
first; `![what it shows](address) caption | credit` a figure; three backticks before and after, lines of a program.
A backslash keeps from being a mark what would be read as one (`retyped` puts it there).
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

ESCAPABLE = r"\[]*`#>-•→!/.)|:@"
"""What a backslash keeps from being a mark. Between reading and the blocks they stand in Unicode's private use area."""
_PRIVATE_USE = {sign: chr(0xF700 + place) for place, sign in enumerate(ESCAPABLE)}
_RESTORE_TABLE = str.maketrans({hidden: sign for sign, hidden in _PRIVATE_USE.items()})
_ESCAPED = re.compile(r"\\([" + re.escape(ESCAPABLE) + "])")

_POINT = re.compile(r"^(?P<indent>[ \t]*)(?:[-*•]|(?P<number>\d{1,3})[.)])[ \t]+(?P<words>\S.*)$")
_FIGURE = re.compile(r"^!\[(?P<alt>[^\[\]]*)\]\((?P<url>[^\s()]+)\)\s*(?P<caption>[^|]*)(?:\|(?P<credit>.*))?$")
_CREDIT = re.compile(r"^(?:—|--|–)\s*(?P<credit>.+)$")
_NOTE = re.compile(r"^(?:→|->)\s*(?:@(?P<by>[^:]{1,80}):\s*)?(?P<words>.+)$", re.DOTALL)


def parse_blocks(text: str, *, cited: frozenset[int] = frozenset()) -> tuple[Block, ...]:
    """The blocks that the text means. `cited` are the numbers of references that `[3]` may mean.

    Quotes come without a place in a source: whoever keeps them looks for that.
    """
    return tuple(_restored(block) for run in _runs(text) for block in _parse_run(run, cited))


def parse_line(text: str, *, cited: frozenset[int] = frozenset()) -> Prose:
    """Running text as it was typed, with links, emphasis and citations as values."""
    return _restored_prose(prose.read(_ESCAPED.sub(lambda found: _PRIVATE_USE[found[1]], text.strip()), cited=cited))


@dataclass(frozen=True, slots=True)
class _BlockRun:
    """Lines that belong together, by what they are: a fence, a list, a quote, a note, a figure, a heading or text."""

    kind: str
    lines: tuple[str, ...]


def _runs(text: str) -> Iterator[_BlockRun]:
    """The text cut into runs. An empty line ends one; so does a line of another kind, but for one that goes on."""
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
            taken[-1] = f"{taken[-1]} {_hide_escaped(typed).strip()}"
            continue
        if found != kind or found in ("note", "figure", "heading"):
            if taken:
                yield _BlockRun(kind, tuple(taken))
            kind, taken = found, []
        if found not in ("", "fence"):
            taken.append(_hide_escaped(typed))
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


def _hide_escaped(typed: str) -> str:
    return _ESCAPED.sub(lambda found: _PRIVATE_USE[found[1]], typed)


def _parse_run(run: _BlockRun, cited: frozenset[int]) -> Iterator[Block]:
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
            yield from _lists(rows, cited)
        case _:
            yield Paragraph(prose.read(" ".join(one.strip() for one in run.lines), cited=cited))


def _quotation(said: Sequence[str]) -> Quotation:
    """A quote: its lines are one, but for a last one that says whose words they are, and where."""
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


def _lists(rows: Sequence[_Row], cited: frozenset[int]) -> Iterator[ListBlock]:
    """Rows of one depth as lists, a new one where numbers begin or end; rows set in deeper stand below the one before.

    A row that is set in less than the first counts as being as deep.
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
            inner = [Point(p.words, p.below) for one in _lists(below, cited) for p in one.points]
            points[-1] = numbered, replace(last, below=ListBlock(tuple(inner), below[0].numbered))
            below = []
        if row is not None:
            points.append((row.numbered, Point(prose.read(row.words, cited=cited))))
    for numbered, run in groupby(points, key=lambda pair: pair[0]):
        yield ListBlock(tuple(point for _, point in run), numbered)


def _restored(block: Block) -> Block:
    """The block with every hidden sign as itself again."""
    match block:
        case Paragraph(said):
            return Paragraph(_restored_prose(said))
        case Subheading(text):
            return Subheading(text.translate(_RESTORE_TABLE))
        case ListBlock():
            return _restored_list(block)
        case Quotation():
            return replace(block, text=block.text.translate(_RESTORE_TABLE), where=block.where.translate(_RESTORE_TABLE))
        case RemarkBlock(said, by):
            return RemarkBlock(_restored_prose(said), by.translate(_RESTORE_TABLE))
        case Related(title, url, note):
            return Related(title.translate(_RESTORE_TABLE), url, _restored_prose(note))
        case Figure(url, alt, caption, credit):
            return Figure(url, alt.translate(_RESTORE_TABLE), _restored_prose(caption), _restored_prose(credit))
        case CodeBlock():
            return block
        case _:
            assert_never(block)


def _restored_list(block: ListBlock) -> ListBlock:
    points = (Point(_restored_prose(p.words), _restored_list(p.below) if p.below else None) for p in block.points)
    return ListBlock(tuple(points), block.numbered)


def _restored_prose(said: Prose) -> Prose:
    return tuple(_restored_span(span) for span in said)


def _restored_span(span: prose.ProseSpan) -> prose.ProseSpan:
    match span:
        case str():
            return span.translate(_RESTORE_TABLE)
        case Link(label, url):
            return Link(label.translate(_RESTORE_TABLE), url)
        case Citation():
            return span
        case Bold() | Italic() | CodeSpan():
            return replace(span, text=span.text.translate(_RESTORE_TABLE))
        case _:
            assert_never(span)
