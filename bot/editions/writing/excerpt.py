"""The part of a long paper that sentences about it can be judged by: the abstract, and the lines that say the like."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from bot.domain.summary_values import SummarySource
from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import content_words

LEFT_OUT = "[…]"
MAX_MATCHES = 8
"""Lines of the paper that are looked at for each sentence, the closest first; each comes with its neighbors."""


def excerpt(source: SummarySource, about: Sequence[str], length: int) -> str:
    """The text of a source in at most `length` characters: all of it, or what the sentences `about` it are about.

    Of a longer text the first passage comes first, up to half of the length; then the closest lines of each sentence.
    """
    whole = "\n\n".join(
        f"{passage.name}:\n{passage.text}" if len(source.passages) > 1 else passage.text for passage in source.passages
    )
    if len(whole) <= length:
        return whole
    lines = [sentence.text for passage in source.passages for sentence in sentences(passage.text)]
    first = len(sentences(source.passages[0].text)) if len(source.passages) > 1 else 0
    chosen: set[int] = set()
    room = length
    for limit, candidates in ((length // 2, range(first)), (0, _closest(lines, about))):
        for at in candidates:
            size = len(lines[at]) + len(LEFT_OUT) + 2
            if at not in chosen and room - size >= limit:
                chosen.add(at)
                room -= size
    return "\n".join(_joined(lines, chosen))


def _closest(lines: Sequence[str], about: Sequence[str]) -> Iterator[int]:
    """Numbers of the lines with the rarest words in common with each sentence: the best of all first."""
    words = [frozenset(content_words(line)) for line in lines]
    spread = Counter(chain.from_iterable(words))
    weight = {word: math.log(1 + len(lines) / count) for word, count in spread.items()}
    ranked: list[list[int]] = []
    for sentence in about:
        wanted = frozenset(content_words(sentence))
        scored = [(sum(weight[word] for word in wanted & had), -at) for at, had in enumerate(words)]
        ranked.append([-at for score, at in sorted(scored, reverse=True)[:MAX_MATCHES] if score > 0])
    for best in zip_longest(*ranked):
        for at in best:
            if at is not None:
                yield from (near for near in (at, at - 1, at + 1) if 0 <= near < len(lines))


def _joined(lines: Sequence[str], chosen: set[int]) -> Iterator[str]:
    """The chosen lines in their order, with a mark where others are left out."""
    last = -1
    for at in sorted(chosen):
        yield lines[at] if at == last + 1 else f"{LEFT_OUT} {lines[at]}"
        last = at
    if last + 1 < len(lines):
        yield LEFT_OUT
