"""The text of a paper as a model is given it: between markers that no text can fake, in parts if it is long."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.summary_values import SummarySource

MAX_CHUNK_LENGTH = 24_000
"""Characters in one part: about 6,000 tokens, which every model can read at once."""
MIN_CHUNK_LENGTH = 3_000
"""Characters of the smallest parts, for models that refuse longer ones."""
MAX_CHUNKS = 8
"""Parts of a long paper that are read: more than most papers have."""


def frame_as_data(source: SummarySource, text: str) -> str:
    """The prompt's data part: title and text between markers that contain a hash of the source."""
    mark = source.digest[:16]
    return f"<<<paper {mark}>>>\nTitle: {source.title}\n\n{text}\n<<<end of paper {mark}>>>"


def chunks(source: SummarySource, length: int = MAX_CHUNK_LENGTH) -> list[str]:
    """The passages of the source in order, joined as long as they fit into one part of `length` characters.

    At least one part; at most as much text as `MAX_CHUNKS` parts of the usual length.
    """
    found: list[str] = []
    for piece in _pieces(source, length):
        if found and len(found[-1]) + len(piece) + 2 <= length:
            found[-1] += f"\n\n{piece}"
        else:
            found.append(piece)
    return found[: MAX_CHUNKS * MAX_CHUNK_LENGTH // length] or [""]


def count(source: SummarySource) -> int:
    """About how many parts a source has, without making them."""
    return min(MAX_CHUNKS, 1 + sum(len(passage.text) for passage in source.passages) // MAX_CHUNK_LENGTH)


def _pieces(source: SummarySource, length: int) -> Iterator[str]:
    """Yield each passage with its name; long ones are split at the end of a line, a sentence or a word."""
    for passage in source.passages:
        rest = f"{passage.name}:\n{passage.text}" if len(source.passages) > 1 else passage.text
        while len(rest) > length:
            cut = next(
                (at for end in ("\n", ". ", " ") if (at := rest.rfind(end, length // 2, length)) > 0),
                length,
            )
            yield rest[: cut + 1].strip()
            rest = rest[cut + 1 :]
        yield rest.strip()
