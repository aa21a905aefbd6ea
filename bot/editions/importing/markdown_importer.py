"""Reads an edition from Markdown, word for word: the form that the export writes, and newsletters that people write.

`#` is the title, `##` a section, `###` an item. What is not clear is kept, and asked in a list of questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.text import truncate
from bot.editions.importing.converters.from_html import markdown_of
from bot.editions.importing.converters.markup_languages import as_markdown
from bot.editions.importing.dialects import plain_newsletter
from bot.editions.importing.dialects.inline_pictures import with_pictures_alone
from bot.editions.importing.dialects.markdown_dialects import in_known_form
from bot.editions.importing.dialects.several_editions import first_edition
from bot.editions.importing.draft_files.reply_tails import without_reply_tail
from bot.editions.importing.edition_parts.charts import ChartReader
from bot.editions.importing.edition_parts.closing import with_closing
from bot.editions.importing.edition_parts.heading_parts import (
    LABELS,
    Part,
    PartReader,
    labels_of,
    listed_links,
    take_leave,
)
from bot.editions.importing.edition_parts.opening import OpeningReader, themes_in
from bot.editions.importing.edition_parts.sections import SectionReader
from bot.editions.importing.items.cited_keys import with_cited_keys
from bot.editions.importing.items.item_texts import ItemTextReader
from bot.editions.importing.items.items import ItemReader
from bot.editions.importing.items.known_items import KnownItems
from bot.editions.importing.items.list_items import ListItemReader
from bot.editions.importing.items.references import after_references, read_references, repeated_numbers
from bot.editions.importing.label_words import SpecialPart
from bot.editions.importing.left_out import left_out
from bot.editions.importing.markdown.blocks import BlockReader
from bot.editions.importing.markdown.inline import unescape
from bot.editions.importing.markdown.markdown_lines import SourceBlock, split_blocks
from bot.editions.importing.unplaced_text import not_in_draft, unplaced
from bot.editions.model import prose
from bot.editions.model.derived_fields import main_themes
from bot.editions.model.document import Chart, Document, NumberedReference
from bot.editions.model.templates import Template
from bot.editions.model.translation import DOMAIN, words_of
from bot.errors import UserError
from bot.locale import LANGUAGES, Translator, translator
from bot.locale.current import _, _n

_CLUB_LINE = re.compile(r"^\*\*.+?\*\* · ", re.DOTALL)
MAX_HEADINGS = 1_000
"""Headings of an edition."""
_CITED = re.compile(r"(?<!\w)\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*)\]")


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


def import_markdown(text: str, base: Document, template: Template) -> ImportedEdition:
    """The edition that a text describes. `base` gives what the text does not say: club, number, period, votes.

    Raises UserError if the text has no headings, or is no Markdown.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    _refuse_other_formats(text)
    if _PAGE.match(text) or (_FRAGMENT.match(text) and not _MARKDOWN.search(text)):
        text = markdown_of(text)
    text, others = first_edition(text)
    text, earlier = (text, "") if _is_export(text) else without_reply_tail(text)
    if not (exact := _is_export(text)):
        text, found = first_edition(as_markdown(text))
        others = (*others, *found)
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
    if others:
        asked = (*asked, _several(others))
    if exact:
        return replace(read, questions=(*asked, *read.questions))
    asked = (*asked, not_in_draft(earlier)) if earlier else asked
    return replace(read, questions=(*asked, *read.questions, *left_out(text), *unplaced(text, read.document)))


