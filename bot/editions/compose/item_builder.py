"""Builds an item of an edition from a submission or a suggestion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.chat.text import join_names, one_line, truncate
from bot.domain.links.identify import SiteKind
from bot.domain.models import CoSubmission, Discussion, MemberQuote, Paper, PaperLink, Pick, Submission, Suggestion
from bot.domain.summary_values import SourceQuote, WrittenSummary
from bot.editions.compose.selection import Candidate
from bot.editions.model import prose
from bot.editions.model.blocks import Block, ListBlock, MemberComment, Paragraph, Point, Quotation, RemarkBlock
from bot.editions.model.document import Badge, Item, ItemKind, NumberedReference, Provenance, Thread, Work
from bot.editions.model.templates import Template, badge_label
from bot.latex.reader import latex_to_text
from bot.locale import Translator

ItemText = TypeVar("ItemText", str, SourceQuote)

MOST_NAMED = 8
"""Authors on the line below a title; of more, the first seven and `et al.`."""
MOST_KEPT = 100
"""Maximum number of authors stored for the references. Some papers in particle physics have 3,000."""

_KINDS: dict[str, ItemKind] = {
    "paper": "paper",
    "news": "news",
    "code": "code",
    "demo": "code",
    "colab": "code",
    "project": "code",
    "data": "data",
    "blog": "post",
    "post": "post",
    "video": "video",
    "newsletter": "newsletter",
    "event": "event",
    "commentary": "commentary",
}


@dataclass(frozen=True, slots=True)
class SelectedPaper:
    """A selected submission with all data of its item. `written` is None if the item has no summary."""

    submission: Submission
    candidate: Candidate
    pick: Pick | None = None
    written: WrittenSummary | None = None
    links: tuple[PaperLink, ...] = ()
    seconds: tuple[CoSubmission, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    said: tuple[MemberQuote, ...] = ()
    """Members' comments that may be quoted."""
    voters: tuple[str, ...] = ()
    """Names of those who voted and agreed to have it shown."""
    quotes: tuple[Quotation, ...] = ()
    """Quotes selected by moderators; shown for every kind of item, before the quotes of the summary."""

    @property
    def kind(self) -> SiteKind:
        """Kind of its link."""
        return self.submission.paper.kind


def item(chosen: SelectedPaper, template: Template, *, emoji: bool, now: datetime) -> Item:
    """The item of a submission; its number and reference are given later, when all are in their order."""
    submission, paper, pick, written = chosen.submission, chosen.submission.paper, chosen.pick, chosen.written
    title = latex_to_text(submission.heading)
    why = (pick.why if pick else "") or ""
    insights, passages = _texts(chosen, template)
    return Item(
        kind=_KINDS.get(chosen.kind, "other"),
        key=paper.key,
        title=title,
        url=paper.url,
        submission=submission.id,
        brought=submission.number,
        authors=join_names([latex_to_text(name) for name in paper.authors], MOST_NAMED),
        venue=venue(paper, template.words),
        badges=tuple(_badges(chosen, emoji, template.words)),
        why=prose.read(why) if why else _why(chosen, title),
        insights=insights,
        passages=(*passages, *_remarks(chosen, title, template.words)),
        said=tuple(
            MemberComment(saying.text, saying.credit or unnamed(template.words), saying.url) for saying in chosen.said
        ),
        votes=chosen.candidate.terms.votes,
        voices=submission.voices,
        voters=chosen.voters,
        threads=tuple(
            Thread(d.workspace.name or d.workspace.platform.title(), d.workspace.platform, d.url)
            for d in chosen.discussions
            if d.url
        ),
        brought_by=_submitters(chosen, template.words),
        provenance=provenance(written, paper, now) if chosen.kind == SiteKind.PAPER else None,
        version=paper.version if chosen.kind == SiteKind.PAPER else 0,
        pending=paper.pending and chosen.kind == SiteKind.PAPER,
    )


def suggested(suggestion: Suggestion) -> Item:
    """The item of a member's suggestion for News or Code."""
    kind = _KINDS.get(suggestion.kind or suggestion.section, "other")
    title = (
        one_line(suggestion.title) or truncate(suggestion.url.split("://", 1)[-1], 120) or truncate(suggestion.note, 80)
    )
    return Item(
        kind=kind,
        key=f"suggestion:{suggestion.id}",
        title=title,
        url=suggestion.url,
        suggestion=suggestion.id,
        why=prose.read(suggestion.note) if suggestion.note and suggestion.note != title else (),
        brought_by=(suggestion.member.name,),
    )


def venue(paper: Paper, words: Translator) -> str:
    """Publication place and date: the journal or the arXiv category, and the date of the first version."""
    bits = []
    if paper.journal_ref:
        bits.append(truncate(latex_to_text(one_line(paper.journal_ref)), 120))
    elif paper.key.startswith("arxiv:"):
        bits.append(f"arXiv {paper.categories[0]}" if paper.categories else "arXiv")
    if paper.published_at:
        bits.append(words.short_date(paper.published_at))
    return " · ".join(bits)


def reference(paper: Paper, number: int) -> NumberedReference:
    """The entry of a paper in the references."""
    work = Work.of(paper, latex_to_text)
    few = replace(work, authors=work.authors[:MOST_KEPT], latex_authors=work.latex_authors[:MOST_KEPT])
    return NumberedReference(number, few, et_al=len(work.authors) > MOST_KEPT)


