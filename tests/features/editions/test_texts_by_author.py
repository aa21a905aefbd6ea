"""Who or what wrote each text of an edition, which works it cites, and which texts people are asked about."""

from __future__ import annotations

from typing import Any

from bot.editions.model.blocks import Quotation
from bot.editions.model.prose import Citation
from bot.editions.model.translation import IN_ENGLISH
from bot.editions.render import captions, markdown
from bot.editions.writing.writer import ExtractiveWriter
from bot.features.editions.editor.edition_overview import item_text
from tests.features.conversation import ATTENTION, DISTILLATION, set_moderators_channel
from tests.features.edition_steps import (
    AGENTS,
    RECURRENCE,
    document_of,
    item_numbered,
    make_draft,
    say_as_moderator,
    set_up_week,
)
from tests.stand_ins import Harness, words


async def origin_of(club: Harness, number: int) -> str:
    """The small line below an item's texts."""
    return captions.item_origin(await item_numbered(club, number), IN_ENGLISH)


async def credits_of(club: Harness) -> dict[str, tuple[str, ...]]:
    return {credit.role: credit.names for credit in (await document_of(club)).credits}


async def test_each_text_has_its_author_and_the_credits_follow(club: Harness) -> None:
    club.change(writer=ExtractiveWriter(now=club.clock))
    await make_draft(club)
    assert (await origin_of(club, 1)).startswith("Sentences of the abstract")
    assert "Texts by" not in await credits_of(club)
    shown = str((await item_numbered(club, 1)).why) + str((await item_numbered(club, 1)).insights)
    assert "the authors" in shown.lower(), "the club does not say “we” for the authors"
    assert " we " not in shown.lower()

    await say_as_moderator(club, '/edition item write 1 why text="It needs no recurrence."')
    origin = await origin_of(club, 1)
    assert origin.startswith("Sentences of the abstract"), "the key insights still are"
    assert "“Why” written by Mo" in origin
    await say_as_moderator(club, '/edition item write 1 insights text="- It is fast.\n- It is short."', name="Nia")
    origin = await origin_of(club, 1)
    assert "Sentences of the abstract" not in origin
    assert "“Why” written by Mo" in origin
    assert "key insights written by Nia" in origin
    assert (await credits_of(club))["Texts by"] == ("Mo", "Nia")
    for number in (2, 3):
        await say_as_moderator(club, f'/edition item write {number} why text="Short."')
        await say_as_moderator(club, f"/edition item write {number} insights none")
    assert "Summaries from" not in await credits_of(club), "no sentence of the abstracts is left"
    await say_as_moderator(club, "/edition draft")
    assert "“Why” written by Mo" in await origin_of(club, 1), "a new draft knows it too"
    await say_as_moderator(club, "/edition undo")
    await say_as_moderator(club, "/edition undo")
    assert (await credits_of(club))["Summaries from"] == ("the abstracts’ own sentences",)


async def test_a_text_given_once_names_its_giver_and_a_file_or_the_papers_page_will_do(club: Harness) -> None:
    await make_draft(club)
    quotes = "> we were surprised to see it work\n\n> Nobody had asked for that before us."
    await say_as_moderator(club, f'/edition item write 1 passages text="{quotes}"')
    page = "<html><body><h1>Talk</h1><p>Then we were <b>surprised</b> to see it work, at last.</p></body></html>"
    club.gateway.files["talk.html"] = page.encode()
    shown = words(await say_as_moderator(club, '/edition source 1 file=talk.html name="the talk"'))
    assert "Now verified: 1 quote" in shown
    assert "Nobody had asked" in shown, "the other is still in no text"
    origin = await origin_of(club, 1)
    assert "quotes word for word in “the talk”, given by Mo" in origin
    quote = next(b for b in (await item_numbered(club, 1)).passages if isinstance(b, Quotation))
    assert (quote.given_by, quote.where) == ("Mo", "the talk")
    assert "I cannot read" in words(await club.say("Mo", "/edition source 1", moderator=True)), "it has no page"
    assert "is on the list" in words(await club.say("Ada", "/paper submit 2009.03393"))
    other = words(await say_as_moderator(club, "/edition source 2009.03393 file=talk.html"))
    assert "Generative Language Modeling" in other
    assert "It is not in a draft now." in other


WHY_OF_LINES = """It says: “dispensing with recurrence”

and then

- one of the two
- “no model had been so fast before this one”"""


async def test_a_why_of_several_paragraphs_and_points_arrives_as_it_was_meant(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, f"/edition item write 1 why text='{WHY_OF_LINES}'")
    item = await item_numbered(club, 1)
    shown = markdown.render(await document_of(club))
    assert "**❓ Why** → It says: “dispensing with recurrence”\n\nand then\n\n- one of the two\n- “no model" in shown
    assert "written by Mo" in await origin_of(club, 1)
    assert item_text(item, "why") == WHY_OF_LINES, "the form is filled with it as it was typed"
    asked = words(await say_as_moderator(club, "/edition quotes 1"))
    assert "no model had been so fast before this one" in asked, "the guard reads the points too"

    await say_as_moderator(club, '/edition item write 2 why text="- small\n- cheap"')
    points = await item_numbered(club, 2)
    assert (points.why, len(points.why_more)) == ((), 1)
    exported = markdown.render(await document_of(club))
    club.gateway.files["edition.md"] = exported.encode()
    await say_as_moderator(club, "/edition import edition.md sure=yes")
    assert markdown.render(await document_of(club)) == exported
    assert (await item_numbered(club, 1)).why_more == item.why_more
    assert (await item_numbered(club, 2)).why_more == points.why_more

    await say_as_moderator(club, '/edition item write 1 why text="One line."')
    assert (await item_numbered(club, 1)).why_more == ()


