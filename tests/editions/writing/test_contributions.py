"""Why is what the paper contributes, and every sentence can be read by itself."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from bot.editions.text_analysis.words import content_words
from bot.editions.writing.contributions import contribution, leans, without_leaning
from bot.editions.writing.expansions import with_expansions, within_sentence
from bot.editions.writing.extractive import extract, usable
from bot.sources.recorded_arxiv import recorded_papers

LABELS = Path(__file__).parents[2] / "data" / "contribution_sentences.json"
"""Numbers of the sentences that state the contribution, of 200 abstracts: found by rule, corrected by eye."""
MORE_LABELS = LABELS.with_name("contribution_sentences_2.json")
"""The same of 300 others, drawn and read in three lots of 100 (seeds 770101 to 770103)."""
STREAM = Path(os.environ.get("JOURNALCLUB_DATA", "")) / "stream_dev.jsonl.gz"

ABSTRACT = (
    "Large language models (LLMs) forget what they read. However, existing memories are slow. "
    "To address this, we introduce Mem0, a memory for LLMs that keeps what matters. "
    "It answers in half of the time. Our method has three parts: (1) a reader that sees all. "
    "(2) A writer that keeps little. (3) A judge that forgets. "
    "Moreover, Mem0 gains 10% on long dialogues of four kinds with every model. "
)


def test_why_is_the_contribution_and_leans_on_nothing() -> None:
    summary = extract("A memory", ABSTRACT)
    assert summary.why == ("We introduce Mem0, a memory for large language models (LLMs) that keeps what matters.")
    assert "Mem0 gains 10% on long dialogues of four kinds with every model." in summary.insights


def test_background_and_pieces_of_a_list_are_no_insights() -> None:
    shown = " ".join(extract("A memory", ABSTRACT).insights)
    for missing in ("forget what they read", "existing memories", "(1)", "(2)", "(3)", "However", "Moreover"):
        assert missing not in shown


def test_a_sentence_that_needs_the_one_before_it_comes_with_it() -> None:
    insights = extract("A memory", ABSTRACT).insights
    assert insights[0] == "It answers in half of the time.", "directly behind the Why, of which it speaks"


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["Nets are deep.", "We propose X.", "We show that it works."], 1),
        (["We study Y.", "In this paper, we present X."], 1),
        (["We show that Y is false.", "Y is much believed."], 0),
        (["Nets are deep.", "This survey reviews them."], 1),
        (["We propose X.", "We further propose Y."], 0),
        (["Finally, we introduce Y.", "We study X in depth."], 1),
        (["Nets are deep.", "In this paper, X is proposed."], 1),
        (["Nets are deep.", "Rain is wet."], None),
        ([], None),
    ],
)
def test_the_clearest_sentence_states_the_contribution(lines: list[str], number: int | None) -> None:
    assert contribution(lines) == number


def test_proposing_comes_before_arguing_and_a_named_thing_before_background() -> None:
    assert (
        contribution(["Old ways keep secrets.", "We argue this is risky.", "We propose a new way of forgetting."]) == 2
    )
    lines = ["Marketing models are linear.", "TideMix is a package that learns them.", "Users like our colours."]
    assert contribution(lines, "TideMix: Marketing Models") == 1
    assert contribution(lines, "Marketing Models") == 2
    assert contribution(["Rides cost money.", "This project provides an app that compares fares."], "Fares") == 1


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("However, the loop of it runs twice a day.", "The loop of it runs twice a day."),
        ("To address these limitations, we propose a new loop.", "We propose a new loop."),
        ("Motivated by this observation, we propose a new loop.", "We propose a new loop."),
        ("In this paper, we propose a new loop.", "In this paper, we propose a new loop."),
        ("To train large models, we propose a new loop.", "To train large models, we propose a new loop."),
        ("However, no.", "However, no."),
        ("Complementing this coarse reward, we propose a new loop.", "We propose a new loop."),
        ("For example, the loop of it runs twice a day.", "The loop of it runs twice a day."),
        ("In contrast, the loop of it runs twice a day.", "The loop of it runs twice a day."),
        ("On the other hand, the loop of it runs twice a day.", "The loop of it runs twice a day."),
        ("In contrast to old loops, ours runs twice a day.", "In contrast to old loops, ours runs twice a day."),
        ("For example-based loops, ours runs twice a day.", "For example-based loops, ours runs twice a day."),
    ],
)
def test_an_opening_that_leans_on_the_sentence_before_is_left_out(line: str, shown: str) -> None:
    assert without_leaning(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "Wir stellen FlussNetz vor, ein Netz, das Hochwasser vorhersagt.",
        "Diese Arbeit untersucht Hochwasser in drei Flüssen.",
        "Nous proposons un réseau qui prédit les crues.",
        "Presentamos una red que predice inundaciones.",
    ],
)
def test_contributions_in_other_languages_are_known(line: str) -> None:
    assert contribution(["Die Pegel sind alt und die Flüsse tief.", line, "Es ist gut."]) == 1


def test_citations_of_a_markdown_text_do_not_hide_its_sentences() -> None:
    text = (
        "Mixes of media are modelled by hand [@Hanssens2005; @Ng2021Bayesian]. TideMix is a package that learns them."
    )
    assert usable(text) == ["Mixes of media are modelled by hand.", "TideMix is a package that learns them."]
    assert extract("TideMix: Marketing", text).why == "TideMix is a package that learns them."


def test_sentences_about_the_one_before_are_known() -> None:
    assert leans("It answers in half of the time.")
    assert leans("Moreover, these results hold in general.") is leans("These results hold in general.")
    assert not leans("This paper answers in half of the time.")


def test_an_acronym_is_spelled_out_once_in_the_words_of_the_source() -> None:
    source = "Reinforcement learning (RL) is old. We use RL twice, and RL again."
    assert with_expansions(["We use RL twice, and RL again.", "RL wins."], source) == (
        "We use reinforcement learning (RL) twice, and RL again.",
        "RL wins.",
    )
    assert with_expansions(["RL wins."], source) == ("Reinforcement learning (RL) wins.",)
    assert with_expansions(["Reinforcement learning (RL) is old."], source) == ("Reinforcement learning (RL) is old.",)


@pytest.mark.parametrize(
    ("defined", "written"),
    [
        ("Large Language models", "large language models"),
        ("Visual question answering", "visual question answering"),
        ("Large Language Models", "Large Language Models"),
        ("Markov decision processes", "Markov decision processes"),
        ("Hierarchical Reasoning Model", "Hierarchical Reasoning Model"),
    ],
)
def test_within_a_sentence_a_long_form_has_the_capitals_of_names_alone(defined: str, written: str) -> None:
    assert within_sentence(defined) == written


@pytest.mark.slow
def test_every_why_of_the_recorded_papers_is_the_contribution_sentence() -> None:
    checked = 0
    for paper in list(recorded_papers())[:150]:
        lines = usable(paper.abstract)
        core = contribution(lines)
        if core is not None:
            checked += 1
            assert _says(extract(paper.title, paper.abstract).why, lines[core])
    assert checked > 140, "nearly every abstract has one"


def _says(why: str, sentence: str) -> bool:
    """Return True if Why is the sentence, with acronyms spelled out."""
    return set(content_words(without_leaning(sentence))) <= set(content_words(why))


@pytest.mark.skipif(not STREAM.is_file(), reason="the abstracts are not here: JOURNALCLUB_DATA names their folder")
@pytest.mark.parametrize("file", [LABELS, MORE_LABELS])
def test_of_the_labeled_abstracts_19_in_20_have_their_contribution_as_why(file: Path) -> None:
    labels = json.loads(file.read_text("utf-8"))
    right = 0
    with gzip.open(STREAM, "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row["id"] in labels:
                lines = usable(row["abstract"])
                why = extract(row["title"], row["abstract"]).why
                right += any(_says(why, lines[at]) for at in labels[row["id"]])
    assert right >= 0.95 * len(labels)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "Tides are hard. We study the turning of tides in narrow channels. We then introduce a measure of it.",
            "We study the turning of tides in narrow channels.",
        ),
        (
            "Tides are hard. We derive a bound on the turning of tides. We also propose a measure of how they turn.",
            "We derive a bound on the turning of tides.",
        ),
        (
            "Tides turn. We revisit this problem with a clock given. We show that one clock suffices for every tide.",
            "We show that one clock suffices for every tide.",
        ),
        (
            "Tides turn. To address this, TideNet formulates their turning as a walk. TideNet is publicly available.",
            "TideNet formulates their turning as a walk.",
        ),
        ("Tides turn late. I conduct tests of every clock of a harbor.", "I conduct tests of every clock of a harbor."),
        (
            "In this article the rank of a tide is introduced. For ranks that are low we introduce a variant of it.",
            "In this article the rank of a tide is introduced.",
        ),
        (
            "Clocks are slow. Addressing this gap, we introduce the first dial that turns with the moon.",
            "We introduce the first dial that turns with the moon.",
        ),
        (
            "Clocks are slow. In response to these flaws, this paper proposes a dial that turns with the moon.",
            "This paper proposes a dial that turns with the moon.",
        ),
        (
            "Clocks are slow. We introduce MoonDial, a dial that turns with the moon to address these limitations.",
            "We introduce MoonDial, a dial that turns with the moon.",
        ),
        (
            "Clocks are slow. We introduce MoonDial, the first dial of its kind, which aims to bridge this gap.",
            "We introduce MoonDial, the first dial of its kind.",
        ),
    ],
)
def test_kinds_of_sentences_that_are_no_contribution_or_lean_on_another(text: str, why: str) -> None:
    assert extract("TideNet: Turning with the Moon", text).why == why


def test_an_end_that_says_something_stays() -> None:
    line = "We introduce MoonDial, a dial that addresses these limitations by turning with the moon and the sun."
    assert without_leaning(line) == line


@pytest.mark.parametrize(
    ("source", "line", "shown"),
    [
        (
            "Test-time prompt tuning (TPT) adapts models.",
            "We propose A, a novel TPT framework.",
            "We propose A, a novel test-time prompt tuning (TPT) framework.",
        ),
        (
            "Self-Supervised Learning (SSL) is used.",
            "We propose a new SSL method.",
            "We propose a new Self-Supervised Learning (SSL) method.",
        ),
        (
            "Temporal point clouds (TPCs) move.",
            "We encode each TPC once.",
            "We encode each temporal point cloud (TPC) once.",
        ),
        (
            "A small walking robot (SWR) fell.",
            "We teach SWRs to stand.",
            "We teach small walking robots (SWRs) to stand.",
        ),
    ],
)
def test_long_forms_are_whole_and_in_the_number_of_their_acronym(source: str, line: str, shown: str) -> None:
    assert with_expansions([line], source) == (shown,)
