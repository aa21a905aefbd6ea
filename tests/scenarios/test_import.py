"""A newsletter written by hand becomes the draft, as the same conversation on every platform."""

from __future__ import annotations

from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.stand_ins import Harness

NEWSLETTER = """# A week of second looks

Good news for those who read slowly.

## Language models

### [Attention, five years on](https://arxiv.org/abs/1706.03762)

Why → It is where most of this began.

1. Ask

2. Look

“dispensing with recurrence and convolutions entirely”

## News

- The deadline of [a conference](https://conference.example/dates) moved by a week."""


async def test_a_pasted_newsletter_is_shown_and_then_made_the_draft(stage: Stage, played_in: Harness) -> None:
    _, barbara = await with_papers(stage)
    shown = await barbara.say(f"/edition import text='{NEWSLETTER}'")
    assert "A week of second looks" in shown
    assert "On the club’s list: 1" in shown
    assert "New: 1" in shown
    made = await barbara.press("Create the draft")
    assert "Imported: 2 items" in made
    assert "five years on" in await barbara.say("/edition preview page=2") + await barbara.say(
        "/edition preview page=3"
    )
    assert "Undone: the import" in await barbara.say("/edition undo")
