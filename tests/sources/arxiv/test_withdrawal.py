"""Withdrawn papers are recognized by the wording of real arXiv records; other uses of the word are ignored."""

from __future__ import annotations

import time

import pytest

from bot.sources.arxiv import is_withdrawn
from bot.sources.recorded_arxiv import recorded_papers

NOTICES = [
    "This paper has been withdrawn",
    "This paper has been withdrawn by the author(s),",
    "This submission has been withdrawn at the request of the author.",
    "Paper has been withdrawn.",
    "Withdrawn due to extensions and submission as another paper.",
    "withdrawn by author",
    "Withdrawn",
    "Withdrawn since -order- was overlooked. First order reductions without order are much too weak to separate.",
    "Withdrawn by the authors due to an error in the proof of the finite field result (Thm. 1.5)",
    "This article has been withdrawn by arXiv administrators because it plagiarises another one",
    "arXiv admin note: This submission has been withdrawn by arXiv administrators due to a personal attack.",
    "Admin note: withdrawn by arXiv admin because of the use of a pseudonym, in violation of arXiv policy.",
    "This version withdrawn by arXiv administrators because the submitter did not have the right to agree to our "
    "license at the time of submission",
    "This version of the paper has been withdrawn due to an error. Please contact one of the authors.",
    "This article is withdrawn because the co-authors are not in favor of publication.",
    "This paper has been temporarily withdrawn, pending a revised version",
    "The paper has been withdrawn effective November 18, 2015. Hydraulic pump sumps are designed to",
    "The authors have decided to withdraw this submission. Clarifications, if any, may follow at a later date.",
    "The results have been merged with another paper. The authors would like to withdraw this submission.",
    "The author has withdrawn this paper due to an error in Lemma 4.",
    "The authors withdraw this submission",
    "We are withdrawing this manuscript, which was submitted without the consent of all authors.",
    "I am withdrawing my paper because of a gap in section 4",
    "The authors have withdrawn the manuscript",
    "This paper has been retracted by the authors",
    "Retracted by the authors: the data of table 2 are wrong",
    "Unfortunately the paper had to be withdrawn since the main estimate was wrong",
    "Temporarily withdrawn",
    "This submission has been removed by arXiv administrators because the submitter did not have the authority to "
    "grant a license to the work at the time of submission",
    "arXiv admin note: submission has been removed by arXiv administrators due to inappropriate text overlap",
    "(Withdrawn) Collaborative security initiatives are increasingly often advocated",
    "This paper has been withdrawn\n by the author due to a crucial sign error in equation 1. With the advance of",
]
ONLY_IN_COMMENTS = ["12 pages, 3 figures, withdrawn by the authors", "v2: withdrawn by arXiv due to overlap"]
OTHERWISE = [
    "Utilizing papers withdrawn from arXiv, we validated our proposed methods with several datasets",
    "one planned to withdraw the affected paper, while another defended the practice",
    "both evaluating the effect of medications for OUD on withdrawal symptom severity",
    "measures the potential degradation of the market if the LP withdraws.",
    "These laws grant users the right to withdraw their data, necessitating the deletion of data",
    "death despite maximal support, withdrawal of life-sustaining therapy, and awakening",
    "where a thief accessed a victim's account, withdrew funds, and procured a loan",
    "Forgetting is achieved by withdrawing keys, making unlearning on-the-fly",
    "Model checking tap withdrawal in C. Elegans",
    "Value withdrawal explanations: a theoretical tool for programming environments",
    "Retracts, absolute retracts, and folds in cographs",
    "submitted to ICLR 2025, withdrawn",
    "supersedes arXiv:1234.56789, which we have withdrawn",
    "We withdraw the claim of Section 3; 12 pages",
    "we retract our earlier paper's conjecture and prove a weaker one",
    "Our previous submission was withdrawn; this one is new",
    "We show that the authors have withdrawn the paper's strongest claim",
    "papers retracted by their authors are cited for years",
    "Stop words were removed by the tokenizer; outliers were removed by hand",
    "12 pages; an earlier, withdrawn version had a wrong figure",
    "replaces a withdrawn paper by other authors",
    "Withdrawn patients were replaced by others in the trial",
    "The drug was withdrawn from the market in 2004",
]


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_counts_in_the_comment_and_in_the_abstract(notice: str) -> None:
    assert is_withdrawn(title="Of Mice", comment=notice, abstract="We study mice.")
    assert is_withdrawn(title="Of Mice", comment="", abstract=notice)


@pytest.mark.parametrize("notice", ONLY_IN_COMMENTS)
def test_some_forms_count_in_the_comment_only(notice: str) -> None:
    assert is_withdrawn(title="Of Mice", comment=notice, abstract="We study mice.")
    assert not is_withdrawn(title="Of Mice", comment="", abstract=notice)


def test_a_notice_in_the_title_counts() -> None:
    assert is_withdrawn(title="Entangled games (withdrawn)", comment="", abstract="We prove a bound.")
    assert not is_withdrawn(title="Withdrawn from society", comment="", abstract="We prove a bound.")


@pytest.mark.parametrize("text", OTHERWISE)
def test_the_word_used_otherwise_does_not_count(text: str) -> None:
    assert not is_withdrawn(title=text, comment=text, abstract=text)


def test_of_the_recorded_papers_two_are_withdrawn() -> None:
    assert {record.arxiv_id for record in recorded_papers() if record.withdrawn} == {"0801.2284", "cs/0703134"}


def test_no_pattern_is_slow_on_100_kb() -> None:
    began = time.process_time()
    for junk in (
        "this " * 20_000,
        "this a paper " * 8_000,
        "withdrawn by the (" * 6_000,
        "the authors " * 9_000,
        "(" * 99_999,
    ):
        is_withdrawn(title=junk, comment=junk + "withdr", abstract="withdr" + junk)
    assert time.process_time() - began < 2
