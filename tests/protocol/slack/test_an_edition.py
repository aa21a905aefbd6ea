"""An edition by hand in Slack with the real program: a document is imported, its quotes settled, then corrected."""

from __future__ import annotations

from pathlib import Path

from tests.protocol.an_edition import (
    ALMOST,
    ATTENTION,
    EXACT,
    INVENTED,
    SAID,
    committed_page,
    newsletter,
    working_tree,
)
from tests.protocol.program import started
from tests.protocol.slack.workspace import (
    DIGEST,
    PAPERS,
    SlackInstallation,
    message_with,
    modal_titled,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import InteractionResult, Message, Person, View


def shown_files(there: SlackInstallation) -> list[str]:
    """Ids of the files that posts of the edition show as pictures."""
    blocks = [block for message in there.slack.messages(DIGEST) for block in message.blocks]
    return [block["slack_file"]["id"] for block in blocks if block["type"] == "image" and "slack_file" in block]


def everything(there: SlackInstallation) -> str:
    """All texts of the edition's channel and its threads."""
    return "\n".join(message.words for message in there.slack.messages(DIGEST))


async def shown_with(seen: InteractionResult, words: str) -> Message | View:
    """The message, or the window of a form, that answers with these words."""
    await seen.until(lambda s: words in s.words, 30)
    if any(words in message.words for message in (*seen.posted, *seen.ephemerals, *seen.updated)):
        return seen.message(words)
    return seen.view


async def settle(root: Person, listed: Message, label: str, said: str) -> Message:
    """Press the first button with this label below the quotes; the card is drawn anew."""
    first = next(control for control in listed.controls if control.label == label)
    return await message_with(await root.click(listed, label, block_id=first.block_id), said)


async def test_a_document_becomes_an_edition_that_is_corrected_and_recalled(tmp_path: Path) -> None:
    site, exported = tmp_path / "site", tmp_path / "exported"
    async with slack_installation(tmp_path, PUBLISH__FOLDER=working_tree(site), PUBLISH__GIT="yes") as there:
        slack = there.slack
        root, ada = slack.user("Root", admin=True), slack.user("Ada")
        await set_up(there, root)
        await message_with(await root.command("/clubadmin", "settings public yes", channel=PAPERS), "public")
        await message_with(await ada.command("/paper", f"submit {ATTENTION}", channel=PAPERS), "on the list")

        # -- the form's file field ------------------------------------------------------------------------------------
        form = await modal_titled(await root.command("/edition", "import", channel=PAPERS), "Import an edition")
        asked = await root.submit_view(form, {"file": root.upload("woche.docx", newsletter())})
        card = await shown_with(asked, "Import “Lesewoche 48”?")
        assert "The picture `rId7.png` is imported, but this is missing: a credit and a license." in card.words
        assert "On the club’s list: 1" in card.words
        made = await shown_with(await root.click(card, "Create the draft"), "Imported: 2 items")
        for words in (
            "1 picture was stored",
            "3 quotes not found in any source",
            ALMOST[:40],
            SAID[:30],
            INVENTED[:30],
        ):
            assert words in made.words
        picture = await modal_titled(await root.click(made, "Describe picture 1"), "Describe a picture")
        described = await root.submit_view(picture, {"license": "CC BY 4.0", "credit": "Abbildung 1"})
        await shown_with(described, "Picture described")

        # -- each bad quote with one press ----------------------------------------------------------------------------
        refused = await message_with(await root.command("/edition", "approve now", channel=PAPERS), "Not approved yet")
        assert all(words[:25] in refused.words for words in (ALMOST, SAID, INVENTED)), "all are named at once"
        listed = await message_with(await root.click(refused, "Check the quotes"), "Quotes not found in any source: 3")
        assert EXACT in listed.words, "the nearest passage is shown"
        listed = await settle(root, listed, "Use the closest", "Quotes not found in any source: 2")
        listed = await settle(root, listed, "Vouch for it", "Quotes not found in any source: 1")
        await settle(root, listed, "Remove it", "No quote left to check")

        # -- a quote in the curly marks of a phone, and all texts in one form -----------------------------------------
        typed = f"item write 1 passages more=yes “{EXACT}”"
        noted = await message_with(await root.command("/edition", typed, channel=PAPERS), "Changed.")
        assert "Saved as a note" not in noted.words
        texts = await modal_titled(await root.click(noted, "All texts"), "Edit an item’s texts")
        assert EXACT in str(texts.state)
        await shown_with(await root.submit_view(texts, {"why": "„Kurz“,\nund von mir."}), "Changed.")
        await message_with(await root.command("/edition", "edit 1", channel=PAPERS), "„Kurz“, und von mir.")

        await message_with(await root.command("/edition", "approve now", channel=PAPERS), "approved")
        head = await there.card("Lesewoche 48", DIGEST, within=40)
        await slack.wait_for(lambda: shown_files(there), 40)
        await there.card("not verified, root vouches for it", DIGEST, within=40)
        await slack.wait_for(lambda: "Ein Lehrer für Bilder" in everything(there), 40)
        assert INVENTED not in everything(there)
        # -- its page is in git by itself, and as files for whoever asks while the club runs ---------------------------
        assert there.program is not None
        await there.program.until(lambda: "Ein Lehrer für Bilder" in committed_page(site), 15)
        assert INVENTED not in committed_page(site)
        async with started(there.folder, "archive", "export", str(exported), **there.settings) as export:
            assert await export.ends() == 0, export.text
        [page] = exported.glob("clubs/*/editions/1/index.html")
        assert page.read_text("utf-8") == committed_page(site)
        assert "written by root" in everything(there), "the provenance follows what was edited"

        # -- corrected after a restart with the same picture, then recalled --------------------------------------------
        [before], uploads = shown_files(there), len(slack.world.files)
        await there.restart()
        correction = 'correct why "Kürzer." "Es war zu lang." item=1'
        await message_with(await root.command("/edition", correction, channel=PAPERS), "was corrected")
        await there.card("Kürzer.", DIGEST, within=40)
        assert (shown_files(there), len(slack.world.files)) == ([before], uploads), "it is not uploaded again"
        await root.command("/edition", "recall falsch verschickt sure=yes", channel=PAPERS)
        await slack.wait_for(lambda: "falsch verschickt" in head.words, 40)
        await there.program.until(lambda: "falsch verschickt" in committed_page(site), 15)
        await there.stop()
        there.check()
