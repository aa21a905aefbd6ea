"""Texts arrive as they were meant, in drafts, posts and files: paragraphs, lists with numbers of their own, cut quotes,
ranges of citations, and charts below zero; the same on every platform."""

from __future__ import annotations

import pytest

from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.scenarios.test_edition import publish
from tests.stand_ins import Harness

WHY = "It changed the field:\n\n- no recurrence\n- all positions at once\n\nand it is short."
NOTES = """> The Transformer, based solely on attention mechanisms, […] convolutions entirely

5) a list that begins at five
6) and goes on

```python
attend(q, k, v)
```

See [1–3], and [2, 3]."""


@pytest.mark.slow
async def test_texts_arrive_as_they_were_meant(stage: Stage, played_in: Harness) -> None:
    ada, barbara = await with_papers(stage)
    await barbara.say("/edition draft")
    shown = await barbara.say(f"/edition item write 1 why text='{WHY}'")
    assert "all positions at once" in shown
    shown = await barbara.say(f"/edition item write 1 passages text='{NOTES}'")
    assert "not found in any source" not in shown, "words may be left out of a quote"
    assert "[3]" in shown, "what a range cites is named, number by number"
    points = "2019: -3.5, 2020: 0, 2021: 4"
    chart = await barbara.say(f'/edition chart "Change" points="{points}" unit="%"')
    assert "−3.5%" in chart
    assert "two numbers" in await barbara.say('/edition chart "Change" points="2019: 1 2020: 2"')

    await barbara.say("/edition preview markdown")
    _, exported = await barbara.file()
    assert "→ It changed the field:\n\n- no recurrence\n- all positions at once\n\nand it is short." in exported
    assert "5. a list that begins at five\n6. and goes on" in exported
    assert "```python\nattend(q, k, v)\n```" in exported
    await barbara.say("/edition order 3 2 1")
    await barbara.say("/edition preview markdown")
    _, moved = await barbara.file()
    assert "See \\[1\\], \\[3\\], \\[2\\], and \\[3\\], \\[2\\]." in moved, "the numbers go with their works"

    await barbara.say("/edition approve now")
    await publish(stage, played_in)
    posted = await stage.channel_text("digest")
    for words in (
        "It changed the field:",
        "all positions at once",
        "and it is short.",
        "5.",
        "a list that begins at five",
    ):
        assert words in posted, words
    await barbara.say('/edition correct why "It changed much:\n\n- one\n- two" "The list was wrong." item=1')
    await stage.settle()
    await ada.say("/digest read 1 markdown")
    _, corrected = await ada.file()
    assert "→ It changed much:\n\n- one\n- two" in corrected
    for form, mark in (("html", '<ol start="5">'), ("email", 'start="5"')):
        await ada.say(f"/digest read 1 {form}")
        _, content = await ada.file()
        assert mark in content
        assert "<li" in content
