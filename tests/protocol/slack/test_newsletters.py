"""Newsletters become editions in Slack with the real program, with at most ten commands each."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.protocol.exported_drafts import DRAFTS, ExportedDraft
from tests.protocol.newsletters import MAX_COMMANDS, NEWSLETTERS, Newsletter, shown
from tests.protocol.slack.test_an_edition import everything, settle, shown_with
from tests.protocol.slack.workspace import (
    PAPERS,
    SlackInstallation,
    message_with,
    modal_titled,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import InteractionResult, Person


@pytest.mark.parametrize("made", NEWSLETTERS)
async def test_a_newsletter_is_imported_and_posted(tmp_path: Path, made: Newsletter) -> None:
    async with slack_installation(tmp_path) as there:
        root = there.slack.user("Root", admin=True)
        await set_up(there, root)
        for key, value in made.settings:
            await message_with(await root.command("/clubadmin", f"settings {key} {value}", channel=PAPERS), key)
        opened = await root.command("/edition", "import", channel=PAPERS)
        await opened.until(lambda seen: seen.view.state)
        asked = await root.submit_view(opened.view, {"file": root.upload("newsletter.md", made.content)})
        card = await shown_with(asked, shown(made.titles[0]))
        await shown_with(await root.click(card, made.create), "/edition undo")
        for part, text in made.texts:
            await root.command("/edition", f'write {part} text="{text}"', channel=PAPERS)
        assert made.commands <= MAX_COMMANDS
        if made.quotes_pages:
            await vouch_for_all(root)
        await message_with(await root.command("/edition", "approve now", channel=PAPERS), made.approved)
        await posted(there, made)
        await there.stop()
        there.check()


async def vouch_for_all(root: Person) -> None:
    """Vouch for each quote that comes from a page or a book, with a press each."""
    listed = await message_with(await root.command("/edition", "quotes", channel=PAPERS), "in any source: ")
    for left in reversed(range(int(listed.words.partition("in any source: ")[2].split()[0]))):
        listed = await settle(root, listed, "Vouch for it", f"source: {left}" if left else "No quote left to check")


async def posted(there: SlackInstallation, made: Newsletter) -> None:
    """Wait until every item is in the editions' channel or a thread there."""
    await there.slack.wait_for(lambda: all(shown(title) in everything(there) for title in made.titles), 60)


def _answers(draft: ExportedDraft, seen: InteractionResult) -> bool:
    return draft.is_answered(seen.words)


async def test_drafts_of_other_programs_are_read_and_other_files_refused(tmp_path: Path) -> None:
    async with slack_installation(tmp_path) as there:
        root = there.slack.user("Root", admin=True)
        await set_up(there, root)
        for draft in DRAFTS:
            form = await modal_titled(await root.command("/edition", "import", channel=PAPERS), "Import an edition")
            asked = await root.submit_view(form, {"file": root.upload(draft.name, draft.content)})
            await asked.until(partial(_answers, draft), 30)
            if draft.is_read:
                card = await shown_with(asked, draft.said[0])
                await shown_with(await root.click(card, "Create the draft"), "/edition undo")
        await there.stop()
        there.check()
