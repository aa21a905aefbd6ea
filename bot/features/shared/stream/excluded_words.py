"""Words that keep papers of a source from being suggested, to moderators and to members."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from bot.domain.models import ClubSource, StreamEntry
from bot.latex.reader import latex_to_text
from bot.store import UnitOfWork


async def suggestible(db: UnitOfWork, entries: Sequence[StreamEntry]) -> list[StreamEntry]:
    """The entries without negative words of the club's sources."""
    sources = await db.sources.all()
    if not any(source.negative_words for source in sources):
        return list(entries)
    return without_negative_words(entries, sources, await db.stream.sources_of([entry.id for entry in entries]))


def without_negative_words(
    entries: Sequence[StreamEntry], sources: Sequence[ClubSource], named_by: Mapping[int, set[int]]
) -> list[StreamEntry]:
    """The entries that a source announced whose negative words they have none of."""
    patterns = {
        source.source_id: re.compile(
            r"(?<!\w)(?:" + "|".join(re.escape(_comparable(word)) for word in source.negative_words) + r")(?!\w)"
        )
        for source in sources
        if source.negative_words
    }
    if not patterns:
        return list(entries)

    def is_wanted(entry: StreamEntry) -> bool:
        text = _comparable(f"{entry.title} {entry.abstract}")
        return any(
            source_id not in patterns or not patterns[source_id].search(text)
            for source_id in named_by.get(entry.id, ())
        )

    return [entry for entry in entries if is_wanted(entry)]


def _comparable(text: str) -> str:
    """A text in which a word is always written alike: in lower case, its accents as one character, LaTeX read."""
    read = latex_to_text(text) if "\\" in text else text
    return unicodedata.normalize("NFC", read).casefold()
