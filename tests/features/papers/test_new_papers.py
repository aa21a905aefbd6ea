"""Categories as members type them."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.features.papers.new_papers import parse_categories


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ()),
        ("cs.cl", ("cs.CL",)),
        ("CS.CL, stat.ml,cs.CL", ("cs.CL", "stat.ML")),
        ("cs.CL cs.LG", ("cs.CL", "cs.LG")),
        ("cs", ("cs.",)),
        ("cs.*", ("cs.",)),
        ("hep-th", ("hep-th",)),
        ("astro-ph", ("astro-ph.",)),
        ("cell biology", ("cell biology",)),
    ],
)
def test_categories_are_read_as_they_are_meant(typed: str, meant: tuple[str, ...]) -> None:
    assert parse_categories(typed) == meant


def test_too_many_are_refused() -> None:
    with pytest.raises(UserError, match="At most 10"):
        parse_categories(", ".join(f"subject {n}" for n in range(11)))
