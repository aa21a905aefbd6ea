"""The editing desk: what moderators change in a draft stays, can be undone, and is held against the sources."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app import RequestKind
from bot.domain.club_settings import ClubSettings
from bot.domain.summary_values import SummarySource, WrittenSummary
from bot.editions.model.blocks import Figure, ListBlock, Quotation, RemarkBlock
from bot.editions.model.document import Item
from bot.editions.model.prose import Citation
from bot.editions.render import captions
from bot.errors import UserError
from bot.features.editions.editor.item_lookup import by_item
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, CLUB, acts, bring, numbered, press
from tests.features.edition_steps import AGENTS, THEOREMS, ask, brought, document, edition, week
from tests.stand_ins import FirstSentenceWriter, Harness, words

RECURRENCE = "dispensing with recurrence and convolutions entirely"
"""Words of the abstract of #1."""


async def drafted(club: Harness) -> None:
    """A draft of three papers."""
    await week(club)
    await ask(club, "/edition draft")


async def item(club: Harness, number: int) -> Item:
    """An item of the draft by its paper's number."""
    return next(one for one in (await document(club)).items if one.brought == number)


async def refused(club: Harness, line: str) -> str:
    """What a moderator is told who says a line that cannot be."""
    said = await club.say("Mo", line, moderator=True)
    assert said.failed, said.card
    return words(said)


async def test_a_text_is_changed_in_its_form_and_what_stood_there_is_in_it(club: Harness) -> None:
    await drafted(club)
    desk = await ask(club, "/edition edit")
    shown = await press(club, desk, "Edit", "Mo", moderator=True)
    assert "Key insights" in words(shown)
    why = next(button for button in shown.card.buttons() if button.label == "Why")
    assert why.call.command == "again", "the form begins with what stands there"
    async with club.app.store.read(CLUB) as db:
        kept = await db.saved_calls.get(int(why.call.words[0]))
    assert kept
    assert "text=" in kept
    await ask(club, '/edition item write 1 why text="It is short, and *that* is its point."')
    assert (await item(club, 1)).why[0] == "It is short, and "


async def test_changes_survive_a_new_draft_and_the_last_is_taken_back(club: Harness) -> None:
    await drafted(club)
    await ask(club, '/edition write headline text="A quiet week"')
    await ask(club, "/edition item move 1 1 section=Foundations")
    await ask(club, "/edition item drop 3")
    await ask(club, "/edition draft")
    made = await document(club)
    assert (made.headline, brought(made)) == ("A quiet week", [2, 1])
    assert made.sections[-1].title == "Foundations"
    assert "These are the 2 papers" in str(made.intro)
    assert [entry.number for entry in made.references] == [1, 2]
    for expected in ([2, 3, 1], [2, 3, 1]):
        await ask(club, "/edition undo")
        assert brought(await document(club)) == expected
    await ask(club, "/edition undo")
    assert (await document(club)).headline != "A quiet week"
    assert "Nothing of this draft" in await refused(club, "/edition undo")


async def test_a_change_takes_approvals_back_and_the_log_knows_it(club: Harness) -> None:
    await week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await ask(club, "/edition draft")
    await ask(club, "/edition approve")
    await ask(club, "/edition item drop 3")
    assert "1 more" in words(await ask(club, "/edition approve", name="Nia"))
    assert [act.verb for act in await acts(club) if act.edition_id][:2] == ["approve", "revise"]


async def test_what_a_change_is_about_must_be_there(club: Harness) -> None:
    await drafted(club)
    assert "has no item" in await refused(club, "/edition item drop 9")
    assert "Several items" in await refused(club, "/edition item drop image")
    assert "no section" in await refused(club, "/edition section Nowhere title=Here")
    assert "its label and a link" in await refused(club, "/edition write video text=nothing")
    await ask(club, "/edition approve")
    assert "stay as they are" in await refused(club, "/edition item drop 1")


async def test_a_change_that_fits_the_new_draft_no_more_is_told(club: Harness) -> None:
    await drafted(club)
    await ask(club, '/edition item write 1 why text="Mine."')
    await ask(club, "/curate drop 1 off topic")
    assert "no longer fit" in words(await ask(club, "/edition draft"))
    assert brought(await document(club)) == [2, 3]


async def test_another_paper_comes_in_its_place(club: Harness) -> None:
    await drafted(club)
    await bring(club, "Ada", THEOREMS)
    await ask(club, "/edition item replace 3 4")
    made = await document(club)
    assert brought(made) == [2, 4, 1]
    new = await item(club, 4)
    assert new.provenance
    assert new.why
    assert [entry.work.arxiv_id for entry in made.references][1] == THEOREMS
    await ask(club, "/edition approve")
    assert "Edition" in words(await club.say("Ada", "/paper show 4"))


