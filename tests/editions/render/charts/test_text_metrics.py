"""The bundled font: it has the characters that people type, and missing ones are never drawn as boxes."""

from __future__ import annotations

import unicodedata
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editions.render.charts import text_metrics

TYPED = (
    "äöüÄÖÜßẞéèêëçñøåæœłŁžŽšŠőűğışİ ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    "αβγδεζηθικλμνξοπρσςτυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩάέήίόύώϊϋ"
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯіїєґІЇЄҐјљњџђћўқғұһәөңү"
    "%&@#§$€£¥¢₹₽₩°µ¶©®™№ªº¹²³½¼¾⅓⅔!?.,:;()[]{}<>/\\|_^~`'\"‘’‚“”„«»‹›–—−…·•†‡‰′″¡¿"
    "←↑→↓↔⇒⇔∀∃∂∇∈∉∑∏√∞∫∝≈≠≤≥±×÷∓∧∨∩∪⊂⊆⊗⊕⋅ℝℕℤℚℂ₀₁₂₃⁰⁴⁵⁶⁷⁸⁹⁻✓✗★☆●○■□"
)


@pytest.mark.parametrize("bold", [False, True])
def test_it_has_the_signs_that_people_type(bold: bool) -> None:
    font = text_metrics.font(100, bold=bold)
    box = bytes(font.getmask("\uffff"))
    assert any(box), "what is missing is drawn as a box, which is how it is found here"
    ascii_ = "".join(map(chr, range(0x21, 0x7F)))
    assert [sign for sign in ascii_ + TYPED if not sign.isspace() and bytes(font.getmask(sign)) == box] == []


def test_it_has_what_its_list_says_in_both_weights() -> None:
    listed = (files("bot.editions.render.charts") / "fonts" / "characters.txt").read_text("utf-8").replace("\n", ",")
    for piece in filter(None, listed.split(",")):
        first, _, last = piece.removeprefix("U+").partition("-")
        for code in (int(first, 16), int(last or first, 16)):
            if unicodedata.category(chr(code)) not in ("Cn", "Cf", "Zs", "Zl", "Zp"):
                assert text_metrics.has_glyph(chr(code)), hex(code)


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("Größe & Schärfe: “50 %”", "Größe & Schärfe: “50 %”"),
        ("📈 Votes  cast", "Votes cast"),
        ("ﬁne ℱ ２０２６ 𝐱", "fine F 2026 x"),
        ("中文 only", "… only"),
        ("中 文", "…"),
        ("e\u0301", "é"),
        ("☃", ""),
    ],
)
def test_what_it_has_not_is_left_out(words: str, drawn: str) -> None:
    assert text_metrics.drawable(words) == drawn


@given(st.text(max_size=60))
def test_nothing_is_drawn_that_it_has_not(words: str) -> None:
    assert all(text_metrics.has_glyph(sign) for sign in text_metrics.drawable(words))


@given(st.text(max_size=200), st.floats(30, 500), st.integers(1, 3))
def test_words_break_into_lines_that_fit(words: str, room: float, most: int) -> None:
    lines = text_metrics.wrapped(text_metrics.single_line(words), room, 14, max_lines=most)
    assert len(lines) <= most
    assert all(text_metrics.width(line, 14) <= room for line in lines)
