"""Quotes that are in no text: the nearest passage, a person's word, or nothing; the same on every platform."""

from __future__ import annotations

import pytest

from tests.scenarios.stages import Stage
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness

RECURRENCE = "dispensing with recurrence and convolutions entirely"


@pytest.mark.slow
async def test_bad_quotes_are_named_at_once_and_settled_with_a_press_each(stage: Stage, played_in: Harness) -> None:
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    await ada.say("/paper submit 1706.03762")
    await barbara.say("/edition draft")
    await barbara.say('/edition item add post url=https://example.org/post title="On reading"')
    await barbara.say('/edition item write 1 passages text="> dispensing with recurrence and convolution wholly"')
    shown = await barbara.say("/edition item write 1 passages more=yes “We knew it all along, they told us.”")
    assert "2 quotes not found in any source" in shown, "quotation marks around a whole text are its own"
    shown = await barbara.say("/edition item write reading passages Slow readers remember more of it.")
    assert "Saved as a note, not as a quote: “Slow readers" in shown
    assert "Now a quote: “Slow readers" in await barbara.press("Make it a quote")

    refused = await barbara.say("/edition approve now")
    assert "Not approved yet" in refused
    for words in ("convolution wholly", "We knew it all along", "Slow readers remember"):
        assert words in refused, "all are named at once"
    listed = await barbara.press("Check the quotes")
    assert "Quotes not found in any source: 3" in listed
    assert RECURRENCE in listed, "the nearest passage is shown"
    assert "Taken from abstract" in await barbara.press("Use the closest")
    shown = await barbara.say('/edition quotes 1 action=vouch quote="We knew it all along"')
    assert "Readers see your name beside it" in shown
    assert "Quotes not found in any source: 1" in shown

    source = "As teachers say, slow readers remember more of it. Nobody knows why."
    given = await barbara.say(f'/edition source "On reading" name="the post" text="{source}"')
    assert "Now verified: 1 quote" in given
    assert "No quote left to check" in await barbara.say("/edition quotes")

    claimed = 'As the authors say: "attention is a lovely thing for pears".'
    await barbara.say(f"/edition item write 1 why {claimed}")
    listed = await barbara.say("/edition quotes")
    assert "Words in quotation marks outside the quotes, not found" in listed
    assert "attention is a lovely thing for pears" in listed
    assert "attention is a lovely thing" in await barbara.say("/edition approve now"), "it is asked about"
    await barbara.say("/edition item write 1 why It began here.")

    await barbara.say("/edition approve now")
    await publish(stage, played_in)
    posted = await stage.channel_text("digest")
    assert RECURRENCE in posted
    assert "not verified, barbara vouches for it" in posted.lower()
    assert "slow readers remember more of it" in posted.lower()
    for form in ("markdown", "html", "email"):
        await ada.say(f"/digest read 1 {form}")
        _, content = await ada.file()
        assert "not verified, barbara vouches for it" in content.lower()


async def test_a_quote_is_dropped_and_a_club_may_forbid_vouching(stage: Stage) -> None:
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    root = await stage.enter("Root", "admin")
    await ada.say("/paper submit 1706.03762")
    await barbara.say("/edition draft")
    await barbara.say('/edition item write 1 passages text="> We knew it all along, they told us."')
    await barbara.say("/edition quotes")
    assert "you vouch for" in (await barbara.press("Vouch for it")).lower()
    assert "vouched for by barbara" in (await barbara.say("/edition quotes")).lower()
    await root.say("/clubadmin settings vouching no")
    assert "Quotes not found in any source: 1" in await barbara.say("/edition quotes"), (
        "what was vouched for counts no more"
    )
    assert "prints only quotes that are found in a source" in await barbara.say(
        '/edition quotes 1 action=vouch quote="We knew it all along"'
    )
    await barbara.say("/edition quotes")
    assert "No quote left to check" in await barbara.press("Remove it")
    assert "is approved" in await barbara.say("/edition approve now")
