"""Parser of arXiv's query language, `search_query`, in the part that people and our client use.

    all:"word"  ti:word  au:name  abs:word  cat:cs.CL  co:word  jr:word  submittedDate:[202510060000 TO 202510100000]
    a AND b · a OR b · a ANDNOT b · parentheses

As on arXiv, a word without a field matches every field, consecutive words are joined by OR, operators associate to the
left, and a phrase matches its words in order, ignoring case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.paper_record import PaperRecord

Predicate = Callable[[PaperRecord], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])
        | (?P<range>(?:submittedDate|lastUpdatedDate):\[(?P<first>\d{8,14})\ TO\ (?P<last>\d{8,14})\])
        | (?:(?P<field>all|ti|abs|au|cat|co|jr):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s()":]+)))""",
    re.VERBOSE,
)
_OPERATORS = ("AND", "OR", "ANDNOT")
_MAX_DEPTH = 20  # brackets within brackets


class QuerySyntaxError(Exception):
    """The query is not in the language."""


@dataclass(slots=True)
class ParsedQuery:
    """A query that has been read: which papers match, and how well."""

    matches: Predicate
    words: tuple[str, ...]

    def relevance(self, record: PaperRecord) -> int:
        """Number of query words in the title. arXiv's own ranking is not documented."""
        title = _words(record.title)
        return sum(word in title for word in self.words)


def read(text: str) -> ParsedQuery:
    """Parse a query. Raises QuerySyntaxError."""
    reader = _QueryParser(_tokens(text))
    matches = reader.expression(0)
    if not reader.at_end:
        raise QuerySyntaxError(text)
    return ParsedQuery(matches, tuple(reader.words))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "(", ")", an operator, "test"
    test: Predicate | None = None
    words: tuple[str, ...] = ()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, text = 0, text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.end() == at:
            raise QuerySyntaxError(text)
        at = match.end()
        found.append(_token(match))
    return found


def _token(match: re.Match[str]) -> _Token:
    if bracket := match["bracket"]:
        return _Token(bracket)
    if match["range"]:
        return _Token("test", _between(match["range"], match["first"], match["last"]))
    if match["field"] is None and match["word"] in _OPERATORS:
        return _Token(match["word"])
    text = match["phrase"] if match["word"] is None else match["word"]
    name = match["field"] or "all"
    if name == "cat":
        return _Token("test", lambda record: text in record.categories)
    words = _words(text)
    if not words:
        raise QuerySyntaxError(text)
    return _Token(
        "test", lambda record: any(_contains_sequence(words, _words(part)) for part in _parts(record, name)), words
    )


@dataclass(slots=True)
class _QueryParser:
    tokens: Sequence[_Token]
    at: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def at_end(self) -> bool:
        return self.at == len(self.tokens)

    def expression(self, depth: int) -> Predicate:
        if depth > _MAX_DEPTH:
            raise QuerySyntaxError("too many brackets")
        left = self.operand(depth)
        while not self.at_end and self.tokens[self.at].kind != ")":
            operator = "OR"
            if self.tokens[self.at].kind in _OPERATORS:
                operator = self.take().kind
            left = _join(left, operator, self.operand(depth))
        return left

    def operand(self, depth: int) -> Predicate:
        token = self.take()
        if token.kind == "(":
            inner = self.expression(depth + 1)
            if self.take().kind != ")":
                raise QuerySyntaxError("a bracket is not closed")
            return inner
        if token.test is None:
            raise QuerySyntaxError(token.kind)
        self.words += token.words
        return token.test

    def take(self) -> _Token:
        if self.at_end:
            raise QuerySyntaxError("it ends too early")
        self.at += 1
        return self.tokens[self.at - 1]


def _join(left: Predicate, operator: str, right: Predicate) -> Predicate:
    if operator == "AND":
        return lambda record: left(record) and right(record)
    if operator == "ANDNOT":
        return lambda record: left(record) and not right(record)
    return lambda record: left(record) or right(record)


def _between(name: str, first: str, last: str) -> Predicate:
    since, until = _moment(first), _moment(last)
    submitted = name.startswith("submitted")

    def test(record: PaperRecord) -> bool:
        moment = record.published if submitted else record.updated
        return moment is not None and since <= moment <= until

    return test


def _moment(digits: str) -> datetime:
    """`20251006`, `202510060930` or `20251006093015`, in UTC."""
    try:
        return datetime.strptime(digits.ljust(14, "0"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError as fault:
        raise QuerySyntaxError(digits) from fault


def _parts(record: PaperRecord, name: str) -> Iterable[str]:
    fields = {"ti": record.title, "abs": record.abstract, "co": record.comment, "jr": record.journal_ref}
    if name in fields:
        return (fields[name],)
    if name == "au":
        return record.authors
    return (*fields.values(), *record.authors, *record.categories)


@lru_cache(maxsize=4096)  # the abstracts of the recorded papers, a few hundred, are split once
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def _contains_sequence(words: Sequence[str], text: Sequence[str]) -> bool:
    """Return True if the text contains the words one after the other."""
    count = len(words)
    return any(text[at : at + count] == words for at in range(len(text) - count + 1))
