"""Derived fields of an edition: numbers, references, themes, headline and reading time.

Derived values are recalculated after every change; a value that a moderator has overridden is left alone. Citations are
stored by work, not by number: in stored markup `[3]` becomes `[@key]`, and the current number is filled in when the
text is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.chat.text import truncate
from bot.domain.citations import Reference as Work
from bot.editions.model.authorship import has_generated_text, own_sentences
from bot.editions.model.document import Credit, Document, Item, Section, Theme, reading_minutes
from bot.editions.model.items import NumberedReference
from bot.editions.model.prose import Citation
from bot.editions.model.templates import Template
from bot.editions.model.translation import words_of
from bot.locale import Translator

MAX_HEADLINE_NAME = 45
"""Maximum length in characters of a title in the headline. Three such titles take about one and a half lines."""

_NUMBER = re.compile(r"(?<![\w\])@\\])\[(\d{1,3})\](?!\()")
_KEY = re.compile(r"\[@([^\[\]\s]{1,300})\]")


def with_derived_fields(before: Document, after: Document, template: Template) -> Document:
    """The changed document with all derived fields recalculated.

    `before` is the document before the change; comparing with it shows which fields were derived and which were
    overridden.
    """
    after = replace(after, sections=tuple(section for section in after.sections if section.items))
    after = _with_item_numbers(after, template)
    after = with_renumbered_references(after)
    words = words_of(after)
    if before.headline == after.headline == headline(titles(before), words):
        after = replace(after, headline=headline(titles(after), words))
    if after.themes == before.themes:
        after = replace(after, themes=_themes(before, after, template))
    new_sentence = (
        papers_sentence(paper_count(after), words, wanted=_all_voted_for(after)) if paper_count(after) else ""
    )
    for wanted in (True, False):
        old_sentence = papers_sentence(paper_count(before), words, wanted=wanted)
        if after.intro and old_sentence in str(after.intro[-1]):
            last = str(after.intro[-1]).replace(old_sentence, new_sentence)
            after = replace(after, intro=tuple(span for span in (*after.intro[:-1], last.rstrip()) if span))
            break
    after = replace(after, credits=_credits(before, after, words))
    return replace(after, reading_minutes=reading_minutes(after.word_count))


# Credits


def text_credits(document: Document, words: Translator) -> tuple[Credit, ...]:
    """Credits for the texts as they are: the writers of summaries that are left, and the people who wrote texts."""
    generated = [item for item in document.items if item.provenance and has_generated_text(item)]
    # Translators: one of "Summaries from: …", beside the names of models.
    extractive_label = words.gettext("the abstracts’ own sentences")
    writers = [writer for item in generated for writer in _writers(item)]
    names = tuple(extractive_label if w == "extractive" else w for w in dict.fromkeys(writers))
    people = tuple(dict.fromkeys(author.by for item in document.items for author in item.authorship if author.by))
    # Translators: names of models follow, or "the abstracts’ own sentences".
    summaries = Credit(words.gettext("Summaries from"), names)
    # Translators: a list of members' names follows.
    return tuple(credit for credit in (summaries, Credit(words.gettext("Texts by"), people)) if credit.names)


def _writers(item: Item) -> tuple[str, ...]:
    """Writers of an item's texts: a model, and "extractive" for the paper's own sentences among its own."""
    writer = item.provenance.writer if item.provenance else ""
    own, total = own_sentences(item)
    return ((writer,) if own < total or not own else ()) + (("extractive",) if own else ())


def _credits(before: Document, after: Document, words: Translator) -> tuple[Credit, ...]:
    """The credits, with those for texts as they are now; one that a moderator changed or removed is left alone."""
    old = {credit.role: credit for credit in text_credits(before, words)}
    new = {credit.role: credit for credit in text_credits(after, words)}
    given = {credit.role: credit for credit in after.credits}
    updated = [new.get(credit.role) if old.get(credit.role) == credit else credit for credit in after.credits]
    added = [credit for role, credit in new.items() if role not in given and role not in old]
    return (*(credit for credit in updated if credit), *added)


# Counts


def paper_count(document: Document) -> int:
    """Number of papers in the themed sections."""
    return len(_papers(document))


def _papers(document: Document) -> list[Item]:
    themed = (section for section in document.sections if section.kind == "theme")
    return [item for section in themed for item in section.items if item.kind == "paper"]


def _all_voted_for(document: Document) -> bool:
    return all_voted_for(_papers(document))


def all_voted_for(papers: Iterable[Item]) -> bool:
    """True if each of the papers has a vote."""
    return all(item.votes for item in papers)


def _with_item_numbers(document: Document, template: Template) -> Document:
    """The document with items numbered in the research sections, if the template numbers items."""
    number, sections = 0, []
    for section in document.sections:
        items: list[Item] = []
        for item in section.items:
            is_numbered = section.kind == "theme" and not template.grouped
            number += is_numbered
            items.append(replace(item, number=number if is_numbered else 0))
        sections.append(replace(section, items=tuple(items)))
    return replace(document, sections=tuple(sections))


# References


def citation_key(work: Work) -> str:
    """Stable key of a work in a typed citation such as `[@arxiv:2001.08361]`; the same in every edition."""
    if work.arxiv_id:
        return f"arxiv:{work.arxiv_id}"
    if work.doi:
        return f"doi:{work.doi}"
    return work.url or re.sub(r"[^a-z0-9]+", "-", work.title.lower()).strip("-")


def reference_numbers(document: Document) -> frozenset[int]:
    """The numbers that `[3]` may mean."""
    return frozenset(entry.number for entry in document.references)


def with_work_keys(document: Document, text: str) -> str:
    """Markup with numbered citations replaced by work keys, so that they stay valid when the draft is rebuilt."""
    keys = {entry.number: citation_key(entry.work) for entry in document.references}
    return _outside_code(
        text, lambda part: _NUMBER.sub(lambda n: f"[@{keys[int(n[1])]}]" if int(n[1]) in keys else n[0], part)
    )


def with_reference_numbers(document: Document, text: str) -> str:
    """Markup with work keys replaced by this document's reference numbers. `[@2001.08361]` is read as an arXiv id."""
    numbers = {citation_key(entry.work): entry.number for entry in document.references}
    numbers |= {key.removeprefix("arxiv:"): number for key, number in numbers.items()}
    return _KEY.sub(lambda found: f"[{numbers[found[1]]}]" if found[1] in numbers else found[0], text)


