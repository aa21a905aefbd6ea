"""The moderators' queue, page by page and card by card."""

from __future__ import annotations

from bot.chat.command import Reply
from tests.features.conversation import (
    ATTENTION,
    DISTILLATION,
    SAFE,
    fact_value,
    press,
    submit_papers,
)
from tests.stand_ins import Harness, words


async def test_a_full_queue_is_gone_through_card_by_card_with_buttons(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION, SAFE)
    await club.say("Bob", "/paper vote 2")
    queue = await club.say("Mo", "/curate queue", moderator=True)
    assert [button.label for button in queue.card.buttons()][:2] == ["New (3)", "Reported (0)"]
    entry = await press(club, queue, "Go through them", "Mo", moderator=True)
    assert entry.card.title.startswith("#2 "), "the best first"
    assert entry.reply is Reply.IN_PLACE
    picked = await press(club, entry, "Pick", "Mo", moderator=True)
    assert picked.reply is Reply.IN_PLACE
    assert fact_value(picked, "State") == "picked"
    following = await press(club, picked, "Next new paper (2 left)", "Mo", moderator=True)
    dropped = await press(club, following, "Hold", "Mo", moderator=True)
    last = await press(club, dropped, "Next new paper (1 left)", "Mo", moderator=True)
    await press(club, last, "Shortlist", "Mo", moderator=True)
    over = await club.say("Mo", "/curate queue new single=yes", moderator=True)
    assert "last one" in words(over)
    for which in ("picked", "held", "shortlist"):
        shown = await club.say("Mo", f"/curate queue {which}", moderator=True)
        assert len([b for b in shown.card.buttons() if b.label == "Open"]) == 1
    assert (await press(club, shown, "Open", "Mo", moderator=True)).reply is Reply.PRIVATE


async def test_forty_new_papers_are_all_shown_page_by_page(club: Harness) -> None:
    records = [record for record in club.paper_source._by_id.values() if not record.withdrawn][:40]
    for record in records:
        await club.say("Ada", f"/paper submit {record.arxiv_id}")
    seen, shown = 0, await club.say("Mo", "/curate queue", moderator=True)
    while True:
        seen += len([b for b in shown.card.buttons() if b.label == "Open"])
        if not any(b.label.startswith("Next") for b in shown.card.buttons()):
            break
        shown = await press(club, shown, "Next", "Mo", moderator=True)
        assert shown.reply is Reply.IN_PLACE
    assert seen == 40


async def test_labels_and_values_are_german_for_germans(club: Harness) -> None:
    await club.say("Root", "/my prefs language=german", admin=True)
    queue = await club.say("Root", "/curate queue", admin=True)
    assert [button.label for button in queue.card.buttons()][:3] == ["Neu (0)", "Gemeldet (0)", "Engere Wahl (0)"]
    assert "public: nein" in repr((await club.say("Root", "/clubadmin settings public", admin=True)).card)
    changed = await club.say("Root", "/clubadmin settings public ja", admin=True)
    assert not changed.failed
    assert "ist jetzt ja (war nein)" in repr(changed.card)
    assert "Papers hier" in [
        button.label for button in (await club.say("Root", "/clubadmin channels", admin=True)).card.buttons()
    ]
