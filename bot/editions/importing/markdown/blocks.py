"""Blocks of an edition from Markdown: paragraphs, lists, quotes with their sources, notes and figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.rich_text import Bold, Link
from bot.editions.importing.markdown.inline import parse_inline, unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock, parse_lists
from bot.editions.model import prose
from bot.editions.model.blocks import (
    Block,
    CodeBlock,
    Figure,
    Paragraph,
    Quotation,
    Related,
    RemarkBlock,
    Subheading,
)
from bot.editions.model.prose import Prose
from bot.editions.render.markdown import render_block
from bot.editions.text_analysis.bullets import with_point_lines
from bot.editions.text_analysis.quotation_marks import (
    MIN_QUOTED_WORDS,
    count_words,
    marked_quote,
    without_page,
)

_ADDRESS = r"\(<?((?:https?://|(?:\.{1,2}/)?figures/)[^\s()<>]+)>?(?:\s+\"[^\"]*\")?\)"
"""Address of a picture: on the web, or a file in the folder `figures` beside the text."""
_IMAGE = rf"!\[((?:\\.|[^\[\]\\]|\[[^\[\]]*\])*)\]{_ADDRESS}"
PICTURE = re.compile(rf"\[{_IMAGE}\]{_ADDRESS}|{_IMAGE}")
"""A picture, perhaps with a link around it."""
_FIGURE = re.compile(rf"^(?:\[{_IMAGE}\]{_ADDRESS}|{_IMAGE})(?:\s+(?P<caption>\S.*))?$", re.DOTALL)
_ARROW = re.compile(r"^(?:→|->|➡️?|⇒|=>)\s+(?P<words>\S.*)$", re.DOTALL)
_EMPHASIZED = re.compile(r"^(\*{1,2}|_{1,2})([“\"„«»‹「『].*[”\"“»«›」』])\1$", re.DOTALL)
"""A quotation in italics or in bold."""
MAX_CREDIT = 160
"""Characters of the line below a quote that is its source."""
_CREDIT = re.compile(r"^(?:—|--|–|― ?)\s*(?P<credit>\S.*)$")


@dataclass(frozen=True, slots=True)
class BlockReader:
    """Reads blocks. `exact`: only the marks that the export writes; `cited` are the numbers that `[3]` may mean."""

    exact: bool
    cited: frozenset[int] = frozenset()

    def words(self, text: str) -> Prose:
        """Running text; in text that people write, a line's end is a space."""
        joined = text if self.exact else " ".join(line.strip() for line in text.split("\n"))
        return parse_inline(joined, self.cited, bare_links=not self.exact)

    def plain(self, text: str) -> str:
        """Text of a heading or a name: the words alone."""
        return unescape(text) if self.exact else prose.plain(self.words(text)).strip()

    def read(self, sources: Iterable[SourceBlock]) -> tuple[Block, ...]:
        """The blocks of these sources in order."""
        return tuple(self._blocks(list(sources)))

    def _blocks(self, sources: Sequence[SourceBlock]) -> Iterator[Block]:
        at = 0
        while at < len(sources):
            source, after = sources[at], sources[at + 1] if at + 1 < len(sources) else None
            at += 1
            match source.kind:
                case "code":
                    yield CodeBlock(source.text, source.language)
                case "heading":
                    yield Subheading(self.plain(source.text))
                case "list":
                    yield from parse_lists(source, self.cited, exact=self.exact)
                case "quote" if several := self._several_quotations(source.text):
                    yield from several
                case "quote":
                    quote = self.quotation(source.text)
                    below = "" if self.exact or quote.where or not after else self._credit(after)
                    yield replace(quote, where=below) if below else quote
                    at += bool(below)
                case "rule":
                    continue
                case "text":
                    block = self._text(source.text)
                    if isinstance(block, Figure) and not block.caption and after and (found := self._caption(after)):
                        block, at = replace(block, caption=found), at + 1
                    elif isinstance(block, Quotation) and not block.where and after and (below := self._credit(after)):
                        block, at = replace(block, where=below), at + 1
                    yield block

    def _credit(self, source: SourceBlock) -> str:
        """The source of a quote in the block below it: a short line after a dash, or a page in brackets alone."""
        if source.kind != "text" or len(source.text) > MAX_CREDIT:
            return ""
        if found := _CREDIT.match(source.text):
            return self.plain(found["credit"])
        page = without_page(self.plain(source.text))
        return page.credit if page and not page.words else ""

    def _caption(self, source: SourceBlock) -> Prose:
        """The caption below a figure: a paragraph in italics."""
        text = source.text
        if source.kind != "text" or not is_italic(text):
            return ()
        caption = self.words(text[1:-1])
        return caption if not self.exact or render_block(Figure("", "-", caption)).endswith(f"\n{text}") else ()

    def _text(self, text: str) -> Block:
        text = text if self.exact else text.strip()
        if found := _FIGURE.match(text):
            alt, url = (found[1], found[2]) if found[2] else (found[4], found[5])
            if not self.exact or not found["caption"]:
                below = (found["caption"] or "").strip()
                caption, _, credit = (below[1:-1] if is_italic(below) else below).partition(" | ")
                return Figure(re.sub(r"^\.{1,2}/", "", url), unescape(alt), self.words(caption), self.words(credit))
        if (arrow := _ARROW.match(text)) and (not self.exact or text.startswith("→ ")):
            return self._note(text, arrow["words"])
        if not self.exact and (quoted := marked_quote(_EMPHASIZED.sub(r"\2", text))):
            return Quotation(self.plain(quoted.words), self.plain(quoted.credit))
        return Paragraph(self.words(text))

    def _note(self, text: str, content: str) -> Block:
        words = self.words(content)
        candidates: list[Block] = []
        first, rest = (words[0], tuple(words[1:])) if words else ("", ())
        goes_on = not self.exact and isinstance(rest[:1] and rest[0], str) and re.match(r"[:.,;!?)]", str(rest[0]))
        if isinstance(first, Link) and first.label != first.url and not goes_on:
            candidates.append(Related(first.label, first.url, _without_lead(rest, " ")))
        elif isinstance(first, Bold) and first.text.endswith(":"):
            candidates.append(RemarkBlock(_without_lead(rest, " "), first.text[:-1]))
        candidates.append(RemarkBlock(words))
        if not self.exact:
            return candidates[0]
        return next((block for block in candidates if render_block(block) == text), Paragraph(words))

    def _several_quotations(self, text: str) -> list[Quotation]:
        """The quotes of a block whose paragraphs are each one in quotation marks; none for any other block."""
        found = [] if self.exact else [marked_quote(self.plain(part)) for part in re.split(r"\n[ \t]*\n", text)]
        quotes = [
            Quotation(one.words, one.credit) for one in found if one and count_words(one.words) >= MIN_QUOTED_WORDS
        ]
        return quotes if len(quotes) == len(found) > 1 else []

    def quotation(self, text: str) -> Quotation:
        """A quote of one or more lines; a last line after a dash is its source."""
        lines = text.split("\n")
        found = _CREDIT.match(lines[-1].strip()) if len(lines) > 1 else None
        if self.exact:
            plain = Quotation(unescape(text).removeprefix("“").removesuffix("”"))
            if found and lines[-1].startswith("— ") and not lines[-2]:
                credited = Quotation(
                    unescape("\n".join(lines[:-2])).removeprefix("“").removesuffix("”"), unescape(found["credit"])
                )
                return credited if _source_of(credited) == _as_quote(text) else plain
            return plain
        content = [line.strip().lstrip("> ") for line in (lines[:-1] if found else lines)]
        paragraphs = "\n".join(content).strip().split("\n\n")
        joined = "\n\n".join(
            "\n".join(map(self.plain, with_point_lines(paragraph.split("\n")).split("\n"))) for paragraph in paragraphs
        )
        quoted = marked_quote(joined) or (None if found else without_page(joined))
        credit = self.plain(found["credit"]) if found else quoted.credit if quoted else ""
        return Quotation(quoted.words if quoted else joined, credit)


def is_italic(text: str) -> bool:
    """True if the whole text is in italics."""
    return len(text) >= 3 and text[0] == text[-1] == "*" and text[:2] != "**"


def _source_of(block: Quotation) -> str:
    return render_block(block)


def _as_quote(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _without_lead(words: Prose, lead: str) -> Prose:
    """The words without what comes before the first of them."""
    if words and isinstance(words[0], str):
        first = words[0].removeprefix(lead)
        return (first, *words[1:]) if first else words[1:]
    return words
