"""Checks a model's draft against its paper and removes unsupported sentences.

There are at most two drafts. The faults of the first are returned to the model as complaints; in the second one,
unsupported sentences are removed. All that remains was found in the source. With close wording, a sentence of the
model stays only if it is a shorter form of one of the paper's; the paper's closest sentence takes the place of others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from bot.chat.text import one_line, plural, truncate
from bot.domain.summary_values import WORDING, Check, FoundLink, Passage, SourceQuote, SummarySource
from bot.editions.text_analysis.gaps import without_gaps
from bot.editions.text_analysis.language_check import is_english, same_language
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.prompt_injection import contains_contact_or_url, is_instruction, without_instructions
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words
from bot.editions.verification.close_wording import WordingChecker
from bot.editions.verification.directions import DirectionChecker
from bot.editions.verification.grounding import GroundingChecker
from bot.editions.verification.judgments import JudgmentChecker
from bot.editions.verification.paper_links import found_links
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.writing.contributions import without_opener
from bot.editions.writing.own_sentences import OwnSentences
from bot.sources.llm.responses import ModelDraft, ModelFailed

Wording = Literal["close", "free"]
"""The words in which a model may write: the paper's, or its own."""

Treatment = Literal["kept", "replaced", "cut"]
"""Outcome of the checks for one sentence of a model."""

MIN_SUPPORTED_SHARE = 0.3
"""Minimum share of a sentence's content words that must occur in the source.

90 % of human sentences about a paper exceed it; less than half of the sentences about another paper of the field do.
"""
MIN_SUPPORTED_TEXT_SHARE = 0.35
"""Minimum share of content words for the whole text."""
_MAX_QUOTES = 3
_MAX_COMPLAINTS = 10
_MAX_THEME_LENGTH = 40
_DECORATION = "*_#`>-•● \t"
"""Markdown characters with which models decorate sentences; they are stripped from both ends."""


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft after checking: the supported parts, and the faults found."""

    why: str
    insights: tuple[str, ...]
    quotes: tuple[SourceQuote, ...]
    links: tuple[FoundLink, ...]
    theme: str
    confidence: float | None
    faults: tuple[str, ...]
    """Unsupported claims, in words for the model and for moderators."""
    checks: tuple[Check, ...]
    own_sentences: tuple[str, ...] = ()
    """Sentences of the paper in the place of the model's, as they stand in `why` and `insights`."""
    lost: int = 0
    """Sentences of the model that are not shown."""


@dataclass(slots=True)
class _Judged:
    """A sentence of a draft: its faults, whether it may be replaced, and the source sentences that it is taken from."""

    text: str
    faults: list[str]
    is_content: bool
    """False for orders, links and mentions: nothing takes their place."""
    derivation: tuple[int, ...]
    is_kept: bool


