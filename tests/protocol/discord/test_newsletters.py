"""Newsletters become editions on Discord with the real program, with at most ten commands each."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from bot.sources.recorded_arxiv import RecordedArxiv
from tests.protocol.discord.test_an_edition import everything, has
from tests.protocol.discord.test_program import ADMIN, at_work, set_up, stopped
from tests.protocol.discord_server import Channel, DiscordServer, InteractionResult, Person
from tests.protocol.exported_drafts import DRAFTS, ExportedDraft
from tests.protocol.newsletters import MAX_COMMANDS, NEWSLETTERS, Newsletter, shown
from tests.scenarios.discord_stage import unescaped


@pytest.mark.parametrize("made", NEWSLETTERS)
async def test_a_newsletter_is_imported_and_posted(tmp_path: Path, discord: DiscordServer, made: Newsletter) -> None:
    guild = discord.guild("ML Readers")
    papers, digest, moderators = guild.text("papers"), guild.text("digest"), guild.text("moderators")
    root = guild.member("Root", permissions=ADMIN | 1 << 13)
    async with RecordedArxiv() as arxiv, at_work(tmp_path, discord, arxiv) as program:
        await set_up(root, papers, digest, moderators)
        for key, value in made.settings:
            await root.command("/clubadmin settings", papers, key=key, value=value)
        asked = await root.command("/edition import", papers, file=root.file(papers, "newsletter.md", made.content))
        await asked.until(lambda seen: shown(made.titles[0]) in unescaped(seen.text), 30)
        draft = await root.click(asked, made.create)
        await draft.until(partial(has, "/edition undo"), 30)
        for part, text in made.texts:
            await root.command("/edition write", papers, part=part, text=text)
        assert made.commands <= MAX_COMMANDS
        if made.quotes_pages:
            await vouch_for_all(root, papers)
        approved = await root.command("/edition approve", papers, when="now")
        await approved.until(partial(has, made.approved), 30)

        def all_is_posted() -> bool:
            text = unescaped(everything(discord, digest))
            return all(shown(title) in text for title in made.titles)

        await discord.wait_for(all_is_posted, 60, "every item")
        assert await stopped(program) == 0
        assert "Traceback" not in program.text


async def vouch_for_all(root: Person, papers: Channel) -> None:
    """Vouch for each quote that comes from a page or a book, with a press each."""
    listed = await root.command("/edition quotes", papers)
    await listed.until(partial(has, "in any source: "), 30)
    for left in reversed(range(int(listed.text.partition("in any source: ")[2].split()[0]))):
        listed = await root.click(listed, "Vouch for it")
        await listed.until(partial(has, f"source: {left}" if left else "No quote left to check"), 30)


def _answers(draft: ExportedDraft, seen: InteractionResult) -> bool:
    return draft.is_answered(unescaped(seen.text))


async def test_drafts_of_other_programs_are_read_and_other_files_refused(
    tmp_path: Path, discord: DiscordServer
) -> None:
    guild = discord.guild("ML Readers")
    papers, digest, moderators = guild.text("papers"), guild.text("digest"), guild.text("moderators")
    root = guild.member("Root", permissions=ADMIN | 1 << 13)
    async with RecordedArxiv() as arxiv, at_work(tmp_path, discord, arxiv) as program:
        await set_up(root, papers, digest, moderators)
        for draft in DRAFTS:
            asked = await root.command("/edition import", papers, file=root.file(papers, draft.name, draft.content))
            await asked.until(partial(_answers, draft), 30)
            if draft.is_read:
                made = await root.click(asked, "Create the draft")
                await made.until(partial(has, "/edition undo"), 30)
        assert await stopped(program) == 0
        assert "Traceback" not in program.text
