"""An edition as cards: a header, one card a paper with its own live tally, a card a section, and the closing.

Every card holds at most `LIMIT` characters and `MOST` parts, which both platforms take; what is longer goes on in a
second card. Nothing is left out: a text too long for one card is cut between words and continued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.chat.cards import Card, Heading, Links, Note, Part, Plot, Points, Quote, Text, note, text
from bot.chat.rich import Bold, Code, Italic, Link, Words
from bot.editions import charts, lines, prose
from bot.editions.blocks import Block, Figure, Listing, Paragraph, Quotation, Related, Remark, Subheading
from bot.editions.blocks import Code as Lines
from bot.editions.document import Chart, Document, Item, Section
from bot.editions.fitting import fit
from bot.editions.labels import Labels

ARROW = "→ "
INDENT = "\u2003"
"""An em space: platforms take plain spaces away at the start of a line."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of an edition as it is posted: a frozen card, and the submission whose live tally stands below it."""

    card: Card
    submission: int = 0
    group: str = ""
    """What it is a part of: an item's key, a section's title, `head` or `end`. What is long has several parts."""


def sheets(document: Document, *, url: str = "") -> tuple[Sheet, ...]:
    """The edition as the parts that are posted, in order. `url` is its page on the web, if it has one."""
    found = [Sheet(card, group="head") for card in fit(document.title, _header(document), url)]
    for section in document.sections:
        if section.kind == "theme":
            for place, item in enumerate(section.items):
                found += _paper(document, item, section, opens=place == 0)
        else:
            parts = _section(document, section)
            found += [Sheet(card, group=f"section {section.title}") for card in fit(section.heading, parts)]
    found += [Sheet(card, group="end") for card in fit(document.labels.references, _closing(document, url))]
    return tuple(found)


def _header(document: Document) -> Iterator[Part]:
    labels = document.labels
    yield note(" · ".join((document.club, *document.dateline)))
    if document.headline:
        yield text(Bold(document.headline))
    if document.intro:
        yield Text(prose.words(document.intro))
    if document.letter:
        yield from shown(document.letter.blocks)
        if document.letter.by:
            yield text(Italic(f"— {document.letter.by}"))
    if document.video:
        yield text(Link(document.video.label or labels.video, document.video.url))
    if document.themes:
        yield Heading(labels.themes)
        yield Points(tuple((theme.line,) for theme in document.themes))
    if document.items:
        yield Heading(labels.contents)
        yield Points(tuple((lines.heading(item),) for item in document.items))
    for chart in document.charts:
        yield from _chart(chart)


def _paper(document: Document, item: Item, section: Section, *, opens: bool) -> list[Sheet]:
    """The cards of a paper. The last carries the tally, so that the buttons stand below the text.

    Each names its theme; the one that `opens` it has what is said of the theme too.
    """
    lead = [Text(prose.words(section.intro))] if opens and section.intro else []
    parts = [note(section.heading), *_corrected(document, item), *lead, *_item(item, document.labels)]
    cards = fit(lines.heading(item), parts, item.url)
    return [*(Sheet(card, group=item.key) for card in cards[:-1]), Sheet(cards[-1], item.submission, item.key)]


def _corrected(document: Document, item: Item) -> Iterator[Part]:
    """The mark of an item that was corrected: when, and what was wrong."""
    labels = document.labels
    for fix in document.fixes(item):
        yield note(Italic(labels.corrected.format(day=labels.brief(fix.at), what=fix.say)))


def _section(document: Document, section: Section) -> Iterator[Part]:
    if section.intro:
        yield Text(prose.words(section.intro))
    for item in section.items:
        title = lines.heading(item)
        yield text(Link(title, item.url)) if item.url else text(Bold(title))
        yield from _corrected(document, item)
        yield from _item(item, document.labels)


