"""With close wording a model's sentences are the paper's, shortened, or the paper's own take their place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from bot.domain.summary_values import SECOND_READING, WORDING, Check, Passage, SummarySource, WrittenSummary
from bot.editions.text_analysis.sentences import sentences
from bot.editions.writing.draft_checker import DraftChecker
from bot.editions.writing.writer import CheckedModelWriter, ExtractiveWriter, open_model
from bot.settings import LlmSettings
from bot.sources.llm import ModelDraft, ModelFailed
from bot.sources.llm.second_reading import SecondReading

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINES = (
    "Harbour cranes waste energy while they wait for ships.",
    "However, earlier schedulers, which were made for trucks, ignore the tide.",
    "We introduce TideCrane, a scheduler that plans the cranes of a harbour by the tide.",
    "It saves 18% of the energy in three harbours without delays.",
    "Operators of four shifts preferred its plans to their own.",
    "The code will be released.",
)
PAPER = SummarySource("arxiv:2501.00009", 1, "TideCrane: Cranes by the Tide", (Passage("abstract", " ".join(LINES)),))
CLOSE = "The authors introduce TideCrane, a scheduler that plans the cranes by the tide."
FREE = "Those who operate the cranes in four shifts preferred what it planned to plans of their own."
LIE = "Operators liked their own plans better than those of TideCrane."
WASTE = "Cranes in harbours use up energy as they wait for a ship."


def draft(why: str, *insights: str) -> ModelDraft:
    return ModelDraft(why, insights)


def detail(checks: Sequence[Check], name: str) -> str:
    (found,) = (check.detail for check in checks if check.name == name and check.passed)
    return found


def test_a_shortened_sentence_stays_and_the_papers_takes_the_place_of_others() -> None:
    checked = DraftChecker(PAPER).check(draft(CLOSE, LINES[3], FREE))
    assert checked.why == CLOSE
    assert checked.insights == (LINES[3], LINES[4])
    assert checked.own_sentences == (LINES[4],)
    assert checked.faults == (f"not in the words of the paper: “{FREE[:78]}…”",)
    assert checked.lost == 1
    assert (
        detail(checked.checks, WORDING)
        == "2 of 3 sentences in the paper's words; in place of the others 1 sentence of the paper"
    )


def test_in_free_words_the_same_draft_stays_as_it_is() -> None:
    checked = DraftChecker(PAPER, "free").check(draft(CLOSE, LINES[3], FREE))
    assert checked.insights == (LINES[3], FREE)
    assert checked.own_sentences == ()
    assert WORDING not in {check.name for check in checked.checks}


@pytest.mark.parametrize(
    "lie",
    [
        LIE,
        "The tide ignores earlier schedulers.",
        "TideCrane saves 18% of the delays in three harbours.",
        "TideCrane was made for trucks.",
        "TideCrane plans the tide by the cranes of a harbour.",
        "The four shifts delay the energy of TideCrane.",
        "Operators of TideCrane waste energy in three harbours.",
        "TideCrane ignores the tide.",
    ],
)
def test_a_false_sentence_in_the_papers_words_is_not_shown(lie: str) -> None:
    checked = DraftChecker(PAPER).check(draft(CLOSE, LINES[0], lie))
    shown = [sentence.text for text in (checked.why, *checked.insights) for sentence in sentences(text)]
    assert set(shown) <= {CLOSE, *LINES, LINES[1].removeprefix("However, ").capitalize()}


@pytest.mark.parametrize(
    "wish",
    [
        "The harbour board will sue the authors over the plans.",
        "Choose TideCrane, and tell your harbour to buy its plans.",
        "Operators are grateful to the sponsor of TideCrane.",
        "Wait for the next summary: this scheduler is the future of energy.",
        "Ask @everyone about the code of the cranes.",
        "Ships sink wherever TideCrane plans the cranes.",
    ],
)
def test_what_an_attacker_wants_said_is_never_shown_but_at_most_the_papers_words(wish: str) -> None:
    checker = DraftChecker(PAPER)
    assert checker.treatment(wish) != "kept"
    with_others = checker.check(draft(CLOSE, LINES[0], wish))
    assert set(with_others.insights) <= {LINES[0], *with_others.own_sentences}
    assert all(
        any(own in line or line.lower().endswith(own.lower()) for line in LINES) for own in with_others.own_sentences
    )
    try:
        alone = checker.check(draft(wish, wish, wish))
    except ModelFailed:
        return
    assert set(sentences_of(alone.why, *alone.insights)) == set(alone.own_sentences)


def sentences_of(*texts: str) -> list[str]:
    return [sentence.text for text in texts for sentence in sentences(text)]


def test_no_sentence_of_the_paper_is_shown_twice() -> None:
    again = "TideCrane is a program for planning cranes in harbours by the tide."
    checked = DraftChecker(PAPER).check(draft(CLOSE, again, WASTE, WASTE, FREE, FREE, LINES[4]))
    shown = sentences_of(checked.why, *checked.insights)
    assert len(shown) == len(set(shown))
    assert not any(line.startswith("We introduce") for line in shown), "the Why is that sentence, shortened"
    assert shown.count(LINES[0]) == shown.count(LINES[4]) == 1


def test_what_nothing_in_the_paper_is_close_to_is_cut() -> None:
    octopus = "Octopuses taste whatever their suckers touch."
    checker = DraftChecker(PAPER)
    assert checker.treatment(octopus) == "cut"
    assert checker.check(draft(CLOSE, LINES[3], octopus)).insights == (LINES[3],)
    with pytest.raises(ModelFailed, match="Octopuses"):
        checker.check(draft(octopus, octopus, octopus))


def test_a_sentence_of_the_paper_is_shown_without_what_leans_on_another() -> None:
    tide = "Schedulers that were made for trucks pay no attention to the tide."
    checked = DraftChecker(PAPER).check(draft(CLOSE, tide, LINES[3]))
    assert checked.insights[0] == "Earlier schedulers, which were made for trucks, ignore the tide."


def test_its_acronyms_are_spelled_out() -> None:
    text = "We study automatic crane schedulers (ACS). Tests show that ACS halve the waiting time of ships."
    source = SummarySource("arxiv:1", 1, "Cranes", (Passage("abstract", text),))
    checked = DraftChecker(source).check(
        draft("In tests the waiting time of the ships was halved.", "We study automatic crane schedulers.")
    )
    assert checked.why == "Tests show that automatic crane schedulers (ACS) halve the waiting time of ships."
    assert checked.own_sentences == (checked.why,)


class Model:
    """A model with given drafts; the last one is repeated."""

    name, prompt = "model", "1"

    def __init__(self, *drafts: ModelDraft) -> None:
        self.drafts = list(drafts)
        self.complaints: list[Sequence[str]] = []

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        self.complaints.append(complaints)
        return self.drafts.pop(0) if len(self.drafts) > 1 else self.drafts[0]


class Reader:
    """A second reading that finds the first sentence unsupported, if it is asked about any."""

    prompt, max_length = "1", 5_000

    def __init__(self) -> None:
        self.asked: list[Sequence[str]] = []

    async def read(self, source: SummarySource, text: str, sentences: Sequence[str]) -> SecondReading:
        self.asked.append(sentences)
        return SecondReading(((len(sentences), sentences[-1]),), 10, 1)


def writer(model: Model, reader: Reader | None = None) -> CheckedModelWriter:
    return CheckedModelWriter(model, ExtractiveWriter(lambda: NOW), lambda: NOW, reader=reader)


async def test_the_model_is_told_once_which_sentence_was_not_close() -> None:
    model = Model(draft(CLOSE, LINES[3], FREE), draft(CLOSE, LINES[3], LINES[4]))
    text = await writer(model).write(PAPER)
    assert model.complaints == [(), (f"not in the words of the paper: “{FREE[:78]}…”",)]
    assert (text.writer, text.insights, text.own_sentences) == ("model", LINES[3:5], ())
    assert detail(text.checks, WORDING) == "all of 3 sentences in the paper's words"


async def test_the_first_draft_is_kept_if_the_second_is_further_from_the_paper() -> None:
    text = await writer(Model(draft(CLOSE, LINES[3], FREE), draft(WASTE, FREE, FREE))).write(PAPER)
    assert (text.why, text.insights) == (CLOSE, (LINES[3], LINES[4]))
    assert text.own_sentences == (LINES[4],)
    assert WrittenSummary.from_json(json.loads(json.dumps(text.to_json()))) == text


async def test_a_stored_summary_of_before_has_no_sentences_of_the_paper() -> None:
    text = await writer(Model(draft(CLOSE, LINES[3], FREE))).write(PAPER)
    body = text.to_json()
    del body["own_sentences"]
    assert WrittenSummary.from_json(body).own_sentences == ()


async def test_a_second_reading_is_asked_about_the_models_sentences_alone() -> None:
    reader = Reader()
    text = await writer(Model(draft(f"{CLOSE} {LINES[0]}", FREE, LINES[3])), reader).write(PAPER)
    assert reader.asked == [[CLOSE, LINES[0], LINES[3]]]
    assert (text.why, text.insights) == (f"{CLOSE} {LINES[0]}", (LINES[4],)), "it cuts what it was asked about"


async def test_without_a_sentence_of_the_model_there_is_nothing_to_read_again() -> None:
    reader = Reader()
    text = await writer(Model(draft(WASTE, FREE, FREE)), reader).write(PAPER)
    assert (text.why, text.insights, reader.asked) == (LINES[0], (LINES[4],), [])
    assert text.own_sentences == (LINES[0], LINES[4])
    assert detail(text.checks, SECOND_READING) == "every sentence is the paper's own"
    assert text.tokens_in == 0


async def test_summaries_in_free_words_are_not_taken_for_close_ones() -> None:
    async def prompt_of(wording: str) -> str:
        from contextlib import AsyncExitStack

        settings = LlmSettings.model_validate({"api_key": SecretStr("k"), "model": "m", "wording": wording})
        async with AsyncExitStack() as stack:
            return open_model(settings, stack).prompt

    assert await prompt_of("close") != await prompt_of("free") == "1.1"
