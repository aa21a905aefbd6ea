"""Repeats: what is said or pressed again changes nothing, and the answer says so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.runtime.scheduler import Scheduler
from tests.scenarios.stages import Person, Stage
from tests.scenarios.test_curation import with_papers
from tests.stand_ins import Harness

SAYS_SO = ("Nothing to change", "lready", "not voted", "not nominated", "nothing to cancel")
ONCE = "once "
"""Mark of a line that only prepares the next ones."""

MEMBERS = (
    "Ada: /paper submit 2510.06557 so that it ends",
    "Grace: /paper submit 2510.04871",
    "Grace: /paper submit 1706.03762 it began here",
    "Grace: /paper vote 2",
    "Grace: /paper vote 2 back=yes",
    "Grace: /paper skip 2",
    "Grace: /paper add-link 1 code https://github.com/tensorflow/tensor2tensor",
    "Grace: /my prefs dm=no",
    "Grace: /my prefs timezone=Europe/Berlin",
    "Grace: /my save 2",
    "Grace: /my done 2",
    "Grace: /my note 2 look at lemma 3",
    "Grace: /my note 2 away=yes",
    "Grace: /my follow keyword diffusion",
    "Grace: /my unfollow keyword diffusion",
    "Grace: /my papers on",
    "Grace: /my papers off",
    'Grace: /my quote 1 words="The second table says it all"',
    "Grace: /my unquote 1",
    "Grace: /digest suggest news https://example.org/story",
    "Grace: /club nominate 1",
    "Grace: /club nominate 1 why=new to all of us",
    "Grace: /club nominate 1 back=yes",
    "once Grace: /club nominate 1",
    "once Ada: /club nominate 2",
    "Barbara: /curate ballot open until=2025-12-12 16:00",
    "Grace: /club choose 1",
    "Grace: /club choose none",
    "Barbara: /curate ballot move until=2025-12-13 16:00",
    "Barbara: /curate ballot cancel",
    "Grace: /paper report 1 quote that is not in the paper",
    "Ada: /paper withdraw 3",
)
MEETINGS = (
    "Barbara: /curate meeting plan 2025-12-20 16:00 title=X",
    "Barbara: /curate meeting plan every Thursday 16:00",
    "Grace: /club rsvp yes 1",
    "Grace: /club rsvp no 1",
    "Grace: /club present 1",
    "Grace: /club hand-over Ada 1",
    "Ada: /club offer 1 accept",
    "Ada: /club present 1 release",
    "Grace: /club ask Does lemma 3 need the bound? meeting=1",
    "Ada: /club upvote 1",
    "Ada: /club upvote 1 back=yes",
    "Grace: /club questions 1 remove=1",
    'Barbara: /curate meeting record 1 agenda="Summary 10, Questions 20"',
    "Barbara: /curate meeting record 1 notes_by=Ada slides=https://example.org/s",
    'Barbara: /curate meeting edit 1 place="Room 2" paper=2 presenter=Grace',
    "Barbara: /curate meeting move 1 2025-12-21 17:00",
    'Barbara: /curate meeting move 2 "every Friday 15:00" series=yes',
    "Barbara: /curate meeting cancel 1 reason=closed",
    "Barbara: /curate meeting restore 1",
    "Barbara: /curate meeting cancel 2 series=yes",
    "Barbara: /curate meeting restore 2 series=yes",
    "Barbara: /curate meeting holidays 2025-12-24..2026-01-03",
    "Barbara: /curate meeting holidays 2025-12-24 remove=yes",
)
MODERATION = (
    "once Grace: /paper vote 1",
    "Barbara: /curate shortlist 1",
    "Barbara: /curate hold 1 wait for v2",
    "Barbara: /curate drop 1 off topic",
    "Barbara: /curate restore 1",
    "Barbara: /curate pick 1",
    "Barbara: /curate unpick 1",
    'Barbara: /curate edit 1 title="A shorter title"',
    "Barbara: /curate merge 3 into 2 sure=yes",
    "Barbara: /curate member Ada note asked twice",
    "Barbara: /curate member Ada pause days=2 reason=off topic",
    "Barbara: /curate member Ada resume",
    "Barbara: /curate votes 1 exclude who=Grace",
    "Barbara: /curate votes 1 count who=Grace",
    "once Grace: /paper report 1 quote that is not in the paper",
    "Barbara: /curate case 1 fixed",
    "Barbara: /curate case 1 reopen",
    "Root: /clubadmin settings items 8",
    "Root: /clubadmin topics add NLP",
    "Root: /clubadmin topics rename NLP to LLM",
    "Root: /clubadmin topics remove LLM",
    "Root: /clubadmin pause summer",
    "Root: /clubadmin resume",
)
DRAFT = (
    "once Barbara: /edition draft",
    'Barbara: /edition write headline "Vision"',
    'Barbara: /edition item write 1 why "It settles an old question."',
    "Barbara: /edition item move 2 1 section=Architectures",
    "Barbara: /edition item abstract 1",
    'Barbara: /edition item add news https://2021.emnlp.org/ title="EMNLP"',
    "Barbara: /edition item drop 2",
    'Barbara: /edition cite title="Bitter Lesson" authors="Rich Sutton" year=2019',
    'Barbara: /edition credit "Figures by" Ada, Ben',
    'Barbara: /edition chart "Papers a year" points="2019: 1200, 2020: 1680" unit=papers',
    'Barbara: /edition quote 1 text="dispensing with recurrence and convolutions entirely"',
    "Barbara: /edition schedule fri 17:00",
    "once Barbara: /edition approve now",
)
SCRIPTS = {"members": MEMBERS, "meetings": MEETINGS, "moderation": MODERATION, "draft": DRAFT}
"""What changes something, said with effect and then once more without."""
PLAYED = {
    "console": ("members", "meetings", "moderation", "draft"),
    "slack": ("members", "meetings"),
    "discord": ("moderation", "draft"),
}
"""Each script is played at the terminal and on one platform: the answers are the same everywhere."""
ROLES = {"Barbara": "moderator", "Root": "admin"}


async def say_twice(stage: Stage, lines: Sequence[str]) -> None:
    """Say each line twice: only the second answer says that it is a repeat."""
    people: dict[str, Person] = {}
    for each in lines:
        who, _unused, line = each.removeprefix(ONCE).partition(": ")
        if who not in people:
            people[who] = await stage.enter(who, ROLES.get(who, "member"))
        first = await people[who].say(line)
        if each.startswith(ONCE):
            continue
        assert not first.startswith(("│ Nothing to change", "Nothing to change")), f"{line}: {first}"
        second = await people[who].say(line)
        assert second != first, f"{line}: {second}"
        assert any(words in second for words in SAYS_SO), f"{line}: {second}"


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.slow
async def test_what_is_said_twice_is_said_to_be_a_repeat(stage: Stage, name: str) -> None:
    if name not in PLAYED[stage.name]:
        return
    await with_papers(stage)
    await say_twice(stage, SCRIPTS[name])


async def test_a_published_draft_is_named_where_it_was_meant(stage: Stage, played_in: Harness) -> None:
    _, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    await barbara.say("/edition approve now")
    await stage.settle()
    await Scheduler(played_in.app).tick()
    for line in ("/edition approve", "/edition unapprove", "/edition schedule fri 18:00", "/edition item drop 1"):
        assert "No. 1 is already published" in await barbara.say(line), line


async def test_a_place_is_not_emptied_twice_by_one_line_said_twice(stage: Stage) -> None:
    _, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    for number in (1, 2):
        await barbara.say(f'/edition item add news https://example.org/{number} title="Story {number}"')
    assert "Removed: Story 1" in await barbara.say("/edition item drop 4")
    assert "Place 4 is now “Story 2”. Remove it, too?" in await barbara.say("/edition item drop 4")
    assert "Removed: Story 2" in await barbara.press("Remove it, too")


@pytest.mark.slow
async def test_editions_are_corrected_recalled_and_skipped_once(stage: Stage, played_in: Harness) -> None:
    """Where a repeat would do the next thing of its kind, it is asked about or refused."""
    _, barbara = await with_papers(stage)
    recalled = '/edition recall "the wrong draft went out" sure=yes'
    corrected = '/edition correct title "Thinking twice" "The title was dull."'
    for _unused in range(2):
        await barbara.say("/edition draft")
        await barbara.say("/edition approve now")
        await stage.settle()
        await Scheduler(played_in.app).tick()
        played_in.clock.advance(hours=1)
        await barbara.say("/paper submit 2510.04399")
    assert "Correction 1" in await barbara.say(corrected)
    assert "already corrected like that" in await barbara.say(corrected)
    assert "No. 2 was recalled" in await barbara.say(recalled)
    assert "No. 2 is already recalled" in await barbara.say(recalled)
    assert "No. 1 was recalled" in await barbara.say(recalled.replace("recall", "recall No. 1", 1))
    assert "No edition is published now" in await barbara.say(recalled)
    skipped = '/edition skip "a holiday"'
    assert "It was due on" in await barbara.say(skipped)
    await Scheduler(played_in.app).tick()
    assert "is already skipped" in await barbara.say(skipped)
    assert "It was due on" in await barbara.press("Skip it, too")
