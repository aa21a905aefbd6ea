"""Quotes and claims of a draft are checked against its sources."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.summary_values import SummarySource, WrittenSummary
from bot.editions.model.blocks import ListBlock, Quotation, QuoteState
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render import captions
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import CLUB, press
from tests.features.edition_steps import (
    RECURRENCE,
    document_of,
    edition_numbered,
    item_numbered,
    make_draft,
    refusal,
    say_as_moderator,
    set_up_week,
)
from tests.stand_ins import FirstSentenceWriter, Harness, words


async def test_a_quote_stands_word_for_word_or_the_nearest_is_shown(club: Harness) -> None:
    await make_draft(club)
    shown = await say_as_moderator(club, f'/edition quote 1 text="{RECURRENCE.upper().lower()}" section=abstract')
    assert "arxiv:1706.03762v" in words(shown)
    invalid = await say_as_moderator(club, '/edition quote 1 text="dispensing with recurrence and attention entirely"')
    assert "Not word for word" in invalid.card.title
    assert RECURRENCE in words(invalid)
    await press(club, invalid, "Quote this instead", "Mo", moderator=True)
    quotes = [b for b in (await item_numbered(club, 1)).passages if isinstance(b, Quotation)]
    assert next(quote.text for quote in quotes if RECURRENCE in quote.text) == RECURRENCE
    assert all(quote.start is not None and quote.source for quote in quotes)
    shown = await say_as_moderator(club, '/edition item write 1 passages text="> attention is needed, mostly"')
    assert "1 quote not found in any source" in words(shown), "it is kept as typed, and the way out is offered"


async def test_the_only_open_quote_of_an_item_needs_no_words(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, f'/edition item write 1 passages text="> an invented one\n\n> {RECURRENCE}"')
    await say_as_moderator(club, "/edition quotes 1 action=vouch")
    states = [quote.state for quote in (await item_numbered(club, 1)).passages if isinstance(quote, Quotation)]
    assert states == [QuoteState.VOUCHED, QuoteState.PAPER]
    assert "Which quote" in str(await refusal(club, "/edition quotes 1 action=vouch"))


@pytest.mark.parametrize("marks", ["“”", '""', "„“", "«»", "»«", "‹›", "‘’", "「」", "””"])
async def test_a_text_typed_in_quotation_marks_is_a_quote(club: Harness, marks: str) -> None:
    await make_draft(club)
    shown = await say_as_moderator(
        club, f"/edition item write 1 passages {marks[0]}An invented sentence of mine{marks[1]}"
    )
    assert "1 quote not found in any source" in words(shown)
    await say_as_moderator(club, f"/edition item write 1 passages {marks[0]}{RECURRENCE}{marks[1]}")
    [quote] = (await item_numbered(club, 1)).passages
    assert isinstance(quote, Quotation)
    assert (quote.text, quote.state) == (RECURRENCE, QuoteState.PAPER)
    await say_as_moderator(club, f"/edition item write 1 why {marks[0]}{RECURRENCE}{marks[1]}")
    held_together = RECURRENCE if marks in ("“”", '""', "„“", "«»", "‘’") else f"{marks[0]}{RECURRENCE}{marks[1]}"
    assert (await item_numbered(club, 1)).why == (held_together,), "elsewhere they hold the words together"


async def test_a_text_without_a_mark_is_a_note_and_its_answer_says_so(club: Harness) -> None:
    await make_draft(club)
    shown = await say_as_moderator(club, f'/edition item texts 1 passages="→ ours\n\n{RECURRENCE}\n\nand more"')
    assert words(shown).count("Saved as a note, not as a quote") == 2
    shown = await press(club, shown, "Make it a quote", "Mo", moderator=True)
    assert f"Now a quote: “{RECURRENCE}”" in words(shown)
    kinds = [type(block).__name__ for block in (await item_numbered(club, 1)).passages]
    assert kinds == ["RemarkBlock", "Quotation", "Paragraph"]
    shown = await say_as_moderator(club, "/edition item write 1 passages more=yes → one more")
    assert "Saved as a note" not in words(shown), "what was there is not said again"
    await say_as_moderator(club, '/edition item write 1 insights "- One thing\n- Another"')
    assert isinstance((await item_numbered(club, 1)).insights[0], ListBlock), "around a list they are none of its own"
    assert "no longer in the draft" in await refusal(club, "/edition quotes 1 action=quote quote=nothing")


async def test_a_quote_chosen_before_the_draft_is_in_it(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, f'/edition quote 1 text="{RECURRENCE}"')
    await say_as_moderator(club, "/edition draft")
    first = (await item_numbered(club, 1)).passages[0]
    assert isinstance(first, Quotation)
    assert first.text == RECURRENCE


async def test_a_post_is_quoted_from_the_text_that_is_given(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, "/edition item add post url=https://example.org/post title=Debugging")
    assert "I have no text" in await refusal(club, '/edition quote Debugging text="we were surprised to see it"')
    source = "At last we were surprised to see it."
    await say_as_moderator(
        club, f'/edition quote Debugging text="we were surprised" section="part 2" source="{source}"'
    )
    quote = (await document_of(club)).items[-1].passages[0]
    assert isinstance(quote, Quotation)
    assert (quote.text, quote.where, quote.start, quote.end) == ("we were surprised", "part 2", 8, 25)


async def test_a_flipped_letter_in_a_quote_keeps_the_edition_back(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, f'/edition quote 1 text="{RECURRENCE}"')
    async with club.app.store.begin(CLUB) as db:
        draft = await db.editions.current(lock=True)
        assert draft
        text = next(b["text"] for s in draft.document["sections"] for i in s["items"] for b in i["passages"])
        flipped = text[:5] + ("x" if text[5] != "x" else "y") + text[6:]
        draft.document = _replaced(draft.document, text, flipped)
    assert "✗" in words(await say_as_moderator(club, "/edition preview"))
    assert "not found in any source" in await refusal(club, "/edition approve now sure=yes")


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(entry, old, new) for key, entry in value.items()}
    if isinstance(value, list):
        return [_replaced(entry, old, new) for entry in value]
    return new if value == old else value


class InventingWriter(FirstSentenceWriter):
    """A writer that invents a number."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        from dataclasses import replace

        return replace(await super().write(source), why="It is 97.3% faster than BERT.")


