"""T13: what is typed into a search is words: no operator, no column, no wildcard, and nothing of another club."""

from __future__ import annotations

from tests.features.conversation import ATTENTION, DISTILLATION, submit_papers
from tests.features.conversation import set_moderators_channel as set_up
from tests.stand_ins import Harness, words

TYPED = (
    '"', "'", "title:attention", "NEAR(a, b)", "-attention", "attention AND", "attention OR", "NOT attention", "a*",
    "^a", "attention) OR (1=1",
    "'; DROP TABLE submission; --", "%", "_", "%%%_", "\\", "\x00attention", '"attention', "((((",
    "{attention}", "attention NEAR/3 need",
    "::", "a:b:c", "🙂", "\u202e", "' UNION SELECT token FROM installation --",
    "x" * 5_000, " ".join(f"w{n}" for n in range(400)),
)  # fmt: skip


async def test_every_odd_search_is_answered(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    for typed in TYPED:
        for line in (f"/paper find {typed}", f"/paper show {typed}", f"/curate log who={typed}"):
            answer = await club.say("Ada", line, moderator=True)
            assert "on our side" not in words(answer), line
    assert "Attention" in words(await club.say("Ada", "/paper find attention"))
    for everything in ("%", "_", "a*", "' OR 1=1 --"):
        assert "Attention" not in words(await club.say("Ada", f"/paper find {everything}")), everything


async def test_no_search_finds_another_clubs_papers(club: Harness) -> None:
    await set_up(club)
    await submit_papers(club, "Ada", ATTENTION)
    for typed in ("attention", "attention) OR (1=1", "author:vaswani", '" OR club_id:1 "'):
        answer = await club.say("Eve", f"/paper find {typed}", workspace="W2")
        assert "Attention Is" not in words(answer), typed
