"""Reads an edition from Markdown, word for word: the form that the export writes, and newsletters that people write.

`#` is the title, `##` a section, `###` an item. What is not clear is kept, and asked in a list of questions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from bot.chat.rich_text import Bold, Link
from bot.chat.text import truncate
from bot.editions.importing import plain_newsletter
from bot.editions.importing.block_kinds import (
    LINK_FIRST,
    begins_with_link,
    has_linked_points,
    is_greeting,
    is_paper_alone,
    is_small_print,
    is_subtitle,
    is_title_line,
)
from bot.editions.importing.blocks import BlockReader, is_italic
from bot.editions.importing.bylines import take_byline
from bot.editions.importing.charts import ChartReader
from bot.editions.importing.cited_keys import with_cited_keys
from bot.editions.importing.closing import credits_in, is_web_line, sign_off_words
from bot.editions.importing.from_html import markdown_of
from bot.editions.importing.inline import parse_inline, unescape
from bot.editions.importing.inline_pictures import with_pictures_alone
from bot.editions.importing.items import ItemReader
from bot.editions.importing.label_words import CLOSING, SECTION_KINDS, SPECIAL_PARTS, SpecialPart
from bot.editions.importing.left_out import left_out
from bot.editions.importing.markdown_lines import SourceBlock, parse_lists, split_blocks
from bot.editions.importing.markup_languages import as_markdown
from bot.editions.importing.other_markdown import in_known_form
from bot.editions.importing.references import after_references, read_references
from bot.editions.importing.reply_tails import without_reply_tail
from bot.editions.importing.unplaced_text import not_in_draft, unplaced
from bot.editions.model import prose
from bot.editions.model.blocks import Subheading
from bot.editions.model.derived_fields import main_themes
from bot.editions.model.document import Chart, Credit, Document, Item, Letter, Section, SectionKind, Theme
from bot.editions.model.prose import Prose
from bot.editions.model.templates import EMOJI, Template
from bot.editions.model.translation import DOMAIN, words_of
from bot.editions.render.markdown import render_text
from bot.errors import UserError
from bot.locale import LANGUAGES, Translator, translator
from bot.locale.current import _, _n

_CLUB_LINE = re.compile(r"^\*\*.+?\*\* · ", re.DOTALL)
_VIDEO = re.compile(r"^▶\s*\[((?:\\.|[^\[\]\\])*)\]\(([^\s()]+)\)$")
MAX_HEADINGS = 1_000
"""Headings of an edition."""
MAX_NEWS_WORDS = 4
"""Words of a heading such as "Other news" or "News from the lab"."""
MAX_LEAVE = 300
"""Characters of a paragraph that takes leave of the readers."""
_CITED = re.compile(r"(?<!\w)\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]")
_SIGNATURE = re.compile(r"^\*?(?:—|-{1,2}|–)\s?([^*\n]{1,80}?)\*?$")


LABELS: dict[str, SpecialPart] = {
    "Major themes": "themes",
    "Contents": "contents",
    "References": "references",
    "All content links": "links",
    "Corrections": "corrections",
}
"""Headings that the export writes, before they are translated."""
_SEPARATOR = re.compile(r"\s*(?:[.:–—|-]|\n|[,;](?=\s))\s*")
"""Sign between a title and the text about it."""
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body|table|div|meta)\b", re.IGNORECASE)
"""The beginning of an HTML file."""
_FRAGMENT = re.compile(r"\s*<(?:h[1-6]|p|section|article|main|header|center|ul|ol|blockquote|style)\b", re.IGNORECASE)
_MARKDOWN = re.compile(r"^#{1,6} |\]\(https?:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ImportedEdition:
    """The edition as it was read, and questions about what is not clear. `exported`: it is in the export's form."""

    document: Document
    questions: tuple[str, ...] = ()
    exported: bool = False


@dataclass(slots=True)
class _Part:
    """A heading, and the blocks up to the next one of its level or above."""

    heading: str
    level: int
    blocks: list[SourceBlock] = field(default_factory=list)
    has_items: bool = False
    """True for a section with headings of items below it."""


