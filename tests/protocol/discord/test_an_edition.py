"""An edition by hand on Discord with the real program: a document is imported, its quotes settled, then corrected."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot.sources.recorded_arxiv import RecordedArxiv
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
from tests.protocol.discord.test_program import ADMIN, at_work, post, set_up, stopped
from tests.protocol.discord_server import Channel, DiscordServer, InteractionResult
from tests.protocol.program import started


def has(words: str, seen: InteractionResult) -> bool:
    """True as soon as somebody sees these words."""
    return words in seen.text


def everything(discord: DiscordServer, room: Channel) -> str:
    """All texts of a channel and its threads."""
    threads = [t for guild in discord.world.guilds.values() for t in guild.threads.values() if t.parent_id == room.id]
    return "\n".join(m.text for place in (room, *threads) for m in place.messages if not m.gone)


def pictures(discord: DiscordServer, room: Channel) -> int:
    """Number of pictures in a channel and its threads."""
    threads = [t for guild in discord.world.guilds.values() for t in guild.threads.values() if t.parent_id == room.id]
    return sum(len(m.attachments) for place in (room, *threads) for m in place.messages if not m.gone)


async def test_a_document_becomes_an_edition_that_is_corrected_and_recalled(
    tmp_path: Path, discord: DiscordServer
) -> None:
    guild = discord.guild("ML Readers")
    papers, digest, moderators = guild.text("papers"), guild.text("digest"), guild.text("moderators")
    root, ada = guild.member("Root", permissions=ADMIN | 1 << 13), guild.member("Ada")

    site, exported = tmp_path / "site", tmp_path / "exported"
    async with (
        RecordedArxiv() as arxiv,
        at_work(tmp_path, discord, arxiv, PUBLISH__FOLDER=working_tree(site), PUBLISH__GIT="yes") as program,
    ):
        await set_up(root, papers, digest, moderators)
        await root.command("/clubadmin settings", papers, key="public", value="yes")
        await ada.command("/paper submit", papers, link=ATTENTION)

        # -- the attachment option ------------------------------------------------------------------------------------
        file = root.file(papers, "woche.docx", newsletter())
        asked = await root.command("/edition import", papers, file=file)
        assert "Import “Lesewoche 48”?" in asked.text
        assert "is imported, but this is missing: a credit and a license." in asked.text
        made = await root.click(asked, "Create the draft")
        await made.until(lambda s: "Imported: 2 items" in s.text, 30)
        for words in (
            "1 picture was stored",
            "3 quotes not found in any source",
            ALMOST[:40],
            SAID[:30],
            INVENTED[:30],
        ):
            assert words in made.text
        form = await root.click(made, "Describe picture 1")
        described = await root.submit_modal(form, {"License": "CC BY 4.0", "Credit": "Abbildung 1"})
        await described.until(lambda s: "Picture described" in s.text, 30)

        # -- each bad quote with one press ----------------------------------------------------------------------------
        refused = await root.command("/edition approve", papers, when="now")
        await refused.until(lambda s: "Not approved yet" in s.text, 30)
        assert all(words[:25] in refused.text for words in (ALMOST, SAID, INVENTED)), "all are named at once"
        listed = await root.click(refused, "Check the quotes")
        await listed.until(lambda s: "Quotes not found in any source: 3" in s.text, 30)
        assert EXACT in listed.text, "the nearest passage is shown"
        for label, said in (
            ("Use the closest", "Quotes not found in any source: 2"),
            ("Vouch for it", "Quotes not found in any source: 1"),
            ("Remove it", "No quote left to check"),
        ):
            listed = await root.click(listed, label)
            await listed.until(partial(has, said), 30)

        # -- a quote in curly marks, and all texts in one form --------------------------------------------------------
        quoted = f"“{EXACT}”"
        noted = await root.command("/edition item write", papers, item="1", part="passages", text=quoted, more=True)
        assert "Changed." in noted.text
        assert "Saved as a note" not in noted.text
        texts = await root.click(noted, "All texts")
        shown = await root.submit_modal(texts, {"Why it matters": "„Kurz“,\nund von mir."})
        await shown.until(lambda s: "„Kurz“, und von mir." in s.text, 30)

        approved = await root.command("/edition approve", papers, when="now")
        await approved.until(lambda s: "approved" in s.text, 30)
        head = await post(discord, digest, "Lesewoche 48", within=40)
        await discord.wait_for(lambda: pictures(discord, digest), 40, "the picture")
        await post(discord, digest, "not verified, Root vouches for it", within=40)
        assert INVENTED not in everything(discord, digest)
        # -- its page is in git by itself, and as files for whoever asks while the club runs ---------------------------
        await program.until(lambda: "Ein Lehrer für Bilder" in committed_page(site), 15)
        assert INVENTED not in committed_page(site)
        async with started(tmp_path, "archive", "export", str(exported), DATA_DIR=str(tmp_path)) as export:
            assert await export.ends() == 0, export.text
        [page] = exported.glob("clubs/*/editions/1/index.html")
        assert page.read_text("utf-8") == committed_page(site)

        await root.command("/edition correct", papers, part="why", item="1", text="Kürzer.", erratum="Es war zu lang.")
        await post(discord, digest, "Kürzer.", within=40)
        await root.command("/edition recall", papers, reason="falsch verschickt", sure=True)
        await discord.wait_for(lambda: "falsch verschickt" in head.text, 40, "the recall")
        await program.until(lambda: "falsch verschickt" in committed_page(site), 15)
        assert await stopped(program) == 0
        assert "Traceback" not in program.text
