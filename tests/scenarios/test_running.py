"""Administration and notifications, as the same conversation on every platform."""

from __future__ import annotations

from bot.runtime.scheduler import Scheduler
from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.stand_ins import Harness


async def test_an_admin_runs_the_club(stage: Stage) -> None:
    admin = await stage.enter("Katherine", "admin")
    assert "The club is set up" in await admin.say("/clubadmin setup")
    assert "papers" in (await admin.say("/clubadmin channels")).lower()
    assert "Topic added" in await admin.say("/clubadmin topics add Reasoning")
    assert "Reasoning" in await admin.say("/clubadmin topics")
    ada = await stage.enter("Ada")
    await ada.say("/paper submit 1706.03762 topic=Reasoning")
    assert "Reasoning" in await ada.say("/paper show 1")
    assert "Nobody has been given a role" in (await admin.say("/clubadmin roles")).replace("’", "'")
    assert "is paused" in await admin.say("/clubadmin pause reason=summer")
    assert "running again" in await admin.say("/clubadmin resume")
    assert "Database" in await admin.say("/clubadmin doctor")
    await admin.say("/clubadmin test digest")
    assert "nothing to do" in (await stage.channel_text("digest"))
    barbara = await stage.enter("Barbara", "moderator")
    assert "summer" in await barbara.say("/curate log")


async def test_a_moderator_keeps_back_corrects_and_answers(stage: Stage) -> None:
    ada, barbara = await with_papers(stage)
    assert "held back" in await barbara.say("/curate hold 1 reason=wait for v2")
    assert "wait for v2" in await barbara.say("/curate queue held")
    assert "held" in await barbara.say("/curate show 1")
    assert "A better title" in await barbara.say("/curate edit 2 title=A better title")
    assert "A better title" in await ada.say("/paper show 2")
    await ada.say("/paper report 3 summary the numbers are wrong")
    assert "the numbers are wrong" in await barbara.say("/curate case 1")
    assert "mended it" in await barbara.say("/curate case 1 resolve mended it")
    assert "mended it" not in await barbara.say("/curate queue reported")


async def test_the_next_edition_is_moved_and_given_up(stage: Stage, played_in: Harness) -> None:
    ada, barbara = await with_papers(stage)
    await Scheduler(played_in.app).tick()
    await ada.say("/digest suggest theme title=Small models")
    await barbara.say("/edition draft template=best-of")
    assert "is set for" in await barbara.say("/edition schedule fri 17:00")
    assert "approved" in await barbara.say("/edition approve")
    assert "draft again" in (await barbara.say("/edition unapprove")).lower()
    await barbara.say("/edition skip reason=a holiday week")
    await stage.settle()
    assert "No edition this time" in await stage.channel_text("digest")
    assert "a holiday week" in await stage.channel_text("digest") or stage.name == "console"
    assert "published" in (await ada.say("/digest list")).lower()


async def test_members_say_how_they_want_it_and_what_may_be_quoted(stage: Stage) -> None:
    ada, _ = await with_papers(stage)
    assert "summaries: only the abstract" in await ada.say("/my prefs summaries=abstract")
    assert "the abstract of version" in await ada.say("/paper summary 1")
    assert "The club may quote you now" in await ada.say("/my quote 1 words=The ablation is the best part")
    assert "The ablation is the best part" in await ada.say("/my quotes")
    assert "Withdrawn" in await ada.say("/my unquote 1")
    assert "Attention" not in await ada.say("/my votes")
    assert "Your code" in await ada.say("/my link")
    assert "No accounts are linked" in await ada.say("/my unlink")
