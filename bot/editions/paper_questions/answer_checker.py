"""Check of a model's answers: a sentence stays only if its quotes are in the paper, and say what it says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.text import one_line
from bot.domain.paper_answers import AnswerSentence, DiscussionStarter
from bot.domain.summary_values import Passage, SourceQuote, SummarySource
from bot.editions.text_analysis.language_check import same_language
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import contains_contact_or_url, is_instruction
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.writing.draft_checker import DraftChecker, without_injections

MAX_SENTENCES = 3
MAX_QUOTES = 2
MAX_STARTERS = 3
MIN_SHARED_WORDS = 0.5
"""Least share of an answer's content words that its quotes or the title have: it is to say what they say."""


class AnswerChecker:
    """Checks what a model says about one source."""

    def __init__(self, source: SummarySource) -> None:
        self._source = source
        self.safe = without_injections(source)
        """The source as a model may see it."""
        self._finder = QuoteFinder(source.passages)
        self._safe_finder = QuoteFinder(self.safe.passages)

    def sentences(self, said: Sequence[tuple[str, Sequence[str]]]) -> tuple[AnswerSentence, ...]:
        """The sentences that their own quotes support, each with its quotes."""
        supported: list[AnswerSentence] = []
        for text, quoted in said:
            quotes = self._quotes(quoted)
            shown = one_line(plain(text))
            if quotes and self._is_supported(shown, quotes):
                supported.append(AnswerSentence(shown, quotes))
        return tuple(supported[:MAX_SENTENCES])

    def starters(self, said: Sequence[tuple[str, str]]) -> tuple[DiscussionStarter, ...]:
        """The questions that take for granted only what their quote says."""
        found: dict[str, DiscussionStarter] = {}
        for text, quoted in said:
            quotes = self._quotes([quoted])
            shown = one_line(plain(text))
            if quotes and shown.endswith("?") and self._is_supported(shown, quotes, 0.0):
                found.setdefault(quotes[0].text, DiscussionStarter(shown, quotes[0]))
        return tuple(found.values())[:MAX_STARTERS]

    def _quotes(self, quoted: Sequence[str]) -> tuple[SourceQuote, ...]:
        """Quotes that are verbatim in the paper, outside of instructions to readers."""
        found: dict[str, SourceQuote] = {}
        for words in quoted:
            quote = self._finder.find(words) if self._safe_finder.has(words) else None
            if quote and not is_instruction(quote.text):
                found.setdefault(quote.text, quote)
        return tuple(found.values())[:MAX_QUOTES]

    def _is_supported(self, text: str, quotes: Sequence[SourceQuote], least: float = MIN_SHARED_WORDS) -> bool:
        """True if every claim of the text is in its quotes or the title, and it is in the paper's language."""
        if not text or contains_contact_or_url(text) or not same_language(text, self.safe.text):
            return False
        evidence = SummarySource(
            self.safe.key,
            self.safe.version,
            self.safe.title,
            tuple(Passage(quote.passage, quote.text) for quote in quotes),
        )
        known = frozenset(content_words(evidence.text))
        words = content_words(text)
        if sum(word in known for word in words) < least * len(words):
            return False
        checker = DraftChecker(evidence)
        return not any(checker.sentence_faults(sentence.text) for sentence in sentences(text))
