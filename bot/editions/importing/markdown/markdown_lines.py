"""Lines of Markdown as blocks that are not interpreted yet: headings, lists, quotes, code, rules and text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.editions.importing.markdown.inline import parse_inline
from bot.editions.model.blocks import ListBlock, Point
from bot.editions.model.counted_lists import counted_lists
from bot.editions.text_analysis.bullets import POINT

SourceKind = Literal["heading", "list", "quote", "code", "rule", "text"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S.*?)(?:[ \t]+#+)?[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]{0,30})")
_RULE = re.compile(r"^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
TABLE_MARK = "‣"
"""Bullet of the points that rows of a table become, so that they are no points of a list above them."""
MAX_DEPTH = 20
"""Levels of nested lists, more than programs write."""
_LETTER = re.compile(r"\(?(?:[a-z]|[ivx]{1,5})[.)] ")
"""The beginning of a point that counts by letters."""
_EXACT_POINT = re.compile(r"^(?P<indent> *)(?:-|(?P<number>\d{1,9})\.) (?P<words>.*)$", re.DOTALL)
_POINT = re.compile(POINT, re.DOTALL)


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block of the source: its kind, its lines without marks (of a list with them), and a heading's level."""

    kind: SourceKind
    lines: tuple[str, ...]
    level: int = 0
    source: str = ""
    """The block exactly as it was written."""
    language: str = ""
    """Language of a program."""

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)


def is_point(line: str) -> bool:
    """True for a line that begins a point of a list, with any usual mark."""
    return bool(_POINT.match(line))


def split_blocks(text: str, *, exact: bool) -> list[SourceBlock]:
    """The blocks of a text. `exact` reads only the marks that the export writes; else any usual mark is read."""
    blocks = list(_blocks(text.split("\n"), exact))
    return blocks if exact else list(_with_joined_lists(blocks))


def _blocks(lines: Sequence[str], exact: bool) -> Iterator[SourceBlock]:
    open_lines: list[str] = []
    open_kind: SourceKind = "text"
    at = 0

    def closed() -> Iterator[SourceBlock]:
        if open_lines:
            yield _source_block(open_kind, open_lines)
            open_lines.clear()

    while at < len(lines):
        line = lines[at]
        at += 1
        if fence := _FENCE.match(line):
            yield from closed()
            start = at
            while at < len(lines) and not lines[at].strip().startswith(fence[1]):
                at += 1
            source = "\n".join(lines[start - 1 : at + 1])
            yield SourceBlock("code", tuple(lines[start:at]), source=source, language=fence[2])
            at += 1
        elif not line.strip():
            yield from closed()
        elif heading := _HEADING.match(line):
            yield from closed()
            yield SourceBlock("heading", (heading[2],), len(heading[1]), line)
        elif _RULE.match(line):
            yield from closed()
            yield SourceBlock("rule", (line,), source=line)
        else:
            kind = _kind(line, exact)
            continues = open_lines and (kind == open_kind or (kind == "text" and open_kind in ("list", "quote")))
            if continues and kind == "text" and open_kind == "quote" and (exact or not line.strip()):
                continues = False
            if not continues:
                yield from closed()
                open_kind = kind
            open_lines.append(line)
    yield from closed()


def _kind(line: str, exact: bool) -> SourceKind:
    if line.lstrip(" ").startswith(">"):
        return "quote"
    return "list" if (_EXACT_POINT if exact else _POINT).match(line) else "text"


def _source_block(kind: SourceKind, lines: Sequence[str]) -> SourceBlock:
    content = tuple(re.sub(r"^ *> ?", "", line) for line in lines) if kind == "quote" else tuple(lines)
    return SourceBlock(kind, content, source="\n".join(lines))


