"""The small lines of an edition and of its items, in the edition's language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from bot.chat.text import truncate
from bot.editions.model.authorship import has_generated_text, insight_texts, own_sentences, person_of, why_texts
from bot.editions.model.blocks import Quotation, QuoteState
from bot.editions.model.document import Correction, Document, Item, NumberedReference, Period, Provenance
from bot.editions.model.items import MODERATORS_CHECKS
from bot.editions.model.translation import words_of
from bot.locale import Translator, gettext_noop

CHECKS = (
    gettext_noop("quotes"),
    gettext_noop("numbers"),
    gettext_noop("names"),
    gettext_noop("numbers and names"),
    gettext_noop("links"),
)
"""Names of the checks of a text, as used in "not confirmed: …"."""

_SECTION = re.compile(r"section (\d[\d.]*)")
_SOURCE = re.compile(r"(abstract|full text)( v\d+)?")


def heading(item: Item) -> str:
    """The title, with its number where items are numbered: "3. Language Model Cascades"."""
    return f"{item.number}. {item.title}" if item.number else item.title


def edition_number(document: Document, words: Translator) -> str:
    """The number of the edition: "No. 3"."""
    # Translators: the number of an edition, a short abbreviation.
    return words.gettext("No. {number}", number=document.number)


def edition_name(document: Document, words: Translator) -> str:
    """The edition among others: "Paper Cats, No. 3"."""
    return f"{document.club}, {edition_number(document, words)}"


def days_of(period: Period) -> tuple[date, date]:
    """The first and the last day of a period, in the club's zone."""
    zone = ZoneInfo(period.zone)
    return period.since.astimezone(zone).date(), period.until.astimezone(zone).date()


def span(period: Period, words: Translator) -> str:
    """A period in words: "16–23 November 2026"."""
    return words.period(*days_of(period))


def issue_period(document: Document, words: Translator) -> str:
    """The period of an edition in words: its days, or the month of a monthly one: "November 2026"."""
    if document.monthly:
        return words.long_month(document.issued.astimezone(ZoneInfo(document.period.zone)).date())
    return span(document.period, words)


def dateline(document: Document) -> tuple[str, ...]:
    """The line below the title: number, period, reading time, and the papers it was selected from."""
    words = words_of(document)
    parts = [edition_number(document, words), issue_period(document, words)]
    if document.reading_minutes:
        parts.append(words.ngettext("{n} min read", "{n} min read", document.reading_minutes))
    if document.selected_from:
        # Translators: {where} is a list of arXiv's categories in brackets, or a place in words, or nothing.
        selected = words.ngettext(
            "selected from {n} new paper {where}",
            "selected from {n} new papers {where}",
            document.selected_from,
            where=document.selected_where,
        )
        parts.append(selected.strip())
    return tuple(parts)


def byline(item: Item, words: Translator) -> str:
    """Authors, venue, date and reference number; empty if all are unknown."""
    # Translators: the authors of a paper.
    authors = words.gettext("By {authors}", authors=item.authors) if item.authors else ""
    # Translators: stands where a paper's authors would be, as long as arXiv has not answered.
    follow = words.gettext("Details to follow: the source did not answer in time") if item.pending else ""
    line = " · ".join(bit for bit in (authors, item.venue, follow) if bit)
    return f"{line} [{item.reference}]".strip() if item.reference else line


def vote_line(item: Item, words: Translator, *, live: bool = False) -> str:
    """Votes, number of people in the discussion, and submitters; empty if the club had no part in the item.

    `live` leaves the numbers out, because the current ones are displayed below.
    """
    parts = []
    if item.submission and item.votes and not live:
        parts.append(words.ngettext("{n} vote", "{n} votes", item.votes))
    if item.voices and not live:
        parts.append(words.ngettext("{n} in the discussion", "{n} in the discussion", item.voices))
    if item.voters:
        parts.append(words.gettext("voted for by {names}", names=words.names(item.voters)))
    if item.brought_by:
        number = f" (#{item.brought})" if item.brought else ""
        parts.append(words.gettext("submitted by {names}", names=words.names(item.brought_by)) + number)
    return " · ".join(parts)