def _outside_code(text: str, change: Any) -> str:
    pieces = re.split(r"(^```.*?^```|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(piece if place % 2 else change(piece) for place, piece in enumerate(pieces))


def with_renumbered_references(document: Document) -> Document:
    """The document with references renumbered: first the items' works in item order, then other cited works.

    Where readers see only what is cited, that comes first. References that nothing cites any more are removed. Numbers
    of an imported text stay.
    """
    order = dict.fromkeys(item.reference for item in document.items if item.reference)
    needed = document.cited_numbers | {entry.number for entry in document.references if entry.cited}
    rest = [entry.number for entry in document.references if entry.number in needed and entry.number not in order]
    if document.own_numbers:
        kept = tuple(entry for entry in document.references if entry.number in order or entry.number in needed)
        return replace(document, references=kept)
    if document.listed_references == "cited":
        rest = [entry.number for entry in document.references if entry.number in needed]
        ordered = list(dict.fromkeys([*rest, *order]))
    else:
        ordered = [*order, *rest]
    numbers = {old: number for number, old in enumerate(ordered, 1)}
    by_number = {entry.number: entry for entry in document.references}
    entries = tuple(replace(by_number[old], number=number) for old, number in numbers.items() if old in by_number)
    if all(old == number for old, number in numbers.items()):
        return replace(document, references=entries)
    renumbered: Document = _with_citation_numbers(replace(document, references=()), numbers)
    sections = tuple(
        replace(s, items=tuple(replace(item, reference=numbers.get(item.reference, 0)) for item in s.items))
        for s in renumbered.sections
    )
    return replace(renumbered, sections=sections, references=entries)


def _with_citation_numbers(value: Any, new: Mapping[int, int]) -> Any:
    """The value with every citation under its new number."""
    if isinstance(value, Citation):
        return Citation(new.get(value.number, value.number))
    if isinstance(value, tuple):
        return tuple(_with_citation_numbers(part, new) for part in value)
    if is_dataclass(value) and not isinstance(value, Work | NumberedReference | type):
        changed = {f.name: _with_citation_numbers(getattr(value, f.name), new) for f in fields(value) if f.init}
        return replace(value, **changed)
    return value


# Headline and themes


def titles(document: Document) -> list[str]:
    """Titles of the papers in the themed sections, from which the headline is built."""
    return [item.title for section in document.sections if section.kind == "theme" for item in section.items]


def headline(found_titles: Sequence[str], words: Translator) -> str:
    """The headline: up to three short titles and a count of the rest: "TransGAN, Language Model Cascades, and 8 more".

    A title is shortened to the part before a colon or a dash. If no title is short enough, the first one is used alone.
    """
    if not found_titles:
        return ""
    names = [name for name in map(short_title, found_titles) if len(name) <= MAX_HEADLINE_NAME][:3] or [found_titles[0]]
    if remaining := len(found_titles) - len(names):
        if len(names) == 1:
            return words.ngettext("{name} and {n} more", "{name} and {n} more", remaining, name=names[0])
        # Translators: {names} are the names of two or three papers, with commas.
        return words.ngettext("{names}, and {n} more", "{names}, and {n} more", remaining, names=", ".join(names))
    return words.names(names)


def papers_sentence(count: int, words: Translator, *, wanted: bool) -> str:
    """The sentence of the introduction about the papers; `wanted` if the club voted for each of them."""
    if not wanted:
        return words.ngettext("This edition has one paper.", "This edition has {n} papers.", count)
    return words.ngettext(
        "This is the paper the club wanted to read.", "These are the {n} papers the club wanted to read.", count
    )


def short_title(title: str) -> str:
    """The title shortened to the part before a colon or a dash, unless fewer than three characters would remain."""
    name = re.split(r":\s|\s[–—-]\s", title, maxsplit=1)[0]
    return name if len(name) >= 3 else title


def main_themes(sections: Iterable[Section], template: Template) -> tuple[Theme, ...]:
    """One theme for each section; sections other than themes list their first items as the gloss."""
    if not template.grouped:
        return ()
    return tuple(
        Theme(
            s.title,
            "" if s.kind == "theme" else ", ".join(truncate(short_title(item.title), 60) for item in s.items[:3]),
        )
        for s in sections
    )


def _themes(before: Document, after: Document, template: Template) -> tuple[Theme, ...]:
    """Themes recalculated from the sections, followed by proposed themes; unchanged if a moderator has edited them."""
    derived = main_themes(before.sections, template)
    if before.themes[: len(derived)] != derived:
        return after.themes
    return (*main_themes(after.sections, template), *before.themes[len(derived) :])
