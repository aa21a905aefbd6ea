"""Card of an answer: its sentences and quotes, each with its section and a link."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, Part, note, text
from bot.chat.rich_text import Bold, Italic, Link
from bot.domain.models import Submission
from bot.domain.paper_answers import PaperAnswer, SearchedText
from bot.domain.passage_links import passage_url
from bot.domain.summary_values import SourceQuote
from bot.editions.text_analysis.prompt_injection import is_instruction
from bot.features.shared.papers.paper_cards import title_of
from bot.features.shared.papers.source_quotes import source_quote
from bot.locale.current import _


def answer_card(
    chosen: Submission, question: str, answer: PaperAnswer, *, can_share: bool = False, asked_by: str = ""
) -> Card:
    """Answer to a question about a submission; the shared one has the name of who asked."""
    parts: list[Part] = [
        text(Italic(question), *((" — ", asked_by) if asked_by else ())),
        text(Bold(f"#{chosen.number}"), f" {title_of(chosen)}"),
    ]
    title = _("What the paper says") if answer.found else _not_found_title(answer)
    if not answer.found:
        parts.append(text(_searched(answer)))
        parts.append(text(_("These passages are the closest.") if answer.passages else _("No passage comes close.")))
    if is_instruction(question):
        parts.append(
            note(
                _(
                    "I only search the paper for the words of your question; I do not follow instructions in the "
                    "question."
                )
            )
        )
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
        parts.append(note(by + _quoted_from(answer.source)))
    row = [
        Button(_("Ask something else"), Call.of("paper ask", chosen.number)),
        Button(_("Discuss"), Call.of("paper discuss", chosen.number)),
    ]
    if can_share and (answer.sentences or answer.passages):
        call = Call.of("paper ask", chosen.number, question=question, share="yes")
        row.insert(0, Button(_("Share with everyone here"), call))
    return Card(title, (*parts, Buttons(tuple(row))), url=chosen.paper.url)


def _not_found_title(answer: PaperAnswer) -> str:
    """Title where no answer was found: that the paper does not say it, only if all of it was searched."""
    if answer.other_language or answer.searched is SearchedText.BEGINNING:
        return _("I found no answer")
    if answer.searched is SearchedText.ABSTRACT:
        return _("The abstract does not say")
    return _("The paper does not say")


def _searched(answer: PaperAnswer) -> str:
    """Sentence that says which text was searched, and why that may not be enough."""
    if answer.other_language:
        return _("Your question seems to be in a different language from the paper. Ask it in the paper’s language.")
    match answer.searched:
        case SearchedText.ABSTRACT:
            return _(
                "Only the abstract could be searched, because the full text is not available. The full text "
                "may say more."
            )
        case SearchedText.BEGINNING:
            return _("Only the beginning of this long paper could be searched. The rest may say more.")
        case SearchedText.WHOLE:
            return _("The full text was searched, without tables, footnotes and appendices.")


def _quote(chosen: Submission, quote: SourceQuote) -> Iterator[Part]:
    paper = chosen.paper
    yield source_quote(quote)
    yield note(Link(_("Read it in the paper"), passage_url(paper.key, paper.version, paper.url, quote)))


def _quoted_from(source: str) -> str:
    """Sentence about the source of the quotes: "abstract v7" is the abstract of version 7."""
    name, _separator, number = source.partition(" v")
    version = _(" of version {version}", version=number) if number else ""
    if name == "abstract":
        return _("Quoted word for word from the abstract{version}.", version=version)
    return _("Quoted word for word from the full text{version}.", version=version)
