"""A member's home, reading list and preferences."""

from __future__ import annotations

from bot.chat.command import Reply
from tests.features.conversation import ATTENTION, DISTILLATION, SAFE, fact_value, press, submit_papers
from tests.stand_ins import Harness, words


async def test_home_shows_ballot_list_papers_next_edition_and_accounts(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings votes_per_window 3", admin=True)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    await submit_papers(club, "Bob", SAFE)
    await club.say("Ada", "/paper vote 3")
    await club.say("Ada", "/my save 2")
    home = await club.say("Ada", "/my home")
    assert home.reply is Reply.PRIVATE
    assert fact_value(home, "Votes") == "1 of 3, 2 left"
    assert fact_value(home, "To read") == "1"
    assert fact_value(home, "Next edition") == "Mon 8 Dec 2025, 09:00 (UTC)"
    assert "Ada on Wall" in words(home)
    assert len([b for b in home.card.buttons() if b.label == "Open"]) == 4


async def test_home_of_a_newcomer_says_where_to_begin(club: Harness) -> None:
    home = await club.say("Ada", "/my home")
    assert "/paper top" in words(home)
    assert fact_value(home, "Votes") == "0"


async def test_a_paper_is_saved_listed_and_ticked_off(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    saved = await club.say("Bob", "/my save 1")
    assert saved.card.title == "On your reading list"
    assert (await club.say("Bob", "/my save 1")).card.title == "Already on your reading list"
    await club.say("Bob", "/my save 2")
    own = await press(club, saved, "My reading list", "Bob")
    assert "Attention" in words(own)
    ticked = await press(club, saved, "Done reading", "Bob")
    assert "distillation" in words(ticked), "what is next"
    again = await club.say("Bob", "/my done 1")
    assert "Already marked as read" in words(again)
    read = await press(club, own, "What I have read", "Bob")
    assert read.reply is Reply.IN_PLACE
    assert "Attention" in words(read)
    assert "Attention" not in words(await press(club, read, "To read", "Bob"))
    assert "empty" in words(await club.say("Ada", "/my list")), "lists are private"


async def test_a_note_is_kept_beside_a_paper_for_oneself_alone(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    assert "no note" in words(await club.say("Bob", "/my note 1"))
    noted = await club.say("Bob", "/my note 1 look at lemma 3")
    assert "now on your reading list" in words(noted)
    assert "look at lemma 3" in words(await club.say("Bob", "/my list"))
    assert "look at lemma 3" in words(await club.say("Bob", "/paper show 1"))
    for name, line in (("Ada", "/paper show 1"), ("Ada", "/my note 1"), ("Bob", "/paper show 1 share=yes")):
        assert "lemma" not in words(await club.say(name, line)), line
    changed = await club.say("Bob", "/my note 1 lemma 4, not 3")
    assert "now on your reading list" not in words(changed)
    await club.say("Bob", "/my done 1")
    assert "lemma 4" in words(await club.say("Bob", "/my list done=yes")), "it stays when the paper is read"
    asked = await club.say("Bob", "/my note 1")
    assert "lemma 4" in words(asked)
    await press(club, asked, "Delete it", "Bob")
    assert "lemma" not in words(await club.say("Bob", "/my list done=yes"))
    assert "no note" in words(await club.say("Bob", "/my note 2 away=yes"))
    assert "distillation" not in words(await club.say("Bob", "/my list")), "to take nothing away saves nothing"
    assert "lemma" not in words(club.gateway.posts) + words(club.gateway.edits) + words(club.gateway.direct_messages)


async def test_the_reading_list_is_paged(club: Harness) -> None:
    for record in [record for record in club.paper_source._by_id.values() if not record.withdrawn][:12]:
        await club.say("Ada", f"/paper submit {record.arxiv_id}")
    for number in range(1, 13):
        await club.say("Ada", f"/my save {number}")
    first = await club.say("Ada", "/my list")
    second = await press(club, first, "Next", "Ada")
    assert len([b for b in second.card.buttons() if b.label == "Open"]) == 2


async def test_preferences_are_shown_and_changed_and_stay(club: Harness) -> None:
    shown = await club.say("Ada", "/my prefs")
    assert "summaries: the written summary" in words(shown)
    assert "dm: yes" in words(shown)
    changed = await press(club, shown, "Show only the abstract", "Ada")
    assert "summaries: only the abstract" in words(changed)
    await club.say("Ada", "/my prefs dm=no")
    stored = words(await club.say("Ada", "/my prefs"))
    assert "summaries: only the abstract" in stored
    assert "dm: no" in stored
    assert "summaries: the written summary" in words(await club.say("Bob", "/my prefs"))
    assert (await club.say("Ada", "/my prefs summaries=loud")).failed


async def test_times_are_told_in_ones_own_zone(club: Harness) -> None:
    await club.say("Root", "/clubadmin settings timezone Europe/Berlin", admin=True)
    assert "09:00 (Europe/Berlin)" in words(await club.say("Ada", "/my home"))
    assert "America/New_York" in words(await club.say("Ada", "/my prefs timezone=America/New_York"))
    assert "03:00 (America/New_York)" in words(await club.say("Ada", "/my home"))
    assert "03:00 (America/New_York)" in words(await club.say("Ada", "/help"))
    assert "09:00 (Europe/Berlin)" in words(await club.say("Ben", "/my home")), "everyone has their own"
    assert (await club.say("Ada", "/my prefs timezone=Mars")).failed
    await club.say("Ada", "/my prefs timezone=none")
    assert "09:00 (Europe/Berlin)" in words(await club.say("Ada", "/my home"))
