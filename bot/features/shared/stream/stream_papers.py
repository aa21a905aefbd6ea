"""Papers of the stream: how the ranker reads them, and how they and the reasons for them are worded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.chat.calls import Call
from bot.chat.text import join_names, truncate
from bot.domain.models import Paper, StreamEntry
from bot.latex.reader import latex_to_text
from bot.locale.current import _, _n, formatted, mark_text
from bot.recommender.values import Choice, RankReason, ReasonKind, StreamPaper

AUTHORS_OF = {
    Choice.PICKED: mark_text("it shares {authors} ({names}) with papers that were picked"),
    Choice.READ: mark_text("it shares {authors} ({names}) with papers the club read"),
    Choice.ADDED: mark_text("it shares {authors} ({names}) with papers that moderators added"),
    Choice.LIKED: mark_text("it shares {authors} ({names}) with papers you voted for, saved or submitted"),
    Choice.MORE: mark_text("it shares {authors} ({names}) with papers marked “More like this”"),
    Choice.VOTED: mark_text("it shares {authors} ({names}) with papers members voted for"),
    Choice.IMPORTED: mark_text("it shares {authors} ({names}) with papers you imported"),
    Choice.LISTED: mark_text("it shares {authors} ({names}) with papers on the club’s list"),
}
"""Reason for a paper by its authors, by what was done with their other papers."""
WORDS_WITH = {
    Choice.PICKED: mark_text("it shares words ({names}) with papers that were picked"),
    Choice.READ: mark_text("it shares words ({names}) with papers the club read"),
    Choice.ADDED: mark_text("it shares words ({names}) with papers that moderators added"),
    Choice.LIKED: mark_text("it shares words ({names}) with papers you voted for, saved or submitted"),
    Choice.MORE: mark_text("it shares words ({names}) with papers marked “More like this”"),
    Choice.VOTED: mark_text("it shares words ({names}) with papers members voted for"),
    Choice.IMPORTED: mark_text("it shares words ({names}) with papers you imported"),
    Choice.LISTED: mark_text("it shares words ({names}) with papers on the club’s list"),
}
"""Reason for a paper by its words, by what was done with the papers that have them."""


def stream_paper(entry: StreamEntry) -> StreamPaper:
    """An entry as the ranker reads it."""
    return StreamPaper(
        key=entry.key,
        title=latex_to_text(entry.title),
        abstract=entry.abstract,
        authors=entry.author_names,
        categories=tuple(entry.categories),
        published=entry.listed_at,
        signals={"hf_votes": float(entry.hf_votes)} if entry.hf_votes is not None else {},
    )


def ranked_paper(paper: Paper, at: datetime) -> StreamPaper:
    """A paper of the club's list as the ranker reads it; its time is that of its submission, or of the vote for it."""
    return StreamPaper(
        paper.key, latex_to_text(paper.title), paper.abstract, tuple(paper.authors), tuple(paper.categories), at
    )


def submit_call(entry: StreamEntry) -> Call:
    """Call that adds an entry to the club's list."""
    link = entry.key.removeprefix("arxiv:") if entry.key.startswith("arxiv:") else entry.url
    return Call.of("paper submit", link)


def title_of_entry(entry: StreamEntry) -> str:
    """Title of an entry as plain text."""
    return truncate(latex_to_text(entry.title), 150)


def entry_byline(entry: StreamEntry) -> str:
    """Authors, category and date: "Ada Lovelace, Alan Turing · cs.CL · 12 Jun 2017"."""
    bits = [join_names([latex_to_text(name) for name in entry.author_names]), *entry.categories[:1]]
    return truncate(" · ".join(bit for bit in (*bits, formatted(entry.published_at, "%-d %b %Y")) if bit), 160)


def reason_words(reason: RankReason, numbers: Mapping[str, int], titles: Mapping[str, str]) -> str:
    """A reason as a part of a line; empty for one that cannot be worded.

    `numbers` are those of submissions, `titles` those of other papers, both by the paper's key.
    """
    names = join_names(list(reason.names))
    match reason.kind:
        case ReasonKind.AUTHORS:
            authors = _n("{n} author", "{n} authors", len(reason.names))
            return _(AUTHORS_OF[reason.choice], authors=authors, names=names) if names else ""
        case ReasonKind.FOLLOWED:
            return _("followed by members: {names}", names=names) if names else ""
        case ReasonKind.SIMILAR:
            if number := numbers.get(reason.key):
                return _("like #{number}", number=number)
            title = titles.get(reason.key, "")
            return _("like “{title}”", title=truncate(latex_to_text(title), 60)) if title else ""
        case ReasonKind.WORDS:
            return _("keywords: {names}", names=", ".join(reason.names)) if names else ""
        case ReasonKind.SIGNAL:
            return _("{votes} on Hugging Face", votes=_n("{n} vote", "{n} votes", round(reason.amount)))
        case ReasonKind.TERMS:
            return _(WORDS_WITH[reason.choice], names=", ".join(reason.names)) if names else ""
        case ReasonKind.PRIOR:
            say = _(
                "it shares words ({names}) with papers that have many votes on other sites",
                names=", ".join(reason.names),
            )
            return say if names else ""
