"""Writer of the light markup: the inverse of `bot.editions.edit.markup_parser`, used to prefill edit forms.

Text that would be parsed as markup is escaped with a backslash, so that parsing it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.chat.rich_text import Bold, Italic, Link
from bot.chat.rich_text import InlineCode as CodeSpan
from bot.editions.edit.markup_parser import quoted_paragraph
from bot.editions.model import prose
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    ListBlock,
    Paragraph,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.prose import Citation, Prose
from bot.editions.text_analysis.bullets import BULLETS, with_point_lines
from bot.editions.text_analysis.quotation_marks import MARKS

_LEADS = re.compile(rf"^(?:\d{{1,3}}(?=[.)])|(?=[{re.escape(BULLETS.replace('*', ''))}#>→!]))")
_ESCAPED = re.compile(r"\\([^\w\s])")
_MARKS = re.compile(r"[\\`*\[\]]|://")


def write_blocks(blocks: Iterable[Block]) -> str:
    """The blocks as a moderator would have typed them."""
    return "\n\n".join(_written(block) for block in blocks)


def without_escapes(text: str) -> str:
    """A text in the markup as people read it: without the backslashes that keep its marks from being parsed."""
    return _ESCAPED.sub(r"\1", text)


def words(text: Prose) -> str:
    """Running text as a moderator would have typed it."""
    return "".join(_span(span) for span in text)


def _written(block: Block) -> str:
    match block:
        case Paragraph(content):
            text = words(content)
            return _with_escaped_mark(text) if quoted_paragraph(text) else _with_escaped_lead(text)
        case Subheading(text):
            return f"# {_escape(text)}"
        case ListBlock():
            return "\n".join(_rows(block))
        case Quotation(text):
            lines = with_point_lines(text.split("\n")).split("\n")
            return "\n".join(f"> {_escape(line)}" for line in lines) + (
                f"\n> — {_escape(block.credit)}" if block.credit else ""
            )
        case RemarkBlock(content, by):
            who = f"@{_escape(by)}: " if by else ""
            return f"→ {who}{words(content)}"
        case Related(title, url, note):
            return f"→ [{_escape(title)}]({url}) {words(note)}".rstrip()
        case Figure(url, alt, caption, credit):
            under = words(caption).replace("|", r"\|") + (f" | {words(credit)}" if credit else "")
            return f"![{_escape(alt)}]({url}) {under}".rstrip()
        case CodeBlock(program, language):
            return f"```{language}\n{program}\n```"
        case _:
            assert_never(block)


def _rows(block: ListBlock, indent: str = "") -> Iterator[str]:
    for position, point in enumerate(block.points, block.start):
        yield f"{indent}{f'{position}.' if block.numbered else '-'} {words(point.words)}"
        if point.below:
            yield from _rows(point.below, indent + "   ")


def _with_escaped_mark(text: str) -> str:
    """A paragraph whose first quotation mark is escaped, so that it is not parsed as a quote."""
    at = next(place for place, sign in enumerate(text) if sign in MARKS)
    return f"{text[:at]}\\{text[at:]}"


def _with_escaped_lead(text: str) -> str:
    """A paragraph whose start is escaped if it would be parsed as a list, a quote or a heading."""
    lead = _LEADS.match(text)
    return f"{text[: lead.end()]}\\{text[lead.end() :]}" if lead else text


def _span(span: prose.ProseSpan) -> str:
    match span:
        case str():
            return _escape(span)
        case Bold(text):
            return f"**{text}**"
        case Italic(text):
            return f"*{text}*"
        case CodeSpan(text):
            return f"`{text}`"
        case Citation():
            return span.text
        case Link(label, url):
            return url if label == url else f"[{_escape(label)}]({url})"
        case _:
            assert_never(span)


def _escape(text: str) -> str:
    """Text on one line with every mark escaped. A bare address is escaped too, so that it does not become a link."""
    return _MARKS.sub(lambda found: r":\//" if found[0] == "://" else f"\\{found[0]}", text.replace("\n", " "))
