"""New papers come to a club on Discord with the real program: sources, shortlist, what is pressed, the next day."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.protocol.discord.test_program import ADMIN, at_work, post, set_up, stopped
from tests.protocol.discord_server import DiscordServer, Message
from tests.protocol.new_papers import (
    ARTICLE,
    CLOSE_TO_ESG,
    ESG,
    ISSN,
    MEMORY,
    MEMORY_TITLE,
    new_papers,
    noon_zone,
    pass_a_day,
)


@pytest.mark.timeout(400)  # the ranker runs in a process of low priority
async def test_from_the_sources_to_the_next_days_list(tmp_path: Path, discord: DiscordServer) -> None:
    guild = discord.guild("ML Readers")
    papers, digest, moderators = guild.text("papers"), guild.text("digest"), guild.text("moderators")
    root, ada = guild.member("Root", permissions=ADMIN | 1 << 13), guild.member("Ada")
    database = tmp_path / "journalclub.db"
    async with new_papers() as hosts:
        async with at_work(tmp_path, discord, hosts.arxiv, **hosts.settings) as program:
            await set_up(root, papers, digest, moderators)
            await root.command("/clubadmin settings", papers, key="timezone", value=noon_zone())
            assert "No sources yet" in (await root.command("/curate candidates", moderators)).text
            for typed, words in (
                ("biorxiv:neurosciense", "Did you mean"),
                ("1476-4687", "Crossref has no journal"),
                ("openreview:ICLR", "not a venue’s id"),
                ("http://localhost/feed.xml", "not the address of a public feed"),
            ):
                seen = await root.command("/clubadmin sources", papers, action="add", source=typed)
                assert words in seen.text
                assert seen.ephemeral
            for source in ("cs.CL", ISSN):
                seen = await root.command("/clubadmin sources", papers, action="add", source=source)
                assert "Source added" in seen.text
            await root.command("/clubadmin settings", papers, key="shortlist", value="daily")
            await ada.command("/paper submit", papers, link=MEMORY, why="memory for agents")
            await root.command("/curate pick", papers, paper="1")
            assert await stopped(program) == 0

        # -- the sources are read at once, and the moderators' channel has the best --------------------------
        async with at_work(tmp_path, discord, hosts.arxiv, **hosts.settings) as program:
            card = await post(discord, moderators, "5 new papers for the club", within=150)
            assert "Why this" in card.text
            assert "with papers that were picked" in card.text
            assert card.buttons.count("Add") == 5
            assert "on the list" in (await root.click(card, "Add")).text
            await discord.wait_for(lambda: "On the list as #2" in card.text, 20, "the paper that was added")
            assert "fewer papers like it" in (await root.click(card, "Less like this")).text
            await discord.wait_for(lambda: card.buttons.count("Add") == 3, 20, "three papers without an answer")
            assert "more papers like it" in (await root.click(card, "More like this")).text
            await discord.wait_for(lambda: card.buttons.count("Add") == 2, 20, "two papers without an answer")
            dismissed = await root.click(card, "Dismiss")
            assert "will not be suggested again" in dismissed.text
            assert "can be suggested again" in (await root.click(dismissed, "Undo")).text
            assert "for this club’s moderators" in (await ada.click(card, "Dismiss")).text
            listed = await root.command("/curate candidates", moderators)
            assert MEMORY_TITLE not in listed.text, "what the club has"
            first = _ids(card)

            await ada.command("/my papers", papers, action="on")
            await ada.command("/my follow", papers, kind="keyword", value="retrieval")
            mine = await ada.command("/my papers", papers)
            assert mine.text.count("Why this") == 3
            assert "will not be shown again" in (await ada.click(mine, "Less like this")).text
            await ada.command("/paper submit", papers, link=ESG)
            assert CLOSE_TO_ESG in (await ada.command("/paper similar", papers, paper="3")).text
            found = await ada.command("/paper find", papers, query="journal article memory", scope="new")
            assert ARTICLE in found.text
            assert await stopped(program) == 0

        # -- the next day, on which one source is gone -------------------------------------------------------
        pass_a_day(database)
        assert hosts.arxiv.announce() > 5
        async with at_work(tmp_path, discord, hosts.arxiv, **hosts.settings) as program:
            again = await discord.wait_for(
                lambda: next((m for m in moderators.messages if "for the club" in m.text and m.id != card.id), None),
                150,
                "the next day's post",
            )
            assert again is not None
            assert len(first) >= 4, "one may be the journal’s"
            assert not first & _ids(again), "never a paper twice"
            removed = await root.command("/clubadmin sources", papers, action="remove", source=ISSN)
            assert "no longer a source of the club" in removed.text
            gone = await ada.command("/paper find", papers, query=ARTICLE, scope="new")
            assert "No new paper contains all of these words" in gone.text
            assert await stopped(program) == 0
            assert "Traceback" not in program.text


def _ids(post: Message) -> set[str]:
    """Ids of the arXiv papers that a post links to."""
    return set(re.findall(r"arxiv\.org/abs/([0-9.]+)", json.dumps(post.components)))
