"""Editing a draft: changes last, can be undone, and are checked against the sources."""

from __future__ import annotations

import pytest

from bot.app import RequestKind
from bot.domain.club_settings import ClubSettings
from bot.editions.model.blocks import Figure, ListBlock, RemarkBlock
from bot.editions.model.prose import Citation
from bot.errors import UserError
from bot.features.editions.editor.item_lookup import by_item
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, CLUB, audit_entries, press, submission_numbered, submit_papers
from tests.features.edition_steps import (
    AGENTS,
    THEOREMS,
    document_of,
    edition_numbered,
    item_numbered,
    make_draft,
    refusal,
    say_as_moderator,
    set_up_week,
    submission_numbers,
)
from tests.stand_ins import Harness, words


async def test_a_text_is_changed_in_its_form_and_what_stood_there_is_in_it(club: Harness) -> None:
    await make_draft(club)
    overview = await say_as_moderator(club, "/edition edit")
    shown = await press(club, overview, "Edit", "Mo", moderator=True)
    assert "Key insights" in words(shown)
    why = next(button for button in shown.card.buttons() if button.label == "Why")
    assert why.call.command == "fill", "the form begins with what stands there"
    async with club.app.store.read(CLUB) as db:
        stored = await db.saved_calls.get(int(why.call.words[0]))
    assert stored
    assert "text=" in stored
    await say_as_moderator(club, '/edition item write 1 why text="It is short, and *that* is its point."')
    assert (await item_numbered(club, 1)).why[0] == "It is short, and "


async def test_changes_survive_a_new_draft_and_the_last_is_taken_back(club: Harness) -> None:
    await make_draft(club)
    written = await say_as_moderator(club, '/edition write headline text="A quiet week"')
    assert written.card.title == "Changed: Headline"
    await say_as_moderator(club, "/edition item move 1 1 section=Foundations")
    await say_as_moderator(club, "/edition item drop 3")
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    assert (made.headline, submission_numbers(made)) == ("A quiet week", [2, 1])
    assert made.sections[-1].title == "Foundations"
    assert "the 2 papers the club wanted to read" in str(made.intro)
    assert [entry.number for entry in made.references] == [1, 2]
    for expected in ([2, 3, 1], [2, 3, 1]):
        await say_as_moderator(club, "/edition undo")
        assert submission_numbers(await document_of(club)) == expected
    await say_as_moderator(club, "/edition undo")
    assert (await document_of(club)).headline != "A quiet week"
    assert "nothing to undo in this draft" in await refusal(club, "/edition undo")


async def test_a_change_takes_approvals_back_and_the_log_knows_it(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings approvals 2", admin=True)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve")
    await say_as_moderator(club, "/edition item drop 3")
    assert "1 more" in words(await say_as_moderator(club, "/edition approve", name="Nia"))
    assert [act.verb for act in await audit_entries(club) if act.edition_id][:2] == ["approve", "revise"]


async def test_what_a_change_is_about_must_be_there(club: Harness) -> None:
    await make_draft(club)
    refused = await refusal(club, "/edition item drop 9")
    assert "No. 1 has no item “9”" in refused
    assert "Its items are: 1 · #2 " in refused
    assert " · #3 " in refused
    assert "Several items" in await refusal(club, "/edition item drop image")
    assert "no section" in await refusal(club, "/edition section Nowhere title=Here")
    assert "a label, then a link" in await refusal(club, "/edition write video text=nothing")
    await say_as_moderator(club, "/edition approve now")
    assert "cannot be changed" in await refusal(club, "/edition item drop 1")


async def test_a_change_that_fits_the_new_draft_no_more_is_told(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, '/edition item write 1 why text="Mine."')
    await say_as_moderator(club, "/curate drop 1 off topic")
    assert "no longer apply" in words(await say_as_moderator(club, "/edition draft"))
    assert submission_numbers(await document_of(club)) == [2, 3]


async def test_another_paper_comes_in_its_place(club: Harness) -> None:
    await make_draft(club)
    await submit_papers(club, "Ada", THEOREMS)
    await say_as_moderator(club, "/edition item replace 3 4")
    made = await document_of(club)
    assert submission_numbers(made) == [2, 4, 1]
    new = await item_numbered(club, 4)
    assert new.provenance
    assert new.why
    assert [entry.work.arxiv_id for entry in made.references][1] == THEOREMS
    await say_as_moderator(club, "/edition approve now")
    assert "Edition" in words(await club.say("Ada", "/paper show 4"))


@pytest.mark.parametrize(
    ("command", "state"), [("/curate hold 4", "held back"), ("/curate drop 4 off topic", "removed from the list")]
)
async def test_a_paper_that_cannot_be_put_in_is_refused_with_its_state(club: Harness, command: str, state: str) -> None:
    await make_draft(club)
    await submit_papers(club, "Ada", THEOREMS)
    await say_as_moderator(club, command)
    assert f"#4 is {state}" in await refusal(club, "/edition item replace 3 4")


async def test_a_paper_put_in_that_left_the_list_is_not_put_in_again(club: Harness) -> None:
    await make_draft(club)
    await submit_papers(club, "Ada", THEOREMS)
    await say_as_moderator(club, "/edition item replace 3 4")
    await say_as_moderator(club, "/curate drop 4 off topic")
    assert "#4 is removed from the list" in await refusal(club, "/edition approve now")
    assert "was removed from the list" in words(await say_as_moderator(club, "/edition draft"))
    assert submission_numbers(await document_of(club)) == [2, 3, 1]


