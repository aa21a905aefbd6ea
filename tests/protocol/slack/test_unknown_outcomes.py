"""Posts of unknown outcome with the real program on the default manifest, which may not read any channel."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocol.slack.workspace import (
    ATTENTION,
    DIGEST,
    DISTIL,
    MODS,
    PAPERS,
    SAFE,
    SlackInstallation,
    message_with,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import Message, Person, faults
from tests.protocol.slack_server.faults import Fault

BEFORE, AFTER = faults.server_error(503), faults.server_error(503, applied=True)
RESET, LOST = faults.reset(), faults.reset(applied=True)

SOON = "0.05"
"""Three seconds to answer in, instead of a quarter of an hour."""


def posted(there: SlackInstallation, channel: str, words: str) -> list[Message]:
    """The bot's messages in a channel with these words, as they are now."""
    return [m for m in there.slack.messages(channel, bot=True) if words in m.words and not m.deleted]


async def bring(there: SlackInstallation, person: Person, paper: str = ATTENTION) -> None:
    await message_with(await person.command("/paper", f"submit {paper}", channel=PAPERS), "on the list")


async def question(there: SlackInstallation) -> Message:
    """What moderators are asked, which is there within two minutes."""
    return await there.card("Is this post in Slack #", MODS)


@pytest.mark.parametrize("fault", [AFTER, LOST], ids=["503", "reset"])
async def test_a_press_on_the_card_proves_that_it_is_there_and_its_tally_lives(tmp_path: Path, fault: Fault) -> None:
    async with slack_installation(tmp_path) as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.faults.add("chat.postMessage", fault, when=lambda args: args.get("channel") == PAPERS)
        await bring(there, ada)
        assert "Attention Is All You Need" in (await question(there)).words
        [card] = posted(there, PAPERS, "Attention")
        await message_with(await slack.user("Ben").click(card, "Vote"), "is counted")
        await slack.wait_for(lambda: "Votes *1*" in str(card.blocks), 20)
        await there.card("This was posted", MODS)
        await message_with(await slack.user("Ben").click(card, "Discuss"), "join the thread")
        assert len(posted(there, PAPERS, "Attention Is All You Need")) >= 1
        there.check()


@pytest.mark.parametrize("fault", [BEFORE, RESET], ids=["503", "reset"])
async def test_a_moderator_has_a_card_posted_again_that_is_not_there(tmp_path: Path, fault: Fault) -> None:
    async with slack_installation(tmp_path) as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.faults.add("chat.postMessage", fault, when=lambda args: args.get("channel") == PAPERS)
        await bring(there, ada)
        asked = await question(there)
        assert posted(there, PAPERS, "Attention") == []
        await root.click(asked, "Post it again")
        await there.card("Attention")
        await there.card("This was posted", MODS)
        assert len(posted(there, PAPERS, "Attention")) == 1
        there.check()