def reference(entry: NumberedReference) -> tuple[str, str, str]:
    """A reference in three pieces: the text before its title, the title, and the text after it."""
    before = f"[{entry.number}] {entry.people}".rstrip()
    after = f". {entry.place}." if entry.place else "."
    after += f" {entry.work.withdrawn}" if entry.work.withdrawn else ""
    stop = "" if not entry.people or entry.people.endswith(".") else "."
    return f"{before}{stop} ", entry.work.title, after


def correction(fix: Correction, words: Translator) -> str:
    """A correction, preceded by its item's title in quotation marks, unless it names it: "“Attention Is All You Need”:
    We had said four times."
    """
    title = truncate(fix.about, 120)
    if not title or title in fix.say:
        return fix.say
    return words.gettext("“{title}”: {correction}").format(title=title, correction=fix.say)


def source_note(document: Document, words: Translator) -> str:
    """The last line of all: which edition of which club this is."""
    return f"{edition_name(document, words)} · {issue_period(document, words)}"


def passage(where: str, words: Translator) -> str:
    """The location of a quote in a paper: "abstract", "section 4.1". Headings of the paper are not translated."""
    if where == "abstract":
        return words.gettext("abstract")
    if section := _SECTION.fullmatch(where):
        return words.gettext("section {number}", number=section[1])
    return where


def quotation_source(quote: Quotation, words: Translator) -> str:
    """Location of a quote as readers see it; one that is in no text names who vouches for it."""
    where = passage(quote.where, words)
    if quote.state is not QuoteState.VOUCHED:
        return where
    # Translators: beside a quote that is in none of the texts that the club has.
    vouched = words.gettext("not verified, {name} vouches for it", name=quote.voucher)
    return f"{where} ({vouched})" if where else vouched


def item_origin(item: Item, words: Translator) -> str:
    """Origin of an item's texts in one line: its writer, the people who wrote or changed a text, and its quotes."""
    origin = item.provenance
    is_abstract = origin is not None and origin.writer == "abstract" and not has_generated_text(item)
    shows_abstract = any(isinstance(b, Quotation) and b.where == "abstract" and b.start == 0 for b in item.passages)
    notes: list[str] = []
    if origin and (has_generated_text(item) or (is_abstract and shows_abstract)):
        notes.append(provenance(replace(origin, reviewer=""), words, own_sentences(item)))
    elif origin and origin.editor:
        notes.append(words.gettext("edited by {names}", names=origin.editor))
    notes += _people(item, words)
    notes += _quotes(item, words, is_abstract=is_abstract and shows_abstract)
    if origin and origin.reviewer:
        notes.append(words.gettext("reviewed by {names}", names=origin.reviewer))
    return " · ".join(notes)


def is_by_people_alone(item: Item) -> bool:
    """True if no writer wrote a text of the item, and it has no quote whose source is to be named."""
    return not has_generated_text(item) and not any(isinstance(block, Quotation) for block in item.blocks)


def _people(item: Item, words: Translator) -> Iterator[str]:
    """People who wrote Why and key insights, unless the item's writer did."""
    why = ", ".join(dict.fromkeys(name for text in why_texts(item) if (name := person_of(item, text))))
    insights = insight_texts(item)
    by_person: dict[str, list[int]] = {}
    for number, text in enumerate(insights, 1):
        if name := person_of(item, text):
            by_person.setdefault(name, []).append(number)
    if why and (not insights or by_person == {why: list(range(1, len(insights) + 1))}):
        # Translators: the names of those who wrote why a paper matters, and its key insights.
        yield words.gettext("written by {names}", names=why)
        return
    if why:
        # Translators: "Why" is the text about why a paper matters.
        yield words.gettext("“Why” written by {names}", names=why)
    for name, numbers in by_person.items():
        if len(numbers) == len(insights):
            yield words.gettext("key insights written by {names}", names=name)
        else:
            listed = words.names([str(number) for number in numbers])
            # Translators: {numbers} are the places of key insights in their list: "2 and 3".
            yield words.gettext("key insights {numbers} written by {names}", numbers=listed, names=name)


