"""Running text of an edition: text with emphasis, links and numbered citations, independent of any platform's markup.

Text that people write (a note, the letter) may contain light markup, which `read` parses. Text from papers and models
is never parsed: it becomes one plain span.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from bot.chat import rich_text
from bot.chat.rich_text import Bold, InlineCode, Italic, Link


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in the text: the number of an entry of the edition's references."""

    number: int
    kind: Literal["cite"] = "cite"

    @property
    def text(self) -> str:
        """The citation as printed: `[3]`"""
        return f"[{self.number}]"


ProseSpan = rich_text.TextSpan | Citation
Prose = tuple[ProseSpan, ...]

_MARK = re.compile(
    r"""
      \[(?P<label>[^\[\]\n]{1,300})\]\((?P<target>https?://[^\s()<>"]{1,2000})\)
    | (?P<url>https?://[^\s<>"`|\\]{1,2000}[^\s<>"`|\\.,;:!?)\]'’”])
    | \*\*(?P<bold>[^*\n]{1,500})\*\*
    | (?<![\w*])\*(?P<italic>[^*\s][^*\n]{0,500})\*(?![\w*])
    | `(?P<code>[^`\n]{1,300})`
    | \[(?P<cite>\d{1,3})\]
    """,
    re.VERBOSE,
)


def read(text: str, *, cited: frozenset[int] = frozenset()) -> Prose:
    """The text of a person, with its links, emphasis and citations as values.

    Understood are `[label](https://…)`, bare links, `**bold**`, `*italic*`, `` `code` `` and, for the numbers in
    `cited`, `[3]`. Anything else stays as it was typed.
    """
    spans: list[ProseSpan] = []
    at = 0
    for found in _MARK.finditer(text):
        if (span := _span(found, cited)) is None:
            continue
        if found.start() > at:
            spans.append(text[at : found.start()])
        spans.append(span)
        at = found.end()
    if at < len(text):
        spans.append(text[at:])
    return tuple(spans)


def plain(prose: Prose) -> str:
    """The words alone, without emphasis and without where the links lead."""
    return "".join(_plain(span) for span in prose)


def words(prose: Prose) -> rich_text.Words:
    """The text as rich text for a card; citations become their numbers in brackets."""
    return tuple(span.text if isinstance(span, Citation) else span for span in prose)


def links(prose: Prose) -> tuple[Link, ...]:
    """The links in the text, in order."""
    return tuple(span for span in prose if isinstance(span, Link))


def cited_numbers(value: Any) -> set[int]:
    """The numbers that are cited anywhere in a value: running text, a block, a whole document."""
    if isinstance(value, Citation):
        return {value.number}
    if isinstance(value, tuple):
        return set().union(*(cited_numbers(part) for part in value)) if value else set()
    if is_dataclass(value):
        return set().union(*(cited_numbers(getattr(value, field.name)) for field in fields(value)))
    return set()


def _span(found: re.Match[str], cited: frozenset[int]) -> ProseSpan | None:
    if found["target"]:
        return Link(found["label"], found["target"])
    if found["url"]:
        return Link(found["url"], found["url"])
    if found["bold"]:
        return Bold(found["bold"])
    if found["italic"]:
        return Italic(found["italic"])
    if found["code"]:
        return InlineCode(found["code"])
    return Citation(int(found["cite"])) if int(found["cite"]) in cited else None


def _plain(span: ProseSpan) -> str:
    if isinstance(span, str):
        return span
    return span.label if isinstance(span, Link) else span.text
