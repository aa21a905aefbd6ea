"""Builds an item of an edition from a submission or a suggestion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.chat.text import join_names, one_line, truncate
from bot.domain.acceptance import acceptance
from bot.domain.links.identify import SiteKind
from bot.domain.models import CoSubmission, Discussion, MemberQuote, Paper, PaperLink, Pick, Submission, Suggestion
from bot.domain.publication_date import short_pattern
from bot.domain.summary_values import SourceQuote, WrittenSummary
from bot.editions.compose.selection import Candidate
from bot.editions.compose.third_person import in_third_person
from bot.editions.model import prose
from bot.editions.model.authorship import fingerprint, written_by
from bot.editions.model.blocks import Block, ListBlock, MemberComment, Paragraph, Point, Quotation, RemarkBlock
from bot.editions.model.document import Badge, Item, ItemKind, NumberedReference, Provenance, Thread, Work
from bot.editions.model.items import SentenceCount
from bot.editions.model.templates import Template, badge_label
from bot.editions.text_analysis.sentences import sentences
from bot.editions.verification.paper_links import link_key
from bot.latex.reader import latex_to_text
from bot.locale import Translator

ItemText = TypeVar("ItemText", str, SourceQuote)

MAX_AUTHORS_IN_BYLINE = 8
"""Authors on the line below a title; of more, the first seven and `et al.`."""
MAX_AUTHORS_IN_REFERENCE = 100
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
    co_submissions: tuple[CoSubmission, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    comments: tuple[MemberQuote, ...] = ()
    """Members' comments that may be quoted."""
    voters: tuple[str, ...] = ()
    """Names of those who voted and agreed to have it shown."""
    quotes: tuple[Quotation, ...] = ()
    """Quotes selected by moderators; shown for every kind of item, before the quotes of the summary."""
    curator: str = ""
    """Name of who picked it."""

    @property
    def kind(self) -> SiteKind:
        """Kind of its link."""
        return self.submission.paper.kind


def item(selected: SelectedPaper, template: Template, *, emoji: bool, now: datetime) -> Item:
    """The item of a submission; its number and reference are given later, when all are in their order."""
    submission, paper, pick, written = selected.submission, selected.submission.paper, selected.pick, selected.written
    title = latex_to_text(submission.heading)
    reason = (pick.why if pick else "") or ""
    why = prose.read(reason) if reason else _why(selected, title)
    insights, passages = _texts(selected, template)
    built = Item(
        kind=_KINDS.get(selected.kind, "other"),
        key=paper.key,
        title=title,
        url=paper.url,
        submission=submission.id,
        brought=submission.number,
        authors=join_names([latex_to_text(name) for name in paper.authors], MAX_AUTHORS_IN_BYLINE),
        venue=venue(paper, template.words),
        badges=tuple(_badges(selected, emoji, template.words)),
        why=why,
        insights=insights,
        passages=(*passages, *_remarks(selected, title, template.words)),
        said=tuple(
            MemberComment(comment.text, comment.credit or anonymous_label(template.words), comment.url)
            for comment in selected.comments
        ),
        votes=selected.candidate.terms.votes,
        voices=submission.voices,
        voters=selected.voters,
        threads=tuple(
            Thread(d.workspace.name or d.workspace.platform.title(), d.workspace.platform, d.url)
            for d in selected.discussions
            if d.url
        ),
        brought_by=submitter_names(selected.submission, selected.co_submissions, template.words),
        provenance=provenance(written, paper, now)
        if selected.kind == SiteKind.PAPER and (written or template.generated)
        else None,
        version=paper.version if selected.kind == SiteKind.PAPER else 0,
        pending=paper.pending and selected.kind == SiteKind.PAPER,
    )
    author = selected.curator if reason else "" if written else _member_name(submission, template.words)
    return replace(built, authorship=written_by(replace(built, insights=()), author).authorship if why else ())