def _item(item: Item, labels: Labels) -> Iterator[Part]:
    if line := lines.byline(item, labels):
        yield text(Italic(line))
    if item.badges:
        yield Links(tuple(Link(badge.label, badge.url) for badge in item.badges))
    if item.why:
        yield Text((*_label(labels.why, item), *prose.words(item.why)))
    if item.insights:
        yield from _insights(item.insights, labels)
    yield from shown(item.passages)
    if item.said:
        yield text(Bold(labels.said))
        for said in item.said:
            yield Quote(said.text, said.by)
            if said.url:
                yield note(Link(labels.discussion, said.url))
    if line := lines.standing(item, labels, beside_live=item.kind == "paper"):
        yield note(line)
    if item.threads:
        yield Note((f"{labels.discussion}: ", *_between([Link(t.workspace, t.url) for t in item.threads])))
    if item.provenance:
        yield note(item.provenance.told(labels))


def _label(label: str, item: Item) -> Words:
    """The label of the Why; news and code are told without one."""
    return (Bold(label), f" {ARROW}") if item.kind == "paper" else ()


def _insights(blocks: Sequence[Block], labels: Labels) -> Iterator[Part]:
    """The label in one line with the first paragraph, or above the first list."""
    first, *others = blocks
    if isinstance(first, Paragraph):
        yield Text((Bold(labels.insights), f" {ARROW}", *prose.words(first.words)))
        yield from shown(others)
    else:
        yield Text((Bold(labels.insights), f" {ARROW}".rstrip()))
        yield from shown(blocks)


def shown(blocks: Iterable[Block]) -> Iterator[Part]:
    """Blocks as parts of a card."""
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Part]:
    match block:
        case Paragraph(words):
            yield Text(prose.words(words))
        case Subheading(title):
            yield text(Bold(title))
        case Listing(points, numbered):
            if any(point.below for point in points):
                yield Text(_rows(block))
            else:
                yield Points(tuple(prose.words(point.words) for point in points), numbered)
        case Quotation(said):
            yield Quote(said, block.credit)
        case Remark(words, by):
            yield Text((ARROW, *((Italic(f"{by}: "),) if by else ()), *prose.words(words)))
        case Related(title, url, words):
            yield Text((ARROW, Link(title, url), *((" ", *prose.words(words)) if words else ())))
        case Figure(url, alt, caption, credit):
            yield text(Link(alt, url))
            if caption or credit:
                yield Note((*prose.words(caption), *((" ",) if caption and credit else ()), *prose.words(credit)))
        case Lines(program):
            yield from (text(Code(line)) for line in program.splitlines() if line.strip())


def _rows(block: Listing) -> Words:
    """A list with lists in it, as lines that are set in."""
    lines_ = (
        ("\n" if place else "", f"{INDENT * depth}{mark} ", *prose.words(point.words))
        for place, (depth, point, mark) in enumerate(block.rows())
    )
    return tuple(span for line in lines_ for span in line if span)


def _chart(chart: Chart) -> Iterator[Part]:
    yield Heading(chart.title)
    if chart.caption:
        yield Text(prose.words(chart.caption))
    yield Plot(chart.title, chart.points, charts.words(chart))
    yield Points(tuple((f"{label}: {value:,g} {chart.unit}".rstrip(),) for label, value in chart.points))


def _closing(document: Document, url: str) -> Iterator[Part]:
    labels = document.labels
    for entry in document.references:
        before, title, after = lines.reference(entry)
        yield Text((before, Link(title, entry.work.url) if entry.work.url else title, after))
    if document.links:
        yield Heading(labels.links)
        yield Points(tuple((link,) for link in document.links))
    if document.sign_off:
        yield Text(prose.words(document.sign_off))
    if url:
        yield Links(_on_the_web(url, labels))
    for credit in document.credits:
        yield note(f"{credit.role}: {', '.join(credit.names)}")
    if document.corrections:
        yield Heading(labels.corrections)
        yield Points(tuple((f"{labels.brief(fix.at)}: {fix.line}",) for fix in document.corrections))


def _on_the_web(url: str, labels: Labels) -> tuple[Link, ...]:
    """The edition's page; and, above it in the archive, all editions and their feed."""
    archive, above, _ = url.rpartition("/editions/")
    more = (Link(labels.archive, archive), Link(labels.feed, f"{archive}/editions.atom")) if above else ()
    return (Link(labels.page, url), *more)


def _between(links: Sequence[Link]) -> Words:
    return tuple(span for link in links for span in (", ", link))[1:]
