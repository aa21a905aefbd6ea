"""Papers on Discord: brought, voted for, found and discussed, by every way that Discord offers."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.models import PendingNotification
from bot.runtime.notification_worker import NotificationWorker
from tests.protocol.discord.conftest import Bot
from tests.protocol.discord_server import Person
from tests.protocol.discord_server.permissions import MANAGE_GUILD, MANAGE_MESSAGES


async def test_a_paper_is_brought_and_its_card_is_posted(bot: Bot, ada: Person) -> None:
    seen = await ada.command("/paper submit", bot.papers, link="1706.03762", why="why it all began")
    assert seen.ephemeral
    assert "on the list" in seen.text
    await bot.settle()
    assert bot.papers.last is not None
    assert "Attention Is All You Need" in bot.papers.last.text
    assert "why it all began" in bot.papers.last.text


async def test_a_vote_is_answered_to_the_voter_and_shown_on_the_card(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    grace = bot.guild.member("Grace")
    seen = await grace.click(card, "Vote")
    assert seen.ephemeral
    assert "It now has 1 vote" in seen.text
    await bot.settle()
    assert "Votes **1**" in card.text


async def test_suggestions_come_while_typing(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    seen = await ada.autocomplete("/paper show", bot.papers, paper="attention")
    assert [(choice.name, choice.value) for choice in seen.choices] == [("#1 Attention Is All You Need", "1")]


async def test_the_second_to_bring_a_paper_is_sent_to_the_first(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    grace = bot.guild.member("Grace")
    seen = await grace.command("/paper submit", bot.papers, link="https://arxiv.org/pdf/1706.03762v7")
    assert seen.ephemeral
    assert "already on the list" in seen.text
    assert f"https://discord.com/channels/{bot.guild.id}/{bot.papers.id}/" in seen.text


async def test_a_mistake_is_told_to_the_asker_alone(bot: Bot, ada: Person) -> None:
    seen = await ada.command("/paper submit", bot.papers, link="2501.99999")
    assert seen.ephemeral
    assert "has no paper" in seen.text
    assert bot.papers.messages == []


async def test_three_vote_and_the_card_shows_it(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    for name in ("Grace", "Alan", "Edsger"):
        await bot.guild.member(name).click(card, "Vote")
    await bot.settle()
    assert "Votes **3**" in card.text


async def test_a_discussion_opens_one_thread(bot: Bot, ada: Person) -> None:
    card = await bot.card(ada)
    seen = await ada.click(card, "Discuss")
    assert seen.ephemeral
    assert "join the thread" in seen.text
    grace = bot.guild.member("Grace")
    await grace.click(card, "Discuss")
    await bot.settle()
    (thread,) = bot.guild.threads(bot.papers)
    assert thread.name == "Attention Is All You Need"
    assert len(thread.messages) == 1
    assert "Discussing: Attention" in thread.messages[0].text
    bot.guild.archive(thread)
    assert "join the thread" in (await grace.click(card, "Discuss")).text, "whoever writes opens it again"
    bot.guild.archive(thread, locked=True)
    locked = (await grace.click(card, "Discuss")).text
    assert "read the thread" in locked
    assert "until a moderator unlocks it" in locked
    bot.discord.world.remove(thread)  # nobody tells the bot of it
    assert "join the thread" in (await grace.click(card, "Discuss")).text
    (another,) = bot.guild.threads(bot.papers)
    assert another is not thread


async def test_a_discussion_that_moves_with_a_merge_has_the_title_of_the_paper_that_stays(
    bot: Bot, ada: Person
) -> None:
    await bot.card(ada)
    duplicate = await bot.card(ada, "2010.11929")
    await ada.click(duplicate, "Discuss")
    (thread,) = bot.guild.threads(bot.papers)
    assert thread.name.startswith("An Image is Worth")
    root = bot.guild.member("Root", permissions=MANAGE_GUILD | MANAGE_MESSAGES)
    merged = await root.click(await root.command("/curate merge", bot.papers, paper="2", into="1"), "Merge")
    assert "#2 was merged into it" in merged.text
    await bot.settle()
    assert thread.name == "Attention Is All You Need"
    await root.command("/curate restore", bot.papers, paper="2")
    await bot.settle()
    assert thread.name.startswith("An Image is Worth")


async def test_words_that_are_missing_are_asked_for_in_a_form(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    seen = await ada.command("/paper show", bot.papers)
    assert seen.form.labels == ["Paper", "Show to everyone"]
    shown = await ada.submit_modal(seen.form, {"Paper": "9"})
    assert "no paper #9" in shown.text
    again = await ada.click(shown, "Change and try again")
    assert again.form.prefilled["Paper"] == "9"
    assert "Attention" in (await ada.submit_modal(again.form, {"Paper": "1"})).text


async def test_a_shared_card_is_kept_up_to_date(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    elsewhere = bot.guild.text("elsewhere")
    seen = await ada.command("/paper show", elsewhere, paper="1", share=True)
    assert seen.ephemeral
    assert "Shown to everyone here" in seen.text
    [shared] = [message for message in elsewhere.messages if message.only_for is None]
    await bot.guild.member("Grace").click(shared, "Vote")
    await bot.settle()
    assert "Votes **1**" in shared.text


async def test_a_shared_lookup_is_for_everyone_and_its_mistake_for_the_asker(bot: Bot, ada: Person) -> None:
    await bot.card(ada)
    seen = await ada.command("/paper top", bot.papers, window="all", share=True)
    assert not seen.ephemeral
    before = len([message for message in bot.papers.messages if not message.gone])
    seen = await ada.command("/paper show", bot.papers, paper="7", share=True)
    assert seen.ephemeral
    assert "no paper" in seen.text
    assert len([message for message in bot.papers.messages if not message.gone]) == before


async def test_an_act_that_cannot_be_undone_is_asked_about_first(bot: Bot, ada: Person) -> None:
    seen = await ada.command("/paper submit", bot.papers, link="1706.03762")
    asked = await ada.click(seen, "Withdraw")
    assert "Are you sure?" in asked.text
    assert "Withdraw this paper?" in asked.text
    done = await ada.click(asked, "Yes, do it")
    assert done.message is asked.message
    assert "taken back" in done.text.lower() or "removed from the list" in done.text.lower()


async def test_where_no_file_may_be_attached_the_answer_says_so(bot: Bot, ada: Person) -> None:
    answer = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
    bot.discord.faults.refuse(answer, 50013)
    seen = await ada.command("/my data", bot.papers, what="export")
    await seen.until(lambda s: "I need the permission “Attach Files” here" in s.text)
    assert "journal-club-data.jsonl" in seen.text
    assert not seen.latest.attachments
    given = await ada.command("/my data", bot.papers, what="export")
    assert [file.filename for file in given.latest.attachments] == ["journal-club-data.jsonl"]


async def test_who_closed_their_messages_is_tried_once(bot: Bot, ada: Person) -> None:
    grace, alan = bot.guild.member("Grace"), bot.guild.member("Alan")
    for person in (grace, alan):
        await person.command("/my follow", bot.papers, kind="keyword", value="attention", how="instant")
    grace.user.private_closed = True
    await bot.card(ada)
    for _ in range(2):
        await NotificationWorker(bot.harness.app).round()
    [told] = alan.private.messages
    assert "you follow the keyword “attention”" in told.text
    refused = [r for r in bot.discord.ledger.requests if r.path.endswith(f"/{grace.private.id}/messages")]
    assert len(refused) == 1
    async with bot.harness.app.store.read_admin_session() as admin:
        assert sorted(await admin._session.scalars(select(PendingNotification.state))) == ["failed", "sent"]
