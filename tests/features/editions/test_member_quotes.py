"""Member quotes: only with consent, under the chosen name, until they are withdrawn; and the message menus."""

from __future__ import annotations

import pytest

from bot.app import Requester
from bot.chat.calls import Call
from bot.chat.gateway import Location
from bot.editions.model.document import from_json, sha256
from bot.errors import UserError
from bot.features.editions.publishing.quote_arrival import may_credit
from bot.features.shared.message_shortcuts import curate_from, quote_from
from bot.requester_lookup import identify
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, CLUB, DISTILLATION, press, set_moderators_channel, submit_papers
from tests.features.edition_steps import document_of, edition_numbered, publish_edition, say_as_moderator, set_up_week
from tests.stand_ins import Harness, words


async def quoted_remarks(club: Harness) -> list[tuple[str, str]]:
    """Remarks of members in the newest edition."""
    async with club.app.store.read(CLUB) as db:
        edition = (await db.editions.latest(limit=1))[0]
        return [(answer.text, answer.by) for item in from_json(edition.document).items for answer in item.said]


async def remarks_in_draft(club: Harness) -> list[tuple[str, str]]:
    """Remarks of members in edition No. 1, whatever its state."""
    return [(said.text, said.by) for item in (await document_of(club)).items for said in item.said]


async def test_what_a_member_lets_be_quoted_is_in_the_edition_and_nothing_else(club: Harness) -> None:
    await set_up_week(club)
    shown = await club.say("Ada", '/my quote 1 words="The ablation is the best part"')
    assert "The club may quote you now" in words(shown)
    await club.say("Ben", '/my quote 1 words="Not this"')
    await press(club, await club.say("Ben", "/my quotes"), "Withdraw", "Ben")
    await publish_edition(club)
    assert await quoted_remarks(club) == [("The ablation is the best part", "Ada")]


async def test_the_name_is_the_members_to_choose(club: Harness) -> None:
    await set_up_week(club)
    shown = await club.say("Ada", '/my quote 1 words="As written"')
    shown = await press(club, shown, "Anonymously", "Ada")
    assert "a member" in words(shown)
    assert "Anonymously" not in words(shown)
    await club.say("Ben", '/my quote 2 words="Mine" credit=@ben')
    await publish_edition(club)
    assert sorted(await quoted_remarks(club)) == [("As written", "a member"), ("Mine", "@ben")]


@pytest.mark.parametrize("name", ["Geoffrey Hinton", "@ada", "Ben Hinton", "B", "the authors"])
async def test_nobody_is_quoted_under_the_name_of_another(club: Harness, name: str) -> None:
    await set_up_week(club)
    refused = await club.say("Ben", f'/my quote 1 words="A triumph" credit="{name}"')
    assert refused.failed
    assert "Your name here is “Ben”, not “" in words(refused)
    assert "You have no quotes" in words(await club.say("Ben", "/my quotes"))


def test_a_part_of_ones_own_name_is_a_credit() -> None:
    names = ("Ada Lovelace", "countess_ada")
    assert all(may_credit(part, names) for part in ("Ada", "ada lovelace", "A. Lovelace", "Ada L.", "@countess_ada"))
    assert not any(may_credit(other, names) for other in ("A. L.", "Ada Turing", "Lady", "…", ""))


async def test_a_quote_after_the_draft_comes_into_it_and_moderators_are_told(club: Harness) -> None:
    await set_up_week(club)
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition item write 1 why "It settles an old question."')
    shown = await club.say("Ben", '/my quote 1 words="Short and clear"')
    assert "It is now in the draft" in words(shown)
    [told] = [card for card in club.gateway.cards("mods") if card.title == "A quote was added to the draft"]
    assert "Ben allowed a quote about #1" in words(told)
    await club.say("Ben", '/my quote 1 words="Short and clear" credit=none')
    assert await remarks_in_draft(club) == [("Short and clear", "a member")]
    await say_as_moderator(club, "/edition undo")
    assert await remarks_in_draft(club) == [("Short and clear", "a member")], "it is no change of the moderators"
    await say_as_moderator(club, "/edition approve now")
    late = await club.say("Cy", '/my quote 1 words="Too late for this one"')
    assert "already approved, so the quote will not be in it" in words(late)
    assert await remarks_in_draft(club) == [("Short and clear", "a member")]
    await club.say("Ben", "/my data delete sure=yes")
    redrawn = [card for where, card in club.gateway.edits if where.room == "mods" and "quote" in card.title]
    assert "Short and clear" not in words(redrawn[-1])


