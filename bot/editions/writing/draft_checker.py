"""Holding a model's draft against its paper: what does not stand there is named, and cut.

A draft is looked at twice at most: what is wrong with the first goes back to the model as complaints; of the second the
sentences that are still wrong are left out. What remains was found in the source, every piece of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.text import one_line, plural, truncate
from bot.domain.summary_values import Check, FoundLink, Passage, SourceQuote, SummarySource
from bot.editions.text_analysis.language_check import same_language
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import contains_contact_or_url, is_instruction, without_instructions
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words
from bot.editions.verification.grounding import GroundingChecker
from bot.editions.verification.paper_links import found_links
from bot.editions.verification.quotes import QuoteFinder
from bot.sources.llm.responses import ModelDraft, ModelFailed

MIN_SUPPORTED_SHARE = 0.2
"""The least share of a sentence's own words that must stand in the source. Of sentences that people wrote about a paper
nine in ten have more, of sentences about another paper of the field less than half."""
MIN_SUPPORTED_TEXT_SHARE = 0.35
"""The same for the text as a whole."""
_MAX_QUOTES = 3
_MAX_COMPLAINTS = 10
_MAX_THEME_LENGTH = 40
_DECORATION = "*_#`>-•● \t"
"""What models decorate their sentences with; at an end of a sentence it means nothing."""


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft after it was held against its source: what may be shown, and what was wrong."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[SourceQuote, ...]
    links: tuple[FoundLink, ...]
    theme: str
    confidence: float | None
    faults: tuple[str, ...]
    """What the text said that the source does not, in words for the model and for moderators."""
    checks: tuple[Check, ...]


class DraftChecker:
    """Knows one source: what of it may be shown to a model, and whether a draft stands on it."""

    def __init__(self, source: SummarySource) -> None:
        self.source = source
        self.safe = without_injections(source)
        self._ground = GroundingChecker(self.safe.text)
        self._words = frozenset(content_words(self.safe.text))
        self._ledger = QuoteFinder(source.passages)
        self._safe_ledger = QuoteFinder(self.safe.passages)
        self._links = {link.url.lower(): link for link in found_links(self.safe.text)}

    def check(self, draft: ModelDraft) -> CheckedDraft:
        """Hold a draft against the source. Raises ModelFailed if nothing of it can be used."""
        whole = " ".join([draft.why, *draft.insights])
        if not same_language(whole, self.safe.text):
            raise ModelFailed("the answer is in another language")
        faults: list[str] = []
        why = self._supported_text(draft.why, faults)
        insights = tuple(kept for insight in draft.insights if (kept := self._supported_text(insight, faults)))
        if not why or not insights:
            raise ModelFailed(f"nothing it said stands in the text: {'; '.join(faults[:3])}")
        if self._supported_share(" ".join([why, *insights])) < MIN_SUPPORTED_TEXT_SHARE:
            raise ModelFailed("the answer is about something else")
        quotes, missing = self._quotes(draft.quotes)
        faults += [f"quote “{truncate(text, 80)}”" for text in missing]
        return CheckedDraft(
            why,
            insights,
            quotes,
            tuple(self._links.values()),
            self._theme(draft.theme),
            draft.confidence,
            tuple(dict.fromkeys(faults))[:_MAX_COMPLAINTS],
            (
                Check("quotes", True, f"{plural(len(quotes), 'quote')} word for word, {len(missing)} dropped"),
                Check("numbers and names", True, _result_text(faults)),
            ),
        )

    def _supported_text(self, text: str, faults: list[str]) -> str:
        """The text without the sentences that say what the source does not; what those say is added to the faults."""
        kept = []
        for sentence in sentences(one_line(plain(text)).strip(_DECORATION)):
            wrong = list(self._sentence_faults(sentence.text))
            faults += wrong
            if not wrong:
                kept.append(sentence.text)
        return " ".join(kept)

    def _sentence_faults(self, sentence: str) -> Iterator[str]:
        if contains_contact_or_url(sentence):
            yield "a link or a mention"
        if is_instruction(sentence):
            yield "an order to the reader"
        yield from map(str, self._ground.claims_in(sentence))
        if self._supported_share(sentence) < MIN_SUPPORTED_SHARE:
            yield f"“{truncate(sentence, 80)}”"

    def _supported_share(self, text: str) -> float:
        """How much of what the text speaks of the source speaks of too; 1 where it is too short to tell."""
        words = content_words(text)
        return sum(word in self._words for word in words) / len(words) if len(words) >= 4 else 1.0

    def _quotes(self, asked: Sequence[str]) -> tuple[tuple[SourceQuote, ...], list[str]]:
        """The quotes that stand in the source and may be shown, and the words of those that do not."""
        found: dict[str, SourceQuote] = {}
        missing = []
        for words in asked:
            quote = self._ledger.find(words) if self._safe_ledger.has(words) else None
            if quote and not contains_contact_or_url(quote.text) and not is_instruction(quote.text):
                found.setdefault(quote.text, quote)
            elif words.strip():
                missing.append(one_line(words))
        return tuple(found.values())[:_MAX_QUOTES], missing

    def _theme(self, theme: str) -> str:
        """The theme if it is a heading of a few words that stand in the source; else none."""
        theme = one_line(plain(theme)).strip(_DECORATION + ".:")
        words = content_words(theme)
        grounded = words and any(word in self._words for word in words) and not self._ground.claims_in(theme.lower())
        fits = len(theme) <= _MAX_THEME_LENGTH and len(theme.split()) <= 4 and not contains_contact_or_url(theme)
        return theme if grounded and fits and not is_instruction(theme) else ""


def without_injections(source: SummarySource) -> SummarySource:
    """The source as a model may see it: readable, without the sentences that give orders and what follows on them."""
    passages = tuple(Passage(passage.name, _without_instructions(passage.text)) for passage in source.passages)
    return replace(source, title=one_line(_without_instructions(source.title)), passages=passages)


def _without_instructions(text: str) -> str:
    shown = plain(text)
    return " ".join(without_instructions([sentence.text for sentence in sentences(shown)]))


def _result_text(faults: Sequence[str]) -> str:
    if not faults:
        return "all stand in the text"
    return f"cut, since it does not stand in the text: {'; '.join(dict.fromkeys(faults[:_MAX_COMPLAINTS]))}"
