"""A model that fails, or reads nothing twice, for every paper: moderators read so once, not paper by paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.summary_values import SECOND_READING, Check, SummarySource, WrittenSummary
from tests.features.edition_steps import say_as_moderator, set_up_week
from tests.stand_ins import Clock, FirstSentenceWriter, open_harness, words


class FallsBack(FirstSentenceWriter):
    """A writer whose model fails, for the papers with these words in their title."""

    failing = ""
    check = Check("model", False, "test-1: no answer in 30 s")

    async def write(self, source: SummarySource) -> WrittenSummary:
        written = await FirstSentenceWriter.write(self, source)
        if self.failing not in source.title:
            return written
        return replace(written, checks=(self.check,))


async def test_moderators_are_told_once_that_the_model_failed_for_all(tmp_path: Path) -> None:
    writer = FallsBack(Clock())
    async with open_harness(tmp_path, writer=writer) as club:
        await set_up_week(club)
        said = words(await say_as_moderator(club, "/edition draft"))
        assert "The model failed for all 3 items (test-1: no answer in 30 s)" in said
        assert "(the model failed)" not in said
        writer.failing = "Attention"
        said = words(await say_as_moderator(club, "/edition draft"))
        assert "The model failed for all" not in said
        assert "Attention Is All You Need (the model failed)" in said
        await say_as_moderator(club, "/my prefs language=german")
        german = words(await say_as_moderator(club, "/edition preview"))
        assert "Attention Is All You Need (das Modell ist gescheitert)" in german
        await say_as_moderator(club, "/my prefs language=none")
        writer.failing = "nothing"
        await say_as_moderator(club, "/edition draft")
        (draft,) = [card for card in club.gateway.cards("mods") if "draft" in card.title.lower()]
        shown = [card for _, card in club.gateway.edits if card.title == draft.title]
        assert "(the model failed)" not in words(shown[-1]), "the one message is drawn anew"


async def test_moderators_are_told_what_was_not_read_a_second_time_and_readers_are_not(tmp_path: Path) -> None:
    writer = FallsBack(Clock())
    writer.check = Check(SECOND_READING, False, "not read a second time: the answer is broken JSON")
    async with open_harness(tmp_path, writer=writer) as club:
        await set_up_week(club)
        said = words(await say_as_moderator(club, "/edition draft"))
        assert "3 items: not read a second time (the answer is broken JSON)" in said
        shown = words(await say_as_moderator(club, "/edition preview"))
        assert "not confirmed" not in shown, "it says nothing against the text"
        writer.failing = "Attention"
        said = words(await say_as_moderator(club, "/edition draft"))
        assert "Attention Is All You Need (not read a second time (the answer is broken JSON))" in said
        await say_as_moderator(club, "/my prefs language=german")
        german = words(await say_as_moderator(club, "/edition preview"))
        assert "nicht noch einmal gelesen (the answer is broken JSON)" in german
        await say_as_moderator(club, "/my prefs language=none")
        approved = await say_as_moderator(club, '/edition approve when="2025-12-02 09:00"')
        assert "pproved" in words(approved), "it holds up nothing"