def _several(others: Sequence[str]) -> str:
    """The question about the other editions of a file."""
    titles = ", ".join(f"“{truncate(unescape(title), 60)}”" for title in others)
    return _(
        "The file has several editions. I read the first one; put the others into files of their own: {titles}.",
        titles=titles,
    )


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
        raise UserError(_("There is no text in it."), field="file")
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
        self.questions: list[str] = []
        self.parts = PartReader(exact, labels_of(words, exact=exact), self.questions)
        self.charts = ChartReader(base.charts, words, self.questions)

    def read(self, blocks: list[SourceBlock]) -> ImportedEdition:
        closing: list[SourceBlock] = []
        rules = [n for n, block in enumerate(blocks) if block.kind == "rule"]
        if rules and (self.exact or not any(b.kind == "heading" for b in blocks[rules[-1] :])):
            blocks, closing = blocks[: rules[-1]], blocks[rules[-1] + 1 :]
        title, parts = self.parts.read(blocks)
        special = self.parts.special(parts)
        listed = special["references"].blocks if "references" in special else []
        end = len(listed) if self.exact else after_references(listed)
        references, after = read_references(listed[:end], self.base.references), listed[end:]
        if repeated := ", ".join(f"[{number}]" for number in repeated_numbers(listed[:end])):
            self.questions.append(
                _("Several references have the same number: {numbers}. It cites the first of them.", numbers=repeated)
            )
        closing = [*after, *closing] if self.exact or after else [*take_leave(parts, special), *closing]
        if not self.exact:
            bound = with_cited_keys([part.blocks for part in (*parts, Part("", 0, closing))], references)
            references = bound.references
            if bound.unknown:
                listed_keys = ", ".join(bound.unknown)
                self.questions.append(
                    _("The text cites {listed}, which the references do not contain.", listed=listed_keys)
                )
        reader = BlockReader(self.exact, frozenset(entry.number for entry in references))
        section_reader = self._section_reader(reader, listed_links(special.get("links")), references)
        document = replace(self.base, title=title or self.base.title, references=references, charts=())
        document = OpeningReader(reader, self.charts).read(document, parts[0].blocks)
        document = replace(document, themes=themes_in(special.get("themes"), reader))
        after_opening = [special[name] for name in ("contents", "themes") if name in special]
        document = replace(document, charts=self._charts([p for p in parts if p in after_opening], document))
        sections = [part for part in parts[1:] if part not in special.values()]
        document = replace(document, sections=section_reader.read(sections))
        document = with_closing(document, closing, reader, self.words, words_of(self.base))
        document = section_reader.without_items(document, sections)
        if not self.exact and "themes" not in special:
            document = replace(document, themes=main_themes(document.sections, self.template))
        self._ask_about(document, special)
        return ImportedEdition(document, tuple(dict.fromkeys(self.questions)), self.exact)

    def _section_reader(
        self, blocks: BlockReader, listed: Mapping[str, str], references: Sequence[NumberedReference]
    ) -> SectionReader:
        known, texts = KnownItems(self.base, self.words, self.exact), ItemTextReader(blocks, self.words)
        items = ItemReader(blocks, known, texts, self.words, listed, references)
        return SectionReader(self.base, self.template, blocks, items, ListItemReader(known, texts), self.questions)

    def _charts(self, parts: Sequence[Part], document: Document) -> tuple[Chart, ...]:
        found = (chart for part in parts for chart in self.charts.of_blocks(part.blocks)[0])
        return (*document.charts, *found)

    def _ask_about(self, document: Document, special: dict[SpecialPart, Part]) -> None:
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
        leads = (document.intro, document.sign_off, *(section.intro for section in document.sections))
        texts = [prose.plain(words) for words in (*leads, *(item.why for item in document.items))]
        texts += [theme.line for theme in document.themes]
        texts += [getattr(block, "text", "") for block in (document.letter.blocks if document.letter else ())]
        texts += [getattr(block, "text", "") for item in document.items for block in item.blocks]
        cited = {int(n) for text in texts for marks in _CITED.findall(text) for n in re.findall(r"\d+", marks)}
        missing = cited - numbers
        if missing:
            listed = ", ".join(f"[{n}]" for n in sorted(missing))
            self.questions.append(_("The text cites {listed}, which the references do not contain.", listed=listed))
