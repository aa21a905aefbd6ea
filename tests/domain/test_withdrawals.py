"""Withdrawals: who, when and why, exactly as the source says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.paper_record import PaperRecord
from bot.domain.withdrawals import Withdrawal, record_withdrawal

AT = datetime(2025, 12, 5, 8, tzinfo=UTC)


def withdrawal(comment: str = "", abstract: str = "", key: str = "arxiv:1706.03762") -> Withdrawal:
    """Withdrawal of a record with this comment."""
    found = record_withdrawal(
        PaperRecord(key, 2, "A title", ("A. Author",), abstract, ("cs.CL",), AT, AT, comment=comment, withdrawn=True)
    )
    assert found
    return found


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("This paper has been withdrawn by the author due to a crucial sign error", "withdrawn by its authors"),
        ("12 pages, withdrawn by the authors; arXiv admin note: text overlap with arXiv:1234.5678", "by its authors"),
        ("The authors have decided to withdraw this submission", "withdrawn by its authors"),
        (
            "This submission has been withdrawn by arXiv administrators due to a copyright claim",
            "arXiv’s administrators",
        ),
        ("arXiv admin note: This version has been withdrawn by arXiv Admin", "by arXiv’s administrators"),
        ("arXiv admin note: submission withdrawn", "withdrawn by arXiv’s administrators"),
        ("The author has withdrawn this paper due to an error", "withdrawn by its authors"),
        ("We are withdrawing this paper", "withdrawn by its authors"),
        ("This submission has been removed by arXiv administrators", "withdrawn by arXiv’s administrators"),
        ("Withdrawn by the submitter", "withdrawn by its submitter"),
        ("Withdrawn", "withdrawn from arXiv on"),
    ],
)
def test_the_withdrawing_party_is_read_from_the_note(comment: str, told: str) -> None:
    found = withdrawal(comment)
    assert told in found.phrase
    assert found.phrase.endswith("on 5 Dec 2025")


def test_the_note_starts_at_the_sentence_about_the_withdrawal() -> None:
    assert withdrawal("12 pages. Withdrawn by the author. A lemma is wrong.").note == (
        "Withdrawn by the author. A lemma is wrong."
    )
    assert withdrawal(abstract="This paper has been withdrawn.").note == "This paper has been withdrawn."
    assert len(withdrawal("Withdrawn. " + "very " * 200).note) <= 240


def test_a_crossref_withdrawal_has_a_publisher_and_no_date() -> None:
    assert withdrawal(key="doi:10.1000/182").phrase == "withdrawn by its publisher"


def test_a_paper_that_is_not_withdrawn_has_no_withdrawal() -> None:
    assert record_withdrawal(PaperRecord("arxiv:1706.03762", 1, "A", ("B",), "", (), AT, AT)) is None
