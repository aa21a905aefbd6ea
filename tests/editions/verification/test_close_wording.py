"""Which sentences are shorter forms of a paper's own, and which say something else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.editions.verification.close_wording import WordingChecker

SOURCE = (
    "TideNet: Floods from Gauges\n\n"
    "Forecasting river floods remains difficult where gauges are sparse. However, existing physical models, which "
    "are calibrated by hand, do not transfer to new basins. In this paper, we propose TideNet, a novel graph "
    "neural network (GNN) that predicts floods from river gauges up to three days ahead. It needs no calibration. "
    "Extensive experiments on 24 basins show that TideNet significantly outperforms the LSTM of each basin, "
    "reducing the error by 12.5%. Forecasts of dry rivers may be worse if the snow melts early. Experts "
    "hypothesize that dams reduce the skill of every model. Older gauges fail more often than new gauges, while "
    "satellites help only in the tropics. We train the network on either radar or gauges. We release data of both "
    "rivers and lakes, and the code is open."
)
CHECKER = WordingChecker(SOURCE)


@pytest.mark.parametrize(
    "said",
    [
        "Forecasting river floods remains difficult where gauges are sparse.",
        "Existing physical models do not transfer to new basins.",
        "The authors propose TideNet, a GNN that predicts floods from river gauges.",
        "TideNet is a graph neural network that predicts floods from river gauges up to three days ahead.",
        "TideNet introduces a graph neural network that predicts floods up to 3 days ahead.",
        "TideNet outperforms the LSTM of each basin.",
        "The authors put forward TideNet, a GNN that predicts floods.",
        "Extensive experiments on 24 basins show that TideNet outperforms the LSTM of each basin.",
        "TideNet surpasses the LSTM of each basin, reducing the error by 12.5 percent.",
        "The method outperforms the LSTM of each basin.",
        "Experiments show that TideNet outperforms the LSTM of each basin, reducing the error by 12.5%.",
        "Key result: TideNet outperforms the LSTM of each basin.",
        "The paper finds that TideNet outperforms the LSTM of each basin.",
        "Forecasts of dry rivers may be worse if the snow melts early.",
        "Older gauges fail more often than new gauges.",
        "Satellites help only in the tropics.",
        "The code is open.",
        "They release data of both rivers and lakes.",
        "They train the network on either radar or gauges.",
        "Forecasting river floods remains difficult, and TideNet outperforms the LSTM of each basin.",
    ],
)
def test_a_shortened_sentence_keeps_the_wording(said: str) -> None:
    assert CHECKER.derivation(said)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Existing physical models transfer to new basins.", "a denial is gone"),
        ("Models do not transfer to new basins.", "which models is gone"),
        ("TideNet does not outperform the LSTM of each basin.", "a denial is new"),
        ("It needs calibration.", "a denial is gone"),
        ("The LSTM of each basin outperforms TideNet.", "sides exchanged"),
        ("TideNet is outperformed by the LSTM of each basin.", "sides exchanged"),
        ("TideNet is outperformed on 24 basins.", "made the object"),
        ("TideNet predicts floods three days ahead.", "a limit is gone"),
        ("Forecasts of dry rivers are worse if the snow melts early.", "certainty is gone"),
        ("Forecasts of dry rivers may be worse.", "a condition is gone"),
        ("Dams reduce the skill of every model.", "whose belief is gone"),
        ("Experts hypothesize that dams reduce the skill.", ""),
        ("Gauges fail more often than new gauges.", "which gauges is gone"),
        ("Older gauges help only in the tropics.", "another subject"),
        ("Satellites help in the tropics.", "a limit is gone"),
        ("Satellites help only.", "where is gone behind a limit"),
        ("We train the network on either radar.", "an alternative is gone"),
        ("We train the network on radar.", "an alternative is gone"),
        ("TideNet outperforms the LSTM of each basin because gauges are sparse.", "a cause is new"),
        ("TideNet outperforms the LSTM, and reduces dams.", "joined from pieces"),
        ("TideNet fails.", "pieces"),
        ("TideNet may be worse.", "pieces of two sentences"),
        ("TideNet outperforms the LSTM of each basin, reducing the error by 24%.", "another figure"),
        ("TideNet outperforms every model.", "pieces of two sentences"),
        ("TideNet is a fraud.", "not the paper's"),
        ("The authors never released the code.", "not the paper's"),
        ("", "nothing"),
    ],
)
def test_a_sentence_that_says_something_else_does_not(said: str, why: str) -> None:
    if not why:
        assert CHECKER.derivation(said), "what is said of it stays"
    else:
        assert not CHECKER.derivation(said), why


def test_the_sentences_that_it_is_taken_from_are_told() -> None:
    one = CHECKER.derivation("Older gauges fail more often than new gauges.")
    two = CHECKER.derivation("Older gauges fail more often than new gauges, and the code is open.")
    assert [CHECKER.sentences[at][:12] for at in one] == ["Older gauges"]
    assert [CHECKER.sentences[at][:12] for at in two] == ["Older gauges", "We release d"]


@pytest.mark.parametrize("text", ["It works.", "Words " + " ".join(f"w{at}" for at in range(300)) + "."])
def test_a_sentence_of_the_paper_itself_keeps_its_wording_however_short_or_long(text: str) -> None:
    checker = WordingChecker(f"Gauges are sparse. {text}")
    assert checker.derivation(text) == (1,)
    assert not checker.derivation(text.replace("w1 ", "w2 ") if "w1" in text else "It never works.")


NAMES = st.lists(
    st.sampled_from(["Ardent", "Borealis", "Cobalt", "Dynamo", "Ember", "Fathom"]), min_size=2, max_size=2, unique=True
)
VERBS = st.sampled_from(["outperforms", "retrieves", "trains", "guides", "replaces", "compresses"])
OPENINGS = ["However, ", "In this paper, we show that ", "Extensive experiments on two corpora demonstrate that "]
INSERTIONS = [", which reads long documents,", " (a small parser)", ", unlike older tools,"]
ENDS = [", lowering the cost by 31%", ", while queues stay short", " on several benchmarks", " using sparse layers"]
PARTS = st.tuples(st.sampled_from(OPENINGS), st.sampled_from(INSERTIONS), st.sampled_from(ENDS))


def _sentence(name: str, verb: str, other: str, opening: str, insertion: str, end: str) -> str:
    made = f"{opening}{name}{insertion} {verb} {other}{end}."
    return made[:1].upper() + made[1:]


@given(NAMES, VERBS, PARTS, st.tuples(st.booleans(), st.booleans(), st.booleans()))
def test_leaving_out_what_has_its_borders_keeps_the_wording(
    names: list[str], verb: str, parts: tuple[str, str, str], kept: tuple[bool, bool, bool]
) -> None:
    checker = WordingChecker(_sentence(names[0], verb, names[1], *parts))
    shorter = [part if keep else "" for part, keep in zip(parts, kept, strict=True)]
    assert checker.derivation(_sentence(names[0], verb, names[1], *shorter))


@given(NAMES, VERBS, PARTS, st.booleans())
def test_exchanged_names_and_denials_never_keep_it(
    names: list[str], verb: str, parts: tuple[str, str, str], shortened: bool
) -> None:
    checker = WordingChecker(_sentence(names[0], verb, names[1], *parts))
    shown = ("", "", "") if shortened else parts
    assert not checker.derivation(_sentence(names[1], verb, names[0], *shown))
    assert not checker.derivation(_sentence(names[0], f"never {verb}", names[1], *shown))
    denied = WordingChecker(_sentence(names[0], f"never {verb}", names[1], *parts))
    assert not denied.derivation(_sentence(names[0], verb, names[1], *shown))


def _without_some(words: Sequence[str], gone: set[int]) -> str:
    return " ".join(word for at, word in enumerate(words) if at not in gone).rstrip(",;") + "."


@given(st.data())
def test_a_new_word_of_content_never_keeps_it(data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(CHECKER.sentences)).rstrip(".").split()
    gone = data.draw(st.sets(st.integers(0, len(words) - 1), max_size=len(words) - 1))
    at = data.draw(st.integers(0, len(words)))
    new = data.draw(st.sampled_from(["fabricated", "worse", "retracted", "twice", "cheap", "Google", "not", "because"]))
    assert not CHECKER.derivation(
        _without_some([*words[:at], new, *words[at:]], {g if g < at else g + 1 for g in gone})
    )


@pytest.mark.parametrize("length", [2_000, 8_000])
def test_long_sentences_take_no_more_than_their_share(length: int) -> None:
    words = " ".join(f"word{at} and the cost of it," for at in range(length // 25))
    checker = WordingChecker(f"{words} falls.")
    checker.derivation(f"{words} rises.")
