"""Opening of an imported text, before its sections: headline, introduction, letter, video, and its main themes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.rich_text import Link
from bot.editions.importing.edition_parts.block_kinds import is_greeting, is_small_print
from bot.editions.importing.edition_parts.bylines import take_byline
from bot.editions.importing.edition_parts.charts import ChartReader
from bot.editions.importing.edition_parts.heading_parts import Part
from bot.editions.importing.markdown.blocks import BlockReader, is_italic
from bot.editions.importing.markdown.inline import unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock, parse_lists
from bot.editions.model import prose
from bot.editions.model.document import Document, Letter, Theme
from bot.editions.model.prose import Prose
from bot.editions.render.markdown import render_text

_VIDEO = re.compile(r"^▶\s*\[((?:\\.|[^\[\]\\])*)\]\(([^\s()]+)\)$")
_SIGNATURE = re.compile(r"^\*?(?:—|-{1,2}|–)\s?([^*\n]{1,80}?)\*?$")


@dataclass(frozen=True, slots=True)
class OpeningReader:
    """Reads what comes before the sections."""

    blocks: BlockReader
    charts: ChartReader

    def read(self, document: Document, blocks: Sequence[SourceBlock]) -> Document:
        """The document with headline, introduction, letter and video; in an export, with the charts below the video."""
        rest = list(blocks)
        if self.blocks.exact:
            del rest[:1]
        headline, video = "", None
        signature = "" if self.blocks.exact else take_byline(rest)
        if rest and (line := self._italic_line(rest[0])) and not line.startswith("— "):
            headline = line
            del rest[0]
        for source in list(rest):
            if (found := _VIDEO.match(source.text)) and video is None:
                video = Link.as_shown(unescape(found[1]), found[2])
                at = rest.index(source)
                charts = self.charts.of_blocks(rest[at + 1 :]) if self.blocks.exact else ((), ())
                document = replace(document, charts=charts[0])
                del rest[at]
                rest = [other for other in rest if other not in charts[1]]
        if not self.blocks.exact:
            rest = [block for block in rest if not is_small_print(block)]
        if rest and (name := self._signature(rest[-1])):
            signature = name
            del rest[-1]
        intro: Prose = ()
        if rest and self._is_intro(rest):
            intro = self.blocks.words(rest[0].text)
            del rest[0]
        letter = Letter(self.blocks.read(rest), signature) if rest or signature else None
        return replace(document, headline=headline, intro=intro, letter=letter, video=video, sign_off=())

    def _is_intro(self, sources: Sequence[SourceBlock]) -> bool:
        """True if the first of these blocks is the introduction, and not the beginning of a letter."""
        text = sources[0].text
        if sources[0].kind != "text" or "![" in text[:3]:
            return False
        return self.blocks.exact or len(sources) == 1 or not is_greeting(text)

    def _italic_line(self, source: SourceBlock) -> str:
        text = source.text
        if source.kind != "text" or not is_italic(text):
            return ""
        line = unescape(text[1:-1])
        return line if f"*{render_text(line)}*" == text else ""

    def _signature(self, source: SourceBlock) -> str:
        if source.kind not in ("text", "list"):
            return ""
        if self.blocks.exact:
            line = self._italic_line(source)
            return line.removeprefix("— ") if line.startswith("— ") else ""
        found = _SIGNATURE.match(source.text.strip())
        return unescape(found[1].strip()) if found else ""


def themes_in(part: Part | None, reader: BlockReader) -> tuple[Theme, ...]:
    """The main themes of an edition: the points of a list, each perhaps with its gloss in parentheses."""
    if part is None:
        return ()
    rows = [
        prose.plain(point.words)
        for source in part.blocks
        if source.kind == "list"
        for block in parse_lists(source, reader.cited, exact=reader.exact)
        for _depth, point, _number in block.rows()
    ]
    themes = []
    for row in rows:
        title, _unused, gloss = row.partition(" (")
        whole = bool(title) and gloss.endswith(")")
        themes.append(Theme(title, gloss[:-1]) if whole and gloss[:-1] else Theme(row))
    return tuple(themes)
