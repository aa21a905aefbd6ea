"""Corrections below an edition, in its language."""

from __future__ import annotations

import pytest

from bot.editions.model.document import Correction
from bot.editions.model.translation import DOMAIN
from bot.editions.render import captions
from bot.locale import translator
from tests.editions.compose.test_composer import NOW


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "“Attention”: Four times."),
        ("de", "„Attention“: Four times."),
        ("fr", "« Attention » : Four times."),
        ("es", "«Attention»: Four times."),
    ],
)
def test_a_title_is_in_the_quotation_marks_of_the_editions_language(language: str, line: str) -> None:
    fix = Correction(NOW, "Four times.", "arxiv:1706.03762", "Attention")
    assert captions.correction(fix, translator(DOMAIN, language)) == line


def test_a_title_that_the_correction_names_is_not_repeated() -> None:
    fix = Correction(NOW, "Attention is four times as fast.", "arxiv:1706.03762", "Attention")
    assert captions.correction(fix, translator(DOMAIN, "de")) == fix.say
