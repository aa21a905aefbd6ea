"""Parser of the light markup that moderators type for an item: one construct a line, similar to Markdown.

An empty line separates paragraphs. `- `, any other bullet, and `1. ` make lists, nested by indentation, with or
without empty lines between their points; `# ` a subheading; `> ` a quote, whose last line `> — section 4.1` gives its
credit, and so is a paragraph in quotation marks; `→ ` (or `-> `) a note, or a related work if a link comes first;
three backticks before and after, a code block; `![alternative text](address) caption | credit` a figure. A backslash
escapes a mark (`bot.editions.edit.markup_writer` adds them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.chat.rich_text import Bold, Italic, Link
from bot.chat.rich_text import InlineCode as CodeSpan
from bot.editions.edit.quoted_lists import with_quoted_lists
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
from bot.editions.model.counted_lists import counted_lists
from bot.editions.model.prose import Citation, Prose
from bot.editions.text_analysis.bullets import BULLETS, POINT, with_point_lines
from bot.editions.text_analysis.counted_lines import with_counted_points
from bot.editions.text_analysis.quotation_marks import MARKS, MIN_QUOTED_WORDS, count_words, marked_quote

ESCAPABLE = "".join(dict.fromkeys(r"\[]*`#>→!/.)|:@" + BULLETS + "".join(MARKS)))
"""Characters that a backslash escapes. While parsing they are replaced by private-use Unicode characters."""
_PRIVATE_USE = {sign: chr(0xF700 + place) for place, sign in enumerate(ESCAPABLE)}
_RESTORE_TABLE = str.maketrans({hidden: sign for sign, hidden in _PRIVATE_USE.items()})
_ESCAPED = re.compile(r"\\([" + re.escape(ESCAPABLE) + "])")

_POINT = re.compile(POINT)
_MARKED = re.compile(r"(?:>|→|->|[-*+•]|#{1,6})\s")
"""The mark of a block at the beginning of a text."""
_FIGURE = re.compile(r"^!\[(?P<alt>[^\[\]]*)\]\((?P<url>[^\s()]+)\)\s*(?P<caption>[^|]*)(?:\|(?P<credit>.*))?$")
_FENCE = re.compile(r"^\s*```\s*([\w+#.-]{0,30})")
_CREDIT = re.compile(r"^(?:—|--|–)\s*(?P<credit>.+)$")
_NOTE = re.compile(r"^(?:→|->)\s*(?:@(?P<by>[^:]{1,80}):\s*)?(?P<words>.+)$", re.DOTALL)


def parse_blocks(text: str, *, cited: frozenset[int] = frozenset()) -> tuple[Block, ...]:
    """Parse markup into blocks. `cited` are the reference numbers that `[3]` may refer to.

    Quotes have no source offsets yet: the caller looks them up.
    """
    return tuple(_restored(block) for run in _runs(text) for block in _parse_run(run, cited))


def parse_line(text: str, *, cited: frozenset[int] = frozenset()) -> Prose:
    """Running text as it was typed, with links, emphasis and citations as values."""
    return _restored_prose(prose.read(_ESCAPED.sub(lambda found: _PRIVATE_USE[found[1]], text.strip()), cited=cited))


@dataclass(frozen=True, slots=True)
class _BlockRun:
    """Consecutive lines of one construct: a code fence, list, quote, note, figure, heading or paragraph."""

    kind: str
    lines: tuple[str, ...]


def _runs(text: str) -> Iterator[_BlockRun]:
    """Split the text into runs. A run ends at an empty line or at a line of another kind, unless that continues it."""
    kind, lines = "", list[str]()
    typed = text.replace("\r\n", "\n").split("\n")
    all_lines = with_quoted_lists(typed if "```" in text else with_counted_points(typed))
    for at, line in enumerate(all_lines):
        if kind == "fence":
            if line.strip() == "```":
                yield _BlockRun("fence", tuple(lines))
                kind, lines = "", []
            else:
                lines.append(line)
            continue
        language = _FENCE.match(line)
        line_kind = _kind(line)
        if line_kind == "list" and line.lstrip().startswith("–") and kind != "list":  # it may lead a credit
            line_kind = "list" if any(map(_POINT.match, all_lines[at + 1 : at + 2])) else "text"
        if not line_kind and kind == "list" and _list_goes_on(lines, all_lines[at + 1 :]):
            continue
        if line_kind in ("text", "list") and kind in ("list", "note") and line.strip() and (line_kind == "text"):
            lines[-1] = f"{lines[-1]} {_hide_escaped(line).strip()}"
            continue
        if line_kind == "text" and kind == "quote":  # only its first line has the mark
            line_kind = "quote"
        if line_kind != kind or line_kind in ("note", "figure", "heading"):
            if lines:
                yield _BlockRun(kind, tuple(lines))
            kind, lines = line_kind, []
        if language:
            lines.append(language[1])
        elif line_kind:
            lines.append(_hide_escaped(line))
    if lines:
        yield _BlockRun(kind, tuple(lines))


def _list_goes_on(lines: Sequence[str], after: Sequence[str]) -> bool:
    """True if the next line with text is a point of the same list; one that is numbered 1 begins another list."""
    first, following = _POINT.match(lines[0]), next((line for line in after if line.strip()), "")
    if (point := _POINT.match(following)) is None or first is None:
        return False
    if point["indent"]:
        return True
    return (point["number"] is None) == (first["number"] is None) and point["number"] != "1"


def _kind(line: str) -> str:
    stripped = line.strip()
    if not stripped:
        return ""
    if stripped.startswith("```"):
        return "fence"
    if re.match(r"#{1,6}\s", stripped):
        return "heading"
    if stripped.startswith(">"):
        return "quote"
    if stripped.startswith(("→", "->")):
        return "note"
    if _FIGURE.match(stripped):
        return "figure"
    return "list" if _POINT.match(line) else "text"


def _hide_escaped(line: str) -> str:
    return _ESCAPED.sub(lambda found: _PRIVATE_USE[found[1]], line)


def _parse_run(run: _BlockRun, cited: frozenset[int]) -> Iterator[Block]:
    match run.kind:
        case "fence":
            yield CodeBlock("\n".join(run.lines[1:]), run.lines[0])
        case "heading":
            yield from (Subheading(line.strip().lstrip("#").strip()) for line in run.lines)
        case "quote":
            yield _quotation([line.strip().lstrip("> ").strip() for line in run.lines])
        case "note":
            yield _note(" ".join(run.lines).strip(), cited)
        case "figure":
            yield _figure(run.lines[0].strip(), cited)
        case "list":
            rows = [_row(line) for line in run.lines]
            yield from _lists(rows, cited)
        case _:
            text = " ".join(line.strip() for line in run.lines)
            yield quoted_paragraph(text) or Paragraph(prose.read(text, cited=cited))


def quoted_paragraph(text: str) -> Quotation | None:
    """The quote that a whole paragraph is, with its credit after a dash; None for other paragraphs."""
    found = marked_quote(text)
    if found is None or count_words(found.words) < MIN_QUOTED_WORDS:
        return None
    return Quotation(found.words, found.credit)


def without_outer_marks(text: str) -> str:
    """The text without quotation marks that only hold it together: around several blocks, or around one with a mark."""
    found = marked_quote(text)
    if found is None or found.credit:
        return text
    if not _MARKED.match(found.words) and any(isinstance(block, Quotation) for block in parse_blocks(text)):
        return text
    blocks = parse_blocks(found.words)
    return text if len(blocks) == 1 and isinstance(blocks[0], Paragraph) else found.words


def _quotation(lines: Sequence[str]) -> Quotation:
    """A quote: all lines joined, except a last line that gives the credit; points of a list keep lines of their own."""
    credit = _CREDIT.match(lines[-1]) if len(lines) > 1 else None
    text = with_point_lines(lines[:-1] if credit else lines)
    marked = marked_quote(text)
    if marked is None:
        return Quotation(text.strip(), credit["credit"].strip() if credit else "")
    return Quotation(marked.words, credit["credit"].strip() if credit else marked.credit)


def _note(text: str, cited: frozenset[int]) -> Block:
    found = _NOTE.match(text)
    spans = prose.read(found["words"].strip() if found else text, cited=cited)
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


def _figure(text: str, cited: frozenset[int]) -> Figure:
    found = _FIGURE.match(text)
    assert found is not None
    caption, credit = found["caption"].strip(), (found["credit"] or "").strip()
    return Figure(found["url"], found["alt"], prose.read(caption, cited=cited), prose.read(credit, cited=cited))


@dataclass(frozen=True, slots=True)
class _Row:
    depth: int
    number: int | None
    words: str


def _row(line: str) -> _Row:
    found = _POINT.match(line)
    assert found is not None
    return _Row(
        len(found["indent"].expandtabs(4)), int(found["number"]) if found["number"] else None, found["words"].strip()
    )


def _lists(rows: Sequence[_Row], cited: frozenset[int]) -> Iterator[ListBlock]:
    """Rows of one depth as lists; a new one starts where numbers begin, end or do not go on. Deeper rows are nested.

    A row indented less than the first one is treated as having the same depth.
    """
    top = rows[0].depth
    points: list[tuple[int | None, Point]] = []
    nested: list[_Row] = []
    for row in (*rows, None):
        if row is not None and row.depth > top and points:
            nested.append(row)
            continue
        if nested:
            number, last = points[-1]
            inner = [Point(p.words, p.below) for block in _lists(nested, cited) for p in block.points]
            first = nested[0].number
            points[-1] = number, replace(last, below=ListBlock(tuple(inner), first is not None, first or 1))
            nested = []
        if row is not None:
            points.append((row.number, Point(prose.read(row.words, cited=cited))))
    yield from counted_lists(points)


def _restored(block: Block) -> Block:
    """The block with every escaped character restored."""
    match block:
        case Paragraph(words):
            return Paragraph(_restored_prose(words))
        case Subheading(text):
            return Subheading(text.translate(_RESTORE_TABLE))
        case ListBlock():
            return _restored_list(block)
        case Quotation():
            return replace(
                block, text=block.text.translate(_RESTORE_TABLE), where=block.where.translate(_RESTORE_TABLE)
            )
        case RemarkBlock(words, by):
            return RemarkBlock(_restored_prose(words), by.translate(_RESTORE_TABLE))
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
    return ListBlock(tuple(points), block.numbered, block.start)


def _restored_prose(words: Prose) -> Prose:
    return tuple(_restored_span(span) for span in words)


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
