"""Papers of a club's list that share rare words with a given one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Select, String, bindparam, select

from bot.domain.models import Paper, Submission
from bot.store.base import search_index
from bot.store.base.search_rules import MAX_TERM_LENGTH, TEXT, TITLE
from bot.store.base.transaction import ClubRepository
from bot.store.papers.submissions import CLOSED_STATES, Submissions

MOST_WORDS = 12
"""Words that are looked up, the first ones."""
MOST_COMPARED = 120
"""Papers that are read and compared: each takes a fifth of a millisecond."""


class SimilarPapers(ClubRepository):
    """Looks for similar papers by the search index."""

    async def sharing(self, words: Iterable[str], *, but: int) -> Sequence[tuple[int, str, str]]:
        """Submissions, as id, title and abstract, with the most of these words; `but` is the paper itself.

        Each word is looked up alone, newest papers first, so that one word that is frequent here cannot crowd out the
        others.
        """
        asked = [word[:MAX_TERM_LENGTH] for word in islice(words, MOST_WORDS)]
        shared = await self._transaction.run_sync(lambda connection: self._counts(connection, asked))
        shared.pop(but, None)
        best = sorted(shared, key=lambda id: (-shared[id], -id))[:MOST_COMPARED]
        if not best:
            return ()
        read = select(Submission.id, Paper.title, Paper.abstract).join(Paper).where(Submission.id.in_(best))
        return [(id, title, abstract) for id, title, abstract in (await self._session.execute(read)).all()]

    async def load(self, ids: Sequence[int]) -> Sequence[Submission]:
        """The submissions of these ids, in this order."""
        read = await Submissions(*self._arguments()).many(ids) if ids else {}
        return [read[id] for id in ids if id in read]

    def _counts(self, connection: Connection, words: Sequence[str]) -> Counter[int]:
        """Number of these words that each submission has, by submission."""
        dialect = connection.dialect.name
        statement, shared = _with_a_word(dialect), Counter[int]()
        for word in words:
            expression = search_index.match_expression(dialect, self._club_id, [[TEXT + word, TITLE + word]])
            shared.update(connection.scalars(statement, {"club": self._club_id, "expression": expression}))
        return shared


@cache
def _with_a_word(dialect: str) -> Select[Any]:
    """Open submissions of club `club` that match `expression`, newest first; built once, since each word runs it."""
    each: Any = select(Submission.id, Submission.number.label("place")).where(
        Submission.club_id + 0 == bindparam("club"),
        Submission.merged_into_id.is_(None),
        Submission.state.not_in(CLOSED_STATES),
    )
    expression = bindparam("expression", type_=String())
    return search_index.select_matching_expression(dialect, expression, each).limit(MOST_COMPARED)
