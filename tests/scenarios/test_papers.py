"""Submitting, voting and discussing, as the same conversation on every platform."""

from __future__ import annotations

from tests.scenarios.stages import Stage


async def test_a_paper_is_brought_and_everyone_sees_its_card(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    shown = await ada.say("/paper submit https://arxiv.org/abs/1706.03762v5 why it all began")
    assert "on the list" in shown
    card = await stage.channel_text("papers")
    assert "Attention Is All You Need" in card
    assert "why it all began" in card
    assert "ada" in card.lower()


async def test_the_second_to_bring_it_is_sent_to_the_first(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    shown = await grace.say("/paper submit https://huggingface.co/papers/1706.03762 for the history")
    assert "already on the list" in shown
    assert "ada" in shown.lower()
    assert "for the history" in await stage.channel_text("papers") or stage.name == "console"


async def test_a_vote_shows_on_the_card_and_a_second_press_changes_nothing(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    await grace.say("/paper show 1")
    await grace.press("Vote")
    once = await stage.channel_text("papers")
    await grace.press("Vote")
    assert await stage.channel_text("papers") == once
    assert "1 vote" in await grace.say("/paper vote 1")


async def test_the_submitters_own_vote_is_told_not_to_rank(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 1706.03762")
    shown = await ada.say("/paper vote 1")
    assert "does not count" in shown
    assert "no votes from others" in shown


async def test_papers_like_one_are_shown(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 2012.12877")
    await ada.say("/paper submit 2010.11929")
    shown = await ada.say("/paper similar 1")
    assert "An Image is Worth 16x16 Words" in shown


async def test_an_unknown_command_is_answered_with_the_nearest(stage: Stage) -> None:
    if stage.name == "discord":
        return  # Discord offers only commands that exist
    ada = await stage.enter("Ada")
    assert "/paper submit" in await ada.say("/paper sumbit 1706.03762")


async def test_a_paper_that_arxiv_does_not_know_is_refused_in_plain_words(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    assert "has no paper" in await ada.say("/paper submit 2501.99999")
    assert await stage.channel_text("papers") == ""


async def test_a_reason_typed_with_care_outlives_a_wrong_link(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    refused = await ada.say('/paper submit 2501.99999 why the "attention" trick is worth an hour of ours')
    assert "has no paper" in refused
    assert "Your text is saved" in refused
    if stage.name != "console":  # there the arrow up has it
        stood, shown = await ada.fill("Change and try again", "Link", "1706.03762")
        assert stood == "2501.99999"
        assert "on the list" in shown
        assert 'why the "attention" trick is worth an hour of ours' in await stage.channel_text("papers")


async def test_whatever_people_write_never_pings_anyone(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    await ada.say(
        "/paper submit 1706.03762 <!channel> <@U1> @everyone <http://evil.test|arxiv.org> [x](http://evil.test)"
    )
    assert "Attention" in await stage.channel_text("papers")


async def test_why_prints_the_terms_of_the_rank(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    await grace.say("/paper vote 1")
    shown = await grace.say("/paper why 1")
    assert "Votes since the last edition" in shown
    assert "Points" in shown


async def test_who_comes_to_discuss_is_led_to_one_thread(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    assert "discussion" in (await ada.say("/paper discuss 1")).lower()
    assert "discussion" in (await grace.say("/paper discuss 1")).lower()
    assert "2" in await grace.say("/paper show 1")


async def test_ones_own_paper_can_be_taken_back_until_it_is_picked(stage: Stage) -> None:
    ada, grace = await stage.enter("Ada"), await stage.enter("Grace")
    await ada.say("/paper submit 1706.03762")
    assert "moderator" in await grace.say("/paper withdraw 1")
    assert "Withdrawn" in await ada.say("/paper withdraw 1")
    assert "no longer be voted for" in await grace.say("/paper vote 1")


async def test_what_was_typed_is_kept_after_a_short_slip_too(stage: Stage) -> None:
    ada = await stage.enter("Ada")
    refused = await ada.say("/paper vote 99")
    assert "no paper #99" in refused
    assert ("Your text is saved" in refused) == (stage.name != "console"), "the terminal has a history"


async def test_what_people_paste_becomes_the_right_paper(stage: Stage) -> None:
    ada, bob = await stage.enter("Ada"), await stage.enter("Bob")
    shown = await ada.say("/paper submit 1) **Paper:** https://arxiv.org/abs/1706.03762?context=cs.LG → no recurrence")
    assert "Attention Is All You Need" in shown
    await stage.settle()
    posted = await stage.channel_text("papers")
    assert "no recurrence" in posted
    assert "→" not in posted
    assert "already on the list" in await bob.say("/paper submit [1706.03762] Attention Is All You Need")
    unknown = await bob.say("/paper submit https://www.nature.com/articles/nature14539 a classic")
    assert "10.1038/nature14539" in unknown
    assert "The title was saved" in await bob.say('/paper title 2 "Deep learning, as I remember it"')
    assert "Deep learning, as I remember it" in await ada.say("/paper find remember")
    assert "already on the list" in await ada.say("/paper submit doi:10.1038/NATURE14539")
    assert "no longer shows version 6" in await ada.say("/paper changes 1")
