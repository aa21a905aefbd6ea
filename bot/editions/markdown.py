"""An edition as Markdown, ready for Medium, Substack or a repository: CommonMark, no HTML, links that lead out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.chat.rich import Bold, Code, Italic, Link
from bot.editions import lines
from bot.editions.blocks import Block, Figure, Listing, Paragraph, Quotation, Related, Remark, Subheading
from bot.editions.blocks import Code as Lines
from bot.editions.document import Chart, Document, Item, Section
from bot.editions.labels import Labels
from bot.editions.prose import Cite, Prose

_SIGNS = re.compile(r"([\\`*_\[\]<>|~$]|!(?=\[)|&(?=#?\w+;)|(?<!\S)#)")
_INDENT = re.compile(r"[ \t]*\n[ \t]*")  # four spaces would make a program of a paragraph
_LINE_START = re.compile(r"^(\s*)([-+=]|\d{1,9}[.)])", re.MULTILINE)


def render(document: Document, *, url: str = "") -> str:
    """The edition as one Markdown text. `url` is its page on the web, if it has one."""
    pieces = (piece for piece in _pieces(document, url) if piece)
    return "\n\n".join(pieces) + "\n"


def _pieces(document: Document, url: str) -> Iterator[str]:
    labels = document.labels
    yield f"# {_said(document.title)}"
    club = f"**{_link(document.club, url)}**" if url else f"**{_said(document.club)}**"
    yield " · ".join((club, *map(_said, document.dateline)))
    if document.headline:
        yield f"*{_said(document.headline)}*"
    yield _prose(document.intro)
    if document.video:
        yield f"▶ {_link(document.video.label or labels.video, document.video.url)}"
    if document.letter:
        yield from _blocks(document.letter.blocks)
        yield f"*— {_said(document.letter.by)}*" if document.letter.by else ""
    if document.themes:
        yield f"## {_said(labels.themes)}"
        yield _bullets(_said(theme.line) for theme in document.themes)
    if document.items:
        yield f"## {_said(labels.contents)}"
        yield _bullets(_said(lines.heading(item)) for item in document.items)
    for chart in document.charts:
        yield from _chart(chart)
    for section in document.sections:
        yield from _section(document, section)
    yield from _closing(document)


def _section(document: Document, section: Section) -> Iterator[str]:
    yield f"## {_said(section.heading)}"
    yield _prose(section.intro).lstrip()
    for item in section.items:
        yield from _item(document, item)


def _item(document: Document, item: Item) -> Iterator[str]:
    labels = document.labels
    title = _link(item.title, item.url)
    yield f"### {item.number}. {title}" if item.number else f"### {title}"
    if line := lines.byline(item, labels):
        yield f"*{_said(line)}*"
    for fix in document.fixes(item):
        yield f"*{_said(labels.corrected.format(day=labels.brief(fix.at), what=fix.say))}*"
    yield " | ".join(_link(badge.label, badge.url) for badge in item.badges)
    if item.why:
        yield (f"**{_said(labels.why)}** → " if item.kind == "paper" else "") + _prose(item.why)
    if item.insights:
        yield from _insights(item.insights, labels)
    yield from _blocks(item.passages)
    if item.said:
        yield f"**{_said(labels.said)}**"
        for said in item.said:
            yield _quote(said.text, _link(said.by, said.url))
    if line := lines.standing(item, labels):
        yield _said(line)
    if item.threads:
        yield f"{_said(labels.discussion)}: " + ", ".join(_link(t.workspace, t.url) for t in item.threads)
    if item.provenance:
        yield f"*{_said(item.provenance.told(labels))}*"


def _insights(blocks: tuple[Block, ...], labels: Labels) -> Iterator[str]:
    first, *others = blocks
    if isinstance(first, Paragraph):
        yield f"**{_said(labels.insights)}** → {_prose(first.words)}"
        yield from _blocks(others)
    else:
        yield f"**{_said(labels.insights)}** →"
        yield from _blocks(blocks)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield _block(block)


def _block(block: Block) -> str:
    match block:
        case Paragraph(words):
            return _prose(words).lstrip()
        case Subheading(title):
            return f"#### {_said(title)}"
        case Listing():
            return "\n".join(_rows(block))
        case Quotation(said):
            return _quote(said, _said(block.credit))
        case Remark(words, by):
            return f"→ **{_said(by)}:** {_prose(words)}" if by else f"→ {_prose(words)}"
        case Related(title, url, words):
            return f"→ {_link(title, url)} {_prose(words)}".rstrip()
        case Figure(url, alt, caption, credit):
            under = " ".join(filter(None, (_prose(caption), _prose(credit))))
            shown = f"[![{_said(alt)}]({_address(url)})]({_address(url)})" if Link("", url).safe else _said(alt)
            return f"{shown}\n\n*{under}*" if under else shown
        case Lines(program):
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", program)), default=0))
            return f"{fence}\n{program}\n{fence}"


def _rows(block: Listing, indent: str = "") -> Iterator[str]:
    for place, point in enumerate(block.points, 1):
        mark = f"{place}." if block.numbered else "-"
        yield f"{indent}{mark} {_prose(point.words)}"
        if point.below:
            yield from _rows(point.below, indent + " " * (len(mark) + 1))


def _chart(chart: Chart) -> Iterator[str]:
    yield f"**{_said(chart.title)}**"
    yield _prose(chart.caption)
    rows = (f"{_said(label)}: {value:,g} {_said(chart.unit)}".rstrip() for label, value in chart.points)
    yield _bullets(rows)


def _closing(document: Document) -> Iterator[str]:
    labels = document.labels
    if document.references:
        yield f"## {_said(labels.references)}"
        for entry in document.references:
            before, title, after = lines.reference(entry)
            yield f"{_said(before)}{_link(title, entry.work.url)}{_said(after)}"
    if document.links:
        yield f"## {_said(labels.links)}"
        yield _bullets(f"{_said(link.label)}: <{_address(link.url)}>" for link in document.links if link.safe)
    if document.corrections:
        yield f"## {_said(labels.corrections)}"
        yield _bullets(_said(f"{labels.brief(fix.at)}: {fix.line}") for fix in document.corrections)
    yield "---"
    yield _prose(document.sign_off)
    yield _bullets(f"**{_said(credit.role)}:** {_said(', '.join(credit.names))}" for credit in document.credits)
    yield f"*{_said(lines.source_note(document))}*"


def _quote(said: str, credit: str) -> str:
    lines_ = "\n".join(f"> {line}" if line else ">" for line in _said(f"“{said.strip()}”").split("\n"))
    return f"{lines_}\n>\n> — {credit}" if credit else lines_


def _bullets(rows: Iterable[str]) -> str:
    return "\n".join(f"- {row}" for row in rows)


def _prose(prose: Prose) -> str:
    made = "".join(_span(span) for span in prose)
    return _LINE_START.sub(_unlisted, made) if prose and isinstance(prose[0], str) else made


def _span(span: object) -> str:
    match span:
        case Bold(text):
            return f"**{_inline(text)}**"
        case Italic(text):
            return f"*{_inline(text)}*"
        case Code(text):
            fence = "``" if "`" in text else "`"
            return f"{fence}{text}{fence}"
        case Cite():
            return _inline(span.text)
        case Link(label, url):
            return _link(label, url)
        case _:
            return _inline(str(span))


def _link(label: str, url: str) -> str:
    return f"[{_inline(' '.join(label.split()))}]({_address(url)})" if url and Link("", url).safe else _said(label)


def _address(url: str) -> str:
    """A URL that Markdown does not end too early."""
    return url.replace("(", "%28").replace(")", "%29")


def _said(text: str) -> str:
    """Data as Markdown: its signs are signs, and no line of it begins a list."""
    return _LINE_START.sub(_unlisted, _inline(text))


def _inline(text: str) -> str:
    return _SIGNS.sub(r"\\\1", _INDENT.sub("\n", text))


def _unlisted(found: re.Match[str]) -> str:
    mark = found[2]
    return f"{found[1]}{mark[:-1]}\\{mark[-1]}"