class _OpenList:
    """A list that may go on after a blank line, in pieces that are joined once: of each line its pieces."""

    def __init__(self, block: SourceBlock) -> None:
        self._block = block
        self._lines = [[line] for line in block.lines]
        self._sources = [block.source]

    @property
    def first(self) -> str:
        """The first line, as far as it tells of the list's kind."""
        return " ".join(self._lines[0][:2])

    def add_below(self, block: SourceBlock) -> None:
        """Add a paragraph to the last point."""
        self._lines[-1] += [line.strip() for line in block.lines]
        self._sources.append(block.source)

    def add_points(self, block: SourceBlock) -> None:
        """Add further points."""
        self._lines += [[line] for line in block.lines]
        self._sources.append(block.source)

    def closed(self) -> SourceBlock:
        """The whole list."""
        lines = tuple(" ".join(pieces) for pieces in self._lines)
        return replace(self._block, lines=lines, source="\n\n".join(self._sources))


def _with_joined_lists(blocks: Sequence[SourceBlock]) -> Iterator[SourceBlock]:
    """Lists with blank lines between their points as one list; a list that begins at 1 again is another one."""
    waiting: _OpenList | None = None
    for block in blocks:
        if waiting and block.kind == "text" and _is_below_point(waiting, block):
            waiting.add_below(block)
            continue
        if waiting and block.kind == "list" and _goes_on(waiting, block):
            waiting.add_points(block)
            continue
        if waiting:
            yield waiting.closed()
        waiting = _OpenList(block) if block.kind == "list" else None
        if waiting is None:
            yield block
    if waiting:
        yield waiting.closed()


def _is_below_point(before: _OpenList, block: SourceBlock) -> bool:
    """True for a paragraph that is indented as far as the words of a numbered point above it."""
    first = _POINT.match(before.first)
    return bool(first and first["number"]) and all(line.startswith(("   ", "\t")) for line in block.lines)


def _goes_on(before: _OpenList, block: SourceBlock) -> bool:
    if (before.first.lstrip()[:1] == TABLE_MARK) != (block.lines[0].lstrip()[:1] == TABLE_MARK):
        return False
    first, last = _POINT.match(block.lines[0]), _POINT.match(before.first)
    if not first or not last:
        return False
    if not first["indent"] and bool(_LETTER.match(first["words"])) != bool(_LETTER.match(last["words"])):
        return False
    return bool(first["indent"]) or (bool(first["number"]) == bool(last["number"]) and first["number"] not in ("1",))


@dataclass(frozen=True, slots=True)
class _Row:
    indent: int
    number: int | None
    words: str


def parse_lists(block: SourceBlock, cited: frozenset[int], *, exact: bool) -> tuple[ListBlock, ...]:
    """The list of a block; several where bullets and numbers alternate."""
    pattern = _EXACT_POINT if exact else _POINT
    read: list[tuple[int, int | None, list[str]]] = []
    for line in block.lines:
        if found := pattern.match(line):
            read.append(
                (
                    len(found["indent"].expandtabs(4)),
                    _number(found["number"]),
                    [found["words"] if exact else found["words"].rstrip()],
                )
            )
        elif read:
            read[-1][2].append(line if exact else line.strip())
    between = "\n" if exact else " "
    rows = [_Row(indent, number, between.join(words)) for indent, number, words in read]
    return tuple(_lists(rows, cited, exact))


def _number(typed: str | None) -> int | None:
    return int(typed) if typed else None


def _lists(rows: Sequence[_Row], cited: frozenset[int], exact: bool, depth: int = 0) -> Iterator[ListBlock]:
    """Rows of one depth as lists, deeper ones below their points. What is deeper than `MAX_DEPTH` is not nested."""
    top = rows[0].indent
    points: list[tuple[int | None, Point]] = []
    nested: list[_Row] = []
    for row in (*rows, None):
        if row is not None and row.indent > top and points and depth < MAX_DEPTH:
            nested.append(row)
            continue
        if nested:
            inner = tuple(point for block in _lists(nested, cited, exact, depth + 1) for point in block.points)
            number, last = points[-1]
            first = nested[0].number
            points[-1] = number, replace(last, below=ListBlock(inner, first is not None, first or 1))
            nested = []
        if row is not None:
            words = parse_inline(row.words if exact else row.words.strip(), cited, bare_links=not exact)
            points.append((row.number, Point(words)))
    yield from counted_lists(points)
