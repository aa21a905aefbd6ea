"""German and other languages than the paper's: their commas, nouns and first words are no mistakes."""

from __future__ import annotations

import pytest

from bot.editions.verification.grounding import GroundingChecker
from bot.editions.verification.human_doubts import HumanTextChecker

SOURCE = """Sorting Networks by Hand

Our small network, a new Sorter, gets 28.4 BLEU on a German task with 1,000 sentences. Its score on the French task is
41.8 BLEU after 3.5 days of training on eight GPUs."""

TRUE = [
    "Das Netz erreicht 28,4 BLEU und lernt 3,5 Tage auf acht GPUs. Auf Französisch sind es 41,8 BLEU.",
    "Auf Französisch sind es 41,8 BLEU-Punkte.",
    "Das Netz lernt mit 1.000 Sätzen, nicht mehr. Erreicht 28,4 BLEU.",
    "Die 1,000 Sätze sind auf Deutsch.",
    "Το δίκτυο φτάνει 28,4 BLEU. Τα Αποτελέσματα είναι 41,8.",
    "Die Frist ist Ende November, und ein Team von Experten hat die Daten mit Sorgfalt geprüft.",
    "Le réseau apprend. Les auteurs le disent : Le Sorter est petit.",
    "28,4 BLEU is the score on the German task.",
]
FALSE = [
    ("Das Netz erreicht 29,7 BLEU auf Deutsch.", "29,7"),
    ("Das Netz lernt mit 2.000 Sätzen auf acht GPUs.", "2.000"),
    ("Das Netz ist besser als GPT-5 auf Deutsch.", "GPT-5"),
    ("Das Netz ist besser als OpenNMT auf Deutsch.", "OpenNMT"),
    ("Forscher aus Stanford trainieren ein Netz, das 28,4 BLEU erreicht.", "Stanford"),
    ("Das Netz ist besser als das Modell Gemini und wird nicht trainiert.", "Gemini"),
    ("Gebaut wurde das Netz von Max Mustermann.", "Mustermann"),
    ("Ein Netz namens Oktopus lernt zu sortieren und wird nicht trainiert.", "Oktopus"),
    ("Von Neumann gets a score on the German task.", "Neumann"),
    ("It gets 1,284 BLEU on a German task.", "1,284"),
]


@pytest.mark.parametrize("text", TRUE)
def test_true_prose_in_another_language_is_not_doubted(text: str) -> None:
    assert list(map(str, GroundingChecker(SOURCE).claims_in(text))) == []
    assert HumanTextChecker(SOURCE).doubts_in(text) == ()


@pytest.mark.parametrize(("text", "claim"), FALSE)
def test_what_the_source_lacks_is_named_as_it_was_typed(text: str, claim: str) -> None:
    (found,) = GroundingChecker(SOURCE).claims_in(text)
    assert (found.text, text[found.start : found.end]) == (claim, claim)


def test_a_german_source_is_read_likewise() -> None:
    source = "Unser Netz erreicht 28,4 BLEU und wird mit 12.000 Sätzen trainiert."
    assert GroundingChecker(source).claims_in("It gets 28.4 BLEU with 12,000 sentences.") == ()