async def test_what_a_writer_made_up_is_shown_before_it_is_approved(club: Harness) -> None:
    club.change(writer=InventingWriter(club.clock))
    await make_draft(club)
    assert "97.3%" in words(await say_as_moderator(club, "/edition preview"))
    doubt = await club.say("Mo", "/edition approve now", moderator=True)
    assert doubt.failed, "a script that approves must notice"
    assert (doubt.card.title, (await edition_numbered(club)).state) == ("Not approved yet", "draft")
    assert "97.3%" in words(doubt)
    await press(club, doubt, "Approve anyway", "Mo", moderator=True)
    assert (await edition_numbered(club)).state == "approved"


async def test_no_clock_lets_out_what_a_writer_made_up(club: Harness) -> None:
    club.change(writer=InventingWriter(club.clock))
    await set_up_week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition item write 3 why text="Ours, with 12.5% of salt."')
    club.clock.advance(days=7)
    await schedule.tick()
    made = await document_of(club)
    assert "97.3" not in str(made)
    assert "12.5%" in str((await item_numbered(club, 3)).why), "a person wrote it, and was shown that it is in doubt"
    provenance = (await item_numbered(club, 1)).provenance
    assert provenance is not None
    assert captions.provenance(provenance, IN_ENGLISH).startswith("The abstract")


async def test_regenerated_text_is_told_from_what_stands_in_the_paper(club: Harness) -> None:
    await make_draft(club)
    club.change(writer=InventingWriter(club.clock))
    shown = await say_as_moderator(club, "/edition item regenerate 1")
    assert "97.3%" in words(shown)
    assert "Not found in the sources" in words(shown)
    await say_as_moderator(club, "/edition item abstract 1")
    alone = await item_numbered(club, 1)
    assert (alone.why, alone.insights, len(alone.passages)) == ((), (), 1)


@pytest.mark.parametrize(
    "typed",
    ["“VLMs juggle lovely pears.” [2]", "- “VLMs juggle lovely pears.”", "→ “VLMs juggle lovely pears.”",
     "They say it: “VLMs juggle lovely pears.” That is news."],
)  # fmt: skip
async def test_an_invented_quotation_in_a_note_is_listed_and_asked_about(club: Harness, typed: str) -> None:
    await make_draft(club)
    changed = await say_as_moderator(club, f"/edition item texts 1 passages='{typed}'")
    assert "quote “VLMs juggle lovely pears.”" in words(changed), "the answer says so at once"
    listed = await say_as_moderator(club, "/edition quotes 1")
    assert "Every quote was found" not in words(listed)
    assert "VLMs juggle lovely pears." in words(listed)
    assert "Every quote was found" in words(await say_as_moderator(club, "/edition quotes 2"))
    doubt = await club.say("Mo", "/edition approve now", moderator=True)
    assert doubt.card.title == "Not approved yet"
    assert "VLMs juggle lovely pears." in words(doubt)
    editor = await press(club, listed, "Edit 1", "Mo", moderator=True)
    assert "Quotes and notes" in words(editor)


async def test_marks_around_a_text_that_is_added_only_hold_it_together(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, "/edition item write 1 insights - One thing")
    await say_as_moderator(club, '/edition item write 1 insights more=yes "- It has 8 heads.\n- And layers"')
    (points,) = (await item_numbered(club, 1)).insights
    assert isinstance(points, ListBlock)
    assert [point.words for point in points.points] == [("One thing",), ("It has 8 heads.",), ("And layers",)]


async def test_a_preview_names_no_reviewer_before_one_approved(club: Harness) -> None:
    await make_draft(club)
    shown = [words((await say_as_moderator(club, f"/edition preview page={page}")).card) for page in range(1, 4)]
    assert "reviewed by" not in " ".join(shown)
    await say_as_moderator(club, "/edition approve now")
    shown = [words((await say_as_moderator(club, f"/edition preview page={page}")).card) for page in range(1, 4)]
    assert "reviewed by Mo" in " ".join(shown)