async def test_a_paper_put_in_that_left_the_list_is_not_put_in_again(club: Harness) -> None:
    await drafted(club)
    await bring(club, "Ada", THEOREMS)
    await ask(club, "/edition item replace 3 4")
    await ask(club, "/curate drop 4 off topic")
    assert "#4 is dropped" in await refused(club, "/edition approve")
    assert "has left the list" in words(await ask(club, "/edition draft"))
    assert brought(await document(club)) == [2, 3, 1]


async def test_news_of_every_kind_is_added_once_and_a_short_pick_looks_itself_up(club: Harness) -> None:
    await drafted(club)
    await ask(club, '/edition item add event url=https://2021.emnlp.org/ title="EMNLP" why="In *two* places"')
    await ask(club, "/edition item add video url=https://youtu.be/abc title=Talk section=meta")
    await ask(club, f"/edition item add paper {AGENTS}")
    assert "already" in await refused(club, "/edition item add event url=https://2021.emnlp.org/ title=Again")
    made = await document(club)
    added = {one.kind: (section.kind, one.title) for section in made.sections for one in section.items}
    assert added["video"] == ("meta", "Talk")
    pick = made.items[-1]
    assert (made.sections[-1].kind, pick.title) == ("picks", "Evaluating Agents without Rewards")
    assert pick.authors.startswith("Brendon Matusch")
    assert made.references[-1].work.arxiv_id == AGENTS


async def test_a_quote_stands_word_for_word_or_the_nearest_is_shown(club: Harness) -> None:
    await drafted(club)
    shown = await ask(club, f'/edition quote 1 text="{RECURRENCE.upper().lower()}" section=abstract')
    assert "arxiv:1706.03762v" in words(shown)
    wrong = await ask(club, '/edition quote 1 text="dispensing with recurrence and attention entirely"')
    assert "Not word for word" in wrong.card.title
    assert RECURRENCE in words(wrong)
    await press(club, wrong, "Quote that instead", "Mo", moderator=True)
    quotes = [b for b in (await item(club, 1)).passages if isinstance(b, Quotation)]
    assert next(quote.text for quote in quotes if RECURRENCE in quote.text) == RECURRENCE
    assert all(quote.start is not None and quote.source for quote in quotes)
    said = await refused(club, '/edition item write 1 passages text="> attention is needed, mostly"')
    assert "does not stand in" in said


async def test_a_quote_chosen_before_the_draft_is_in_it(club: Harness) -> None:
    await week(club)
    await ask(club, f'/edition quote 1 text="{RECURRENCE}"')
    await ask(club, "/edition draft")
    first = (await item(club, 1)).passages[0]
    assert isinstance(first, Quotation)
    assert first.text == RECURRENCE


async def test_a_post_is_quoted_from_the_text_that_is_given(club: Harness) -> None:
    await drafted(club)
    await ask(club, "/edition item add post url=https://example.org/post title=Debugging")
    assert "read no text" in await refused(club, '/edition quote Debugging text="we were surprised to see it"')
    source = "At last we were surprised to see it."
    await ask(club, f'/edition quote Debugging text="we were surprised" section="part 2" source="{source}"')
    quote = (await document(club)).items[-1].passages[0]
    assert isinstance(quote, Quotation)
    assert (quote.text, quote.where, quote.start, quote.end) == ("we were surprised", "part 2", 8, 25)


async def test_a_flipped_letter_in_a_quote_keeps_the_edition_back(club: Harness) -> None:
    await drafted(club)
    await ask(club, f'/edition quote 1 text="{RECURRENCE}"')
    async with club.app.store.begin(CLUB) as db:
        draft = await db.editions.current(lock=True)
        assert draft
        text = next(b["text"] for s in draft.document["sections"] for i in s["items"] for b in i["passages"])
        flipped = text[:5] + ("x" if text[5] != "x" else "y") + text[6:]
        draft.document = _replaced(draft.document, text, flipped)
    assert "✗" in words(await ask(club, "/edition preview"))
    assert "cannot be quoted" in await refused(club, "/edition approve sure=yes")


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, old, new) for one in value]
    return new if value == old else value


class Liar(FirstSentenceWriter):
    """Writes a number that no paper has."""

    async def write(self, source: SummarySource) -> WrittenSummary:
        from dataclasses import replace

        return replace(await super().write(source), why="It is 97.3% faster than BERT.")


async def test_what_a_writer_made_up_is_shown_before_it_is_approved(club: Harness) -> None:
    club.change(writer=Liar(club.clock))
    await drafted(club)
    assert "97.3%" in words(await ask(club, "/edition preview"))
    doubt = await ask(club, "/edition approve")
    assert (doubt.card.title, (await edition(club)).state) == ("Not approved yet", "draft")
    assert "97.3%" in words(doubt)
    await press(club, doubt, "It is right", "Mo", moderator=True)
    assert (await edition(club)).state == "approved"