async def test_news_of_every_kind_is_added_once_and_a_short_pick_looks_itself_up(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(
        club, '/edition item add event url=https://2021.emnlp.org/ title="EMNLP" why="In *two* places"'
    )
    await say_as_moderator(club, "/edition item add video url=https://youtu.be/abc title=Talk section=meta")
    await say_as_moderator(club, f"/edition item add paper {AGENTS}")
    assert "already" in await refusal(club, "/edition item add event url=https://2021.emnlp.org/ title=Again")
    made = await document_of(club)
    added = {entry.kind: (section.kind, entry.title) for section in made.sections for entry in section.items}
    assert added["video"] == ("meta", "Talk")
    pick = made.items[-1]
    assert (made.sections[-1].kind, pick.title) == ("picks", "Evaluating Agents without Rewards")
    assert pick.authors.startswith("Brendon Matusch")
    assert made.references[-1].work.arxiv_id == AGENTS


async def test_nested_lists_figures_and_notes_are_typed(club: Harness) -> None:
    await make_draft(club)
    typed = "- one\n  1. deep\n- two\n\n![Boxes](https://example.org/a.png) As shown. | Source: the paper"
    await say_as_moderator(club, f'/edition item write 1 insights text="{typed}"')
    listing, figure = (await item_numbered(club, 1)).insights
    assert isinstance(listing, ListBlock)
    assert listing.points[0].below
    assert isinstance(figure, Figure)
    assert figure.credit == ("Source: the paper",)
    await say_as_moderator(club, '/edition item write 1 passages text="→ Read it twice." more=yes')
    assert isinstance((await item_numbered(club, 1)).passages[-1], RemarkBlock)


async def test_citations_keep_meaning_the_same_work(club: Harness) -> None:
    await make_draft(club)
    assert "[4]" in (await say_as_moderator(club, f"/edition cite {THEOREMS}")).card.title
    await say_as_moderator(club, '/edition item write 1 why text="As in [4], and in [1]."')
    await say_as_moderator(club, "/edition item drop 2")
    made = await document_of(club)
    titles = {entry.number: entry.work.arxiv_id for entry in made.references}
    numbers = [span.number for span in (await item_numbered(club, 1)).why if isinstance(span, Citation)]
    assert [titles[n] for n in numbers] == [THEOREMS, "2012.12877"], "what is cited stays, though its item is gone"


async def test_a_club_shapes_its_editions_by_settings(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", "/digest suggest news https://2021.emnlp.org/ EMNLP")
    await club.say("Ada", "/digest suggest code https://github.com/google-research/scenic")
    answer = await club.say("Root", '/clubadmin settings sections "news=Was gibt es, papers"', admin=True)
    assert not answer.failed, answer.card
    await say_as_moderator(club, "/edition draft best-of")
    made = await document_of(club)
    assert [(section.kind, section.title) for section in made.sections] == [
        ("news", "Was gibt es"),
        ("theme", "Research"),
    ]
    assert (await club.say("Root", "/clubadmin settings sections news", admin=True)).failed
    with pytest.raises(UserError, match="no section"):
        ClubSettings.of({}).changed("sections", "papers, gossip")


async def test_a_text_too_long_for_a_form_is_added_to_and_never_emptied_by_it(club: Harness) -> None:
    await make_draft(club)
    long = "A letter that goes on. " * 150
    await say_as_moderator(club, f'/edition write letter text="{long}"')
    overview = await say_as_moderator(club, "/edition edit")
    button = next(button for button in overview.card.buttons() if "Letter" in button.label)
    assert ("more", "yes") in button.call.named
    await say_as_moderator(club, f'{button.call} text="And a last word."')
    letter = (await document_of(club)).letter
    assert letter
    assert [block.text[:8] for block in letter.blocks] == ["A letter", "And a la"]


async def test_who_voted_is_named_only_if_they_wish(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Cy", "/my prefs voted=yes")
    await say_as_moderator(club, "/edition draft")
    assert (await item_numbered(club, 2)).voters == ("Cy",), "Ben voted too, and is not named"


async def test_a_held_draft_tells_the_moderators_once_that_it_is_due(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Root", "/clubadmin settings at_deadline hold", admin=True)
    schedule = Scheduler(club.app)
    await schedule.tick()
    club.clock.advance(days=7, hours=1)
    for _ in range(3):
        await schedule.tick()
        await club.delivery_worker.drain()
        club.clock.advance(minutes=1)
    assert [card.title for card in club.gateway.cards("mods")].count("No. 1 is overdue") == 1
    assert (await edition_numbered(club)).state == "draft"


async def test_items_are_suggested_by_their_titles(club: Harness) -> None:
    from bot.app import Requester
    from bot.chat.gateway import Location
    from bot.requester_lookup import identify

    await make_draft(club)
    ctx = await identify(club.app, Requester("mo", "Mo", moderates=True), Location("wall", "W1", "mods"))
    assert await by_item(ctx, "attention is") == [("Attention Is All You Need", "1")]
    assert (await submission_numbered(club, 1)).paper.key.endswith(ATTENTION)
    assert ctx.via is RequestKind.TYPED
