"""Where sentences of a paper stand in the place of a model's, readers, moderators and the credits say so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.domain.summary_values import SummarySource
from bot.editions.model.authorship import insight_texts, texts_of
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render import captions
from bot.editions.text_analysis.sentences import sentences
from bot.editions.writing.extractive import usable
from bot.editions.writing.writer import CheckedModelWriter, ExtractiveWriter
from bot.sources.llm import ModelDraft
from tests.features.edition_steps import document_of, item_numbered, make_draft, say_as_moderator
from tests.stand_ins import Clock, Harness, open_harness, words

OWN = "; some sentences are the paper’s own"


class Rewording:
    """A model whose drafts are sentences of the abstract, the last ones of them with the words in another order."""

    name, prompt = "model", "1"

    def __init__(self, reworded: int) -> None:
        self.reworded, self.asked = reworded, 0

    async def draft(self, source: SummarySource, complaints: Sequence[str] = ()) -> ModelDraft:
        self.asked += 1
        lines = [line for line in usable(source.passages[0].text) if 8 < len(line.split()) < 40][:3]
        said = lines[: len(lines) - self.reworded]
        for line in lines[len(said) :]:
            first, *rest = reversed(line.rstrip(".").split())
            said.append(" ".join([first.capitalize(), *rest]) + ".")
        return ModelDraft(said[0], tuple(said[1:]))


async def origin_of(club: Harness, number: int) -> str:
    return captions.item_origin(await item_numbered(club, number), IN_ENGLISH)


async def credits_of(club: Harness) -> tuple[str, ...]:
    return next((one.names for one in (await document_of(club)).credits if one.role == "Summaries from"), ())


@asynccontextmanager
async def drafted(folder: Path, reworded: int) -> AsyncIterator[tuple[Harness, Rewording]]:
    """A club with a draft by such a model."""
    clock, model = Clock(), Rewording(reworded)
    async with open_harness(folder, writer=CheckedModelWriter(model, ExtractiveWriter(clock), clock)) as club:
        await make_draft(club)
        yield club, model


async def test_readers_moderators_and_credits_are_told(tmp_path: Path) -> None:
    async with drafted(tmp_path, 1) as (club, model):
        origin = await origin_of(club, 1)
        assert origin.startswith("Written by model from the abstract")
        assert origin.endswith(OWN)
        assert "not confirmed" not in origin
        assert await credits_of(club) == ("model", "the abstracts’ own sentences")
        told = words(await say_as_moderator(club, "/edition preview"))
        assert "sentences are the papers’ own, as the model’s were not in their words" in told
        await say_as_moderator(club, "/my prefs language=german")
        assert "Sätze sind die der Papers selbst" in words(await say_as_moderator(club, "/edition preview"))
        assert OWN in words(await club.say("Ada", "/paper summary 1"))
        asked = model.asked
        await say_as_moderator(club, "/edition draft")
        assert model.asked == asked, "what is stored is not asked for again"
        assert (await origin_of(club, 1)).endswith(OWN)


async def test_nothing_is_said_of_sentences_that_are_gone(tmp_path: Path) -> None:
    async with drafted(tmp_path, 1) as (club, _):
        kept = insight_texts(await item_numbered(club, 1))[0]
        assert (await origin_of(club, 1)).endswith(OWN)
        await say_as_moderator(club, f'/edition item write 1 insights text="{kept}"')
        assert OWN not in await origin_of(club, 1)


async def test_texts_of_the_papers_sentences_alone_are_called_so(tmp_path: Path) -> None:
    async with drafted(tmp_path, 3) as (club, _):
        item = await item_numbered(club, 1)
        assert item.provenance is not None
        assert item.provenance.writer == "model"
        shown = [sentence for text in texts_of(item) for sentence in sentences(text)]
        assert sum(count.own for count in item.provenance.own_sentences) == len(shown) > 1
        assert (await origin_of(club, 1)).startswith("Sentences of the abstract")
        assert await credits_of(club) == ("the abstracts’ own sentences",)
