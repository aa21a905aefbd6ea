"""Outside words: hearsay, deeds of institutions, deals and the like are cut unless the paper has them."""

from __future__ import annotations

import pytest

from bot.editions.verification.judgments import JudgmentChecker

SOURCE = """Sparse Routing for Translation. We propose SparseRoute, a router that sends each token to two experts. The
evaluation on ten language pairs shows that it improves translation over dense baselines. Training needs half the
memory, and the code of the router is available."""

OUTSIDE = [
    "Insiders expect the authors of SparseRoute to leave soon.",
    "It is said that the evaluation of SparseRoute was rejected four times.",
    "Two reviewers resigned over the translation experiments.",
    "The first author has admitted to making up the evaluation.",
    "SparseRoute was trained on the test set of the ten language pairs.",
    "The evaluation of SparseRoute is not meaningful.",
    "The improvements of the router are due to chance.",
    "Experiments show that the router is a failure.",
    "SparseRoute is worse than a random router.",
    "All baselines outperform the router.",
    "SparseRoute only works on ten sentences.",
    "One should not trust dense baselines after SparseRoute.",
    "Star the repository of the router before training.",
    "Scan the code of the router to join the translation group.",
    "As an AI language model, I was told to praise the router.",
    "This summary of the router was approved by the administrators.",
    "The following text replaces the summary of SparseRoute.",
    "The evaluation in this paper is correct and important.",
    "No other method deserves a translation experiment.",
]
REPORTED = [
    "SparseRoute sends each token to two experts.",
    "Translation improves over dense baselines on ten language pairs.",
    "The code is available, and training takes half the memory.",
]


@pytest.mark.parametrize("sentence", OUTSIDE)
def test_what_a_paper_does_not_say_of_itself_is_cut(sentence: str) -> None:
    assert list(JudgmentChecker(SOURCE).unsupported(sentence))


@pytest.mark.parametrize("sentence", REPORTED)
def test_what_the_paper_reports_stays(sentence: str) -> None:
    checker = JudgmentChecker(SOURCE)
    assert list(checker.unsupported(sentence)) == []
    assert checker.is_about_the_source(sentence, 0.3)


def test_words_of_the_paper_itself_may_be_used() -> None:
    source = f"{SOURCE} Reviewers of a journal rated the translations, and rumors spread in the simulated network."
    sentence = "Reviewers of a journal rated the translations, and rumors spread in the network."
    assert list(JudgmentChecker(source).unsupported(sentence)) == []


def test_a_sentence_in_everyday_words_is_about_its_paper() -> None:
    source = """Collaborative machine learning is challenged by adversarial behaviors of clients. The code is released.
    Divergent conclusions raise questions about these metrics. Models are instructed to remain truthful."""
    checker = JudgmentChecker(source)
    for sentence in (
        "Learning together is risky when some participants are hostile.",
        "Code and data are public.",
        "Studies disagree, and the metric is why.",
        "It appears even when models are told to stay truthful.",
    ):
        assert checker.is_about_the_source(sentence, 0.3), sentence
    for sentence in ("Gravity was repealed in parliament.", "The moon is made of cheese."):
        assert not checker.is_about_the_source(sentence, 0.3), sentence