def suggested(suggestion: Suggestion) -> Item:
    """The item of a member's suggestion for News or Code."""
    kind = _KINDS.get(suggestion.kind or suggestion.section, "other")
    title = (
        one_line(suggestion.title) or truncate(suggestion.url.split("://", 1)[-1], 120) or truncate(suggestion.note, 80)
    )
    built = Item(
        kind=kind,
        key=f"suggestion:{suggestion.id}",
        title=title,
        url=suggestion.url,
        suggestion=suggestion.id,
        why=prose.read(suggestion.note) if suggestion.note and suggestion.note != title else (),
        brought_by=(suggestion.member.name,),
    )
    return written_by(built, suggestion.member.name)


def venue(paper: Paper, words: Translator) -> str:
    """Publication place and date: the journal or the arXiv category, and the date of the first version."""
    parts = []
    if paper.journal_ref:
        parts.append(truncate(latex_to_text(one_line(paper.journal_ref)), 120))
    elif paper.key.startswith("arxiv:") and (accepted := acceptance(paper.comment)):
        parts.append(truncate(latex_to_text(accepted), 120))
    elif paper.key.startswith("arxiv:"):
        parts.append(f"arXiv {paper.categories[0]}" if paper.categories else "arXiv")
    if paper.published_at:
        parts.append(words.formatted(paper.published_at, short_pattern(paper.published_precision)))
    return " · ".join(parts)


def reference(paper: Paper, number: int) -> NumberedReference:
    """The entry of a paper in the references."""
    work = Work.of(paper, latex_to_text)
    truncated = replace(
        work,
        authors=work.authors[:MAX_AUTHORS_IN_REFERENCE],
        latex_authors=work.latex_authors[:MAX_AUTHORS_IN_REFERENCE],
    )
    return NumberedReference(number, truncated, et_al=len(work.authors) > MAX_AUTHORS_IN_REFERENCE)


def _texts(selected: SelectedPaper, template: Template) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """Key insights and quotes of the summary, limited by the template, without repeated sentences.

    If a moderator wrote why the paper matters, the summary's own sentence on that becomes the first insight.
    """
    written, paper = selected.written, selected.submission.paper
    if selected.kind != SiteKind.PAPER:
        return (), selected.quotes
    if written is None:
        return (), selected.quotes or (abstract_of(paper) if template.generated else ())
    if selected.pick and selected.pick.why:
        used, insights = {_normalized(selected.pick.why)}, (written.why, *written.insights)
    else:
        used, insights = {_normalized(written.why)}, written.insights
    used |= {_normalized(quote.text) for quote in selected.quotes}
    if template.quotes > template.insights:
        quotes = _without_repetition(written.quotes, used, template.quotes)
        points = _without_repetition(insights, used, template.insights)
    else:
        points = _without_repetition(insights, used, template.insights)
        quotes = _without_repetition(written.quotes, used, template.quotes)
    insights_shown = insights_of([in_third_person(point) for point in points])
    return insights_shown, (*selected.quotes, *(quotation(quote, paper) for quote in quotes))


def rewritten_texts(
    written: WrittenSummary, paper: Paper, template: Template
) -> tuple[prose.Prose, tuple[Block, ...], tuple[Quotation, ...]]:
    """Why, key insights and quotes of a new summary, limited by the template, without repeated sentences."""
    used = {_normalized(written.why)}
    quotes = _without_repetition(written.quotes, set(used), template.quotes)
    points = _without_repetition(written.insights, used, template.insights)
    why = (in_third_person(written.why),) if written.why else ()
    return (
        why,
        insights_of([in_third_person(point) for point in points]),
        tuple(quotation(quote, paper) for quote in quotes),
    )


def abstract_of(paper: Paper) -> tuple[Quotation, ...]:
    """The abstract as the only quote of a paper without a summary; empty if there is no abstract."""
    text = latex_to_text(one_line(paper.abstract))
    return (Quotation(text, "abstract", source=source(paper), start=0, end=len(paper.abstract)),) if text else ()


def quotation(quote: SourceQuote, paper: Paper) -> Quotation:
    """A verified quote of a summary as a quotation block."""
    return Quotation(quote.text, quote.passage, source=source(paper), start=quote.start, end=quote.end)