async def test_what_is_taken_back_after_it_was_published_is_told_to_the_moderators(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await publish_edition(club)
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    assert any("withdrew" in words(card) and "Too bold of me" in words(card) for card in club.gateway.cards("mods"))
    assert "You have no quotes" in words(await club.say("Ada", "/my quotes"))


async def test_what_is_taken_back_leaves_an_approved_edition_which_stays_approved(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    assert any("which stays approved" in words(card) for card in club.gateway.cards("mods"))
    club.clock.advance(days=1, hours=1)
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    await Scheduler(club.app).tick()
    made = await edition_numbered(club)
    assert (made.state, made.sha) == ("published", sha256(made.document))
    assert "Too bold" not in str(made.document)
    assert "Too bold" not in words(club.gateway.cards("digest"))


async def test_what_is_taken_back_comes_into_no_draft_again(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, '/edition write headline text="One change"')
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    await say_as_moderator(club, "/edition undo")
    assert "Too bold" not in str((await edition_numbered(club)).document), "no undo brings it back"
    await say_as_moderator(club, "/edition draft")
    assert "Too bold" not in str((await edition_numbered(club)).document)


async def test_what_is_taken_back_while_it_is_posted_is_redrawn(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", '/my quote 1 words="Too bold of me"')
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition approve now")
    assert (await edition_numbered(club)).state == "approved", "it is being posted"
    assert "Too bold" in words(club.gateway.cards("digest"))
    await press(club, await club.say("Ada", "/my quotes"), "Withdraw", "Ada")
    for _ in range(2):
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()
    made = await edition_numbered(club)
    assert made.state == "published"
    assert "Too bold" not in str(made.document)
    redrawn = [card for where, card in club.gateway.edits if where.room == "digest" and "Attention" in card.title]
    assert "Too bold" not in words(redrawn[-1])
    await say_as_moderator(club, '/edition correct nothing item=1 erratum="One more thing."')
    assert "One more thing." in words([card for where, card in club.gateway.edits if "Attention" in card.title][-1])


async def test_nobody_takes_back_what_another_said(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION)
    await club.say("Ada", '/my quote 1 words="Mine"')
    assert "no quote with that number" in words(await club.say("Ben", "/my unquote 1"))
    assert "Mine" in words(await club.say("Ada", "/my quotes"))


def test_only_ones_own_words_can_be_quoted() -> None:
    assert quote_from(" Great! ", own=True, url="https://a.test") == Call.of(
        "my quote", words="Great!", url="https://a.test"
    )
    for text, own in (("Great!", False), (" ", True), ("a" * 1001, True)):
        with pytest.raises(UserError):
            quote_from(text, own=own)


async def test_a_moderator_reaches_the_overview_from_a_card_a_thread_or_a_link(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    mo = Requester("mo", "Mo", moderates=True)

    async def meant(message: str, where: Location) -> Call:
        return await curate_from(await identify(club.app, mo, where), message)

    assert await meant("anything", Location("wall", "W1", "papers", message="m3")) == Call.of("curate show", 2)
    link = f"https://arxiv.org/abs/{ATTENTION}"
    assert await meant(f"see {link} there", Location("wall", "W1", "papers", message="other")) == Call.of(
        "curate show", link
    )
    async with club.app.store.begin(CLUB) as db:
        await db.discussions.open(1, 1, "papers", "t-9", "", club.clock())
    assert await meant("nice", Location("wall", "W1", "papers", "t-9", "m9")) == Call.of("curate show", 1)
    with pytest.raises(UserError, match="which paper"):
        await meant("hello", Location("wall", "W1", "papers", message="other"))
