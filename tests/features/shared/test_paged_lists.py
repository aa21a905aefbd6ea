"""Pages of lists: from one beyond the last, a button leads to the first, which has something to show."""

from __future__ import annotations

import pytest

from tests.features.conversation import (
    ATTENTION,
    DISTILLATION,
    press,
    set_moderators_channel,
    submit_papers,
)
from tests.stand_ins import Harness, words


@pytest.mark.parametrize(
    ("line", "shows"),
    [
        ("/paper top all page=9", "Attention"),
        ("/paper find since=2020-01-01 page=9", "Attention"),
        ("/paper find attention page=3", "Attention"),
        ("/my list page=5", "Attention"),
        ("/my quotes page=5", "a fine proof"),
        ("/club log page=40", "settings"),
        ("/club meetings page=7", "Meeting 1"),
        ("/club meetings words=lemma page=7", "lemma"),
        ("/curate log page=12", "settings"),
        ("/curate queue page=8", "Training data-efficient"),
        ("/clubadmin runs recent page=6", "part"),
    ],
)
async def test_a_page_beyond_the_last_leads_to_the_first(club: Harness, line: str, shows: str) -> None:
    await set_moderators_channel(club)
    await club.say("Kay", "/clubadmin settings open_log yes", admin=True)
    await submit_papers(club, "Ada", ATTENTION)
    await submit_papers(club, "Ada", DISTILLATION)
    for typed in ("/my save 1", '/my quote 1 "a fine proof"', "/curate meeting plan 2026-01-08 16:00 title=lemma"):
        assert not (await club.say("Kay", typed, admin=True)).failed
    beyond = await club.say("Kay", line, admin=True)
    assert "no more pages" in words(beyond)
    first = await press(club, beyond, "First page", "Kay", admin=True)
    assert "no more pages" not in words(first)
    assert shows in words(first)