def insights_of(points: Sequence[str]) -> tuple[Block, ...]:
    """Key insights as blocks: one is a paragraph, several are a list."""
    if len(points) == 1:
        return (Paragraph((points[0],)),)
    return (ListBlock(tuple(Point((point,)) for point in points)),) if points else ()


def _remarks(selected: SelectedPaper, title: str, words: Translator) -> Iterator[Block]:
    """The reasons given by the submitters, then the curator's note."""
    submission = selected.submission
    why_is_used = not selected.written and not (selected.pick and selected.pick.why)
    if submission.why and not why_is_used and _normalized(submission.why) != _normalized(title):
        yield RemarkBlock(prose.read(submission.why), _member_name(submission, words))
    for co_submission in selected.co_submissions:
        if co_submission.why:
            yield RemarkBlock(prose.read(co_submission.why), _member_name(co_submission, words))
    if selected.pick and selected.pick.note:
        yield RemarkBlock(prose.read(selected.pick.note))


def _why(selected: SelectedPaper, title: str) -> prose.Prose:
    """Why it matters: from the summary, else the submitter's reason."""
    if selected.written:
        return (in_third_person(selected.written.why),) if selected.written.why else ()
    reason = selected.submission.why
    return prose.read(reason) if reason and _normalized(reason) != _normalized(title) else ()


def _badges(selected: SelectedPaper, emoji: bool, words: Translator) -> Iterator[Badge]:
    paper = selected.submission.paper
    if selected.kind == SiteKind.PAPER:
        yield Badge("paper", badge_label("paper", emoji=emoji, words=words), paper.url)
    seen = {link_key(paper.url)}
    links: list[tuple[str, str]] = [(link.kind, link.url) for link in selected.links]
    links += [(link.kind, link.url) for link in (selected.written.links if selected.written else ())]
    for kind, url in links:
        if (key := link_key(url)) not in seen:
            seen.add(key)
            yield Badge(kind, badge_label(kind, emoji=emoji, words=words), url)


def submitter_names(submission: Submission, others: Sequence[CoSubmission], words: Translator) -> tuple[str, ...]:
    """Names of those who submitted a paper, as each of them wants to be named."""
    entries: tuple[Submission | CoSubmission, ...] = (submission, *others)
    return tuple(dict.fromkeys(_member_name(entry, words) for entry in entries))


def _member_name(entry: Submission | CoSubmission, words: Translator) -> str:
    return anonymous_label(words) if entry.anonymous else entry.member.name


def anonymous_label(words: Translator) -> str:
    """Label for a member who wants to stay anonymous."""
    return words.gettext("a member")


def provenance(written: WrittenSummary | None, paper: Paper, now: datetime) -> Provenance | None:
    """Provenance of a paper's text: its summary, else its abstract; None if it has neither."""
    if written:
        return Provenance(
            written.writer,
            written.prompt,
            written.source,
            written.at,
            written.checks,
            own_sentences=tuple(_own_sentences(written)),
        )
    if not paper.abstract:
        return None
    version = f" v{paper.version}" if paper.version else ""
    return Provenance("abstract", "", f"abstract{version}", now)


def _own_sentences(written: WrittenSummary) -> Iterator[SentenceCount]:
    """Numbers of the paper's own sentences in the texts of a model, as they are shown; none if there are none."""
    for text in (written.why, *written.insights) if written.own_sentences else ():
        said = [sentence.text for sentence in sentences(text)]
        own = sum(sentence in written.own_sentences for sentence in said)
        yield SentenceCount(fingerprint(in_third_person(text)), own, len(said))


def source(paper: Paper) -> str:
    """Key of the text that a paper's quotes are from, with its version: `arxiv:1706.03762v5`"""
    return f"{paper.key}v{paper.version}" if paper.version else paper.key


def _without_repetition(texts: Sequence[ItemText], used: set[str], limit: int) -> list[ItemText]:
    """The first `limit` texts that do not repeat one of `used`; their normalized forms are added to `used`."""
    selected: list[ItemText] = []
    for text in texts:
        key = _normalized(text if isinstance(text, str) else text.text)
        if key and len(selected) < limit and not any(key in other or (other and other in key) for other in used):
            selected.append(text)
            used.add(key)
    return selected


def _normalized(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()