def import_markdown(text: str, base: Document, template: Template) -> ImportedEdition:
    """The edition that a text describes. `base` gives what the text does not say: club, number, period, votes.

    Raises UserError if the text has no headings, or is no Markdown.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _refuse_other_formats(text)
    if _PAGE.match(text) or (_FRAGMENT.match(text) and not _MARKDOWN.search(text)):
        text = markdown_of(text)
    text, earlier = (text, "") if _is_export(text) else without_reply_tail(text)
    text = as_markdown(text)
    exact = _is_export(text)
    known, asked = (text, ()) if exact else _with_headings(in_known_form(text), template)
    blocks = split_blocks(known if exact else with_pictures_alone(known), exact=exact)
    headings = sum(block.kind == "heading" for block in blocks)
    if headings > MAX_HEADINGS:
        raise UserError(
            _("The text has {headings} headings; an edition has at most {most}.", headings=headings, most=MAX_HEADINGS),
            field="file",
        )
    if not headings:
        raise UserError(
            _("I found no headings. Put `# ` before the title, `## ` before each section and `### ` before each item.")
        )
    words = _language_of(blocks, words_of(base)) if exact else words_of(base)
    read = _EditionReader(base, template, exact, words).read(blocks)
    if exact:
        return read
    asked = (*asked, not_in_draft(earlier)) if earlier else asked
    return replace(read, questions=(*asked, *read.questions, *left_out(text), *unplaced(text, read.document)))


def _with_headings(text: str, template: Template) -> tuple[str, tuple[str, ...]]:
    """The text, with headings by its lines if its items have none; and then what was made of it, as a question."""
    section = template.titles["theme"][0]
    found, count = plain_newsletter.with_headings(text, section)
    items = _n("{n} item", "{n} items", count)
    say = _(
        "The items have no headings. I told them apart by numbers and links, and found {items}. Is that right?",
        items=items,
    )
    return found, (say,) if count else ()


def _refuse_other_formats(text: str) -> None:
    if not text.strip():
        raise UserError(_("There is no text in it."))
    if text.startswith(("{\\rtf", "%PDF", "PK\x03")):
        raise UserError(_("That is a document of another kind. Save it as Markdown or plain text first."))


def _language_of(blocks: Sequence[SourceBlock], likely: Translator) -> Translator:
    """The language that an export has its labels in; the likely one where others have as many."""
    headings = {unescape(block.text) for block in blocks if block.kind == "heading"}
    candidates = [likely, *(translator(DOMAIN, language.code) for language in LANGUAGES)]
    return max(candidates, key=lambda words: sum(words.gettext(label) in headings for label in LABELS))


def _is_export(text: str) -> bool:
    """True if the text has the form that the export writes: title, club line, and a colophon at its end."""
    pieces = text.strip("\n").split("\n\n")
    return (
        len(pieces) > 2
        and pieces[0].startswith("# ")
        and bool(_CLUB_LINE.match(pieces[1]))
        and "---" in pieces
        and pieces[-1].startswith("*")
        and pieces[-1].endswith("*")
    )


class _EditionReader:
    """Reads one edition."""

    def __init__(self, base: Document, template: Template, exact: bool, words: Translator) -> None:
        self.base, self.template, self.exact = base, template, exact
        self.words = words
        local = {words.gettext(label): part for label, part in LABELS.items()}
        self.labels = {name.casefold(): part for name, part in local.items()} | ({} if exact else SPECIAL_PARTS)
        self.questions: list[str] = []
        self.charts = ChartReader(base.charts, words, self.questions)

    def read(self, blocks: list[SourceBlock]) -> ImportedEdition:
        closing: list[SourceBlock] = []
        rules = [n for n, block in enumerate(blocks) if block.kind == "rule"]
        if rules and (self.exact or not any(b.kind == "heading" for b in blocks[rules[-1] :])):
            blocks, closing = blocks[: rules[-1]], blocks[rules[-1] + 1 :]
        title, parts = self._parts(blocks)
        special = {name: part for at, part in enumerate(parts) if (name := self._special(at, parts))}
        listed = special["references"].blocks if "references" in special else []
        end = len(listed) if self.exact else after_references(listed)
        references, after = read_references(listed[:end], self.base.references), listed[end:]
        closing = [*after, *closing] if self.exact or after else [*self._leave(parts, special), *closing]
        if not self.exact:
            bound = with_cited_keys([part.blocks for part in (*parts, _Part("", 0, closing))], references)
            references = bound.references
            if bound.unknown:
                listed_keys = ", ".join(bound.unknown)
                self.questions.append(
                    _("The text cites {listed}, which the references do not contain.", listed=listed_keys)
                )
        reader = BlockReader(self.exact, frozenset(entry.number for entry in references))
        listed_links = self._listed(special.get("links"))
        items = ItemReader(reader, self.base, self.words, listed_links, self.questions, references=references)
        document = replace(self.base, title=title or self.base.title, references=references, charts=())
        document = self._opening(document, parts[0].blocks, reader)
        document = replace(document, themes=self._themes(special.get("themes"), reader))
        after_opening = [special[name] for name in ("contents", "themes") if name in special]
        document = replace(document, charts=self._charts([p for p in parts if p in after_opening], document))
        sections = [part for part in parts[1:] if part not in special.values()]
        document = replace(document, sections=self._sections(sections, items, reader))
        document = self._closing(document, closing, reader)
        document = self._without_items(document, reader, sections)
        if not self.exact and "themes" not in special:
            document = replace(document, themes=main_themes(document.sections, self.template))
        self._ask_about(document, special)
        return ImportedEdition(document, tuple(dict.fromkeys(self.questions)), self.exact)

    # Headings

    def _parts(self, blocks: Sequence[SourceBlock]) -> tuple[str, list[_Part]]:
        """The title, and the parts under the headings; the first part has no heading."""
        title, parts = "", [_Part("", 0)]
        levels = {block.level for block in blocks if block.kind == "heading"}
        ones = sum(block.kind == "heading" and block.level == 1 for block in blocks)
        raised = not self.exact and ones > 1  # sections are written with one mark
        if raised and is_title_line(blocks[0]):
            title, blocks = self._plain(blocks[0].text), blocks[1:]
        for at, block in enumerate(blocks):
            if at and title and not self.exact and is_subtitle(block, blocks[at - 1], blocks[at + 1 :]):
                parts[0].blocks.append(SourceBlock("text", (f"*{render_text(self._plain(block.text))}*",)))
                continue
            level = block.level + (raised and title != "") if block.kind == "heading" else 0
            if block.kind != "heading" or level > 3:
                parts[-1].blocks.append(block)
            elif level == 1:
                title = self._plain(block.text)
            else:
                parts.append(_Part(block.text, level))
        if not title and levels:
            self.questions.append(_("What is the edition’s title? The text has no heading with one `#`."))
        if not self.exact and 3 not in {part.level for part in parts}:
            self._lower_items(parts)
        for part, after in pairwise(parts):
            is_item = after.level == 3 and (self.exact or self._label(after.heading) is None)
            part.has_items = part.level == 2 and is_item
        return title, parts

    def _lower_items(self, parts: Sequence[_Part]) -> None:
        """Headings with two marks are items where they lead to a paper and none has three."""
        for part in parts[1:]:
            if self._label(part.heading) is None and "](http" in part.heading:
                part.level = 3

    def _plain(self, text: str) -> str:
        return BlockReader(self.exact).plain(text)

    def _label(self, heading: str) -> SpecialPart | None:
        return self.labels.get(re.sub(r"^[^\w]+|[\s:]+$", "", self._plain(heading)).casefold())

    def _special(self, at: int, parts: Sequence[_Part]) -> SpecialPart | None:
        part = parts[at]
        name = self._label(part.heading) if part.level == 2 or (part.level == 3 and not self.exact) else None
        if name == "links" and not self.exact and self._has_own_links(part, parts):
            return None
        followed_by_item = at + 1 < len(parts) and parts[at + 1].level == 3 and name != "contents"
        return None if followed_by_item and self.exact else name

    def _has_own_links(self, part: _Part, parts: Sequence[_Part]) -> bool:
        """True for links that stand nowhere else: a section. A list of all links only repeats those of the items."""
        others = "\n".join(
            f"{other.heading}\n" + "\n".join(block.source for block in other.blocks)
            for other in parts
            if other is not part
        )
        own = (link for block in part.blocks for link in prose.links(parse_inline(block.text)))
        return any(link.url not in others for link in own)

    def _listed(self, part: _Part | None) -> dict[str, str]:
        """The labels of the list of all links, by address."""
        found: dict[str, str] = {}
        for source in part.blocks if part else ():
            for line in source.lines:
                if row := re.match(r"^- (.*): <([^<>]+)>$", line):
                    found.setdefault(row[2], unescape(row[1]))
        return found

    def _leave(self, parts: Sequence[_Part], special: dict[SpecialPart, _Part]) -> list[SourceBlock]:
        """Take the words of leave at the end of the last section from it."""
        last = next((part for part in reversed(parts) if part not in special.values()), parts[0])
        if last is parts[0] or last.heading == "":
            return []
        place = len(last.blocks)
        for at in range(len(last.blocks) - 1, max(len(last.blocks) - 4, 0), -1):
            source = last.blocks[at]
            if source.kind != "text" or len(source.text) > MAX_LEAVE:
                break
            if CLOSING.match(source.text.strip()):
                place = at
        taken = last.blocks[place:]
        del last.blocks[place:]
        last.blocks[:] = [block for block in last.blocks if not is_small_print(block)]
        return taken

    # Before the sections

    def _opening(self, document: Document, blocks: Sequence[SourceBlock], reader: BlockReader) -> Document:
        rest = list(blocks)
        if self.exact:
            del rest[:1]
        headline, video = "", None
        signature = "" if self.exact else take_byline(rest)
        if rest and (line := self._italic_line(rest[0])) and not line.startswith("— "):
            headline = line
            del rest[0]
        for source in list(rest):
            if (found := _VIDEO.match(source.text)) and video is None:
                video = Link(unescape(found[1]), found[2])
                at = rest.index(source)
                charts = self.charts.of_blocks(rest[at + 1 :]) if self.exact else ((), ())
                document = replace(document, charts=charts[0])
                del rest[at]
                rest = [other for other in rest if other not in charts[1]]
        if not self.exact:
            rest = [block for block in rest if not is_small_print(block)]
        if rest and (name := self._signature(rest[-1])):
            signature = name
            del rest[-1]
        intro: Prose = ()
        if rest and self._is_intro(rest):
            intro = reader.words(rest[0].text)
            del rest[0]
        letter = Letter(reader.read(rest), signature) if rest or signature else None
        return replace(document, headline=headline, intro=intro, letter=letter, video=video, sign_off=())

    def _is_intro(self, sources: Sequence[SourceBlock]) -> bool:
        """True if the first of these blocks is the introduction, and not the beginning of a letter."""
        text = sources[0].text
        if sources[0].kind != "text" or "![" in text[:3]:
            return False
        return self.exact or len(sources) == 1 or not is_greeting(text)

    def _italic_line(self, source: SourceBlock) -> str:
        text = source.text
        if source.kind != "text" or not is_italic(text):
            return ""
        line = unescape(text[1:-1])
        return line if f"*{render_text(line)}*" == text else ""

    def _signature(self, source: SourceBlock) -> str:
        if source.kind not in ("text", "list"):
            return ""
        if self.exact:
            line = self._italic_line(source)
            return line.removeprefix("— ") if line.startswith("— ") else ""
        found = _SIGNATURE.match(source.text.strip())
        return unescape(found[1].strip()) if found else ""

    def _themes(self, part: _Part | None, reader: BlockReader) -> tuple[Theme, ...]:
        if part is None:
            return ()
        rows = [
            prose.plain(point.words)
            for source in part.blocks
            if source.kind == "list"
            for block in parse_lists(source, reader.cited, exact=self.exact)
            for _depth, point, _number in block.rows()
        ]
        themes = []
        for row in rows:
            title, _unused, gloss = row.partition(" (")
            whole = bool(title) and gloss.endswith(")")
            themes.append(Theme(title, gloss[:-1]) if whole and gloss[:-1] else Theme(row))
        return tuple(themes)

    def _charts(self, parts: Sequence[_Part], document: Document) -> tuple[Chart, ...]:
        found = (chart for part in parts for chart in self.charts.of_blocks(part.blocks)[0])
        return (*document.charts, *found)

    # Sections and what follows them

    def _sections(self, parts: Sequence[_Part], items: ItemReader, reader: BlockReader) -> tuple[Section, ...]:
        sections: list[Section] = []
        for part in parts:
            if part.level == 2:
                sections.append(self._section(part, items, reader))
                continue
            if not sections:
                title, emoji = self.template.titles["theme"]
                sections.append(Section(title, "theme", (), emoji))
            last = sections[-1]
            item = items.read(part.heading, part.blocks, last.kind)
            sections[-1] = replace(last, items=(*last.items, item))
        return tuple(sections)

    def _without_items(self, document: Document, reader: BlockReader, parts: Sequence[_Part]) -> Document:
        """The document without its sections that have no item: their texts go into the letter, or into the sign-off.

        The export cannot say such a section, since a section of an edition is made of items.
        """
        first = next((n for n, section in enumerate(document.sections) if section.items), len(document.sections))
        texts = [part for part in parts if part.level == 2]
        if parts and parts[0].level != 2:
            texts.insert(0, _Part("", 2))  # the section of the items that come before the first heading of a section
        letter = document.letter
        before: Prose = ()
        for at, (section, part) in enumerate(zip(document.sections, texts, strict=False)):
            if section.items or self.exact:
                continue
            title = " ".join(filter(None, (section.emoji, section.title)))
            if at < first or any(block.kind in ("quote", "code", "list") for block in part.blocks):
                found = (Subheading(title), *reader.read(part.blocks))
                letter = replace(letter, blocks=(*letter.blocks, *found)) if letter else Letter(found)
                said = _("The section “{title}” has no item. Its text is now in the letter.", title=truncate(title, 60))
            else:
                words = (Bold(title), *((": ", *section.intro) if section.intro else ()))
                before = prose.joined((*before, "\n\n", *words)) if before else words
                said = _(
                    "The section “{title}” has no item. Its text is now in the sign-off.", title=truncate(title, 60)
                )
            self.questions.append(said)
        kept = tuple(section for section in document.sections if section.items)
        sign_off = prose.joined((*before, "\n\n", *document.sign_off)) if before and document.sign_off else ()
        return replace(document, sections=kept, letter=letter, sign_off=sign_off or before or document.sign_off)

    def _paragraph_items(
        self, blocks: list[SourceBlock], items: ItemReader, kind: SectionKind
    ) -> tuple[list[SourceBlock], list[Item]]:
        """The blocks before the first paragraph that begins with its link, and an item for each such paragraph.

        What follows it, up to the next, belongs to the item.
        """
        starts = [at for at, block in enumerate(blocks) if block.kind == "text" and LINK_FIRST.match(block.text)]
        if not starts:
            return blocks, []
        found = []
        for at, after in pairwise([*starts, len(blocks)]):
            first = LINK_FIRST.match(blocks[at].text)
            assert first is not None
            said = first["rest"].strip()
            lead = _SEPARATOR.match(said)
            rest = said[lead.end() :] if lead else blocks[at].text  # the sentence goes on from its link
            own = [SourceBlock("text", tuple(rest.split("\n")), source=rest)] if said.strip(" .:") else []
            found.append(items.read(first["link"], [*own, *blocks[at + 1 : after]], kind))
        return blocks[: starts[0]], found

    def _section(self, part: _Part, items: ItemReader, reader: BlockReader) -> Section:
        heading = self._plain(part.heading)
        title, emoji = heading, ""
        first, _unused, rest = heading.partition(" ")
        if rest and (first in EMOJI.values() or any(s.emoji == first for s in self.base.sections)):
            title, emoji = rest, first
        kind = self._kind(title, emoji)
        intro: Prose = ()
        found: list[Item] = []
        is_prose = not self.exact and kind == "theme" and not part.has_items and not has_linked_points(part.blocks)
        blocks = [block for block in part.blocks if block.kind != "rule"]
        if not self.exact and not part.has_items and kind == "theme" and not has_linked_points(blocks):
            blocks, found = self._paragraph_items(blocks, items, kind)
            if found:
                return Section(title, kind, tuple(found), emoji, self._text_before(blocks, reader))
        before: list[Item] = []
        if part.has_items and not self.exact and any(is_paper_alone(block) for block in blocks):
            blocks, before = self._paragraph_items(blocks, items, kind)
        for source in blocks:
            if found and not self.exact and source.source[:2].isspace():  # it goes on below the last point of a list
                found[-1] = replace(found[-1], passages=(*found[-1].passages, *reader.read([source])))
                continue
            if source.kind == "list" and not self.exact and not is_prose:
                points = [p for block in parse_lists(source, reader.cited, exact=False) for p in block.points]
                found += [items.bullet(point.words, point.below, kind) for point in points]
                continue
            words = reader.words(source.text)
            if not self.exact and not part.has_items and source.kind == "text" and begins_with_link(words):
                found.append(items.bullet(words, None, kind))
                continue
            if found and not self.exact and not part.has_items:  # what follows the list stays behind it
                found[-1] = replace(found[-1], passages=(*found[-1].passages, *reader.read([source])))
                continue
            intro = (*intro, "\n\n", *words) if intro else words
            if source.kind in ("quote", "code") and (found or part.has_items):
                self.questions.append(
                    _("A quote or code under “{title}” belongs to no item.", title=truncate(title, 60))
                )
        return Section(title, kind, (*before, *found), emoji, prose.joined(intro))

    def _text_before(self, blocks: Sequence[SourceBlock], reader: BlockReader) -> Prose:
        intro: Prose = ()
        for block in blocks:
            words = sign_off_words(block, reader, exact=self.exact)
            intro = (*intro, "\n\n", *words) if intro else words
        return prose.joined(intro)

    def _kind(self, title: str, emoji: str) -> SectionKind:
        for section in self.base.sections:
            if section.title == title:
                return section.kind
        names: dict[str, SectionKind] = {
            name.casefold(): kind for kind, (name, _unused) in self.template.titles.items()
        }
        names = SECTION_KINDS | names
        by_sign: dict[str, SectionKind] = {sign: kind for kind, sign in EMOJI.items()}
        plain = re.sub(r"^\d{1,2}(?:\.\d{1,2})?[.):]?\s+", "", title.casefold().strip(" :"))
        if found := names.get(plain) or by_sign.get(emoji):
            return found
        own = plain.split()
        return "news" if len(own) <= MAX_NEWS_WORDS and any(names.get(word) == "news" for word in own) else "theme"

    def _closing(self, document: Document, sources: Sequence[SourceBlock], reader: BlockReader) -> Document:
        rest = list(sources)
        if self.exact and rest:
            del rest[-1]
        own = words_of(self.base)
        credits: tuple[Credit, ...] = ()  # those of the draft that it replaces are not its own
        for source in list(rest):
            if source.kind == "list" and (found := credits_in(source, self.words, own, exact=self.exact)):
                credits = found
                rest.remove(source)
        sign_off: Prose = ()
        for source in rest:
            if self.exact and (source.kind != "text" or is_web_line(source, self.words)):
                continue
            if not self.exact and is_small_print(source):
                continue  # it is the mail program's, and is named as left out
            words = sign_off_words(source, reader, exact=self.exact)
            sign_off = prose.joined((*sign_off, "\n\n", *words)) if sign_off else words
        return replace(document, credits=credits, sign_off=sign_off)

    # Questions

    def _ask_about(self, document: Document, special: dict[SpecialPart, _Part]) -> None:
        if "corrections" in special and not self.base.corrections:
            self.questions.append(
                _("The text lists corrections. `/edition correct` records them once the edition is out.")
            )
        for item in document.items:
            if item.url:
                continue
            title = truncate(item.title, 80)
            if item.kind == "paper":
                self.questions.append(_("“{title}” has no link: which work is it about?", title=title))
            else:
                self.questions.append(_("“{title}” has no link: which page is it about?", title=title))
        numbers = {entry.number for entry in document.references}
        texts = [prose.plain(item.why) for item in document.items]
        texts += [getattr(block, "text", "") for item in document.items for block in item.blocks]
        cited = {int(n) for text in texts for marks in _CITED.findall(text) for n in re.findall(r"\d+", marks)}
        missing = cited - numbers
        if missing:
            listed = ", ".join(f"[{n}]" for n in sorted(missing))
            self.questions.append(_("The text cites {listed}, which the references do not contain.", listed=listed))
