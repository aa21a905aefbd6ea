"""What follows from what an edition holds: numbers, references, themes, headline, reading time; set right anew.

What was derived is derived anew; what a moderator wrote instead is left as it stands. Citations keep meaning the same
work: in what is kept of a typed text `[3]` is the key of that work, and its number is put in when the text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.chat.text import truncate
from bot.domain.citations import Reference as Work
from bot.editions.model.document import Document, Item, Section, Theme, reading_minutes
from bot.editions.model.items import NumberedReference
from bot.editions.model.prose import Citation
from bot.editions.model.templates import Template
from bot.editions.render.captions import words_of
from bot.locale import Translator

MAX_HEADLINE_NAME = 45
"""Characters of a name that may stand in the headline: three of them are one line and a half."""

_NUMBER = re.compile(r"(?<![\w\])@\\])\[(\d{1,3})\](?!\()")
_KEY = re.compile(r"\[@([^\[\]\s]{1,300})\]")


def with_derived_fields(before: Document, after: Document, shape: Template) -> Document:
    """A changed document with all that follows from its contents as it should be. `before` tells what was derived."""
    after = replace(after, sections=tuple(section for section in after.sections if section.items))
    after = _with_item_numbers(after, shape)
    after = _with_renumbered_references(after)
    words = words_of(after)
    if before.headline == after.headline == headline(titles(before), words):
        after = replace(after, headline=headline(titles(after), words))
    if after.themes == before.themes:
        after = replace(after, themes=_themes(before, after, shape))
    was, now = (papers_sentence(paper_count(one), words) for one in (before, after))
    if after.intro and was in str(after.intro[-1]):
        last = str(after.intro[-1]).replace(was, now if paper_count(after) else "")
        after = replace(after, intro=tuple(span for span in (*after.intro[:-1], last.rstrip()) if span))
    return replace(after, reading_minutes=reading_minutes(after.word_count))


# What is counted


def paper_count(document: Document) -> int:
    """How many papers stand in the themed sections."""
    return sum(one.kind == "paper" for section in document.sections if section.kind == "theme" for one in section.items)


def _with_item_numbers(document: Document, shape: Template) -> Document:
    """Items are numbered in the research sections of a shape that counts them, and nowhere else."""
    at, sections = 0, []
    for section in document.sections:
        items: list[Item] = []
        for one in section.items:
            counts = section.kind == "theme" and not shape.grouped
            at += counts
            items.append(replace(one, number=at if counts else 0))
        sections.append(replace(section, items=tuple(items)))
    return replace(document, sections=tuple(sections))


# References


def citation_key(work: Work) -> str:
    """What a work is called in a typed citation, `[@arxiv:2001.08361]`: the same in every edition."""
    if work.arxiv_id:
        return f"arxiv:{work.arxiv_id}"
    if work.doi:
        return f"doi:{work.doi}"
    return work.url or re.sub(r"[^a-z0-9]+", "-", work.title.lower()).strip("-")


def reference_numbers(document: Document) -> frozenset[int]:
    """The numbers that `[3]` may mean."""
    return frozenset(entry.number for entry in document.references)


def with_work_keys(document: Document, text: str) -> str:
    """A typed text whose numbered citations name their works, so that they mean the same in a draft made anew."""
    keys = {entry.number: citation_key(entry.work) for entry in document.references}
    return _outside_code(
        text, lambda part: _NUMBER.sub(lambda n: f"[@{keys[int(n[1])]}]" if int(n[1]) in keys else n[0], part)
    )


def with_reference_numbers(document: Document, text: str) -> str:
    """The same text with the numbers that the works have in this document. `[@2001.08361]` means arXiv's."""
    numbers = {citation_key(entry.work): entry.number for entry in document.references}
    numbers |= {key.removeprefix("arxiv:"): number for key, number in numbers.items()}
    return _KEY.sub(lambda found: f"[{numbers[found[1]]}]" if found[1] in numbers else found[0], text)


