"""Discussion starters without a model: a claim, a limit and a number of the paper, each with a question about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from bot.domain.paper_answers import DiscussionStarter
from bot.domain.summary_values import Passage, SourceQuote, SummarySource
from bot.editions.verification.quotes import QuoteFinder
from bot.editions.writing.contributions import contribution, leans
from bot.editions.writing.extractive import usable

MAX_STARTERS = 3
_MAX_LENGTH = 320
"""Characters of the longest sentence that starts a discussion."""
_LIMIT = re.compile(
    r"\b(?:limitations?|limited (?:to|by)|however|though|cannot|fails?|struggles?|not yet|only when"
    r"|future work|trade-?offs?|suboptimal|unclear|lacks?|at the cost)\b",
    re.IGNORECASE,
)
_PROBLEM = re.compile(
    r"\b(?:limit\w*|however|although|despite|cannot|fails?|struggles?|remains?|expensive|costs?|trade-?offs?|unclear|lacks?"
    r"|suboptimal|poorly|difficult|challeng\w*|problems?)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(r"\b(?:find|found|show|shows|demonstrate|outperform|achiev|improv|result)\w*", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?:\s?%?\s?[-–]\s?\d[\d.]*\s?%|\s?%|\s?[x×](?!\w))?"  # 28.4 · 0.1%-3% · 12% · 3x
    r"(?:\s[A-Z]{2,}\b|\s(?![a-z-]*ed\b)[a-z][a-z-]{2,})?(?![\w%])"  # its unit
)
_YEAR = re.compile(r"\A(?:19|20)\d\d\b")

_CLAIM_QUESTIONS = (
    "Which part of this claim needs the strongest evidence, and does the paper give it?",
    "What experiment could prove this claim wrong?",
    "Who would do something differently if this claim holds?",
)
_LIMIT_QUESTIONS = (
    "How much does this limit matter in practice?",
    "Does this limit follow from the approach, or could it be overcome?",
    "Which results of the paper does this limit put in doubt?",
)
_PROBLEM_QUESTIONS = (
    "How far does the paper solve this problem, and what is left of it?",
    "Is this the problem that matters most here, or is there another?",
)
_RESULT_QUESTIONS = (
    "Would this result hold with other data, or at another size?",
    "What else could explain this result?",
)
_NUMBER_QUESTIONS = (
    "What should “{amount}” be compared with before it is believed?",
    "Which choice of the authors does “{amount}” depend on most?",
    "Would “{amount}” be different in another setting, and why?",
)


def starters(source: SummarySource) -> tuple[DiscussionStarter, ...]:
    """At most three questions, each with a sentence of the paper; the same source gives the same questions."""
    finder = QuoteFinder(source.passages)
    found: dict[str, DiscussionStarter] = {}
    kinds = (
        ((_claim, _CLAIM_QUESTIONS),),
        ((_limit, _LIMIT_QUESTIONS), (_problem, _PROBLEM_QUESTIONS)),
        ((_number, _NUMBER_QUESTIONS), (_result, _RESULT_QUESTIONS)),
        ((_result, _RESULT_QUESTIONS),),
    )
    for place, alternatives in enumerate(kinds):
        if len(found) == MAX_STARTERS:
            break
        turn = int(source.digest[2 * place : 2 * place + 4], 16)
        if starter := next(_starters(source.passages, finder, alternatives, found, turn), None):
            found[starter.quote.text] = starter
    return tuple(found.values())


def _starters(
    passages: Sequence[Passage],
    finder: QuoteFinder,
    alternatives: Sequence[tuple[Callable[[Sequence[Passage]], Iterator[str]], Sequence[str]]],
    used: Collection[str],
    turn: int,
) -> Iterator[DiscussionStarter]:
    """Yield starters of the first kind that the paper has a sentence for, then of the next."""
    for pick, questions in alternatives:
        for line in pick(passages):
            quote = finder.find(line) if len(line) <= _MAX_LENGTH else None
            if quote and quote.text not in used:
                yield DiscussionStarter(_question(questions[turn % len(questions)], quote), quote)


def _question(template: str, quote: SourceQuote) -> str:
    return template.format(amount=_amount(quote.text)) if "{amount}" in template else template


def _amount(line: str) -> str:
    """First number of a sentence that is no year, with its unit; empty if there is none."""
    return next((match.group().strip() for match in _AMOUNT.finditer(line) if not _YEAR.match(match.group())), "")


def _claim(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        lines = usable(passage.text)
        if (at := contribution(lines)) is not None:
            yield lines[at]


def _limit(passages: Sequence[Passage]) -> Iterator[str]:
    """Limits that the authors admit: of a section named after them, or after the sentence with the contribution."""
    for passage in sorted(passages, key=lambda passage: "limit" not in passage.name.lower()):
        lines = usable(passage.text)
        start = -1 if "limit" in passage.name.lower() else contribution(lines)
        if start is not None:
            yield from (line for line in lines[start + 1 :] if start < 0 or _LIMIT.search(line))


def _problem(passages: Sequence[Passage]) -> Iterator[str]:
    """Problems of earlier work, which come before the contribution."""
    for passage in passages:
        lines = usable(passage.text)
        yield from (line for line in lines[: contribution(lines)] if _PROBLEM.search(line))


def _number(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        yield from (line for line in usable(passage.text) if _amount(line) and _RESULT.search(line))
    for passage in passages:
        yield from (line for line in usable(passage.text) if _amount(line))


def _result(passages: Sequence[Passage]) -> Iterator[str]:
    for passage in passages:
        yield from (line for line in usable(passage.text) if _RESULT.search(line) and not leans(line))
    for passage in passages:
        yield from usable(passage.text)