async def test_it_is_there_asks_for_the_link_and_redraws_the_card(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.faults.add("chat.postMessage", AFTER, when=lambda args: args.get("channel") == PAPERS)
        await bring(there, ada)
        asked = await question(there)
        [card] = posted(there, PAPERS, "Attention")
        seen = await root.click(asked, "It is there")
        await seen.until(lambda s: s.view.state)
        link = f"https://reading.slack.com/archives/{PAPERS}/p{card.ts.replace('.', '')}"
        await root.submit_view(seen.view, {"link": link})
        await there.card("This was posted", MODS)
        await slack.user("Ben").command("/paper", "vote 1", channel=PAPERS)
        await slack.wait_for(lambda: "Votes *1*" in str(card.blocks), 20)
        there.check()


async def test_unanswered_it_is_posted_again_and_the_double_goes_with_one_press(tmp_path: Path) -> None:
    async with slack_installation(tmp_path, POSTS__REPOST_MINUTES=SOON) as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.faults.add("chat.postMessage", AFTER, when=lambda args: args.get("channel") == PAPERS)
        await bring(there, ada)
        await slack.wait_for(lambda: len(posted(there, PAPERS, "Attention")) == 2, 30)
        first, second = posted(there, PAPERS, "Attention")
        await there.card("This may have been posted twice", MODS)
        await message_with(await slack.user("Ben").click(first, "Vote"), "is counted")
        twice = await there.card("This was posted twice", MODS)
        await root.click(twice, "Remove the second copy")
        await slack.wait_for(lambda: posted(there, PAPERS, "Attention") == [first], 20)
        assert second.deleted
        await slack.wait_for(lambda: "Votes *1*" in str(first.blocks), 20)
        there.check()


def parts(there: SlackInstallation) -> list[str]:
    """The parts of the edition that are in its channel, in the order in which they were posted."""
    return [m.text for m in there.slack.messages(DIGEST, bot=True) if not m.deleted]


async def approve(there: SlackInstallation, root: Person) -> None:
    """An edition of three papers is due at once; the program posts it when it looks next, which is at its start."""
    for paper in (ATTENTION, DISTIL, SAFE):
        await bring(there, there.slack.user("Ada"), paper)
    for number in (1, 2, 3):
        voted = await there.slack.user("Ben").command("/paper", f"vote {number}", channel=PAPERS)
        await message_with(voted, f"Your vote for #{number} is counted")
    drafted = await root.command("/edition", "draft", channel=MODS)
    await drafted.until(lambda s: "No. 1" in s.words, 30)
    await message_with(await root.command("/edition", "approve", channel=MODS), "Approved by")
    await message_with(await root.command("/edition", "schedule now", channel=MODS), "is being posted")


HEADER, MIDDLE = 0, 1
PARTS = 5
"""Parts of an edition of three papers: its head, each paper, and its end."""


@pytest.mark.parametrize(
    ("skip", "fault"),
    [
        pytest.param(HEADER, BEFORE, id="header, 503"),
        pytest.param(HEADER, LOST, id="header, reset after it took effect"),
        pytest.param(MIDDLE, AFTER, id="middle part, 503 after it took effect"),
        pytest.param(MIDDLE, RESET, id="middle part, reset"),
        pytest.param(HEADER, RESET, id="header, reset", marks=pytest.mark.stress),
        pytest.param(HEADER, AFTER, id="header, 503 after it took effect", marks=pytest.mark.stress),
        pytest.param(MIDDLE, BEFORE, id="middle part, 503", marks=pytest.mark.stress),
        pytest.param(MIDDLE, LOST, id="middle part, reset after it took effect", marks=pytest.mark.stress),
    ],
)
async def test_an_edition_goes_on_and_what_is_in_doubt_settles_by_itself(
    tmp_path: Path, skip: int, fault: Fault
) -> None:
    async with slack_installation(tmp_path, POSTS__REPOST_MINUTES=SOON) as there:
        slack, root = there.slack, there.slack.user("Root", admin=True)
        await set_up(there, root)
        slack.faults.add("chat.postMessage", fault, skip=skip, when=lambda args: args.get("channel") == DIGEST)
        await approve(there, root)
        await there.restart()
        await there.card("Thank you for reading", DIGEST)
        asked = await there.card("This may have been posted twice", MODS)
        await slack.wait_for(lambda: len(set(parts(there))) == PARTS, 20)
        out = parts(there)
        assert len(set(out)) == len(out) - (1 if fault.applied else 0), "each part once, and one perhaps twice"
        if fault.applied:
            [double] = [text for text in set(out) if out.count(text) == 2]
            await root.click(asked, "Remove the new copy")
            await slack.wait_for(lambda: parts(there).count(double) == 1, 20)
        assert len(parts(there)) == len(set(out)) == PARTS
        there.check()


async def test_a_kill_in_the_middle_of_an_edition_leaves_nothing_out(tmp_path: Path) -> None:
    async with slack_installation(tmp_path, POSTS__REPOST_MINUTES=SOON) as there:
        slack, root = there.slack, there.slack.user("Root", admin=True)
        await set_up(there, root)
        slow = faults.slow(60, applied=True)
        slack.faults.add("chat.postMessage", slow, skip=2, when=lambda args: args.get("channel") == DIGEST)
        await approve(there, root)
        await there.stop()
        quiet, slack.quiet = slack.quiet, 0.0
        await there.start()
        await slack.wait_for(lambda: len(parts(there)) == 3, 30)
        await there.kill()
        slack.world.clock.advance(60)
        slack.quiet = quiet
        await there.start()
        await there.card("Thank you for reading", DIGEST)
        await there.card("This may have been posted twice", MODS)
        out = parts(there)
        assert sorted(map(out.count, set(out))) == [1] * (len(set(out)) - 1) + [2]
        shown = await message_with(await root.command("/clubadmin", "runs", channel=MODS), "maybe twice")
        assert "0 uncertain" in shown.words
        there.check()


async def test_scopes_granted_later_free_what_waits(tmp_path: Path) -> None:
    async with slack_installation(tmp_path, POSTS__REPOST_MINUTES="0.1") as there:
        slack, root, ada = there.slack, there.slack.user("Root", admin=True), there.slack.user("Ada")
        await set_up(there, root)
        slack.faults.add("chat.postMessage", AFTER, when=lambda args: args.get("channel") == PAPERS)
        await bring(there, ada)
        await question(there)
        slack.world.installations["T1"].scopes += ["channels:history", "groups:history"]
        await there.card("This was posted", MODS)
        assert len(posted(there, PAPERS, "Attention")) == 1
        there.check()
