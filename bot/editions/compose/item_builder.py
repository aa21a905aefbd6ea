"""One submission, or one suggestion, as an item of an edition."""

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

MAX_AUTHORS_IN_BYLINE = 8
"""Authors on the line below a title; of more, the first seven and `et al.`."""
MAX_AUTHORS_IN_REFERENCE = 100
"""Authors kept for the references. A few papers of particle physics have 3,000."""

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
    """A submission that goes in, with all that its item tells. `written` is None where nothing was to be written."""

    submission: Submission
    candidate: Candidate
    pick: Pick | None = None
    written: WrittenSummary | None = None
    links: tuple[PaperLink, ...] = ()
    co_submissions: tuple[CoSubmission, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    comments: tuple[MemberQuote, ...] = ()
    """What members said and let be quoted."""
    voters: tuple[str, ...] = ()
    """Who voted for it and lets it be known."""
    quotes: tuple[Quotation, ...] = ()
    """What moderators chose to quote of it: it goes in whatever its kind, before what the writer chose."""

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
        authors=join_names([latex_to_text(name) for name in paper.authors], MAX_AUTHORS_IN_BYLINE),
        venue=venue(paper, template.words),
        badges=tuple(_badges(chosen, emoji, template.words)),
        why=prose.read(why) if why else _why(chosen, title),
        insights=insights,
        passages=(*passages, *_remarks(chosen, title, template.words)),
        said=tuple(
            MemberComment(saying.text, saying.credit or anonymous_label(template.words), saying.url) for saying in chosen.comments
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
    """The item of what a member suggested for News or Code."""
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
    """Where and when it came out: the journal, else arXiv's category, and the day of its first version."""
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
    few = replace(work, authors=work.authors[:MAX_AUTHORS_IN_REFERENCE], latex_authors=work.latex_authors[:MAX_AUTHORS_IN_REFERENCE])
    return NumberedReference(number, few, et_al=len(work.authors) > MAX_AUTHORS_IN_REFERENCE)


def _texts(chosen: SelectedPaper, template: Template) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Insights and quotes, as many as the template shows of what was written; a sentence is never shown twice.

    Where a moderator said why it matters, what the writer said of that is the first insight.
    """
    written, paper = chosen.written, chosen.submission.paper
    if chosen.kind != SiteKind.PAPER:
        return (), chosen.quotes
    if written is None:
        return (), chosen.quotes or abstract_of(paper)
    if chosen.pick and chosen.pick.why:
        told, insights = {_normalized(chosen.pick.why)}, (written.why, *written.insights)
    else:
        told, insights = {_normalized(written.why)}, written.insights
    told |= {_normalized(quote.text) for quote in chosen.quotes}
    if template.quotes > template.insights:
        quotes = _without_repetition(written.quotes, told, template.quotes)
        points = _without_repetition(insights, told, template.insights)
    else:
        points = _without_repetition(insights, told, template.insights)
        quotes = _without_repetition(written.quotes, told, template.quotes)
    return insights_of(points), (*chosen.quotes, *(quotation(quote, paper) for quote in quotes))


def rewritten_texts(
    written: WrittenSummary, paper: Paper, template: Template
) -> tuple[prose.Prose, tuple[Block, ...], tuple[Quotation, ...]]:
    """What was written anew, as many insights and quotes as the template shows: Why, insights, quotes."""
    told = {_normalized(written.why)}
    quotes = _without_repetition(written.quotes, set(told), template.quotes)
    points = _without_repetition(written.insights, told, template.insights)
    why = (written.why,) if written.why else ()
    return why, insights_of(points), tuple(quotation(quote, paper) for quote in quotes)


def abstract_of(paper: Paper) -> tuple[Quotation, ...]:
    """The abstract as the one quote of a paper whose summary nobody wrote; nothing where it has none."""
    said = latex_to_text(one_line(paper.abstract))
    return (Quotation(said, "abstract", source=source(paper), start=0, end=len(paper.abstract)),) if said else ()


def quotation(quote: SourceQuote, paper: Paper) -> Quotation:
    """A quote that was found in a text of the paper."""
    return Quotation(quote.text, quote.passage, source=source(paper), start=quote.start, end=quote.end)


def insights_of(points: Sequence[str]) -> tuple[Block, ...]:
    """Key insights as blocks: one is a paragraph, several are a list."""
    if len(points) == 1:
        return (Paragraph((points[0],)),)
    return (ListBlock(tuple(Point((point,)) for point in points)),) if points else ()


def _remarks(chosen: SelectedPaper, title: str, words: Translator) -> Iterator[Block]:
    """The reasons of those who brought it, then the curator's note."""
    submission = chosen.submission
    why_is_used = not chosen.written and not (chosen.pick and chosen.pick.why)
    if submission.why and not why_is_used and _normalized(submission.why) != _normalized(title):
        yield RemarkBlock(prose.read(submission.why), _member_name(submission, words))
    for second in chosen.co_submissions:
        if second.why:
            yield RemarkBlock(prose.read(second.why), _member_name(second, words))
    if chosen.pick and chosen.pick.note:
        yield RemarkBlock(prose.read(chosen.pick.note))


def _why(chosen: SelectedPaper, title: str) -> prose.Prose:
    """Why it matters: what was written, else what the member who brought it said."""
    if chosen.written:
        return (chosen.written.why,) if chosen.written.why else ()
    said = chosen.submission.why
    return prose.read(said) if said and _normalized(said) != _normalized(title) else ()


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
    who: tuple[Submission | CoSubmission, ...] = (chosen.submission, *chosen.co_submissions)
    return tuple(dict.fromkeys(_member_name(one, words) for one in who))


def _member_name(one: Submission | CoSubmission, words: Translator) -> str:
    return anonymous_label(words) if one.anonymous else one.member.name


def anonymous_label(words: Translator) -> str:
    """A member who wishes no name."""
    return words.gettext("a member")


def provenance(written: WrittenSummary | None, paper: Paper, now: datetime) -> Provenance | None:
    """Where the text about a paper comes from: what was written, else its abstract; None where it has neither."""
    if written:
        return Provenance(written.writer, written.prompt, written.source, written.at, written.checks)
    if not paper.abstract:
        return None
    version = f" v{paper.version}" if paper.version else ""
    return Provenance("abstract", "", f"abstract{version}", now)


def source(paper: Paper) -> str:
    """The text that a paper's quotes stand in, with its version: `arxiv:1706.03762v5`."""
    return f"{paper.key}v{paper.version}" if paper.version else paper.key


def _without_repetition(texts: Sequence[ItemText], told: set[str], most: int) -> list[ItemText]:
    """The first `most` of the texts that say nothing `told` already; they are told now."""
    fresh: list[ItemText] = []
    for text in texts:
        folded = _normalized(text if isinstance(text, str) else text.text)
        if folded and len(fresh) < most and not any(folded in known or (known and known in folded) for known in told):
            fresh.append(text)
            told.add(folded)
    return fresh


def _normalized(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
