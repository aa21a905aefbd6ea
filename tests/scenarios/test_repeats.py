"""Repeats: what is said or pressed again changes nothing, and the answer says so."""

from __future__ import annotations

from bot.runtime.scheduler import Scheduler
from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.stand_ins import Harness

AGAIN = (
    "/my prefs dm=no",
    "/my prefs timezone=Europe/Berlin",
    "/my papers off",
    '/my quote 1 words="The second table says it all"',
    "/my unquote 1",
    "/my note 2 look at lemma 3",
    "/my note 2 away=yes",
    "/my save 1",
    "/paper vote 2",
    "/paper skip 2",
)
"""What a member does with effect, and then once more without."""
AGAIN_BY_MODERATOR = (
    "/curate shortlist 1",
    "/curate hold 2 reason=“too early”",
    "/curate meeting plan every Thursday 16:00",
    "/curate meeting plan 2027-01-12 18:30",
)
SAYS_SO = ("Nothing to change", "lready")


async def test_what_a_member_does_twice_is_said_to_be_a_repeat(stage: Stage) -> None:
    await with_papers(stage)
    grace = await stage.enter("Grace")
    await grace.say("/my papers on")
    for line in AGAIN:
        first = await grace.say(line)
        assert not any(words in first for words in SAYS_SO), line
        second = await grace.say(line)
        assert any(words in second for words in SAYS_SO), f"{line}: {second}"


async def test_what_a_moderator_does_twice_is_said_to_be_a_repeat(stage: Stage) -> None:
    _, barbara = await with_papers(stage)
    for line in AGAIN_BY_MODERATOR:
        first = await barbara.say(line)
        assert not any(words in first for words in SAYS_SO), f"{line}: {first}"
        second = await barbara.say(line)
        assert any(words in second for words in SAYS_SO), f"{line}: {second}"
    assert (await barbara.say("/club meetings")).count("16:00 (UTC)") == 6, "the series was planned once"
    other = await barbara.say('/curate meeting plan 2027-01-12 18:30 title="A second room"')
    assert "is planned" in other


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