def _quotes(item: Item, words: Translator, *, is_abstract: bool) -> Iterator[str]:
    """Texts in which the quotes are word for word; the abstract alone needs no further word."""
    places: dict[str, None] = {}
    given: dict[tuple[str, str], None] = {}
    for block in item.blocks:
        if not isinstance(block, Quotation):
            continue
        if block.state is QuoteState.PAPER and not (is_abstract and block.where == "abstract"):
            version = re.search(r"v\d+\Z", block.source)
            places[" ".join(filter(None, (passage(block.where, words), version[0] if version else "")))] = None
        elif block.state is QuoteState.GIVEN:
            given[block.where, block.given_by] = None
    if places:
        # Translators: {places} are parts of a paper: "abstract v2, section 4.1 v2".
        yield words.gettext("quotes word for word in {places}", places=", ".join(places))
    for where, name in given:
        yield words.gettext("quotes word for word in “{text}”, given by {name}", text=where, name=name)


def provenance(origin: Provenance, words: Translator, own: tuple[int, int] = (0, 0)) -> str:
    """A text's origin in one line: "Sentences of the abstract v2, chosen on 23 Nov 2026".

    `own` is the number of the paper's own sentences among those that a model wrote, and of all of them.
    """
    failed = [
        words.gettext(check.name) for check in origin.checks if not check.passed and check.name not in MODERATORS_CHECKS
    ]
    notes = []
    if failed:
        notes.append(words.gettext("not confirmed: {checks}", checks=", ".join(failed)))
    if origin.editor:
        notes.append(words.gettext("edited by {names}", names=origin.editor))
    if origin.reviewer:
        notes.append(words.gettext("reviewed by {names}", names=origin.reviewer))
    count, total = own
    if count and count == total:
        return " · ".join((_origin(replace(origin, writer="extractive"), words), *notes))
    written = _origin(origin, words)
    if count:
        # Translators: {origin} is "Written by gpt-5-mini from the abstract v2 on 23 Nov 2026".
        written = words.gettext("{origin}; some sentences are the paper’s own", origin=written)
    return " · ".join((written, *notes))


def _origin(origin: Provenance, words: Translator) -> str:
    day, writer = words.short_date(origin.at), origin.writer
    source_match = _SOURCE.fullmatch(origin.source)
    version = (source_match[2] or "") if source_match else ""
    match source_match and source_match[1], writer:
        case "abstract", "abstract":
            # Translators: {version} is empty, or a blank and a version such as " v2".
            return words.gettext("The abstract{version}, as its authors wrote it", version=version)
        case "abstract", "extractive":
            return words.gettext("Sentences of the abstract{version}, chosen on {day}", version=version, day=day)
        case "full text", "extractive":
            return words.gettext("Sentences of the full text{version}, chosen on {day}", version=version, day=day)
        case "abstract", _:
            values = {"writer": writer, "version": version, "day": day}
            return words.gettext("Written by {writer} from the abstract{version} on {day}", **values)
        case "full text", _:
            values = {"writer": writer, "version": version, "day": day}
            return words.gettext("Written by {writer} from the full text{version} on {day}", **values)
    source = passage(origin.source, words)
    if writer == "extractive":
        # Translators: {source} is the heading of a part of the paper, as the paper has it.
        return words.gettext("Sentences of “{source}”, chosen on {day}", source=source, day=day)
    return words.gettext("Written by {writer} from “{source}” on {day}", writer=writer, source=source, day=day)
