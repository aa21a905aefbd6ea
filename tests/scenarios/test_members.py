"""Members' own lists and settings, and general questions, on every platform."""

from __future__ import annotations

from bot.runtime.notification_worker import NotificationWorker
from tests.scenarios.stages import Stage
from tests.stand_ins import Harness


async def test_a_reading_list_is_kept_noted_on_and_ticked_off(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    await grace.say("/my save 1")
    assert "Attention" in await grace.say("/my list")
    assert "Attention" not in await ada.say("/my list"), "a list is private"
    assert "only you see it" in await grace.say("/my note 1 look at lemma 3")
    assert "look at lemma 3" in await grace.say("/my list")
    assert "look at lemma 3" in await grace.say("/paper show 1")
    assert "lemma" not in await ada.say("/paper show 1")
    assert "lemma" not in await stage.channel_text("papers")
    await grace.say("/my done 1")
    assert "Attention" not in await grace.say("/my list")
    assert "Attention" in await grace.say("/my list done=yes")


async def test_home_gathers_what_is_mine(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    await grace.say("/paper vote 1")
    assert "Attention" in await grace.say("/my home")


async def test_what_one_follows_is_found_at_home_and_told_to_who_asks(stage: Stage, played_in: Harness) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await grace.say("/my follow keyword attention")
    assert "at once" in await grace.say("/my follow author vaswani how=instant")
    await ada.say("/paper submit 1706.03762")
    assert "Attention" in await grace.say("/my follows")
    assert "Attention" in await grace.say("/my home")
    barbara = await stage.enter("Barbara", "moderator")
    for line in ("/my follow paper 1 how=instant", "/paper show 1"):
        await grace.say(line)
    await NotificationWorker(played_in.app).round()
    await barbara.say("/curate pick 1")
    for _ in range(2):
        await NotificationWorker(played_in.app).round()
    messages = await grace.direct_messages()
    assert messages.count("you follow the author “vaswani”") == 1
    assert messages.count("It is picked for the next edition") == 1
    assert "Attention Is All You Need" in messages
    assert "What you follow" not in await ada.direct_messages()
    assert "vaswani" not in await ada.direct_messages()


async def test_papers_are_found_by_words_and_by_author(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 1706.03762")
    assert "Attention" in await ada.say("/paper find attention need")
    assert "Attention" in await ada.say("/paper find vaswani")
    assert "No paper here matches" in await ada.say("/paper find 100%_\\'\"")


async def test_a_summary_quotes_the_paper_and_says_who_wrote_it(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 1706.03762")
    assert "abstract" in (await ada.say("/paper summary 1")).lower()


async def test_a_paper_can_be_cited_and_linked(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 1706.03762")
    assert "Vaswani" in await ada.say("/paper cite 1")
    await ada.say("/paper add-link 1 code https://github.com/tensorflow/tensor2tensor")
    assert "Code" in await stage.channel_text("papers") or stage.name == "console"


async def test_help_shows_what_one_may_use(stage: Stage) -> None:
    ada, admin = await stage.enter("Ada"), await stage.enter("Katherine", "admin")
    assert "clubadmin" not in await ada.say("/help")
    assert "clubadmin" in await admin.say("/help")
    assert "link" in await ada.say("/help paper submit")


async def test_an_admin_sets_the_rules(stage: Stage) -> None:
    admin = await stage.enter("Katherine", "admin")
    assert "votes_per_window" in await admin.say("/clubadmin settings")
    await admin.say("/clubadmin settings votes_per_window 1")
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    await ada.say("/paper submit 2510.04871")
    await grace.say("/paper vote 1")
    assert "used all 1 vote" in await grace.say("/paper vote 2")
    assert "not fit" in await admin.say("/clubadmin settings items many")
