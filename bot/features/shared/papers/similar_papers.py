"""Papers most like one: on the club's list, and among new papers of its sources."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.models import StreamEntry, Submission
from bot.latex.reader import latex_to_text
from bot.recommender import similar
from bot.recommender.terms import Vector
from bot.store import UnitOfWork


async def most_similar(db: UnitOfWork, chosen: Submission, limit: int) -> Sequence[tuple[Submission, float]]:
    """Submissions most like one, with how alike they are (0 to 1), best first."""
    words = profile_of(chosen)
    sharing = await db.similar.sharing(similar.distinctive(words), but=chosen.id)
    others = ((id, latex_to_text(title), abstract) for id, title, abstract in sharing)
    ranked = similar.most_similar(words, others, limit)
    nearness = dict(ranked)
    return [(found, nearness[found.id]) for found in await db.similar.load([id for id, _unused in ranked])]


async def most_similar_new(db: UnitOfWork, chosen: Submission, limit: int) -> Sequence[StreamEntry]:
    """Entries of the club's sources most like a submission that the club does not have, best first."""
    words = profile_of(chosen)
    sought = similar.distinctive(words)
    entries = {entry.id: entry for entry in await db.stream_search.sharing(sought)}
    works = await db.stream.listed_works()
    others = [
        (id, latex_to_text(entry.title), entry.abstract) for id, entry in entries.items() if not works.have(entry)
    ]
    return [entries[id] for id, _unused in similar.most_similar(words, others, limit)]


def profile_of(chosen: Submission) -> Vector:
    """The words of a submission as they are compared, here and in the reasons for new papers."""
    return similar.profile(latex_to_text(chosen.paper.title), chosen.paper.abstract)