async def test_a_club_without_generated_texts_gets_only_what_people_write(club: Harness) -> None:
    await set_moderators_channel(club)
    await club.say("Root", "/clubadmin settings writer nobody", admin=True)
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    assert all(not item.insights and not item.passages and not item.provenance for item in made.items)
    assert "Summaries from" not in await credits_of(club)
    await say_as_moderator(club, f'/edition quote 1 text="{RECURRENCE}"')
    assert "quotes word for word in abstract v7" in await origin_of(club, 1)


async def test_a_citation_says_what_it_means_and_one_of_nothing_is_named(club: Harness) -> None:
    await make_draft(club)
    shown = words(await say_as_moderator(club, '/edition item write 1 why text="As in [2], not in [9]."'))
    titles = {entry.number: entry.work.title for entry in (await document_of(club)).references}
    assert f"[2] {titles[2][:40]}" in shown
    assert "Not in the references: [9]" in shown
    asked = await club.say("Mo", "/edition approve now", moderator=True)
    assert "citation “[9]” without a reference" in words(asked)
    shown = words(await say_as_moderator(club, f'/edition item write 1 why text="As in [@{DISTILLATION}]."'))
    assert "distillation" in shown.lower()
    assert "every citation has its reference" in words(await say_as_moderator(club, "/edition preview"))
    why: Any = (await item_numbered(club, 1)).why
    [cited] = [span.number for span in why if not isinstance(span, str)]
    meant = next(e.work.arxiv_id for e in (await document_of(club)).references if e.number == cited)
    assert meant == DISTILLATION


async def test_citations_of_several_works_each_follow_their_work(club: Harness) -> None:
    await make_draft(club)
    await say_as_moderator(club, '/edition item write 1 why text="As in [2, 3], [1–3] and [1-9]."')
    first = {entry.number: entry.work.title for entry in (await document_of(club)).references}
    assert "citation “[1-9]” without a reference" in words(await club.say("Mo", "/edition approve now", moderator=True))
    await say_as_moderator(club, "/edition order 3 1 2")
    made = await document_of(club)
    now = {entry.number: entry.work.title for entry in made.references}
    assert now != first
    cited = [span.number for span in (await item_numbered(club, 1)).why if isinstance(span, Citation)]
    assert [now[number] for number in cited] == [first[number] for number in (2, 3, 1, 2, 3)]


async def test_a_club_lists_only_what_is_cited_or_nothing(club: Harness) -> None:
    await set_moderators_channel(club)
    await club.say("Root", "/clubadmin settings references cited", admin=True)
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    assert "## References" not in markdown.render(await document_of(club))
    await say_as_moderator(club, '/edition cite title="The Bitter Lesson" authors="Rich Sutton" year=2019')
    exported = markdown.render(await document_of(club))
    assert "\\[1\\] Rich Sutton" in exported
    assert "\\[2\\]" not in exported
    await say_as_moderator(club, f'/edition item write 2 why text="See [@{ATTENTION}]."')
    assert "\\[2\\] Ashish Vaswani" in markdown.render(await document_of(club))
    await club.say("Root", "/clubadmin settings references none", admin=True)
    await say_as_moderator(club, "/edition draft")
    assert "## References" not in markdown.render(await document_of(club))


async def test_an_imported_text_keeps_its_own_numbers(club: Harness) -> None:
    await set_moderators_channel(club)
    text = f"""# Second looks

## Models

### [Attention](https://arxiv.org/abs/{ATTENTION})

**Why** → It began as in [7].

## References

[3] Jane Doe. A survey of nothing. 2020.

[7] Rich Sutton. The Bitter Lesson. 2019."""
    club.gateway.files["n.md"] = text.encode()
    await say_as_moderator(club, "/edition import n.md sure=yes")
    await say_as_moderator(club, '/edition item add news url=https://example.org/ title="A fair"')
    made = await document_of(club)
    numbers = {entry.number: entry.work.title for entry in made.references}
    assert numbers[3] == "Jane Doe. A survey of nothing. 2020"
    assert "Bitter Lesson" in numbers[7]
    assert "\\[7\\]" in markdown.render(made)
    assert "written by Mo" in captions.item_origin(made.items[0], IN_ENGLISH)


async def test_a_monthly_edition_says_its_month_and_a_works_reference_stays_with_another_heading(club: Harness) -> None:
    await set_moderators_channel(club)
    await club.say("Root", "/clubadmin settings cadence monthly", admin=True)
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, f'/edition item add paper {AGENTS} title="A short pick"')
    made = await document_of(club)
    assert captions.dateline(made)[1] == "January 2026", "as its title says"
    assert made.title.endswith("January 2026")
    item = next(item for item in made.items if item.title == "A short pick")
    assert [e.work.arxiv_id for e in made.references if e.number == item.reference] == [AGENTS]
