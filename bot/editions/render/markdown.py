"""An edition as Markdown, ready for Medium, Substack or a repository: CommonMark, no HTML, links that lead out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.domain.figure_names import is_figure_name
from bot.editions.model.blocks import Block, Figure, ListBlock, Paragraph, Quotation, Related, RemarkBlock, Subheading
from bot.editions.model.blocks import CodeBlock as Lines
from bot.editions.model.document import Document
from bot.editions.model.prose import Citation, Prose, ProseSpan
from bot.editions.render import outline
from bot.editions.render.figure_addresses import BESIDE_TEXT, FigureAddress, with_addresses
from bot.editions.render.outline import Outline, OutlineItem, OutlineSection
from bot.editions.render.outline_builder import build_outline

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$]|!(?=\[)|&(?=#?\w+;)|(?<!\S)#)")
_INDENT = re.compile(r"(?<![ \t])[ \t]*\n[ \t]*")  # four spaces would make a program of a paragraph
_LINE_START = re.compile(r"^([^\S\n]*)([-+=]|\d{1,9}[.)])", re.MULTILINE)


def render(document: Document, *, url: str = "", figures: FigureAddress = BESIDE_TEXT) -> str:
    """The edition as one Markdown text. `url` is its page on the web, if it has one; `figures` is where its pictures
    are: beside the text, in the folder `figures`, if nothing is given.
    """
    pieces = (piece for piece in _pieces(build_outline(with_addresses(document, figures)), url) if piece)
    return "\n\n".join(pieces) + "\n"


def _pieces(edition_outline: Outline, url: str) -> Iterator[str]:
    yield f"# {_escaped_text(edition_outline.title)}"
    club = f"**{_link(edition_outline.club, url)}**" if url else f"**{_escaped_text(edition_outline.club)}**"
    yield " · ".join((club, *map(_escaped_text, edition_outline.dateline)))
    if edition_outline.headline:
        yield f"*{_escaped_text(edition_outline.headline)}*"
    yield _prose(edition_outline.intro)
    for opening in edition_outline.opening:
        yield from _opening(opening)
    for section in edition_outline.sections:
        yield from _section(section)
    rule_written = False
    for closing in edition_outline.closing:
        if not rule_written and isinstance(closing, _AFTER_RULE):
            rule_written = True
            yield "---"
        yield from _closing(closing)


_AFTER_RULE = (outline.SignOff, outline.WebLinks, outline.CreditList, outline.Colophon)
"""Closing parts that are placed below the horizontal rule."""


def render_block(block: Block) -> str:
    """One block as the export writes it."""
    return _block(block)


def render_item_part(part: outline.ItemPart) -> tuple[str, ...]:
    """One part of an item as the export writes it: its blocks in order."""
    return tuple(piece for piece in _item_part(part) if piece)


def render_reference(entry: outline.ReferenceEntry) -> str:
    """One reference as the export writes it."""
    return f"{_escaped_text(entry.before)}{_link(entry.title, entry.url)}{_escaped_text(entry.after)}"


def render_text(text: str) -> str:
    """Plain text as the export writes it: without markup."""
    return _escaped_text(text)


def _opening(part: outline.OpeningPart) -> Iterator[str]:
    match part:
        case outline.OutlineLetter(blocks, signature):
            yield from _blocks(blocks)
            yield f"*{_escaped_text(signature)}*" if signature else ""
        case outline.VideoLink(label, url):
            yield f"▶ {_link(label, url)}"
        case outline.ThemeList(label, themes):
            yield f"## {_escaped_text(label)}"
            yield _bullets(_escaped_text(theme.line) for theme in themes)
        case outline.ContentsList(label, entries=entries):
            yield f"## {_escaped_text(label)}"
            yield _bullets(_escaped_text(entry.heading) for entry in entries)
        case outline.OutlineChart(title, caption, rows):
            yield f"**{_escaped_text(title)}**"
            yield _prose(caption)
            yield _bullets(_escaped_text(row) for row in rows)
        case _:
            assert_never(part)


def _section(section: OutlineSection) -> Iterator[str]:
    yield f"## {_escaped_text(section.heading)}"
    yield _prose(section.lead).lstrip()
    for item in section.items:
        yield from _item(item)


def _item(item: OutlineItem) -> Iterator[str]:
    title = _link(item.title, item.url)
    yield f"### {item.number}. {title}" if item.number else f"### {title}"
    for part in item.parts:
        yield from _item_part(part)


def _item_part(part: outline.ItemPart) -> Iterator[str]:
    match part:
        case outline.Byline(line) | outline.ProvenanceNote(text=line) | outline.CorrectionNote(line):
            yield f"*{_escaped_text(line)}*"
        case outline.BadgeRow(badges):
            yield " | ".join(_link(badge.label, badge.url) for badge in badges)
        case outline.WhyLine(label, words):
            yield ((f"**{_escaped_text(label)}** → " if label else "") + _prose(words)).rstrip()
        case outline.InsightList(label):
            yield f"**{_escaped_text(label)}** → {_prose(part.lead)}".rstrip()
            yield from _blocks(part.rest)
        case outline.PassageList(blocks):
            yield from _blocks(blocks)
        case outline.CommentList(label, _, comments):
            yield f"**{_escaped_text(label)}**"
            yield from (_quote(comment.text, _link(comment.by, comment.url)) for comment in comments)
        case outline.VoteLine(line):
            yield _escaped_text(line)
        case outline.ThreadList(label, links):
            yield f"{_escaped_text(label)}: " + ", ".join(_link(link.label, link.url) for link in links)
        case _:
            assert_never(part)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield _block(block)


def _block(block: Block) -> str:
    match block:
        case Paragraph(words):
            return _prose(words).lstrip()
        case Subheading(title):
            return f"#### {_escaped_text(title)}"
        case ListBlock():
            return "\n".join(_rows(block))
        case Quotation(quoted):
            return _quote(quoted, _escaped_text(block.credit))
        case RemarkBlock(words, by):
            return f"→ **{_escaped_text(by)}:** {_prose(words)}" if by else f"→ {_prose(words)}"
        case Related(title, url, words):
            return f"→ {_link(title, url)} {_prose(words)}".rstrip()
        case Figure(url, alt, caption, credit) as figure:
            caption_line = " ".join(filter(None, (_prose(words, within="_") for words in (caption, credit))))
            image = (
                f"[![{_escaped_text(alt)}]({_address(url)})]({_address(url)})"
                if _is_picture(url)
                else _escaped_text(figure.replacement)
            )
            return "\n\n".join(filter(None, (image, f"*{caption_line}*" if caption_line else "")))
        case Lines(program, language):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", program)), default=0))
            return f"{fence}{language}\n{program}\n{fence}"
        case _:
            assert_never(block)


def _is_picture(url: str) -> bool:
    """True for an address that a picture can be loaded from: on the web, or of a file beside the text."""
    return Link("", url).is_safe or is_figure_name(url.removeprefix("../"))


def _rows(block: ListBlock, indent: str = "") -> Iterator[str]:
    for position, point in enumerate(block.points, block.start):
        mark = f"{position}." if block.numbered else "-"
        yield f"{indent}{mark} {_prose(point.words)}"
        if point.below:
            yield from _rows(point.below, indent + " " * (len(mark) + 1))


def _closing(part: outline.ClosingPart) -> Iterator[str]:
    match part:
        case outline.ReferenceList(label, entries):
            yield f"## {_escaped_text(label)}"
            for entry in entries:
                yield render_reference(entry)
        case outline.LinkList(label, links):
            yield f"## {_escaped_text(label)}"
            yield _bullets(f"{_escaped_text(link.label)}: <{_address(link.url)}>" for link in links if link.is_safe)
        case outline.ErrataList(label, errata):
            yield f"## {_escaped_text(label)}"
            yield _bullets(_escaped_text(erratum.line) for erratum in errata)
        case outline.SignOff(words):
            yield _prose(words)
        case outline.WebLinks(links):
            yield " · ".join(_link(link.label, link.url) for link in links)
        case outline.CreditList(credits):
            yield _bullets(f"**{_escaped_text(credit.role)}:** {_escaped_text(credit.names)}" for credit in credits)
        case outline.Colophon(line):
            yield f"*{_escaped_text(line)}*"
        case _:
            assert_never(part)


def _quote(text: str, credit: str) -> str:
    quoted = "\n".join(f"> {line}" if line else ">" for line in _escaped_text(f"“{text.strip()}”").split("\n"))
    return f"{quoted}\n>\n> — {credit}" if credit else quoted


def _bullets(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)


def _prose(prose: Prose, within: str = "*") -> str:
    """Running text; `within` is the mark of its emphasis, which is another one in a line that is in italics itself."""
    text = "".join(_span(span, within) for span in prose)
    return _LINE_START.sub(_escape_list_mark, text)


def _span(span: ProseSpan, mark: str = "*") -> str:
    match span:
        case Bold(text):
            return f"{mark}{mark}{_inline(text)}{mark}{mark}"
        case Italic(text):
            return f"{mark}{_inline(text)}{mark}"
        case InlineCode(text):
            fence = "``" if "`" in text else "`"
            return f"{fence}{text}{fence}"
        case Citation():
            return _inline(span.text)
        case Link(label, url):
            return _link(label, url)
        case str():
            return _inline(span)
        case _:
            assert_never(span)


def _link(label: str, url: str) -> str:
    link = Link(" ".join(label.split()), url)
    return f"[{_inline(link.safe_label)}]({_address(url)})" if url and link.is_safe else _escaped_text(label)


def _address(url: str) -> str:
    """A URL that Markdown does not end too early."""
    return url.replace("(", "%28").replace(")", "%29")


def _escaped_text(text: str) -> str:
    """Text with Markdown characters escaped, so that it contains no markup and no list."""
    return _LINE_START.sub(_escape_list_mark, _inline(text))


def _inline(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _INDENT.sub("\n", text))


def _escape_list_mark(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark[:-1]}\\{mark[-1]}"
