"""Pictures within a line, in a point of a list or in running text: each becomes a figure of its own, below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.editions.importing.markdown.blocks import PICTURE
from bot.editions.importing.markdown.code_fences import with_code_marked
from bot.editions.importing.markdown.markdown_lines import is_point

_ITEM = re.compile(r"^#{3,6} ")
_PART = re.compile(r"^#{1,2} ")
_MARK_ALONE = re.compile(r"^\s*(?:[^\w\s]|\d{1,3}[.)])\s*$")


def with_pictures_alone(text: str) -> str:
    """The text with each picture of a point or within a paragraph on a line of its own, with blank lines around it.

    In a list whose points are items, it stands below its point; in a list of an item, below the list.
    """
    if "![" not in text:
        return text
    out: list[str] = []
    block: list[str] = []
    in_item = False

    def close() -> None:
        out.extend(_separated(block, in_item=in_item))
        block.clear()

    for line, is_code in with_code_marked(text.split("\n")):
        if not is_code and line.strip() and not line.startswith("#"):
            block.append(line)
            continue
        close()
        if not is_code:
            in_item = bool(_ITEM.match(line)) or (in_item and not _PART.match(line))
        out.append(line)
    close()
    return "\n".join(out)


def _separated(lines: Sequence[str], *, in_item: bool) -> Iterator[str]:
    if not any("![" in line for line in lines) or lines[0].lstrip().startswith((">", "|")):
        yield from lines
    elif any(map(is_point, lines)):
        yield from _list(lines, in_item=in_item)
    else:
        yield from _paragraph(lines)


def _paragraph(lines: Sequence[str]) -> Iterator[str]:
    """A paragraph, then its pictures. One that begins with a picture has it with its caption already."""
    if PICTURE.match(lines[0].lstrip()):
        yield from lines
        return
    found = list[str]()
    for line in lines:
        kept, pictures = _taken_out(line)
        found += pictures
        if kept.strip():
            yield kept
    yield from _below(found, "")


def _list(lines: Sequence[str], *, in_item: bool) -> Iterator[str]:
    """A list with its pictures below it, or each below its point."""
    waiting, mark = list[str](), ""
    for line in lines:
        kept, pictures = _taken_out(line)
        if waiting and not in_item and is_point(line) and not line[0].isspace():
            yield from (*_below(waiting, "   "), "")
            waiting.clear()
        waiting += pictures
        if pictures and _MARK_ALONE.match(kept):
            mark = f"{kept.rstrip()} "  # its words, if it has any, are on the next line
        elif kept.strip():
            yield kept if is_point(kept) else f"{mark or kept[: len(kept) - len(kept.lstrip())]}{kept.lstrip()}"
            mark = ""
    yield from _below(waiting, "" if in_item else "   ")


def _below(pictures: Sequence[str], indent: str) -> Iterator[str]:
    for picture in pictures:
        yield from ("", f"{indent}{picture}")


def _taken_out(line: str) -> tuple[str, list[str]]:
    """The line without its pictures, and the pictures. Those in code stay."""
    if "`![" in line:
        return line, []
    pictures = [found[0] for found in PICTURE.finditer(line)]
    if not pictures:
        return line, []
    indent = line[: len(line) - len(line.lstrip())]
    return indent + re.sub(r"[ \t]{2,}", " ", PICTURE.sub(" ", line[len(indent) :])).strip(), pictures
