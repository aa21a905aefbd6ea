"""Corrections of what the club says about a paper."""

from __future__ import annotations

import pytest

from tests.features.conversation import (
    ATTENTION,
    CLUB,
    audit_entries,
    set_moderators_channel,
    submission_numbered,
    submit_papers,
)
from tests.stand_ins import Harness, words


async def test_edit_changes_what_the_club_says_and_none_takes_it_back(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Root", "/clubadmin topics add NLP", admin=True)
    await club.say("Bob", "/paper add-link 1 code https://example.org/code")
    answer = await club.say("Mo", '/curate edit 1 title="All you need" topic=nlp', moderator=True)
    assert not answer.failed, answer.card
    assert "All you need" in [card.title for _, card, *_ in club.gateway.edits]
    again = await club.say("Mo", '/curate edit 1 title="All you need" topic=NLP', moderator=True)
    assert "already" in words(again)
    await club.say("Mo", "/curate edit 1 title=none topic=none drop_link=https://example.org/code", moderator=True)
    edited = await submission_numbered(club, 1)
    assert (edited.title, edited.topic_id) == ("", None)
    await club.say("Mo", "/curate restore 1", moderator=True)
    assert (await submission_numbered(club, 1)).title == "All you need"
    async with club.app.store.read(CLUB) as db:
        assert [link.url for link in await db.submissions.links(1)] == ["https://example.org/code"]


async def test_edit_with_nothing_offers_a_form_filled_in_with_what_stands(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Mo", "/curate pick 1 2 theme=NLP", moderator=True)
    answer = await club.say("Mo", "/curate edit 1", moderator=True)
    [button] = [b for b in answer.card.buttons() if b.label.startswith("Edit in")]
    async with club.app.store.read(CLUB) as db:
        stored = await db.saved_calls.get(int(button.call.words[0]))
    assert stored == '/curate edit 1 title="Attention Is All You Need" theme=NLP place=2'.removeprefix("/")
    again = await club.say("Mo", stored, moderator=True)
    assert "already" in words(again)


@pytest.mark.parametrize(
    ("line", "say"),
    [
        ("/curate edit 1 theme=NLP", "not picked"),
        ("/curate edit 1 topic=Nope", "no topic"),
        ("/curate edit 1 drop_link=https://x.org", "no such link"),
        ("/curate edit 1 place=zero", "place"),
        ("/curate edit 99 title=x", "no paper #99"),
    ],
)
async def test_a_mistaken_edit_changes_nothing(club: Harness, line: str, say: str) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    answer = await club.say("Mo", line, moderator=True)
    assert answer.failed
    assert say in words(answer)
    assert not await audit_entries(club)
