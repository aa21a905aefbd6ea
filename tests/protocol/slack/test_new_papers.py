"""New papers come to a club in Slack with the real program: sources, shortlist, what is pressed, the next day."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.protocol.new_papers import CLOSE_TO_ESG, ESG, MEMORY, MEMORY_TITLE, new_papers, noon_zone, pass_a_day
from tests.protocol.slack.workspace import (
    MODS,
    PAPERS,
    SlackInstallation,
    message_with,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import InteractionResult, Message, Person


async def asked(there: SlackInstallation, person: Person, line: str, words: str, channel: str = PAPERS) -> Message:
    """The answer to a command that has these words."""
    root, _, rest = line.partition(" ")
    return await message_with(await person.command(root, rest, channel=channel), words)


async def press(person: Person, card: Message, label: str, at: int = 0) -> InteractionResult:
    """Press the n-th button with a label."""
    found = [control for control in card.controls if control.label == label]
    return await person.click(card, label, block_id=found[at].block_id)


@pytest.mark.timeout(400)  # the ranker runs in a process of low priority
async def test_from_the_sources_to_the_next_days_list(tmp_path: Path) -> None:
    async with new_papers() as hosts, slack_installation(tmp_path, **hosts.settings) as there:
        slack = there.slack
        root, ada = slack.user("Root", admin=True), slack.user("Ada")
        await set_up(there, root)
        await asked(there, root, f"/clubadmin settings timezone {noon_zone()}", "timezone")

        # -- sources: what is none is refused with the way out ---------------------------------------------
        await asked(there, root, "/curate candidates", "No sources yet", MODS)
        for typed, words in (
            ("cs.CLL", "Did you mean"),
            ("0028-0837", "not a valid ISSN"),
            ("1476-4687", "Crossref has no journal"),
            ("http://127.0.0.1:1/feed.xml", "not the address of a public feed"),
        ):
            await asked(there, root, f"/clubadmin sources add {typed}", words)
        await asked(there, root, "/clubadmin sources test cs.LG", "The source works")
        await asked(there, root, "/clubadmin sources add cs.CL", "Source added")
        await asked(there, root, "/clubadmin sources add huggingface", "Source added")
        await asked(there, root, "/clubadmin sources", "not read yet")
        await asked(there, ada, "/clubadmin sources add cs.LG", "for this club’s admins")
        await asked(there, root, "/clubadmin settings shortlist daily", "shortlist")
        await asked(there, ada, f"/paper submit {MEMORY} memory for agents", "on the list")
        await asked(there, root, "/curate pick 1", "Picked")
        await there.restart()  # the sources are read at once

        # -- the post in the moderators' channel, and what is pressed on it --------------------------------
        post = await there.card("5 new papers for the club", MODS, within=150)
        assert "Why this" in post.words
        assert "with papers that were picked" in post.words
        assert "41 votes on Hugging Face" in post.words
        assert post.labels.count("Add") == 5
        first = _ids(post)
        await message_with(await press(root, post, "Add"), "on the list")
        await slack.wait_for(lambda: "On the list as #2" in post.words, 20)
        await message_with(await press(root, post, "Less like this"), "fewer papers like it")
        await slack.wait_for(lambda: post.labels.count("Add") == 3, 20)
        await message_with(await press(root, post, "More like this"), "more papers like it")
        await slack.wait_for(lambda: post.labels.count("Add") == 2, 20)
        answer = await message_with(await press(root, post, "Dismiss"), "will not be suggested again")
        await slack.wait_for(lambda: post.labels.count("Add") == 1, 20)
        await message_with(await press(ada, post, "Dismiss"), "for this club’s moderators")
        await message_with(await press(root, answer, "Undo"), "can be suggested again")
        await message_with(await press(root, answer, "Undo"), "was not dismissed")
        shown = await asked(there, root, "/curate candidates", "best first", MODS)
        assert MEMORY_TITLE not in shown.words, "what the club has"

        # -- a member's own papers, similar ones, and what is found ----------------------------------------
        await asked(there, ada, "/my papers", "three papers per week for you")
        await asked(there, ada, "/my follow keyword retrieval", "retrieval")
        mine = await asked(there, ada, "/my papers on", "Why this")
        assert mine.labels.count("Less like this") == 3
        await message_with(await press(ada, mine, "Less like this"), "will not be shown again")
        await asked(there, ada, f"/paper submit {ESG}", "on the list")
        await asked(there, ada, "/paper similar 3", CLOSE_TO_ESG)
        await asked(there, ada, '/paper find scope=new "memory retrieval"', "Procedural Memory")

        # -- the next day ----------------------------------------------------------------------------------
        await there.stop()
        pass_a_day(there.database)
        hosts.arxiv.announce()
        await there.close()
        await there.start()
        again = await slack.wait_for(
            lambda: next(
                (m for m in slack.messages(MODS, bot=True) if "for the club" in m.words and m.ts != post.ts), None
            ),
            150,
        )
        assert again is not None
        assert len(first) == 5
        assert not first & _ids(again), "never a paper twice"
        await asked(there, root, "/clubadmin sources", "read ")
        await asked(there, root, "/clubadmin sources remove cs.CL", "no longer a source of the club")
        await there.stop()
        there.check()


def _ids(post: Message) -> set[str]:
    """Ids of the arXiv papers that a post links to."""
    return set(re.findall(r"arxiv\.org/abs/([0-9.]+)", json.dumps(post.blocks)))
