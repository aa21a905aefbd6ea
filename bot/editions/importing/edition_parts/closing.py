"""Parts that close an edition: its sign-off as running text, its credits, and the link to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.rich_text import Bold, InlineCode
from bot.editions.importing.edition_parts.block_kinds import is_small_print
from bot.editions.importing.markdown.blocks import BlockReader
from bot.editions.importing.markdown.markdown_lines import SourceBlock, parse_lists
from bot.editions.model import prose
from bot.editions.model.document import Credit, Document
from bot.editions.model.prose import Prose
from bot.editions.render.markdown import render_text
from bot.locale import Translator

MAX_CLOSING_LINE = 60
"""Characters of a line that a person broke on purpose, at the end of a letter."""
MAX_ADDRESS = 160
"""Characters of a postal address."""
OWN_ROLES = ("Summaries from", "Texts by", "Submitted by")
OWN_SENTENCES = "the abstracts’ own sentences"
"""Roles of credits that the program gives, and the name of what wrote its summaries."""


def with_closing(
    document: Document, sources: Sequence[SourceBlock], reader: BlockReader, words: Translator, own: Translator
) -> Document:
    """The document with the credits and the sign-off of the blocks at the end of the text.

    `words` are those of the text's language, `own` those of the draft's.
    """
    rest = list(sources)
    if reader.exact and rest:
        del rest[-1]
    credits: tuple[Credit, ...] = ()  # those of the draft that it replaces are not its own
    for source in list(rest):
        if source.kind == "list" and (found := credits_in(source, words, own, exact=reader.exact)):
            credits = found
            rest.remove(source)
    sign_off: Prose = ()
    small = False
    for source in rest:
        if reader.exact and (source.kind != "text" or is_web_line(source, words)):
            continue
        if not reader.exact and (is_small_print(source) or (small and _is_postal(source))):
            small = True  # it is the mail program's, and is named as left out
            continue
        said = sign_off_words(source, reader, exact=reader.exact)
        sign_off = prose.joined((*sign_off, "\n\n", *said)) if sign_off else said
    return replace(document, credits=credits, sign_off=sign_off)


def _is_postal(source: SourceBlock) -> bool:
    """True for a line such as "1 Main Street, Springfield", which mail programs have below the link to unsubscribe."""
    text = source.text
    is_short = source.kind == "text" and len(text) <= MAX_ADDRESS and "](" not in text
    return is_short and "," in text and any(map(str.isdigit, text))


def sign_off_words(source: SourceBlock, reader: BlockReader, *, exact: bool) -> Prose:
    """A block of the sign-off as running text, which is all that it can be."""
    match source.kind:
        case "list":
            lines: Prose = ()
            for block in parse_lists(source, reader.cited, exact=exact):
                for depth, point, number in block.rows():
                    lead = "  " * depth + (f"{number} " if number else "")
                    lines = (*lines, *(("\n",) if lines else ()), lead, *point.words)
            return prose.joined(lines)
        case "quote":
            quote = reader.quotation(source.text)
            return (f"“{quote.text}”" + (f" — {quote.where}" if quote.where else ""),)
        case "code":
            return (InlineCode(" ".join(source.text.split())),)
    lines = source.lines
    if exact or len(lines) < 2 or any(len(line.strip()) > MAX_CLOSING_LINE for line in lines):
        return reader.words(source.text)
    words = reader.words(lines[0])
    for line in lines[1:]:  # a greeting and a name: each has its own line
        words = (*words, "\n", *reader.words(line))
    return prose.joined(words)


def credits_in(source: SourceBlock, words: Translator, own: Translator, *, exact: bool) -> tuple[Credit, ...]:
    """The credits that a list gives, each a role in bold and names; empty if it is another list.

    `words` are those of the text's language, `own` those of the draft's.
    """
    found = []
    for block in parse_lists(source, frozenset(), exact=exact):
        for point in block.points:
            role, names = point.words if len(point.words) == 2 else ("", "")
            if not (isinstance(role, Bold) and isinstance(names, str) and role.text.endswith(":")):
                return ()
            found.append(_credit(role.text[:-1], names.removeprefix(" "), words, own))
    return tuple(found)


def _credit(role: str, names: str, words: Translator, own: Translator) -> Credit:
    """A credit with the words that the program itself gives it in the language of the draft."""
    for label in OWN_ROLES:
        role = own.gettext(label) if role == words.gettext(label) else role
    sentences = words.gettext(OWN_SENTENCES)
    return Credit(role, tuple(own.gettext(OWN_SENTENCES) if n == sentences else n for n in names.split(", ")))


def is_web_line(source: SourceBlock, words: Translator) -> bool:
    """True for the line by which an export links to its own page."""
    label = render_text(words.gettext("This edition on the web"))
    return source.text.startswith(f"[{label}](")
