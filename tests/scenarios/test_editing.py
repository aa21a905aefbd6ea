"""A draft is edited, published, corrected and recalled: the same conversation on every platform."""

from __future__ import annotations

import pytest

from bot.chat.calls import Call
from bot.chat.cards import Button, Buttons, Card, to_json
from bot.domain.models import DeliveryKind
from bot.editions.model.blocks import RemarkBlock
from bot.editions.model.document import from_json
from tests.scenarios.stages import Stage
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness


async def test_a_text_is_edited_in_a_form_with_what_stands_there(stage: Stage) -> None:
    if stage.name == "console":
        return  # the terminal has no forms; the line is typed
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    await ada.say("/paper submit 1706.03762")
    await barbara.say("/edition draft")
    await barbara.say("/edition edit 1")
    stood, shown = await barbara.fill("Why", "Text", "It is *short*.\n\nAnd good.")
    assert "The dominant sequence transduction models" in stood
    assert "And good." in shown


async def test_all_texts_of_an_item_are_edited_in_one_form(stage: Stage, played_in: Harness) -> None:
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    await ada.say("/paper submit 1706.03762")
    await barbara.say("/edition draft")
    if stage.name == "console":
        shown = await barbara.say('/edition item texts 1 heading="Attention" why="Short." passages="→ read it twice"')
        assert "Attention" in shown
    else:
        await barbara.say("/edition edit 1")
        field = "Why it matters" if stage.name == "discord" else "why"
        _, shown = await barbara.fill("All texts", field, "Short.")
    assert "Short." in shown
    again = await barbara.say("/edition item texts 1 why=Short.")
    assert "Nothing to change" in again
    async with played_in.app.store.read(1) as db:
        edition = await db.editions.current()
    assert edition is not None
    (item,) = from_json(edition.document).items
    typed = stage.name == "console"
    assert item.title == ("Attention" if typed else "Attention Is All You Need"), "what was not changed is still there"
    assert item.why == ("Short.",)
    assert [type(block) for block in item.passages] == ([RemarkBlock] if typed else [])
    await barbara.say("/edition item texts 1 passages=none")
    assert "Short." in await barbara.say("/edition edit 1")


@pytest.mark.slow
async def test_a_draft_is_edited_corrected_and_recalled(stage: Stage, played_in: Harness) -> None:
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    for id in ("1706.03762", "2012.11538"):
        await ada.say(f"/paper submit {id}")
    await barbara.say("/edition draft")

    assert "Attention Is All You Need" in await barbara.say("/edition edit")
    shown = await barbara.say('/edition item write 1 why text="It did away with recurrence."')
    assert "It did away with recurrence." in shown
    await barbara.say('/edition item add event url=https://2021.emnlp.org/ title="EMNLP is waiting"')
    refused = await barbara.say('/edition quote 1 text="dispensing with recurrence and attention entirely"')
    assert "dispensing with recurrence and convolutions entirely" in refused
    assert "word for word" in await barbara.press("Quote this instead")
    await barbara.say("/edition item drop 2")
    assert "Evaluating Agents" in await barbara.say("/edition undo")

    await barbara.say("/edition approve now")
    early = await barbara.say("/edition correct nothing erratum=Early item=1")
    assert "No. 1 was corrected" in early, "while it is being posted"
    await publish(stage, played_in)
    posted = await stage.channel_text("digest")
    for words in ("It did away with recurrence.", "EMNLP is waiting", "dispensing with recurrence and convolutions"):
        assert words in posted

    await barbara.say('/edition correct why "It needs no recurrence." "We had said too much." item=1')
    await stage.settle()
    assert "We had said too much." in await ada.say("/digest read 1 page=9")
    posted = await stage.channel_text("digest")
    if stage.name == "console":
        assert "References: updated" in posted, "the terminal does not print again what scrolled by"
    else:
        assert "We had said too much." in posted
        assert "It needs no recurrence." in posted
    assert "Why is No. 1 recalled?" in await barbara.say("/edition recall No. 1")
    asked = await barbara.say("/edition recall 1 the wrong draft went out")
    assert "Recall No. 1?" in asked
    assert "the wrong draft went out" in asked
    await barbara.press("Recall it")
    await stage.settle()
    assert "was recalled" in await stage.channel_text("digest")
    assert "No. 1 was recalled on" in await ada.say("/digest read 1")


async def test_buttons_that_were_posted_under_a_former_name_still_work(stage: Stage, played_in: Harness) -> None:
    if stage.name == "console":
        return  # its screens keep no posts; tests/adapters/console presses such a button
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    await ada.say("/paper submit 1706.03762")
    await barbara.say("/edition draft")
    look = Button("Look at it", Call.of("curate digest preview"))
    card = Card("A draft of last month", (Buttons((look,)),))
    async with played_in.app.store.begin(1) as db:
        act = await db.audit_log.append("alarm", None, played_in.clock(), why="a draft")
        for room in await db.rooms.with_purpose("papers"):
            await db.deliveries.plan(DeliveryKind.ADMIN_ALERT, act.id, room, played_in.clock(), card=to_json(card))
    await stage.settle()
    assert "Checks" in await barbara.press("Look at it", on="A draft of last month")
