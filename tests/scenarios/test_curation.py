"""Moderators' actions, as the same conversation on every platform."""

from __future__ import annotations

from tests.protocol.discord_server import ActionUnavailable
from tests.scenarios.stages import Person, Stage


async def with_papers(stage: Stage) -> tuple[Person, Person]:
    """A member who submitted three papers, and a moderator."""
    ada, barbara = await stage.enter("Ada"), await stage.enter("Barbara", "moderator")
    for id in ("1706.03762", "2510.04871", "2510.06557"):
        await ada.say(f"/paper submit {id}")
    return ada, barbara


async def refused(somebody: Person, line: str) -> bool:
    """True if a command is refused: by the club, or by a platform that does not offer it."""
    try:
        return "is for this club’s" in await somebody.say(line)
    except ActionUnavailable:
        return True


async def test_a_member_may_not_curate(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    for line in ("/curate pick 1", "/curate drop 1 reason=spam", "/edition draft", "/clubadmin settings"):
        assert await refused(ada, line), line
    assert await refused(barbara, "/clubadmin settings"), "a moderator is no admin"
    assert "new" in (await barbara.say("/curate queue")).lower()


async def test_a_paper_is_shortlisted_picked_and_taken_back_and_the_log_knows(stage: Stage) -> None:
    _, barbara = await with_papers(stage)
    assert "shortlist" in await barbara.say("/curate shortlist 2")
    shown = await barbara.say("/curate pick 2 theme=Tiny networks note=Read this first")
    assert "Tiny networks" in shown
    assert "Read this first" in shown
    assert "already" in (await barbara.say("/curate pick 2")).lower()
    await barbara.say("/curate unpick 2")
    log = await barbara.say("/curate log 2")
    assert log.index("unpicked #2") < log.index(" picked #2") < log.index("shortlisted #2"), "the latest first"


async def test_a_dropped_paper_is_struck_from_the_card_and_can_be_restored(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    assert "removed from the list" in await barbara.say("/curate drop 1 reason=off-topic")
    assert "no longer be voted for" in await ada.say("/paper vote 1")
    await barbara.say("/curate restore 1")
    assert "is saved" in await ada.say("/paper vote 1")


async def test_the_votes_of_a_merged_duplicate_are_united(stage: Stage) -> None:
    _, barbara = await with_papers(stage)
    grace, alan = await stage.enter("Grace"), await stage.enter("Alan")
    await grace.say("/paper vote 1")
    await grace.say("/paper vote 2")
    await alan.say("/paper vote 1")
    await barbara.say("/curate merge 1 2")
    await barbara.press("Merge")
    assert "2 votes" in await grace.say("/paper vote 2"), "two people, one ballot each"
    shown = await grace.say("/paper show 1")
    assert "Recursive Reasoning" in shown, "the old number leads to the paper it was merged into"


async def test_a_report_reaches_the_moderators(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    assert "1" in await ada.say("/paper report 1 summary the numbers are wrong")
    assert "the numbers are wrong" in await stage.channel_text("moderators")
    assert "the numbers are wrong" in await barbara.say("/curate queue reported")


async def test_a_member_is_paused_told_why_and_resumed_and_members_may_read_the_log(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    assert await refused(ada, "/curate member Barbara")
    shown = await barbara.say("/curate member Ada pause days=2 reason=three papers off topic")
    assert "cannot submit papers until" in shown
    assert "three papers off topic" in await ada.direct_messages()
    assert "paused your submissions" in await ada.say("/paper submit 2012.12877")
    assert "can submit papers again" in await barbara.say("/curate member Ada resume")
    assert "on the list" in await ada.say("/paper submit 2012.12877")
    assert "to moderators only" in await ada.say("/club log")
    root = await stage.enter("Root", "admin")
    await root.say("/clubadmin settings open_log yes")
    await barbara.say("/curate hold 1 reason=no code yet")
    log = await ada.say("/club log")
    assert "no code yet" in log
    assert "three papers off topic" not in log


async def test_a_case_goes_to_the_admins_and_its_reporter_is_told(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    await ada.say("/paper report 1 author please correct my name")
    assert "Passed to the admins" in await barbara.say("/curate case 1 escalate it is a lawyer's letter")
    assert "was passed to the club’s admins" in await ada.direct_messages()
    assert "One of them will answer it" in await barbara.say("/curate case 1 resolve")
    if stage.name == "discord":
        return  # there, an admin's commands for moderators need a right that this admin does not have
    root = await stage.enter("Root", "admin")
    assert "Resolved" in await root.say("/curate case 1 resolve the name is correct now")
    assert "the name is correct now" in await ada.direct_messages()
    await barbara.say("/curate case 1 reopen")
    assert "is open again" in await ada.direct_messages()
