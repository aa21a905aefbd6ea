"""An edition that has a paper of an earlier one: every way out is on the refusal, and each leads out."""

from __future__ import annotations

from bot.dispatch import AnswerCard
from tests.features.conversation import ATTENTION, on_screen, press
from tests.features.edition_steps import THEOREMS, document_of, publish_edition, say_as_moderator, set_up_week
from tests.stand_ins import Harness

NEWSLETTER = f"""# Looked at again

## Language models

### [Attention, once more](https://arxiv.org/abs/{ATTENTION})

Why → It is where most of this began.

### [Theorems by search](https://arxiv.org/abs/{THEOREMS})

Why → It proves them.
"""


async def _refused(club: Harness) -> AnswerCard:
    """The refusal of an imported draft whose first paper is in No. 1."""
    await set_up_week(club)
    await publish_edition(club)
    club.clock.advance(hours=1)
    await say_as_moderator(club, f"/paper submit {THEOREMS}")
    await say_as_moderator(club, f"/edition import text='{NEWSLETTER}' sure=yes")
    refused = await club.say("Mo", "/edition approve now", moderator=True)
    assert refused.failed
    assert refused.card.title == "No. 2 has items that cannot be published"
    assert "Attention, once more: #1 is already in No. 1." in on_screen(refused)
    return refused


async def _titles(club: Harness) -> list[str]:
    return [item.title for item in (await document_of(club, 2)).items]


async def test_the_item_can_be_removed_from_the_refusal(club: Harness) -> None:
    refused = await _refused(club)
    await press(club, refused, "Remove “Attention, once more”", "Mo", moderator=True)
    assert await _titles(club) == ["Theorems by search"]
    done = await say_as_moderator(club, "/edition approve now")
    assert "No. 2 is approved" in on_screen(done)


async def test_drafting_again_leaves_the_item_out_and_keeps_the_import(club: Harness) -> None:
    refused = await _refused(club)
    made = await press(club, refused, "Draft again", "Mo", moderator=True)
    assert "“Attention, once more” is already in No. 1." in on_screen(made)
    assert await _titles(club) == ["Theorems by search"]
    assert "No. 2 is approved" in on_screen(await say_as_moderator(club, "/edition approve now"))


async def test_starting_over_asks_first_and_can_be_undone(club: Harness) -> None:
    refused = await _refused(club)
    asked = await press(club, refused, "Start over…", "Mo", moderator=True)
    assert "1 manual change, including what was imported" in on_screen(asked)
    assert "Theorems by search" in await _titles(club), "nothing was discarded yet"
    made = await press(club, asked, "Start over", "Mo", moderator=True)
    assert "/edition undo restores them" in on_screen(made)
    assert await _titles(club) == ["Generative Language Modeling for Automated Theorem Proving"]
    back = await say_as_moderator(club, "/edition undo")
    assert "Your manual changes are back." in on_screen(back)
    assert await _titles(club) == ["Attention, once more", "Theorems by search"]


async def test_undo_names_the_deed(club: Harness) -> None:
    await _refused(club)
    await say_as_moderator(club, '/edition item write 4 why "It proves more."')
    await say_as_moderator(club, "/edition item drop 1")
    assert "Undone: the removal of “Attention, once more”." in on_screen(await say_as_moderator(club, "/edition undo"))
    undone = on_screen(await say_as_moderator(club, "/edition undo"))
    assert "Undone: the new text of “Why it matters” in “Theorems by search”." in undone
    assert "Undone: the import." in on_screen(await say_as_moderator(club, "/edition undo"))


async def test_an_import_is_drafted_again_though_nothing_new_was_submitted(club: Harness) -> None:
    await set_up_week(club)
    await publish_edition(club)
    await say_as_moderator(club, f"/edition import text='{NEWSLETTER}' sure=yes")
    made = await say_as_moderator(club, "/edition draft")
    assert "“Attention, once more” is already in No. 1." in on_screen(made)
    assert await _titles(club) == ["Theorems by search"]
