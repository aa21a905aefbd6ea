"""An edition by hand: order, citations, a paper's own figure, source files and credits, the same on every platform."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.paper_figures import License, PaperFigure, PaperFigures
from bot.editions.model.document import Document, from_json
from tests.scenarios.stages import Stage
from tests.scenarios.test_curation import with_papers
from tests.scenarios.test_edition import publish
from tests.scenarios.test_figures import picture, put
from tests.stand_ins import Harness

ATTENTION = "1706.03762"
SAID = "we were surprised to see it work"
TALK = "<html><body><h1>Talk</h1><p>Then we were <b>surprised</b> to see it work, at last.</p></body></html>"


class PaperPages:
    """Pages of papers with two figures each, which everybody may show."""

    async def figures(self, arxiv_id: str, version: int) -> PaperFigures | None:
        shown = (PaperFigure(n, f"Figure {n}", f"Part {n} of it", f"https://arxiv.org/x{n}.png") for n in (1, 2))
        return PaperFigures(License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"), tuple(shown))

    async def picture(self, figure: PaperFigure) -> bytes:
        return picture()


@pytest.fixture
def played_in(played_in: Harness) -> Harness:
    """The club, before a platform has joined it, with papers' own pages."""
    played_in.change(figure_source=PaperPages())
    return played_in


async def draft(played_in: Harness) -> Document:
    async with played_in.app.store.read(1) as db:
        edition = await db.editions.current()
    assert edition is not None
    return from_json(edition.document)


@pytest.mark.slow
async def test_an_edition_is_written_by_hand(
    stage: Stage, played_in: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga = await stage.enter("Olga", "admin")
    ada, barbara = await with_papers(stage)
    for setting in ("writer nobody", "references cited"):
        await olga.say(f"/clubadmin settings {setting}")
    await ada.say('/my quote 1 words="The ablation is the best part" credit="Geoffrey Hinton"')
    await ada.say("/my quote 1 words=The ablation is the best part")
    for number in (1, 2, 3):
        await barbara.say(f"/curate pick {number} {number} theme=Reading")

    # -- a draft without generated texts, in an order of one's own -----------------------------------------------------
    await barbara.say("/edition draft")
    made = await draft(played_in)
    assert all(not item.why and not item.insights and not item.passages for item in made.items)
    assert "Summaries from" not in {credit.role for credit in made.credits}
    await barbara.say("/edition order 3 1 2")
    assert [item.brought for item in (await draft(played_in)).items] == [3, 1, 2]
    assert "in your list twice" in await barbara.say("/edition order 2 2")

    # -- citations: by key, by number, of nothing ----------------------------------------------------------------------
    shown = await barbara.say('/edition cite title="The Bitter Lesson" authors="Rich Sutton" year=2019')
    assert "The Bitter Lesson" in shown
    lesson = re.findall(r"\[(\d+)\]", shown)[0]
    text = f"It rests on [@{ATTENTION}], not on [{lesson}], and never on [77]."
    shown = await barbara.say(f'/edition item write "Less is More" why text="{text}"')
    assert "Not in the references: [77]" in shown
    assert f"[{lesson}] Rich Sutton" in shown or "The Bitter Lesson" in shown
    assert "citation “[77]” without a reference" in await barbara.say("/edition approve now")
    await barbara.say(f'/edition item write "Less is More" why text="{text.replace(", and never on [77]", "")}"')
    await barbara.say("/edition item drop Markovian")
    await barbara.say("/edition preview markdown")
    _, exported = await barbara.file()
    listed = exported.partition("## References")[2].partition("## ")[0]
    numbers = {
        title: number for number, title in re.findall(r"\\\[(\d+)\\\] .*?(Bitter Lesson|Attention Is|Less is)", listed)
    }
    assert sorted(numbers) == ["Attention Is", "Bitter Lesson"], "only what is cited, each with a number"
    why = next(line for line in exported.splitlines() if "It rests on" in line)
    assert re.findall(r"\d+", why) == [numbers["Attention Is"], numbers["Bitter Lesson"]], "and texts follow"

    # -- a figure of the paper's page, and a source given as a file ----------------------------------------------------
    assert "Part 2 of it" in await barbara.say('/edition item figure "Attention Is All"')
    await barbara.say('/edition item figure "Attention Is All" number=2')
    shown = await barbara.say(f'/edition item write "Attention Is All" passages text="> {SAID}" more=yes')
    assert "1 quote not found" in shown
    file = put(stage, tmp_path, monkeypatch, TALK.encode(), "talk.html")
    assert "Now verified: 1 quote" in await barbara.say(
        f'/edition source "Attention Is All" file={file} name="the talk"'
    )

    # -- nobody is made to say what they did not say -------------------------------------------------------------------
    await barbara.say('/edition item write "Less is More" passages text="→ @Ada: I hate you all"')

    await barbara.say("/edition approve now")
    await publish(stage, played_in)
    posted = await stage.channel_text("digest")
    async with played_in.app.store.read(1) as db:
        published = await db.editions.by_number(1)
    assert published is not None
    out = from_json(published.document)
    assert [item.brought for item in out.items] == [1, 2]
    assert posted.index("Attention Is All You Need") < posted.index("Less is More")
    for words in (SAID, "The ablation is the best part", "Part 2 of it", "I hate you all"):
        assert words in posted
    assert "Hinton" not in posted
    if stage.name != "console":
        assert [shown.alt for shown in stage.pictures()] == ["Part 2 of it"]