async def test_no_clock_lets_out_what_a_writer_made_up(club: Harness) -> None:
    club.change(writer=Liar(club.clock))
    await week(club)
    schedule = Scheduler(club.app)
    await schedule.tick()
    await ask(club, "/edition draft")
    await ask(club, '/edition item write 3 why text="Ours, with 12.5% of salt."')
    club.clock.advance(days=7)
    await schedule.tick()
    made = await document(club)
    assert "97.3" not in str(made)
    assert "12.5%" in str((await item(club, 3)).why), "a person wrote it, and was shown that it is in doubt"
    provenance = (await item(club, 1)).provenance
    assert provenance is not None
    assert captions.provenance(provenance, captions.IN_ENGLISH).startswith("The abstract")


async def test_regenerated_text_is_told_from_what_stands_in_the_paper(club: Harness) -> None:
    await drafted(club)
    club.change(writer=Liar(club.clock))
    shown = await ask(club, "/edition item regenerate 1")
    assert "97.3%" in words(shown)
    assert "Not in what the club has read" in words(shown)
    await ask(club, "/edition item abstract 1")
    alone = await item(club, 1)
    assert (alone.why, alone.insights, len(alone.passages)) == ((), (), 1)


async def test_nested_lists_figures_and_notes_are_typed(club: Harness) -> None:
    await drafted(club)
    typed = "- one\n  1. deep\n- two\n\n![Boxes](https://example.org/a.png) As shown. | Source: the paper"
    await ask(club, f'/edition item write 1 insights text="{typed}"')
    listing, figure = (await item(club, 1)).insights
    assert isinstance(listing, ListBlock)
    assert listing.points[0].below
    assert isinstance(figure, Figure)
    assert figure.credit == ("Source: the paper",)
    await ask(club, '/edition item write 1 passages text="→ Read it twice." more=yes')
    assert isinstance((await item(club, 1)).passages[-1], RemarkBlock)


async def test_citations_keep_meaning_the_same_work(club: Harness) -> None:
    await drafted(club)
    assert "[4]" in (await ask(club, f"/edition cite {THEOREMS}")).card.title
    await ask(club, '/edition item write 1 why text="As in [4], and in [1]."')
    await ask(club, "/edition item drop 2")
    made = await document(club)
    titles = {entry.number: entry.work.arxiv_id for entry in made.references}
    numbers = [span.number for span in (await item(club, 1)).why if isinstance(span, Citation)]
    assert [titles[n] for n in numbers] == [THEOREMS, "2012.12877"], "what is cited stays, though its item is gone"


async def test_a_club_shapes_its_editions_by_settings(club: Harness) -> None:
    await week(club)
    await club.say("Ada", "/digest suggest news https://2021.emnlp.org/ EMNLP")
    await club.say("Ada", "/digest suggest code https://github.com/google-research/scenic")
    said = await club.say("Root", '/clubadmin settings sections "news=Was gibt es, papers"', admin=True)
    assert not said.failed, said.card
    await ask(club, "/edition draft best-of")
    made = await document(club)
    assert [(section.kind, section.title) for section in made.sections] == [
        ("news", "Was gibt es"),
        ("theme", "Research"),
    ]
    assert (await club.say("Root", "/clubadmin settings sections news", admin=True)).failed
    with pytest.raises(UserError, match="no section"):
        ClubSettings.of({}).changed("sections", "papers, gossip")


async def test_a_text_too_long_for_a_form_is_added_to_and_never_emptied_by_it(club: Harness) -> None:
    await drafted(club)
    long = "A letter that goes on. " * 150
    await ask(club, f'/edition write letter text="{long}"')
    desk = await ask(club, "/edition edit")
    button = next(button for button in desk.card.buttons() if "Letter" in button.label)
    assert ("more", "yes") in button.call.named
    await ask(club, f'{button.call} text="And a last word."')
    letter = (await document(club)).letter
    assert letter
    assert [block.text[:8] for block in letter.blocks] == ["A letter", "And a la"]


async def test_who_voted_is_named_only_if_they_wish(club: Harness) -> None:
    await week(club)
    await club.say("Cy", "/my prefs voted=yes")
    await ask(club, "/edition draft")
    assert (await item(club, 2)).voters == ("Cy",), "Ben voted too, and is not named"


async def test_a_held_draft_tells_the_moderators_once_that_it_is_due(club: Harness) -> None:
    await week(club)
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    schedule = Scheduler(club.app)
    await schedule.tick()
    club.clock.advance(days=7, hours=1)
    for _ in range(3):
        await schedule.tick()
        await club.delivery_worker.drain()
        club.clock.advance(minutes=1)
    assert [card.title for card in club.gateway.cards("mods")].count("No. 1 is held") == 1
    assert (await edition(club)).state == "draft"


async def test_items_are_suggested_by_their_titles(club: Harness) -> None:
    from bot.app import Requester
    from bot.chat.gateway import Location
    from bot.dispatch import identify

    await drafted(club)
    ctx = await identify(club.app, Requester("mo", "Mo", moderates=True), Location("wall", "W1", "mods"))
    assert await by_item(ctx, "attention is") == [("Attention Is All You Need", "1")]
    assert (await numbered(club, 1)).paper.key.endswith(ATTENTION)
    assert ctx.via is RequestKind.TYPED