def _outside_code(text: str, change: Any) -> str:
    pieces = re.split(r"(^```.*?^```|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(piece if place % 2 else change(piece) for place, piece in enumerate(pieces))


def _with_renumbered_references(document: Document) -> Document:
    """References in the order of the items, then what is cited besides; an entry that nothing needs is gone."""
    order = dict.fromkeys(item.reference for item in document.items if item.reference)
    needed = _cited_numbers(document) | {entry.number for entry in document.references if entry.cited}
    rest = [entry.number for entry in document.references if entry.number in needed and entry.number not in order]
    new = {old: number for number, old in enumerate([*order, *rest], 1)}
    by_number = {entry.number: entry for entry in document.references}
    entries = tuple(replace(by_number[old], number=number) for old, number in new.items() if old in by_number)
    if all(old == number for old, number in new.items()):
        return replace(document, references=entries)
    items: Document = _with_citation_numbers(replace(document, references=()), new)
    sections = tuple(
        replace(s, items=tuple(replace(one, reference=new.get(one.reference, 0)) for one in s.items))
        for s in items.sections
    )
    return replace(items, sections=sections, references=entries)


def _cited_numbers(value: Any) -> set[int]:
    """The numbers that are cited anywhere in a value."""
    if isinstance(value, Citation):
        return {value.number}
    if isinstance(value, tuple):
        return set().union(*(_cited_numbers(one) for one in value)) if value else set()
    if is_dataclass(value) and not isinstance(value, Work | NumberedReference):
        return set().union(*(_cited_numbers(getattr(value, field.name)) for field in fields(value)))
    return set()


def _with_citation_numbers(value: Any, new: Mapping[int, int]) -> Any:
    """The value with every citation under its new number."""
    if isinstance(value, Citation):
        return Citation(new.get(value.number, value.number))
    if isinstance(value, tuple):
        return tuple(_with_citation_numbers(one, new) for one in value)
    if is_dataclass(value) and not isinstance(value, Work | NumberedReference | type):
        changed = {f.name: _with_citation_numbers(getattr(value, f.name), new) for f in fields(value) if f.init}
        return replace(value, **changed)
    return value


# Headline and themes


def titles(document: Document) -> list[str]:
    """The titles that the headline is made of."""
    return [one.title for section in document.sections if section.kind == "theme" for one in section.items]


def headline(found: Sequence[str], words: Translator) -> str:
    """The edition in one line, by names that are short: "TransGAN, Language Model Cascades, and 8 more".

    A name is what a paper is known by: its title before a colon or a dash. Where none is short, the first title stands
    for all.
    """
    if not found:
        return ""
    names = [name for name in map(short_title, found) if len(name) <= MAX_HEADLINE_NAME][:3] or [found[0]]
    if more := len(found) - len(names):
        if len(names) == 1:
            return words.ngettext("{name} and {n} more", "{name} and {n} more", more, name=names[0])
        # Translators: {names} are the names of two or three papers, with commas.
        return words.ngettext("{names}, and {n} more", "{names}, and {n} more", more, names=", ".join(names))
    return words.names(names)


def papers_sentence(count: int, words: Translator) -> str:
    """The sentence of the introduction about the papers."""
    return words.ngettext(
        "This is the paper the club wanted to read.", "These are the {n} papers the club wanted to read.", count
    )


def short_title(title: str) -> str:
    """What a paper is known by: the part of its title before a colon or a dash, if that says enough."""
    name = re.split(r":\s|\s[–—-]\s", title, maxsplit=1)[0]
    return name if len(name) >= 3 else title


def main_themes(sections: Iterable[Section], shape: Template) -> tuple[Theme, ...]:
    """The major themes that the sections are: with the names of what is in those for links."""
    if not shape.grouped:
        return ()
    return tuple(
        Theme(s.title, "" if s.kind == "theme" else ", ".join(truncate(short_title(one.title), 60) for one in s.items[:3]))
        for s in sections
    )


def _themes(before: Document, after: Document, shape: Template) -> tuple[Theme, ...]:
    """The themes derived anew, and those proposed besides; as they stand where a moderator wrote them."""
    derived = main_themes(before.sections, shape)
    if before.themes[: len(derived)] != derived:
        return after.themes
    return (*main_themes(after.sections, shape), *before.themes[len(derived) :])
