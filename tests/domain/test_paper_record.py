"""Paper records: valid values, and the paper's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.paper_record import PaperRecord, fold_whitespace


def record(key: str = "arxiv:1706.03762", *, published: datetime | None = None) -> PaperRecord:
    return PaperRecord(key, 1, "A Title", ("A. Author",), "", (), published, None)


def test_the_url_of_an_arxiv_paper_is_arxivs_page() -> None:
    assert record("arxiv:hep-th/9901001").arxiv_id == "hep-th/9901001"
    assert record("arxiv:hep-th/9901001").url == "https://arxiv.org/abs/hep-th/9901001"


def test_the_url_of_a_doi_is_its_resolver() -> None:
    assert record("doi:10.1038/nature14539").url == "https://doi.org/10.1038/nature14539"
    assert record("doi:10.1/a<b>#c?d e").url == "https://doi.org/10.1/a%3Cb%3E%23c%3Fd%20e"
    assert record("doi:10.1/x").arxiv_id == ""


def test_a_key_must_be_an_arxiv_id_or_a_doi() -> None:
    with pytest.raises(ValueError, match="neither an arXiv paper nor a DOI"):
        record("1706.03762")


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=1))])
def test_times_must_be_utc(zone: timezone | None) -> None:
    assert record(published=datetime(2025, 10, 6, tzinfo=UTC)).published
    with pytest.raises(ValueError, match="is not UTC"):
        record(published=datetime(2025, 10, 6, tzinfo=zone))


def test_white_space_is_folded() -> None:
    assert fold_whitespace("  Attention\n  Is\u00a0All\tYou  Need ") == "Attention Is All You Need"


def test_direction_marks_are_left_out_of_every_text() -> None:
    marked = "A \u202eTitle\u202c\u200f"
    made = PaperRecord("arxiv:1706.03762", 1, marked, (f"Ada {marked}",), marked, (), None, None, marked, marked)
    assert {made.title, made.abstract, made.comment, made.journal_ref} == {"A Title"}
    assert made.authors == ("Ada A Title",)
