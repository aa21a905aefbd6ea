"""Several links at once: one answer that lists each outcome."""

from __future__ import annotations

from tests.features.conversation import ATTENTION, DISTILLATION, submit_papers
from tests.features.edition_steps import say_as_moderator
from tests.stand_ins import Harness, words


async def test_links_of_several_lines_are_all_submitted(club: Harness) -> None:
    answer = await club.say(
        "Ada", f"/paper submit https://arxiv.org/abs/{ATTENTION}\nhttps://arxiv.org/abs/{DISTILLATION}\n2401.00001"
    )
    assert answer.card.title == "2 links submitted, 1 not"
    assert words(answer).count("not submitted") == 1
    for between in (", ", " and ", ", und "):
        again = await club.say("Ada", f"/paper submit {ATTENTION}{between}{DISTILLATION}")
        assert again.card.title == "2 links submitted"


async def test_a_reason_with_a_link_in_it_stays_a_reason(club: Harness) -> None:
    answer = await club.say("Ada", f"/paper submit {ATTENTION} see also https://arxiv.org/abs/{DISTILLATION}")
    assert "submitted" not in answer.card.title
    assert not answer.failed


async def test_several_papers_are_picked_in_the_order_of_the_list(club: Harness) -> None:
    await submit_papers(club, "Ada", ATTENTION, DISTILLATION)
    answer = await say_as_moderator(club, "/curate pick 2,1,7 1 theme=Vision")
    assert answer.card.title == "2 papers picked, 1 not"
    assert "7: not picked" in words(answer)
    await say_as_moderator(club, "/edition draft")
    shown = words(await say_as_moderator(club, "/edition edit"))
    assert shown.index("distillation") < shown.index("Attention")
