"""Building the outline of an edition: the order of its parts, and their words in the edition's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.chat.rich_text import Link
from bot.editions.model.blocks import Block, Quotation
from bot.editions.model.document import Chart, Document, Item, Section, Thread
from bot.editions.model.translation import words_of
from bot.editions.render import captions, outline
from bot.editions.render.charts import description as chart_words
from bot.editions.render.outline import Outline, OutlineItem
from bot.locale import Translator


def build_outline(document: Document, *, web_url: str = "") -> Outline:
    """Build the outline of an edition. `web_url` is its page; if given, the closing links to it."""
    words = words_of(document)
    return Outline(
        language=document.language,
        club=document.club,
        name=captions.edition_name(document, words),
        title=document.title,
        dateline=captions.dateline(document),
        headline=document.headline,
        intro=document.intro,
        opening=tuple(_opening(document, words)),
        sections=tuple(_section(section, document, words) for section in document.sections),
        closing=tuple(_closing(document, words, web_url)),
        closing_title=words.gettext("References"),
    )


def item_outline(item: Item, document: Document) -> OutlineItem:
    """The outline of one item, in the language of its edition."""
    return _item(item, document, words_of(document))


def chart_outline(chart: Chart, words: Translator) -> outline.OutlineChart:
    """A chart with its numbers written out."""
    rows, description = chart_words.rows(chart, words), chart_words.describe(chart, words)
    return outline.OutlineChart(chart.title, chart.caption, rows, description, chart, words.language.code)


def _opening(document: Document, words: Translator) -> Iterator[outline.OpeningPart]:
    if document.letter:
        signature = document.letter.by
        yield outline.OutlineLetter(localized(document.letter.blocks, words), f"— {signature}" if signature else "")
    if document.video:
        label = document.video.label or words.gettext("Video version of this edition")
        yield outline.VideoLink(label, document.video.url)
    if document.themes:
        yield outline.ThemeList(words.gettext("Major themes"), document.themes)
    if document.items:
        yield outline.ContentsList(words.gettext("Contents"), tuple(_contents(document)))
    for chart in document.charts:
        yield chart_outline(chart, words)


def _contents(document: Document) -> Iterator[outline.ContentsGroup]:
    for section in document.sections:
        entries = tuple(outline.ContentsEntry(captions.heading(item), item.anchor) for item in section.items)
        if entries:
            yield outline.ContentsGroup(section.heading, entries)


def _section(section: Section, document: Document, words: Translator) -> outline.OutlineSection:
    items = tuple(_item(item, document, words) for item in section.items)
    return outline.OutlineSection(section.kind, section.title, section.heading, section.intro, items)


def _item(item: Item, document: Document, words: Translator) -> OutlineItem:
    return OutlineItem(
        kind=item.kind,
        key=item.key,
        anchor=item.anchor,
        submission=item.submission,
        number=item.number,
        title=item.title,
        heading=captions.heading(item),
        url=item.url,
        more=words.gettext("More on this paper"),
        parts=(*_corrections(item, document, words), *_parts(_as_shown(item, document), document.emoji, words)),
    )


def _as_shown(item: Item, document: Document) -> Item:
    """The item without the number of a reference that readers do not see, its origin dated in the club's time zone."""
    if origin := item.provenance:
        item = replace(item, provenance=replace(origin, at=document.local(origin.at)))
    if document.listed_references == "all" or item.reference in {e.number for e in document.shown_references}:
        return item
    return replace(item, reference=0)


def _corrections(item: Item, document: Document, words: Translator) -> Iterator[outline.CorrectionNote]:
    for fix in document.fixes(item):
        # Translators: the mark of a paper whose text was corrected after it was published.
        said = words.gettext("Corrected on {day}: {what}", day=words.short_date(document.local(fix.at)), what=fix.say)
        yield outline.CorrectionNote(said)


def _parts(item: Item, emoji: bool, words: Translator) -> Iterator[outline.ItemPart]:
    if line := captions.byline(item, words):
        yield outline.Byline(line)
    if item.badges:
        yield outline.BadgeRow(item.badges)
    if item.why or item.why_more:
        # Translators: the label before why a paper matters.
        label = _signed("❓", words.gettext("Why"), emoji) if item.kind == "paper" else ""
        if item.why or label:
            yield outline.WhyLine(label, item.why)
    if item.why_more:
        yield outline.PassageList(localized(item.why_more, words))
    if item.insights:
        label = _signed("💡", words.gettext("Key insights"), emoji)
        yield outline.InsightList(label, localized(item.insights, words))
    if item.passages:
        yield outline.PassageList(localized(item.passages, words))
    if item.said:
        label, link = words.gettext("What the club said"), words.gettext("Discussion")
        yield outline.CommentList(label, link, item.said)
    if line := captions.vote_line(item, words):
        yield outline.VoteLine(line, captions.vote_line(item, words, live=True))
    if item.threads:
        yield outline.ThreadList(words.gettext("Discussion"), _thread_links(item.threads))
    if origin := captions.item_origin(item, words):
        # Translators: the label of a small line that says who or what wrote the texts about a paper.
        yield outline.ProvenanceNote(words.gettext("About these texts"), origin, captions.is_by_people_alone(item))


def _thread_links(threads: Sequence[Thread]) -> tuple[Link, ...]:
    """A link to each thread, called by its platform; by its workspace where a platform has several."""
    platforms = Counter(thread.platform for thread in threads)
    names = (thread.workspace if platforms[thread.platform] > 1 else thread.platform.title() for thread in threads)
    return tuple(Link(name, thread.url) for name, thread in zip(names, threads, strict=True))


def _signed(sign: str, label: str, emoji: bool) -> str:
    return f"{sign} {label}" if emoji else label


def localized(blocks: tuple[Block, ...], words: Translator) -> tuple[Block, ...]:
    """The blocks with the location and the state of each quote in the edition's language."""
    return tuple(
        replace(block, where=captions.quotation_source(block, words)) if isinstance(block, Quotation) else block
        for block in blocks
    )


def _closing(document: Document, words: Translator, web_url: str) -> Iterator[outline.ClosingPart]:
    if document.shown_references:
        yield outline.ReferenceList(words.gettext("References"), tuple(_references(document)))
    if document.links:
        yield outline.LinkList(words.gettext("All content links"), document.links)
    if document.corrections:
        dated = [(fix, words.short_date(document.local(fix.at))) for fix in document.corrections]
        errata = tuple(outline.Erratum(fix.at, day, captions.correction(fix, words)) for fix, day in dated)
        yield outline.ErrataList(words.gettext("Corrections"), errata)
    if document.sign_off:
        yield outline.SignOff(document.sign_off)
    if web_url:
        yield outline.WebLinks(_on_the_web(web_url, words))
    if document.credits:
        rows = tuple(outline.CreditLine(credit.role, ", ".join(credit.names)) for credit in document.credits)
        yield outline.CreditList(rows)
    yield outline.Colophon(captions.source_note(document, words))


def _references(document: Document) -> Iterator[outline.ReferenceEntry]:
    for entry in document.shown_references:
        before, title, after = captions.reference(entry)
        yield outline.ReferenceEntry(entry.number, before, title, entry.work.url, after)


def _on_the_web(url: str, words: Translator) -> tuple[Link, ...]:
    """The edition's page; and, above it in the archive, all editions and their feed."""
    archive, above, _ = url.rpartition("/editions/")
    page = Link(words.gettext("This edition on the web"), url)
    if not above:
        return (page,)
    return (page, Link(words.gettext("All editions"), archive), Link(words.gettext("Feed"), f"{archive}/editions.atom"))
