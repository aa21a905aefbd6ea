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


def answer_card(
    chosen: Submission, question: str, answer: PaperAnswer, *, can_share: bool = False, asked_by: str = ""
) -> Card:
    """Answer to a question about a submission; the shared one has the name of who asked."""
    parts: list[Part] = [
        text(Italic(question), *((" — ", asked_by) if asked_by else ())),
        text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"),
    ]
    if answer.found:
        title = "What the paper says"
    else:
        title = "The paper does not say"
        closest = "These passages are the closest." if answer.passages else "No passage comes close."
        where = "its abstract; its full text is not available" if answer.source.startswith("abstract") else "it"
        parts.append(text(f"I found no answer in {where}. {closest}"))
    for sentence in answer.sentences:
        parts.append(text(sentence.text))
        for quote in sentence.quotes:
            parts += _quote(chosen, quote)
    for quote in answer.passages:
        parts += _quote(chosen, quote)
    by = f"Written by {answer.writer}; each sentence is supported by its quotes. " if answer.writer else ""
    if answer.sentences or answer.passages:
        parts.append(note(f"{by}Quoted word for word from the {answer.source}."))
    row = [
        Button("Ask something else", Call.of("paper ask", chosen.number)),
        Button("Discuss", Call.of("paper discuss", chosen.number)),
    ]
    if can_share:
        call = Call.of("paper ask", chosen.number, question=question, share="yes")
        row.insert(0, Button("Share with everyone here", call))
    return Card(title, (*parts, Buttons(tuple(row))), url=chosen.paper.url)


def _quote(chosen: Submission, quote: SourceQuote) -> Iterator[Part]:
    paper = chosen.paper
    yield QuotePart(quote.text, quote.passage)
    yield note(Link("Read it in the paper", passage_url(paper.key, paper.version, paper.url, quote)))
