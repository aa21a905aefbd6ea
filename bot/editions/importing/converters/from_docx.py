"""A document of a word processor (Office Open XML, as Word and Google Docs write it) as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from posixpath import basename, join, normpath

from lxml import etree

from bot.domain.figure_names import FOLDER
from bot.editions.importing.converters.from_html import markdown_of
from bot.errors import UserError
from bot.locale.current import _

_NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "v": "urn:schemas-microsoft-com:vml",
}
_W, _R = (f"{{{_NAMESPACES[prefix]}}}" for prefix in "wr")
_HEADING = re.compile(r"(?:heading|(?:ü|u)?berschrift|titre|t[ií]?tulo|titolo|kop) ?([1-6])\Z")
"""Name of a heading's style, or its id in one of some languages where the document does not name its styles."""
_TITLES = ("title", "titel", "ttulo", "titulo")
_NOTE_MARK = "\ue000{}\ue001"
"""A footnote's number while the text is HTML."""
_FIELD_LINK = re.compile(r'HYPERLINK\s+"(https?://[^"\s]+)"')
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+\Z")


@dataclass(frozen=True, slots=True)
class _ListPlace:
    """Place of a paragraph in a list: its depth from 0, and the element of its list."""

    depth: int
    element: str


@dataclass(slots=True)
class _Document:
    """The parts of a document that its paragraphs refer to."""

    targets: dict[str, str] = field(default_factory=dict)
    styles: dict[str, str] = field(default_factory=dict)
    """Names of styles by id, in English and lower case whatever language the program speaks."""
    style_levels: dict[str, int] = field(default_factory=dict)
    style_lists: dict[str, tuple[str, int]] = field(default_factory=dict)
    formats: dict[tuple[str, int], str] = field(default_factory=dict)
    """Formats of numbers by list and depth."""


