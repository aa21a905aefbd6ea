"""Rules of the paper search, word by word."""

from __future__ import annotations

import pytest

from bot.store.base import search_rules
from bot.store.base.search_folding import fold
from bot.store.base.search_rules import (
    AUTHOR,
    MAX_NAME_LENGTH,
    MAX_TERM_LENGTH,
    TERM_SEPARATOR,
    TEXT,
    TITLE,
    author_prefix,
    entries,
    query_terms,
)

TITLED = "Über AlphaFold-3: 基于深度学习的方法"
ABSTRACT = (
    "Large (pre-trained) GPT-4.5 and C++ models; see https://github.com/owner/name. हिन्दी 神经网络 OpenAI's Llama2B"
)
IN_TITLE = ("lpha", "über", "uber", "ÜBER", "d-3", "d-3:", "深度学习", "方", ":")
IN_TEXT = (
    "large|(PRE|pre-t|trained|gpt-4|GPT-4.5|4.5|5|c++|++|github.com/owner|owner|/name|हिन्दी|神经|网络|ai's|2b|'s|fold-3"
)
IN_TEXT_TOO = "https://github.com/owner/name"
NOT_THERE = (
    "arge",
    "rained",
    "itHub",
    "pt-4",
    "g++",
    "fold",
    "经神",
    "owner/x",
    "https://github.com/owner/nama",
)


def is_found(typed: str, kind: str) -> bool:
    """True if every typed word is the prefix of an entry of a field."""
    there = entries([TITLED], [ABSTRACT], ["AlphaFold-3"] if typed == "fold-3" else [])
    return all(any(entry.startswith(kind + word) for entry in there) for word in query_terms(typed))


def test_title_words_match_anywhere() -> None:
    assert [typed for typed in IN_TITLE if not is_found(typed, TITLE)] == []
    assert [typed for typed in NOT_THERE if is_found(typed, TITLE)] == ["fold"]


def test_text_words_match_from_a_word_start() -> None:
    assert [typed for typed in (*IN_TEXT.split("|"), IN_TEXT_TOO) if not is_found(typed, TEXT)] == []
    assert [typed for typed in NOT_THERE if is_found(typed, TEXT)] == []


@pytest.mark.parametrize(("name", "typed"), [("Ada de  Lovelace", "Ada DE lovel"), ("Ada de Lovelace", "lovelace")])
def test_an_author_matches_from_the_start_of_any_word_of_the_name(name: str, typed: str) -> None:
    there = [entry for entry in entries([], [], [name]) if entry.startswith(AUTHOR)]
    assert any(entry.startswith(AUTHOR + author_prefix(typed)) for entry in there)
    assert not any(entry.startswith(AUTHOR + author_prefix("lace")) for entry in there)
    assert not any(entry.startswith(AUTHOR + author_prefix("Ada Lovelace")) for entry in there)


def test_long_texts_stay_within_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    long = "x" * 5_000
    assert max(map(len, entries([long], [long], [f"{long} {long}"]))) == max(MAX_TERM_LENGTH, MAX_NAME_LENGTH) + 1
    assert query_terms(f"{'y' * 30}-z") == ["y" * MAX_TERM_LENGTH, "-z", "z"]
    assert query_terms(long) == query_terms(long[:MAX_TERM_LENGTH]), (
        "of more letters than are kept the first are looked for"
    )
    assert len(query_terms("学" * 5_000)) == search_rules.MAX_TERMS
    assert query_terms("\u200b \x00") == [], "what cannot be seen is not looked for"
    monkeypatch.setattr(search_rules, "MAX_INDEX_BYTES", 30)
    assert entries(["one"], ["two three four five six"], []) == [
        "tone",
        "tne",
        "te",
        "wtwo",
        "wthree",
        "wfour",
        "wfive",
    ]


def test_no_entry_contains_a_space() -> None:
    there = entries(["a\tb\n c\N{NO-BREAK SPACE}d"], ["e\N{IDEOGRAPHIC SPACE}f"], ["G\N{NO-BREAK SPACE}H"])
    assert {"ta", "tb", "tc", "td", "we", "wf", "wg", "wh", f"ag{TERM_SEPARATOR}h", "ah"} == set(there)


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        (r"J\"ager and prey", "Jäger"),
        (r"J\"ager and prey", "jager"),
        (r"On Fran\c{c}ois' problem", "francois"),
        ("Müller–Lyer", "muller-lyer"),
        ("Erdős and Rényi", "erdos renyi"),
        ("Łukasiewicz logic", "lukasiewicz"),
        ("O’Brien's theorem", "obrien"),
        ("O’Brien's theorem", "o'brien"),
        ("O’Brien's theorem", "brien"),
        ("Straße", "strasse"),
        (r"$\beta$-VAE", "beta-vae"),
        (r"$\beta$-VAE", "β-VAE"),
        ("β-VAE", r"$\beta$-VAE"),
        (r"The $\Lambda$CDM model", "lambda"),
        (r"The $\Lambda$CDM model", "ΛCDM"),
        (r"$\epsilon$-greedy", "ε-greedy"),
        ("CO$_2$ capture", "CO2"),
        ("CO₂ capture", "co2"),
        ("O($n^2$) attention", "n²"),
        ("E(n)² networks", "e(n)2"),
        (r"\textsc{Bert} for all", "bert"),
        (r"LLaMA$^{3}$ at 10\% cost", "10%"),
        ("𝒪-notation", "o-notation"),
        ("σοφός", "σοφος"),
    ],
)
def test_what_is_shown_is_found_however_it_is_typed(title: str, typed: str) -> None:
    for kind, there in ((TITLE, entries([title], [], [])), (TEXT, entries([], [title], []))):
        assert all(any(entry.startswith(kind + word) for entry in there) for word in query_terms(typed)), there


@pytest.mark.parametrize("text", ["", "が", "ไทย", "שָׁלוֹם", "한국어", "e\u0301", "ﬁ", "αβγ", "αβγδ", "İ", "ǰ", r"\'{e}"])
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_marks_that_make_another_letter_stay() -> None:
    assert fold("が") != fold("か")
    assert fold("ไทยนี้") == "ไทยนี้"


@pytest.mark.parametrize("typed", ["Fran\u00e7ois M\u00fcl", "francois mul", r"Fran\c{c}ois"])
def test_an_author_is_found_with_and_without_accents(typed: str) -> None:
    there = entries([], [], [r"Fran\c{c}ois M\"uller"])
    assert any(entry.startswith(AUTHOR + author_prefix(typed)) for entry in there)
