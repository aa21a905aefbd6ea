"""Highlights that Readwise exports, as Markdown: an item for each document, with its highlights as quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_DOCUMENT = re.compile(r"^# (?P<title>\S.*)\n(?P<rest>(?:(?!^# |^## ).*\n){0,20})## Metadata[ \t]*\n", re.MULTILINE)
_FIELD = re.compile(r"^- (?P<name>[A-Z][\w ]{1,30}):[ \t]*(?P<value>\S.*)$", re.MULTILINE)
_HIGHLIGHTS = re.compile(r"^## (?:New )?Highlights\b.*$", re.MULTILINE)
_SOURCE = re.compile(
    r"[ ]?\(\[(?P<label>[^\[\]\n]{1,60})\]\([^()\s]{1,500}\)\)[ \t]*$"
    r"|[ ]?\((?P<page>Page [^()\n]{1,20}|p\. ?\d{1,5})\)[ \t]*$"
)
_NOTE = re.compile(r"^\*{0,2}Note:?\*{0,2}:?[ \t]*(.*)$", re.IGNORECASE)
_TAGS = re.compile(r"^\*{0,2}Tags:?\*{0,2}:?", re.IGNORECASE)
_WIKI = re.compile(r"\[\[([^\[\]\n]{1,200})\]\]")


def is_readwise(text: str) -> bool:
    """True for a text with the parts that Readwise writes for each document: its metadata, then its highlights."""
    return bool(_DOCUMENT.search(text) and _HIGHLIGHTS.search(text))


def readwise_as_markdown(text: str) -> str:
    """The text as Markdown. Covers, tags and links into Readwise are left out."""
    starts = [*_DOCUMENT.finditer(text)]
    ends = [*(found.start() for found in starts[1:]), len(text)]
    pieces = [
        piece for found, end in zip(starts, ends, strict=True) for piece in _document(found, text[found.end() : end])
    ]
    before = text[: starts[0].start()].strip()
    return "\n\n".join([*([before] if before else []), *pieces]) + "\n"


def _document(found: re.Match[str], text: str) -> Iterator[str]:
    """The heading of an item, its authors and its highlights."""
    parts = _HIGHLIGHTS.split(text)
    fields = {one["name"]: _WIKI.sub(r"\1", one["value"]).strip() for one in _FIELD.finditer(parts[0])}
    title = re.sub(r"([\[\]])", r"\\\1", fields.get("Full Title", found["title"].strip()))
    url = fields.get("URL", fields.get("Source URL", ""))
    yield f"### [{title}]({url})" if url.startswith(("http://", "https://")) else f"### {title}"
    if author := fields.get("Author"):
        yield f"*By {author}*"
    for name in ("Summary", "Document Note"):
        if name in fields:
            yield fields[name]
    for part in parts[1:]:
        yield from _highlights(part)


def _highlights(part: str) -> Iterator[str]:
    point: list[str] = []
    for line in [*part.split("\n"), "- "]:
        if line.startswith("- "):
            if point:
                yield from _quote(point)
            point = [line[2:]] if line[2:].strip() else []
        elif point and (line.strip() or point[-1]):
            point.append(line.strip())
        elif line.strip():
            yield line.strip()


def _quote(lines: list[str]) -> Iterator[str]:
    """A highlight as a quote, and the reader's notes on it."""
    words: list[str] = []
    notes: list[str] = []
    page = ""
    for line in lines:
        bare = line.removeprefix("- ")
        if _TAGS.match(bare):
            continue
        if noted := _NOTE.match(bare):
            notes.append(noted[1])
        elif notes and line:
            notes[-1] += f"\n{bare}"
        else:
            behind = _SOURCE.search(line)
            page = (behind["page"] or "") if behind else page
            words.append(line[: behind.start()] if behind else line)
    said = "\n".join(words).strip()
    if said.startswith("!["):
        yield said
    elif said:
        quoted = "\n".join(f"> {line}".rstrip() for line in said.split("\n"))
        yield f"{quoted}\n> — {page[:1].lower()}{page[1:]}" if page else quoted
    for note in notes:
        yield f"→ {_WIKI.sub(chr(92) + '1', note)}"