def docx_as_markdown(files: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """The text of a document as Markdown, and its pictures by their paths. Raises UserError if it is damaged."""
    root = _parsed(files, "word/document.xml")
    body = root.find("w:body", _NAMESPACES) if root is not None else None
    if body is None:
        raise UserError(_("That document is damaged. Save it again, or as HTML."), field="file")
    converter = _Converter(_document(files))
    page = f"<html><body>{''.join(converter.blocks(body))}</body></html>"
    markdown = re.sub("\ue000(\\d+)\ue001", r"[^\1]", markdown_of(page))
    notes = "\n".join(f"[^{id}]: {words}" for id, words in converter.notes(_parsed(files, "word/footnotes.xml")))
    pictures = {join(FOLDER, basename(path)): file for path, file in files.items() if path.startswith("word/media/")}
    return (f"{markdown}\n\n{notes}\n" if notes else markdown), pictures


def _parsed(files: Mapping[str, bytes], path: str) -> etree._Element | None:
    if path not in files:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(files[path], parser)
    except etree.XMLSyntaxError:
        return None


def _document(files: Mapping[str, bytes]) -> _Document:
    found = _Document()
    if (relations := _parsed(files, "word/_rels/document.xml.rels")) is not None:
        found.targets = {entry.get("Id", ""): entry.get("Target", "") for entry in relations}
    if (styles := _parsed(files, "word/styles.xml")) is not None:
        for style in styles.findall("w:style", _NAMESPACES):
            id = style.get(f"{_W}styleId", "")
            found.styles[id] = _value(style, "w:name").lower()
            if (level := _value(style, "w:pPr/w:outlineLvl")).isdecimal():
                found.style_levels[id] = int(level) + 1
            if list_id := _value(style, "w:pPr/w:numPr/w:numId"):
                own_depth = _value(style, "w:pPr/w:numPr/w:ilvl")
                found.style_lists[id] = (list_id, int(own_depth) if own_depth.isdecimal() else 0)
    if (numbering := _parsed(files, "word/numbering.xml")) is not None:
        formats: dict[str, dict[int, str]] = {}
        for abstract in numbering.findall("w:abstractNum", _NAMESPACES):
            formats[abstract.get(f"{_W}abstractNumId", "")] = {
                int(level.get(f"{_W}ilvl", "0")): _value(level, "w:numFmt")
                for level in abstract.findall("w:lvl", _NAMESPACES)
            }
        for number in numbering.findall("w:num", _NAMESPACES):
            for depth, name in formats.get(_value(number, "w:abstractNumId"), {}).items():
                found.formats[number.get(f"{_W}numId", ""), depth] = name
    return found


def _value(node: etree._Element, path: str) -> str:
    """The value of an element below another; empty if there is none."""
    found = node.find(path, _NAMESPACES)
    return found.get(f"{_W}val", "") if found is not None else ""


class _Converter:
    """Turns paragraphs and tables into HTML."""

    def __init__(self, document: _Document) -> None:
        self._document = document

    def blocks(self, body: etree._Element) -> Iterator[str]:
        """The blocks of a body, with lists around their points."""
        open_lists: list[str] = []
        for node in _block_nodes(body):
            place = self._place(node) if node.tag == f"{_W}p" else None
            depth = place.depth + 1 if place else 0
            while len(open_lists) > depth or (place and len(open_lists) == depth and open_lists[-1] != place.element):
                yield f"</{open_lists.pop()}>"
            while place and len(open_lists) < depth:
                open_lists.append(place.element)
                yield f"<{place.element}>"
            if place:
                yield f"<li>{self._words(node)}</li>"
            elif node.tag == f"{_W}tbl":
                yield self._table(node)
            else:
                yield self._paragraph(node)
        yield from (f"</{element}>" for element in reversed(open_lists))

    def notes(self, footnotes: etree._Element | None) -> Iterator[tuple[str, str]]:
        """The footnotes: number and text."""
        for note in footnotes if footnotes is not None else ():
            words = " ".join(self._words(p) for p in note.iter(f"{_W}p"))
            if note.get(f"{_W}type") is None and (text := " ".join(markdown_of(f"<p>{words}</p>").split())):
                yield note.get(f"{_W}id", ""), text

    def _style(self, paragraph: etree._Element) -> str:
        return _value(paragraph, "w:pPr/w:pStyle")

    def _place(self, paragraph: etree._Element) -> _ListPlace | None:
        """The place of a paragraph in a list; None for headings and other paragraphs."""
        style = self._style(paragraph)
        if self._level_of(paragraph):
            return None
        number, depth = self._document.style_lists.get(style, ("", 0))
        number = _value(paragraph, "w:pPr/w:numPr/w:numId") or number
        own_depth = _value(paragraph, "w:pPr/w:numPr/w:ilvl")
        depth = int(own_depth) if own_depth.isdecimal() else depth
        if number in ("", "0"):
            return None
        form = self._document.formats.get((number, depth), "bullet")
        return _ListPlace(min(depth, 8), "ul" if form in ("bullet", "none", "") else "ol")

    def _level_of(self, paragraph: etree._Element) -> int:
        """The level of a paragraph as a heading, by its style or its own outline level; 0 for other paragraphs."""
        own = _value(paragraph, "w:pPr/w:outlineLvl")
        return self._level(self._style(paragraph)) or (int(own) + 1 if own.isdecimal() and int(own) < 6 else 0)

    def _level(self, style: str) -> int:
        """The level of a heading; 0 for other paragraphs."""
        name = self._document.styles.get(style, style.lower())
        if name in _TITLES:
            return 1
        if found := _HEADING.match(name):
            return int(found[1])
        level = self._document.style_levels.get(style, 0)
        return level if level <= 6 else 0

    def _paragraph(self, paragraph: etree._Element) -> str:
        style = self._style(paragraph)
        name, words = self._document.styles.get(style, style.lower()), self._words(paragraph)
        if level := self._level_of(paragraph):
            return f"<h{level}>{words}</h{level}>"
        if name == "subtitle":
            return f"<p><i>{words}</i></p>"
        if "quote" in name:
            return f"<blockquote><p>{words}</p></blockquote>"
        return f"<p>{words}</p>"

    def _table(self, table: etree._Element) -> str:
        rows = []
        for row in table.findall("w:tr", _NAMESPACES):
            cells = (
                "".join(f"<p>{self._words(p)}</p>" for p in c.iter(f"{_W}p")) for c in row.findall("w:tc", _NAMESPACES)
            )
            rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
        return f"<table>{''.join(rows)}</table>"

    def _words(self, paragraph: etree._Element) -> str:
        """The running text of a paragraph as HTML: links, emphasis, pictures and footnotes."""
        out: list[str] = []
        url, instruction = "", ""
        for node in _inline_nodes(paragraph):
            match node.tag:
                case str(tag) if tag == f"{_W}hyperlink":
                    target = self._document.targets.get(node.get(f"{_R}id", ""), "")
                    inside = "".join(self._run(run) for run in node.iter(f"{_W}r"))
                    out.append(_linked(inside, target))
                case str(tag) if tag == f"{_W}fldSimple":
                    found = _FIELD_LINK.search(node.get(f"{_W}instr", ""))
                    out.append(
                        _linked("".join(self._run(run) for run in node.iter(f"{_W}r")), found[1] if found else "")
                    )
                case _:
                    mark = node.find("w:fldChar", _NAMESPACES)
                    state = mark.get(f"{_W}fldCharType", "") if mark is not None else ""
                    instruction += "".join(part.text or "" for part in node.findall("w:instrText", _NAMESPACES))
                    if state == "separate" and (found := _FIELD_LINK.search(instruction)):
                        url = found[1]
                    elif state == "end":
                        url, instruction = "", ""
                    out.append(_linked(self._run(node), url))
        return "".join(out)

    def _run(self, run: etree._Element) -> str:
        properties = run.find("w:rPr", _NAMESPACES)
        if properties is not None and _is_on(properties, "w:vanish"):
            return ""
        words = "".join(map(self._piece, run))
        if properties is None or not words.strip() or words.startswith("<img"):
            return words
        raised = properties.find("w:vertAlign", _NAMESPACES)
        if mark := {"superscript": "sup", "subscript": "sub"}.get(
            raised.get(f"{_W}val", "") if raised is not None else ""
        ):
            words = f"<{mark}>{words}</{mark}>"
        for name, mark in (("w:b", "b"), ("w:i", "i")):
            if _is_on(properties, name):
                words = f"<{mark}>{words}</{mark}>"
        return words

    def _piece(self, node: etree._Element) -> str:
        match etree.QName(node).localname if isinstance(node.tag, str) else "":
            case "t":
                return escape(node.text or "", quote=False)
            case "tab":
                return " "
            case "br" | "cr":
                return "<br>"
            case "noBreakHyphen":
                return "-"
            case "footnoteReference":
                return _NOTE_MARK.format(node.get(f"{_W}id", ""))
            case "drawing" | "pict" | "object" | "AlternateContent":
                return self._picture(node)
        return ""

    def _picture(self, node: etree._Element) -> str:
        blip = node.find(".//a:blip", _NAMESPACES)
        old = node.find(".//v:imagedata", _NAMESPACES)
        id = blip.get(f"{_R}embed") or blip.get(f"{_R}link") if blip is not None else ""
        id = id or (old.get(f"{_R}id") if old is not None else "")
        target = self._document.targets.get(id or "", "")
        if not target:
            return ""
        about = node.find(".//wp:docPr", _NAMESPACES)
        alt = (about.get("descr") or about.get("title") or "") if about is not None else ""
        source = target if target.startswith("http") else join(FOLDER, basename(normpath(target)))
        return f'<img src="{escape(source)}" alt="{escape(" ".join(alt.split()))}">'


def _block_nodes(body: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, those within content controls too."""
    for node in body:
        if node.tag in (f"{_W}p", f"{_W}tbl"):
            yield node
        elif node.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _block_nodes(node)


def _inline_nodes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Runs and links in order; what was deleted in a tracked change is left out."""
    for node in paragraph:
        if node.tag in (f"{_W}r", f"{_W}hyperlink", f"{_W}fldSimple"):
            yield node
        elif node.tag in (f"{_W}ins", f"{_W}smartTag", f"{_W}sdt", f"{_W}sdtContent", f"{_W}moveTo", f"{_W}customXml"):
            yield from _inline_nodes(node)


def _is_on(properties: etree._Element, name: str) -> bool:
    found = properties.find(name, _NAMESPACES)
    return found is not None and found.get(f"{_W}val", "true") not in ("0", "false", "off", "none")


def _linked(words: str, url: str) -> str:
    return f'<a href="{escape(url)}">{words}</a>' if words and _SAFE_LINK.match(url) else words
