"""Lists from points with their numbers: a number that does not go on begins another list, so that each is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.editions.model.blocks import ListBlock, Point


def counted_lists(points: Sequence[tuple[int | None, Point]]) -> Iterator[ListBlock]:
    """The lists of these points; a bullet has no number. "1. 1. 1." counts on, as Markdown does."""
    start: int | None = None
    before: int | None = None
    run: list[Point] = []
    for number, point in points:
        goes_on = (
            number is None if before is None else number in (before + 1, before) and not _jumps(number, before, start)
        )
        if run and not goes_on:
            yield ListBlock(tuple(run), start is not None, start if start is not None else 1)
            run = []
        if not run:
            start = number
        run.append(point)
        before = number
    if run:
        yield ListBlock(tuple(run), start is not None, start if start is not None else 1)


def _jumps(number: int | None, before: int, start: int | None) -> bool:
    """True for a number that repeats the one before, unless all of the list do."""
    return number == before and before != start