def _texts(chosen: SelectedPaper, template: Template) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Key insights and quotes of the summary, limited by the template, without repeated sentences.

    If a moderator wrote why the paper matters, the summary's own sentence on that becomes the first insight.
    """
    written, paper = chosen.written, chosen.submission.paper
    if chosen.kind != SiteKind.PAPER:
        return (), chosen.quotes
    if written is None:
        return (), chosen.quotes or abstract_of(paper)
    if chosen.pick and chosen.pick.why:
        told, insights = {_folded(chosen.pick.why)}, (written.why, *written.insights)
    else:
        told, insights = {_folded(written.why)}, written.insights
    told |= {_folded(quote.text) for quote in chosen.quotes}
    if template.quotes > template.insights:
        quotes = _new(written.quotes, told, template.quotes)
        points = _new(insights, told, template.insights)
    else:
        points = _new(insights, told, template.insights)
        quotes = _new(written.quotes, told, template.quotes)
    return insights_of(points), (*chosen.quotes, *(quotation(quote, paper) for quote in quotes))


def rewritten_texts(
    written: WrittenSummary, paper: Paper, template: Template
) -> tuple[prose.Prose, tuple[Block, ...], tuple[Quotation, ...]]:
    """Why, key insights and quotes of a new summary, limited by the template, without repeated sentences."""
    told = {_folded(written.why)}
    quotes = _new(written.quotes, set(told), template.quotes)
    points = _new(written.insights, told, template.insights)
    why = (written.why,) if written.why else ()
    return why, insights_of(points), tuple(quotation(quote, paper) for quote in quotes)


def abstract_of(paper: Paper) -> tuple[Quotation, ...]:
    """The abstract as the only quote of a paper without a summary; empty if there is no abstract."""
    said = latex_to_text(one_line(paper.abstract))
    return (Quotation(said, "abstract", source=source(paper), start=0, end=len(paper.abstract)),) if said else ()


def quotation(quote: SourceQuote, paper: Paper) -> Quotation:
    """A verified quote of a summary as a quotation block."""
    return Quotation(quote.text, quote.passage, source=source(paper), start=quote.start, end=quote.end)


def insights_of(points: Sequence[str]) -> tuple[Block, ...]:
    """Key insights as blocks: one is a paragraph, several are a list."""
    if len(points) == 1:
        return (Paragraph((points[0],)),)
    return (ListBlock(tuple(Point((point,)) for point in points)),) if points else ()


def _remarks(chosen: SelectedPaper, title: str, words: Translator) -> Iterator[Block]:
    """The reasons given by the submitters, then the curator's note."""
    submission = chosen.submission
    why_is_used = not chosen.written and not (chosen.pick and chosen.pick.why)
    if submission.why and not why_is_used and _folded(submission.why) != _folded(title):
        yield RemarkBlock(prose.read(submission.why), _named(submission, words))
    for second in chosen.seconds:
        if second.why:
            yield RemarkBlock(prose.read(second.why), _named(second, words))
    if chosen.pick and chosen.pick.note:
        yield RemarkBlock(prose.read(chosen.pick.note))


def _why(chosen: SelectedPaper, title: str) -> prose.Prose:
    """Why it matters: from the summary, else the submitter's reason."""
    if chosen.written:
        return (chosen.written.why,) if chosen.written.why else ()
    said = chosen.submission.why
    return prose.read(said) if said and _folded(said) != _folded(title) else ()


def _badges(chosen: SelectedPaper, emoji: bool, words: Translator) -> Iterator[Badge]:
    paper = chosen.submission.paper
    if chosen.kind == SiteKind.PAPER:
        yield Badge("paper", badge_label("paper", emoji=emoji, words=words), paper.url)
    seen = {paper.url}
    found: list[tuple[str, str]] = [(link.kind, link.url) for link in chosen.links]
    found += [(link.kind, link.url) for link in (chosen.written.links if chosen.written else ())]
    for kind, url in found:
        if url not in seen:
            seen.add(url)
            yield Badge(kind, badge_label(kind, emoji=emoji, words=words), url)


def _submitters(chosen: SelectedPaper, words: Translator) -> tuple[str, ...]:
    who: tuple[Submission | CoSubmission, ...] = (chosen.submission, *chosen.seconds)
    return tuple(dict.fromkeys(_named(one, words) for one in who))


def _named(one: Submission | CoSubmission, words: Translator) -> str:
    return unnamed(words) if one.anonymous else one.member.name


def unnamed(words: Translator) -> str:
    """Label for a member who wants to stay anonymous."""
    return words.gettext("a member")


def provenance(written: WrittenSummary | None, paper: Paper, now: datetime) -> Provenance | None:
    """Provenance of a paper's text: its summary, else its abstract; None if it has neither."""
    if written:
        return Provenance(written.writer, written.prompt, written.source, written.at, written.checks)
    if not paper.abstract:
        return None
    version = f" v{paper.version}" if paper.version else ""
    return Provenance("abstract", "", f"abstract{version}", now)


def source(paper: Paper) -> str:
    """Key of the text that a paper's quotes are from, with its version: `arxiv:1706.03762v5`"""
    return f"{paper.key}v{paper.version}" if paper.version else paper.key


def _new(texts: Sequence[ItemText], told: set[str], most: int) -> list[ItemText]:
    """The first `most` texts that do not repeat one of `used`; their normalised forms are added to `used`."""
    fresh: list[ItemText] = []
    for text in texts:
        folded = _folded(text if isinstance(text, str) else text.text)
        if folded and len(fresh) < most and not any(folded in known or (known and known in folded) for known in told):
            fresh.append(text)
            told.add(folded)
    return fresh


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
