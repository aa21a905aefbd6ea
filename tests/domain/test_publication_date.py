"""Dates of publication: as precise as their source, in ISO and in small print."""

from __future__ import annotations

import pytest

from bot.domain.bibliography.entry import parse_day
from bot.domain.publication_date import PublicationDate, most_precise, short_pattern


@pytest.mark.parametrize(
    ("iso", "shown"), [("2017", "2017"), ("2017-06", "Jun 2017"), ("2017-06-12", "12 Jun 2017"), ("0999", "0999")]
)
def test_a_date_is_shown_as_far_as_it_is_known(iso: str, shown: str) -> None:
    date = PublicationDate.of_iso(iso)
    assert date is not None
    assert date.iso == iso
    assert format(date.at, short_pattern(date.precision)).rjust(4, "0") == shown


@pytest.mark.parametrize("text", ["", "2017-13", "2017-02-30", "0000", "17", "2017-6", "12 Jun 2017", "2017-06-12-01"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert PublicationDate.of_iso(text) is None


def test_no_parts_and_too_many_are_no_date() -> None:
    assert PublicationDate.of_parts() is None
    assert PublicationDate.of_parts(2017, 1, 1, 1) is None
    assert PublicationDate.of_parts(10**30) is None


def test_a_later_date_only_adds_to_the_first() -> None:
    dates = [found for iso in ("2017-06", "2016-01-02", "2017", "2017-06-12") if (found := PublicationDate.of_iso(iso))]
    best = most_precise(dates)
    assert best is not None
    assert best.iso == "2017-06-12"
    assert most_precise(dates[:3]) == dates[0]
    assert most_precise([]) is None


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2001 May 4", "2001-05-04"),
        ("2001 May", "2001-05"),
        ("2001 Winter", "2001"),
        ("2001 May 40", ""),
        ("2001 Jun.", "2001-06"),
    ],
)
def test_the_year_may_stand_first(typed: str, iso: str) -> None:
    assert parse_day(typed) == iso
