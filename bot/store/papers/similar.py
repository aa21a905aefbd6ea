"""Papers of a club's list that share rare words with a given one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import select

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
        shared: dict[int, int] = {}
        for word in islice(words, MOST_WORDS):
            for id in await self._with_word(word):
                shared[id] = shared.get(id, 0) + 1
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

    async def _with_word(self, word: str) -> Sequence[int]:
        entry = word[:MAX_TERM_LENGTH]
        dialect = self._session.get_bind().dialect.name
        each: Any = select(Submission.id, Submission.number.label("place")).where(
            Submission.club_id + 0 == self._club_id,
            Submission.merged_into_id.is_(None),
            Submission.state.not_in(CLOSED_STATES),
        )
        found = search_index.select_matching(dialect, self._club_id, [[TEXT + entry, TITLE + entry]], each)
        return (await self._session.scalars(found.limit(MOST_COMPARED))).all()
