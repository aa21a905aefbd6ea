"""Running text of an edition: text with emphasis, links and numbered citations, independent of any platform's markup.

Text that people write (a note, the letter) may contain light markup, which `read` parses. Text from papers and models
is never parsed: it becomes one plain span.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from bot.chat import rich_text
from bot.chat.rich_text import LINK_TARGET, Bold, InlineCode, Italic, Link, whole_address


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation in the text: the number of an entry of the edition's references."""

    number: int
    kind: Literal["cite"] = "cite"

    @property
    def text(self) -> str:
        """The citation as printed: `[3]`"""
        return f"[{self.number}]"


MAX_CITED_AT_ONCE = 30
"""Works that one pair of brackets may cite."""
ProseSpan = rich_text.TextSpan | Citation
Prose = tuple[ProseSpan, ...]

CITED_PLACE = r"""(?:,\s?(?P<place>(?:(?i:pp?|sec|sect|section|chap|ch|chapter|fig|figure|tab|table|eq|theorem|app|
      appendix|abschn|abschnitt|kap|kapitel|abb|seite)|S|§)\.?\s?\w[\w.–-]{0,11}))?"""
"""Place in a cited work: "[3, p. 4]". The citation keeps its number alone, and the place follows it."""

_MARK = re.compile(
    rf"""
      \[(?P<label>[^\[\]\n]{{1,300}})\]\((?P<target>{LINK_TARGET})\)
    | (?P<url>https?://[^\s<>"`|\\]{{1,2000}}[^\s<>"`|\\.,;:!?)\]'’”])
    | \*\*(?P<bold>[^*\n]{{1,500}})\*\*
    | (?:(?<![\w*])|(?<=[^*\s]\*\*))\*(?P<italic>[^*\s][^*\n]{{0,500}})\*(?![\w*])
    | `(?P<code>[^`\n]{{1,300}})`
    | \[(?P<cite>\d{{1,3}}(?:\s?[,;–-]\s?\d{{1,3}})*){CITED_PLACE}\]
    """,
    re.VERBOSE,
)


def read(text: str, *, cited: frozenset[int] = frozenset()) -> Prose:
    """The text of a person, with its links, emphasis and citations as values.

    Understood are `[label](https://…)`, bare links, `**bold**`, `*italic*`, `` `code` `` and, for the numbers in
    `cited`, `[3]`, `[2, 4]` and `[1–3]`. Anything else stays as it was typed.
    """
    spans: list[ProseSpan] = []
    at = 0
    for found in _MARK.finditer(text):
        if not (read := _spans(found, cited)):
            continue
        if found.start() > at:
            spans.append(text[at : found.start()])
        at = found.end()
        if found["url"]:
            url = whole_address(text, at, found["url"])
            read, at = (Link(url, url),), found.start() + len(url)
        spans += read
    if at < len(text):
        spans.append(text[at:])
    return tuple(spans)


def plain(prose: Prose) -> str:
    """The words alone, without emphasis and without where the links lead."""
    return "".join(_plain(span) for span in prose)


def words(prose: Prose) -> rich_text.Words:
    """The text as rich text for a card; citations become their numbers in brackets."""
    return tuple(span.text if isinstance(span, Citation) else span for span in prose)


def joined(prose: Prose) -> Prose:
    """The text with neighboring plain texts as one."""
    spans: list[ProseSpan] = []
    for span in prose:
        if isinstance(span, str) and spans and isinstance(spans[-1], str):
            spans[-1] += span
        else:
            spans.append(span)
    return tuple(spans)


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


def citations(numbers: str, cited: frozenset[int]) -> Prose:
    """The citations of `2`, `2, 4` or `1–3`, each bound by itself; none unless each number is in `cited`.

    A citation of several numbers is so written as several, since each follows its own work.
    """
    parts = [part.strip() for part in re.split("[,;]", numbers)]
    found: list[int] = []
    for part in parts:
        first, _, last = re.sub(r"\s", "", part).replace("–", "-").partition("-")
        found += range(int(first), int(last or first) + 1)
    if not found or len(found) > MAX_CITED_AT_ONCE or not cited.issuperset(found):
        return ()
    spans = [Citation(number) for number in found]
    return tuple(piece for span in spans for piece in (", ", span))[1:]


def placed_citations(found: re.Match[str], cited: frozenset[int]) -> Prose:
    """The citations of a mark, and the place in the work that it names: "[3, p. 4]" is "[3] (p. 4)"."""
    spans = citations(found["cite"], cited)
    return (*spans, f" ({found['place']})") if spans and found["place"] else spans


def _spans(found: re.Match[str], cited: frozenset[int]) -> Prose:
    """The values of a mark; none where it stays as it was typed."""
    if found["target"]:
        return (Link(found["label"], found["target"]),)
    if found["url"]:
        return (Link(found["url"], found["url"]),)
    if found["bold"]:
        return (Bold(found["bold"]),)
    if found["italic"]:
        return (Italic(found["italic"]),)
    if found["code"]:
        return (InlineCode(found["code"]),)
    return placed_citations(found, cited)


def _plain(span: ProseSpan) -> str:
    if isinstance(span, str):
        return span
    return span.label if isinstance(span, Link) else span.text
