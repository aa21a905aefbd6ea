"""Card of an answer: its sentences and quotes, each with its section and a link."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, QuotePart, note, text
from bot.chat.rich_text import Bold, Italic, Link
from bot.domain.models import Submission
from bot.domain.paper_answers import PaperAnswer
from bot.domain.passage_links import passage_url
from bot.domain.summary_values import SourceQuote
from bot.features.shared.paper_cards import title_of
from bot.locale.current import _


def answer_card(
    chosen: Submission, question: str, answer: PaperAnswer, *, can_share: bool = False, asked_by: str = ""
) -> Card:
    """Answer to a question about a submission; the shared one has the name of who asked."""
    parts: list[Part] = [
        text(Italic(question), *((" — ", asked_by) if asked_by else ())),
        text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"),
    ]
    if answer.found:
        title = _("What the paper says")
    else:
        only_abstract = answer.source.startswith("abstract")
        title = _("No answer found in its abstract") if only_abstract else _("No answer found in its full text")
        searched = (
            _("I searched only its abstract: its full text is not available. The paper may well say it.")
            if only_abstract
            else _("I searched its full text. It may say it in other words, in a figure or in a table.")
        )
        closest = _("These passages are the closest.") if answer.passages else _("No passage comes close.")
        parts.append(text(f"{searched} {closest}"))
    for sentence in answer.sentences:
        parts.append(text(sentence.text))
        for quote in sentence.quotes:
            parts += _quote(chosen, quote)
    for quote in answer.passages:
        parts += _quote(chosen, quote)
    by = (
        _("Written by {writer}; each sentence is supported by its quotes. ", writer=answer.writer)
        if answer.writer
        else ""
    )
    if answer.sentences or answer.passages:
        parts.append(note(_("{by}Quoted word for word from the {source}.", by=by, source=answer.source)))
    row = [
        Button(_("Ask something else"), Call.of("paper ask", chosen.number)),
        Button(_("Discuss"), Call.of("paper discuss", chosen.number)),
    ]
    if can_share:
        call = Call.of("paper ask", chosen.number, question=question, share="yes")
        row.insert(0, Button(_("Share with everyone here"), call))
    return Card(title, (*parts, Buttons(tuple(row))), url=chosen.paper.url)


def _quote(chosen: Submission, quote: SourceQuote) -> Iterator[Part]:
    paper = chosen.paper
    yield QuotePart(quote.text, quote.passage)
    yield note(Link(_("Read it in the paper"), passage_url(paper.key, paper.version, paper.url, quote)))
