from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editions.text_analysis.sentences import sentences


@pytest.mark.parametrize(
    "text",
    [
        "As shown by Smith et al. (2020), this works. |We agree.",
        "This follows Smith et al. |We go further.",
        "See Fig. 3 and Eq. (2), i.e. the loss. |It falls.",
        "J. Smith and A. B. Jones did it. |Nobody else did.",
        "It gains 3.5 points vs. 2.1 on arXiv v1.0. |This is new.",
        "We use tools, e.g. BERT, etc. for search. |They help.",
        "It uses tools, data, etc. |We show more.",
        "What is attention? |We ask! |And answer.",
        "The score is 5. |We are done.",
        "Three points: 1. We read. |2. We write. |Fine.",
        "It works (see the appendix.) |Then it fails.",
        "Is it “good?” |Yes.",
        "Findings: (i) It is fast. |(ii) It is good.",
        "It costs little ... but works. |Good.",
        "We call it x. |yLLM is next.",
        "Code is at https://github.com/a/b.c. |Models too.",
        "The U.S. Department agreed. |The end.",
        "The space was lost.|We saw it.",
        "One paragraph without a stop\n\n|Another one",
        "",
        "   ",
    ],
)
def test_sentences_end_where_readers_think(text: str) -> None:
    wanted = [part.strip() for part in text.split("|") if part.strip()]
    assert [sentence.text for sentence in sentences(text.replace("|", ""))] == wanted


@settings(max_examples=200)
@given(st.text(st.sampled_from("aB .?!\n\"'()1e,i§é"), max_size=80))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    found = sentences(text)
    assert "".join(sentence.text for sentence in found).split() == text.split() or "".join(
        "".join(sentence.text.split()) for sentence in found
    ) == "".join(text.split())
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in found)
    assert [s.start for s in found] == sorted(s.start for s in found)


def test_long_text_takes_no_time() -> None:
    assert len(sentences("It is so. " * 20_000)) == 20_000
    assert len(sentences("." * 100_000)) == 1
    assert len(sentences("(" * 100_000)) == 1
