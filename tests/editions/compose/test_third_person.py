"""Sentences of authors, told by a club."""

from __future__ import annotations

import pytest

from bot.editions.compose.third_person import in_third_person


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("We propose a net, and we show that it works.", "The authors propose a net, and they show that it works."),
        ("In this paper, we present our method.", "In this paper, the authors present their method."),
        ("Our method beats ours of last year.", "The authors’ method beats theirs of last year."),
        ("Let us assume that it tells us nothing.", "Let us assume that it tells them nothing."),
        ("The US and WE-7 stay; so does Weber.", "The US and WE-7 stay; so does Weber."),
    ],
)  # fmt: skip
def test_we_becomes_the_authors(written: str, told: str) -> None:
    assert in_third_person(written) == told
    assert in_third_person(told) == told
