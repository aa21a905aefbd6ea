"""Suggestions for the next edition: used once, and returned if the edition is skipped."""

from __future__ import annotations

from bot.domain.models import Suggestion
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import (
    CLUB,
    submit_papers,
)
from tests.features.edition_steps import (
    AGENTS,
    document_of,
    say_as_moderator,
    set_up_week,
)
from tests.stand_ins import Harness


async def waiting_sections(club: Harness) -> list[str]:
    """Sections of the suggestions that are still waiting."""
    async with club.app.store.read(CLUB) as db:
        found: list[Suggestion] = list(await db.suggestions.waiting())
    return [suggestion.section for suggestion in found]


async def test_news_and_code_that_members_suggest_are_in_it_once(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", '/digest suggest news https://2021.emnlp.org/ title="EMNLP is held" note="In *two* places"')
    await club.say("Ben", "/digest suggest code https://github.com/google-research/scenic")
    await club.say("Ben", "/paper submit https://github.com/google-research/vision_transformer The code of ViT")
    await club.say("Cy", '/digest suggest theme title="Reasoning" note="everyone talks of it"')
    again = await club.say("Cy", "/digest suggest code https://github.com/google-research/scenic")
    assert "Already suggested" in again.card.title
    await say_as_moderator(club, "/edition draft")
    made = await document_of(club)
    found = {section.title: [item.title for item in section.items] for section in made.sections}
    assert found["News"] == ["EMNLP is held"]
    assert found["Code"] == ["google-research/vision_transformer", "github.com/google-research/scenic"]
    assert [theme.line for theme in made.themes][-1] == "Reasoning (everyone talks of it)"
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    assert await waiting_sections(club) == ["theme"]
    club.clock.advance(days=7)
    await submit_papers(club, "Ada", AGENTS)
    await say_as_moderator(club, "/edition draft")
    assert [section.title for section in (await document_of(club, 2)).sections] == ["Reinforcement learning"]


async def test_suggestions_come_back_when_an_edition_is_given_up(club: Harness) -> None:
    await set_up_week(club)
    await club.say("Ada", "/digest suggest news https://2021.emnlp.org/")
    await say_as_moderator(club, "/edition draft")
    await say_as_moderator(club, "/edition schedule tue 10:00")
    await say_as_moderator(club, "/edition approve")
    assert await waiting_sections(club) == []
    await say_as_moderator(club, "/edition skip not now")
    assert await waiting_sections(club) == ["news"]