class DraftChecker:
    """Checks drafts against one source, and provides the part of the source that a model may see."""

    def __init__(self, source: SummarySource, wording: Wording = "close") -> None:
        self.source = source
        self._is_close = wording == "close"
        self.safe = without_injections(source)
        complete = without_gaps(self.safe.text)
        self._complete = complete
        self._grounding = GroundingChecker(complete)
        self._judgments = JudgmentChecker(plain(complete))
        self._directions = DirectionChecker(complete)
        self._words = frozenset(content_words(complete))
        self._quote_finder = QuoteFinder(source.passages)
        self._safe_quote_finder = QuoteFinder(self.safe.passages)
        self._links = {link.url.lower(): link for link in found_links(self.safe.text)}

    def require_english(self) -> None:
        """Raises ModelFailed if the source is in another language: who does what, and what is denied, is read in
        English alone, so a draft could say the opposite of the source.
        """
        if not is_english(self.safe.text):
            raise ModelFailed("the paper's text is not in English, and a model's text can only be checked in English")

    def check(self, draft: ModelDraft) -> CheckedDraft:
        """Check a draft against the source. Raises ModelFailed if nothing of it is usable."""
        self.require_english()
        whole = " ".join([draft.why, *draft.insights])
        if not same_language(whole, self.safe.text):
            raise ModelFailed("the answer is in another language")
        texts = [self._judged(text) for text in (draft.why, *draft.insights)]
        (why, *written), own_sentences = self._shown_texts(texts)
        judged = [sentence for text in texts for sentence in text]
        faults = [fault for sentence in judged for fault in sentence.faults]
        insights = tuple(filter(None, written))
        if not why or not insights:
            raise ModelFailed(f"nothing it said is in the text: {'; '.join((faults or _foreign(judged))[:3])}")
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
            tuple(dict.fromkeys([*faults, *_foreign(judged)]))[:_MAX_COMPLAINTS],
            (
                Check("quotes", True, f"{plural(len(quotes), 'quote')} word for word, {len(missing)} dropped"),
                Check("numbers and names", True, _result_text(faults)),
                *self._wording(judged, own_sentences),
            ),
            own_sentences,
            sum(not sentence.is_kept for sentence in judged),
        )

    @cached_property
    def _close_wording(self) -> WordingChecker:
        return WordingChecker(self._complete)

    @cached_property
    def _own_sentences(self) -> OwnSentences:
        return OwnSentences(self.safe.title, self._close_wording.sentences, plain(self._complete))

    def _judged(self, text: str) -> list[_Judged]:
        """The sentences of a text, each with what is wrong with it."""
        found = []
        for sentence in sentences(one_line(plain(text)).strip(_DECORATION)):
            faults = self.sentence_faults(sentence.text)
            derivation = self._close_wording.derivation(sentence.text) if self._is_close and not faults else ()
            is_content = not contains_contact_or_url(sentence.text) and not is_instruction(sentence.text)
            is_kept = not faults and (bool(derivation) or not self._is_close)
            found.append(_Judged(sentence.text, faults, is_content, derivation, is_kept))
        return found

    def _shown_texts(self, texts: Sequence[Sequence[_Judged]]) -> tuple[list[str], tuple[str, ...]]:
        """The texts as they are shown, and the paper's own sentences in them.

        A sentence with nothing before it, or whose predecessor is not shown, loses an opening that needs one. No
        sentence of the paper is shown twice, neither itself nor in a shorter form.
        """
        used = {at for text in texts for sentence in text if sentence.is_kept for at in sentence.derivation}
        before: list[str] = []
        shown: list[str] = []
        own: list[str] = []
        for text in texts:
            start, has_predecessor = len(before), False
            for sentence in text:
                if sentence.is_kept:
                    before.append(sentence.text if has_predecessor else without_opener(sentence.text))
                elif (found := self._closest(sentence, used)) is not None:
                    used.add(found)
                    before.append(self._own_sentences.spelled_out(found, before))
                    own.append(before[-1])
                has_predecessor = sentence.is_kept
            shown.append(" ".join(before[start:]))
        return shown, tuple(own)

    def _closest(self, sentence: _Judged, used: set[int]) -> int | None:
        """The paper's sentence that takes the place of one that is not in its words."""
        return self._own_sentences.closest(sentence.text, used) if self._is_close and sentence.is_content else None

    def _wording(self, judged: Sequence[_Judged], own: Sequence[str]) -> Iterator[Check]:
        if self._is_close:
            detail = f"all of {plural(len(judged), 'sentence')} in the paper's words"
            if lost := sum(not sentence.is_kept for sentence in judged):
                detail = f"{len(judged) - lost} of {plural(len(judged), 'sentence')} in the paper's words"
                detail += f"; in place of the others {plural(len(own), 'sentence')} of the paper"
            yield Check(WORDING, True, detail)

    def treatment(self, sentence: str) -> Treatment:
        """Outcome for one sentence of a model in a draft that shows no other one."""
        (judged,) = self._judged(sentence) or [_Judged(sentence, [], False, (), False)]
        if judged.is_kept:
            return "kept"
        return "cut" if self._closest(judged, set()) is None else "replaced"

    def sentence_faults(self, sentence: str) -> list[str]:
        """Faults of a sentence; its own words if its only fault is that it is about something else."""
        if faults := list(self._specific_faults(sentence)):
            return faults
        is_about = self._judgments.is_about_the_source(sentence, MIN_SUPPORTED_SHARE)
        return [] if is_about else [f"“{truncate(sentence, 80)}”"]

    def _specific_faults(self, sentence: str) -> Iterator[str]:
        if contains_contact_or_url(sentence):
            yield "a link or a mention"
        if is_instruction(sentence):
            yield "an order to the reader"
        yield from map(str, self._grounding.claims_in(sentence))
        yield from self._judgments.unsupported(sentence)
        yield from (
            f"the opposite of the text: {difference}" for difference in self._directions.contradictions(sentence)
        )

    def _supported_share(self, text: str) -> float:
        """Share of the text's content words that occur in the source; 0 if it has none."""
        words = content_words(text)
        return sum(word in self._words for word in words) / len(words) if words else 0.0

    def _quotes(self, requested: Sequence[str]) -> tuple[tuple[SourceQuote, ...], list[str]]:
        """The verbatim quotes that may be displayed, and the words of those that are not verbatim."""
        found: dict[str, SourceQuote] = {}
        missing = []
        for words in requested:
            quote = self._quote_finder.find(words) if self._safe_quote_finder.has(words) else None
            if quote and not contains_contact_or_url(quote.text) and not is_instruction(quote.text):
                found.setdefault(quote.text, quote)
            elif words.strip():
                missing.append(one_line(words))
        return tuple(found.values())[:_MAX_QUOTES], missing

    def _theme(self, theme: str) -> str:
        """The theme, if it is a short heading with words from the source; else ""."""
        theme = one_line(plain(theme)).strip(_DECORATION + ".:")
        words = content_words(theme)
        grounded = words and any(word in self._words for word in words) and not self._grounding.claims_in(theme.lower())
        fits = len(theme) <= _MAX_THEME_LENGTH and len(theme.split()) <= 4 and not contains_contact_or_url(theme)
        judged = any(self._judgments.unsupported(theme))
        return theme if grounded and fits and not judged and not is_instruction(theme) else ""


def without_injections(source: SummarySource) -> SummarySource:
    """The source as a model may see it: readable text without prompt injections and the sentences after them."""
    passages = tuple(Passage(passage.name, _without_instructions(passage.text)) for passage in source.passages)
    return replace(source, title=one_line(_without_instructions(source.title)), passages=passages)


def _without_instructions(text: str) -> str:
    shown = plain(text)
    return " ".join(without_instructions([sentence.text for sentence in sentences(shown)]))


def _foreign(judged: Sequence[_Judged]) -> list[str]:
    """Complaints about sentences that have no other fault than their words."""
    return [
        f"not in the words of the paper: “{truncate(sentence.text, 80)}”"
        for sentence in judged
        if not sentence.is_kept and not sentence.faults
    ]


def _result_text(faults: Sequence[str]) -> str:
    if not faults:
        return "all are in the text"
    return f"cut, since it is not in the text: {'; '.join(dict.fromkeys(faults[:_MAX_COMPLAINTS]))}"
