"""An edition moves to another channel, is corrected, recalled and made again, by the real program; and the home tab."""

from __future__ import annotations

from pathlib import Path

from tests.protocol.slack.test_unknown_outcomes import PARTS, approve
from tests.protocol.slack.workspace import DIGEST, MODS, PAPERS, message_with, set_up, slack_installation
from tests.protocol.slack_server import Message, faults

NEWS = "C0NEWS001"
FOR_GOOD = 10**6


async def test_an_edition_moves_is_corrected_recalled_and_made_again(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        slack = there.slack
        root, ben = slack.user("Root", admin=True), slack.user("Ben")
        await set_up(there, root)
        closed = faults.refuse("is_archived")
        slack.faults.add(
            "chat.postMessage", closed, skip=2, times=FOR_GOOD, when=lambda args: args.get("channel") == DIGEST
        )
        await approve(there, root)

        # -- the home tab: opened, true, and a press on it answered ------------------------------------------------
        await ben.open_home()
        home = await slack.wait_for(lambda: ben.home, 20)
        assert "Submit a paper" in home.labels
        assert home.labels.count("Take back") == 3, "one for each vote"
        mine = next(control for control in home.controls if control.label == "Take back")
        await ben.click(home, "Take back", block_id=mine.block_id)
        await slack.wait_for(lambda: ben.home is not None and ben.home.labels.count("Take back") == 2, 20)

        # -- its channel is archived after two parts; an admin names another ---------------------------------------
        await there.restart()
        await slack.wait_for(lambda: len(slack.messages(DIGEST, bot=True)) == 2, 30)
        assert there.program is not None
        await there.program.says("cannot post to editions")
        slack.channel(NEWS, "news")
        mapped = await root.command("/clubadmin", f"channels digest <#{NEWS}|news>", channel=MODS)
        await message_with(mapped, "that could not be posted elsewhere")
        await there.card("Thank you for reading", NEWS, within=40)
        head, *replies = alive(slack.messages(NEWS, bot=True))
        assert len(replies) == PARTS - 1
        assert {reply.thread_ts for reply in replies} == {head.ts}, "the whole of it is in one thread"

        # -- a correction reaches the copies; the recall is said, and gives everything back ------------------------
        correction = 'correct why "Twice as fast." "It was wrong." item=1'
        await message_with(await root.command("/edition", correction, channel=MODS), "was corrected")
        await there.card("Twice as fast.", NEWS, within=40)
        await root.command("/edition", 'recall "the wrong week" sure=yes', channel=MODS)
        await slack.wait_for(lambda: "the wrong week" in head.words, 40)
        await message_with(await ben.command("/digest", "latest", channel=PAPERS), "the wrong week")
        drafted = await root.command("/edition", "draft", channel=MODS)
        await drafted.until(lambda s: "No. 2" in s.words, 30)
        await message_with(await root.command("/edition", "approve now", channel=MODS), "approved")
        again = await slack.wait_for(lambda: alive(slack.messages(NEWS, bot=True))[PARTS:], 40)
        await there.card("Thank you for reading", NEWS, within=40)
        await slack.wait_for(lambda: len(alive(slack.messages(NEWS, bot=True))) == 2 * PARTS, 30)
        assert "No. 2" in again[0].words
        there.check()


def alive(messages: list[Message]) -> list[Message]:
    return [message for message in messages if not message.deleted]
