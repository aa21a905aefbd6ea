"""A club's first week in Slack, from the manifest to the first edition, with a restart in the middle."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.protocol.slack.workspace import (
    ATTENTION,
    DIGEST,
    DISTIL,
    MODS,
    PAPERS,
    SAFE,
    Mode,
    message_with,
    modal_titled,
    set_up,
    slack_installation,
)
from tests.protocol.slack_server import View


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_week(tmp_path: Path, mode: Mode) -> None:
    async with slack_installation(tmp_path, mode, as_users_do=True) as there:
        slack = there.slack
        root, ada, ben, cy = slack.user("Root", admin=True), *map(slack.user, ("Ada", "Ben", "Cy"))

        # -- install and set up ----------------------------------------------------------------------------
        if mode == "http":
            await there.install(root)
        refused = await ada.command("/clubadmin", "setup", channel=PAPERS)
        await refused.until(lambda s: "for this club’s admins" in s.words)
        await set_up(there, root)
        help_ = await ada.command("/paper", channel=PAPERS)
        assert "/paper submit https://arxiv.org" in (await message_with(help_, "/paper")).words

        # -- bring papers, each in another way -------------------------------------------------------------
        seen = await ada.command("/paper", f"submit https://arxiv.org/abs/{ATTENTION} “it began here”", channel=PAPERS)
        await message_with(seen, "on the list")
        card = await there.card("Attention Is All You Need")
        assert "it began here" in card.words

        form = await modal_titled(await ben.command("/paper", "submit", channel=PAPERS), "Submit a paper")
        wrong = await ben.submit_view(form, {"link": "https://[bad", "why": "worth a look"})
        assert set(wrong.errors) == {"link"}
        right = await ben.submit_view(form, {"link": DISTIL})
        await message_with(right, "on the list")
        second = await there.card("distillation")
        assert "worth a look" in second.words

        message = await cy.post(PAPERS, f"has anybody read https://arxiv.org/abs/{SAFE} yet?")
        form = await modal_titled(await cy.message_shortcut("jc-submit-message", message), "Submit a paper")
        await message_with(await cy.submit_view(form, {"why": "patches are words"}), "on the list")
        await there.card("An Image is Worth 16x16 Words")

        form = await modal_titled(await cy.global_shortcut("jc-submit"), "Submit a paper")
        seen = await cy.submit_view(form, {"link": "2009.03393"})
        await slack.wait_for(lambda: any("on the list" in m.words for m in slack.directs(cy)), 20)

        told = await message_with(await ben.mention(PAPERS, "submit https://arxiv.org/abs/1909.09157"), "on the list")
        assert not told.thread_ts, "a mention outside a thread is answered in the channel"

        # -- a duplicate, votes, words ---------------------------------------------------------------------
        seen = await ben.command("/paper", f"submit {ATTENTION} a classic", channel=PAPERS)
        duplicate = await message_with(seen, "already on the list")
        assert "ada" in duplicate.words
        await slack.wait_for(lambda: "a classic" in card.words, 20)
        for person in (ben, cy):
            await message_with(await person.click(card, "Vote"), "is counted")
        await message_with(await ada.click(card, "Vote"), "does not count for its rank")
        await slack.wait_for(lambda: "Votes *2*" in str(card.blocks), 20)
        await message_with(await ben.click(card, "Vote"), "It now has 2 votes")
        await message_with(await ben.click(card, "Cite"), "@")

        await message_with(await cy.click(card, "Discuss"), "discussion")
        await ben.post(PAPERS, "where do we begin?", thread_ts=card.ts)
        await message_with(await ben.mention(PAPERS, "why", thread_ts=card.ts), "Rank of #")
        await slack.wait_for(lambda: "In the discussion *2*" in str(card.blocks), 20)

        # -- one's own -------------------------------------------------------------------------------------
        await message_with(await ben.click(card, "Save"), "On your reading list")
        await message_with(
            await cy.command("/my", "follow paper 1 how=instant", channel=PAPERS), "direct message at once"
        )
        home = await ben.open_home()
        await home.until(lambda s: s.home and "Attention" in s.home.words)
        assert ben.home is not None
        modal = await ben.click(ben.home, "Open", block_id=_first(ben.home, "Open"))
        await modal.until(lambda s: "Vote" in s.view.labels)
        message = await ben.post(PAPERS, "The ablation is what convinced me.", thread_ts=card.ts)
        form = await modal_titled(await ben.message_shortcut("jc-quote", message), "Let the club quote you")
        await message_with(await ben.submit_view(form), "The club may quote you now")

        # -- curate ----------------------------------------------------------------------------------------
        await message_with(await ada.message_shortcut("jc-curate", card), "for this club’s moderators")
        case = await message_with(await root.message_shortcut("jc-curate", card), "it began here")
        await message_with(await root.click(case, "Pick"), "Picked")
        await there.card("picked #1", MODS)
        drafted = await root.command("/edition", "draft", channel=MODS)
        await drafted.until(lambda s: "No. 1" in s.words, 30)
        await message_with(await root.command("/edition", "approve", channel=MODS), "Approved by")
        await message_with(await root.command("/edition", "schedule now", channel=MODS), "is being posted")

        # -- a restart, after which the edition comes out and old buttons still work -------------------------
        await there.restart()
        edition = await there.card("The ablation is what convinced me.", DIGEST)
        await message_with(await cy.click(edition, "Save"), "On your reading list")
        await slack.wait_for(lambda: any("picked for the next edition" in m.words for m in slack.directs(cy)), 20)
        await message_with(await cy.click(card, "Take my vote back"), "taken back")
        await slack.wait_for(lambda: "Votes *1*" in str(card.blocks), 20)
        await slack.wait_for(lambda: "1 vote" in edition.words, 20)

        # -- what was wrong is put right where it stands, once the last part is out -------------------------
        await there.card("Thank you for reading", DIGEST)
        await there.restart()  # it looks at once whether all is out, and every half minute after that
        fix, answer = 'correct nothing item=1 erratum="The authors were counted wrongly."', ""
        async with asyncio.timeout(20):
            while "No. 1 was corrected" not in answer:
                seen = await root.command("/edition", fix, channel=MODS)
                answer = (await seen.until(lambda s: s.ephemerals)).ephemerals[-1].words
        await there.card("The authors were counted wrongly.", DIGEST)

        # -- told once to who follows a paper of it, and taken along ----------------------------------------
        await message_with(await cy.command("/digest", "read 1 markdown", channel=PAPERS), "is in our direct messages")
        [file] = [file for file in slack.world.files.values() if file.name == "edition-1.md"]
        assert file.channel == slack.directs(cy)[-1].channel
        assert "The authors were counted wrongly." in (file.content or b"").decode()
        heard = "\n".join(m.words for m in slack.directs(cy))
        assert heard.count("picked for the next edition") == 1, "also after another start"
        await there.stop()
        there.check()


def _first(view: View, label: str) -> str:
    """The block of the first control with this label, where several say the same."""
    return next(c.block_id for c in view.controls if c.label == label)
