"""The second reading: the model that wrote a text is asked once more which of its sentences the paper does not support.

Its answer can only cut: what the checks by rule have cut is gone, and nothing that it says is shown to readers. An
answer that does not come, or is not of the form asked for, leaves the text as it is, and the checks say so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.chat.text import one_line, plural, truncate
from bot.domain.summary_values import NOT_READ_AGAIN, SECOND_READING, Check, SummarySource
from bot.editions.text_analysis.normalization import plain
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import tokens
from bot.editions.writing.draft_checker import CheckedDraft
from bot.editions.writing.excerpt import excerpt
from bot.sources.llm import ModelFailed
from bot.sources.llm.chunks import MIN_CHUNK_LENGTH
from bot.sources.llm.client import TextTooLong
from bot.sources.llm.second_reading import SecondReading

log = logging.getLogger(__name__)


class ReadingModel(Protocol):
    """A model that reads sentences beside a paper: `bot.sources.llm.second_reading.SecondReader`."""

    @property
    def prompt(self) -> str:
        """Version of the prompt."""

    @property
    def max_length(self) -> int:
        """Characters of a paper's text that fit into one request."""

    async def read(self, source: SummarySource, text: str, sentences: Sequence[str]) -> SecondReading:
        """The sentences that the text does not support. Raises ModelFailed."""


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft after its second reading: why and insights may be empty; and the tokens that it took."""

    draft: CheckedDraft
    tokens_in: int = 0
    tokens_out: int = 0


async def read_again(model: ReadingModel, source: SummarySource, draft: CheckedDraft, limit: timedelta) -> ReadDraft:
    """Have the model read a draft beside its source, within `limit`, and cut what it does not find there.

    `source` is what the model may see of the paper. Sentences that are the paper's own are not read. Never raises but
    for cancellation.
    """
    texts = (draft.why, *draft.insights)
    own = frozenset(draft.own_sentences)
    read = [sentence.text for text in texts for sentence in sentences(text) if sentence.text not in own]
    numbered = list(map(one_line, read))
    if not numbered:
        check = Check(SECOND_READING, True, "every sentence is the paper's own")
        return ReadDraft(replace(draft, checks=(*draft.checks, check)))
    try:
        async with asyncio.timeout(limit.total_seconds()):
            reading = await _reading(model, source, numbered)
    except ModelFailed as error:
        return _unread(source, draft, error.reason, error.tokens_in, error.tokens_out)
    except TimeoutError:
        return _unread(source, draft, f"no answer within {limit.total_seconds():g} s")
    except Exception as error:
        log.exception("the second reading of %s failed", source.key)
        return _unread(source, draft, f"an unforeseen fault ({type(error).__name__})")
    wrong = dict(_wrong_sentences(reading, numbered))
    why, *insights = _without(texts, wrong, own)
    check = Check(SECOND_READING, True, _result_text(len(numbered), wrong, numbered))
    kept = replace(draft, why=why, insights=tuple(filter(None, insights)), checks=(*draft.checks, check))
    return ReadDraft(kept, reading.tokens_in, reading.tokens_out)


async def _reading(model: ReadingModel, source: SummarySource, numbered: Sequence[str]) -> SecondReading:
    """The model's answer; a text that is too long for it is shortened."""
    length = model.max_length
    read = written = 0
    while True:
        text = await asyncio.to_thread(excerpt, source, numbered, length)
        try:
            reading = await model.read(source, text, numbered)
        except TextTooLong as error:
            length //= 2
            if length < MIN_CHUNK_LENGTH:
                raise
            read, written = read + error.tokens_in, written + error.tokens_out
        else:
            return replace(reading, tokens_in=read + reading.tokens_in, tokens_out=written + reading.tokens_out)


def _unread(
    source: SummarySource, draft: CheckedDraft, reason: str, tokens_in: int = 0, tokens_out: int = 0
) -> ReadDraft:
    log.warning("the text about %s was not read a second time: %s", source.key, reason)
    return ReadDraft(
        replace(draft, checks=(*draft.checks, Check(SECOND_READING, False, f"{NOT_READ_AGAIN}{reason}"))),
        tokens_in,
        tokens_out,
    )


def _wrong_sentences(reading: SecondReading, numbered: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Places of the sentences to cut, from 0, with their wrong words.

    A number that no sentence has is ignored, and so are words that the sentence does not have: it is another's number.
    """
    for number, words in reading.unsupported:
        wanted = tokens(plain(words))
        if 1 <= number <= len(numbered) and wanted and _contains(tokens(numbered[number - 1]), wanted):
            yield number - 1, one_line(plain(words))


def _contains(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """True if the wanted words stand side by side among the words."""
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words) - len(wanted) + 1))


def _without(texts: Sequence[str], wrong: Mapping[int, str], own: Collection[str]) -> Iterator[str]:
    """The texts without their wrong sentences, which are numbered from 0 through all texts; the paper's own have no
    number.
    """
    number = 0
    for text in texts:
        kept = []
        for sentence in sentences(text):
            if sentence.text in own:
                kept.append(sentence.text)
                continue
            if number not in wrong:
                kept.append(sentence.text)
            number += 1
        yield " ".join(kept)


def _result_text(count: int, wrong: Mapping[int, str], numbered: Sequence[str]) -> str:
    if not wrong:
        return f"the model found {plural(count, 'sentence')} supported by the text"
    found = (f"“{truncate(words, 80)}” in “{truncate(numbered[at], 80)}”" for at, words in sorted(wrong.items()))
    return f"cut, since the model does not find it in the text: {'; '.join(found)}"
