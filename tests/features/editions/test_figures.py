"""`/edition item figure`: pictures of items, from files and from papers whose license permits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from bot.chat.cards import FigurePart
from bot.chat.rich_text import Link
from bot.domain.figure_names import is_figure_name
from bot.domain.paper_figures import License, PaperFigure, PaperFigures
from bot.editions.model.blocks import Figure
from bot.editions.model.document import Document, from_json
from bot.editions.render import markdown
from bot.editions.render.attachments import attached
from bot.editions.render.figure_addresses import FigureAddresses, stored_figures
from bot.features.editions.publishing.publish import export
from bot.features.shared.editions.figure_loading import load_figures
from bot.runtime.scheduler import Scheduler
from tests.features.conversation import ATTENTION, CLUB, set_moderators_channel, submit_papers
from tests.features.edition_steps import cards_shown, current_edition, refusal, say_as_moderator
from tests.stand_ins import Harness, words

UPLOAD = (
    '/edition item figure 1 file=loss.png alt="Loss falls with size" caption="It falls as `n` grows." '
    'credit="Figure 1 of the paper" license="CC BY 4.0"'
)


def picture(color: str = "navy") -> bytes:
    image, file = Image.new("RGB", (640, 400), "white"), BytesIO()
    ImageDraw.Draw(image).rectangle((40, 40, 300, 360), fill=color)
    image.save(file, "PNG")
    return file.getvalue()


async def with_draft(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.files["loss.png"] = picture()
    await say_as_moderator(club, "/edition draft")


async def document(club: Harness) -> Document:
    edition = await current_edition(club)
    assert edition is not None
    return from_json(edition.document)


def figures(document: Document) -> list[Figure]:
    return [block for item in document.items for block in item.blocks if isinstance(block, Figure)]


@dataclass
class Papers:
    """A source that has two figures of every paper, under one license."""

    license: License

    async def figures(self, arxiv_id: str, version: int) -> PaperFigures | None:
        found = (PaperFigure(n, f"Figure {n}", f"Part {n} of it", f"https://arxiv.org/x{n}.png") for n in (1, 2))
        return PaperFigures(self.license, tuple(found))

    async def picture(self, figure: PaperFigure) -> bytes:
        return picture("teal" if figure.number == 1 else "olive")


async def test_an_uploaded_picture_is_stored_shown_and_posted(club: Harness) -> None:
    await with_draft(club)
    answer = await say_as_moderator(club, UPLOAD)
    assert "CC BY 4.0" in words(answer)
    (shown,) = figures(await document(club))
    assert is_figure_name(shown.url)
    assert shown.url.endswith("-640x400.png")
    assert shown.alt == "Loss falls with size"
    assert shown.credit == (
        "Figure 1 of the paper, ",
        Link("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    )
    await say_as_moderator(club, UPLOAD.replace("Loss falls with size", "A line that falls"))
    (again,) = figures(await document(club))
    assert (again.url, again.alt) == (shown.url, "A line that falls"), "the same picture is replaced where it is"
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    await club.delivery_worker.drain()
    posted = [card for _, card in club.gateway.posts if any(isinstance(part, FigurePart) for part in card.parts)]
    assert len(posted) == 1
    card, contents = await load_figures(club.app, "wall", "W1", posted[0])
    (file,) = [file for file in attached(card, contents) if file.name == "figure-1.png"]
    assert file.alt == "A line that falls"
    assert Image.open(BytesIO(file.content)).size == (640, 400)


async def test_what_a_picture_needs_is_asked_for(club: Harness) -> None:
    await with_draft(club)
    said = await refusal(club, '/edition item figure 1 file=loss.png license="CC BY 4.0"')
    assert "Describe the figure" in said
    said = await refusal(club, '/edition item figure 1 file=loss.png alt="Loss falls"')
    assert "Give its license" in said
    assert not figures(await document(club))
    await say_as_moderator(club, '/edition item figure 1 file=loss.png alt="Loss falls" license=own credit=Ada')
    (own,) = figures(await document(club))
    assert own.credit == ("Ada",)
    assert (await club.say("Ada", UPLOAD)).failed, "members do not edit the draft"


async def test_a_figure_of_a_paper_is_offered_and_taken_if_its_license_permits(club: Harness) -> None:
    await with_draft(club)
    club.change(figure_source=Papers(License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")))
    offered = (await cards_shown(club, "/edition item figure 1"))[-1]
    assert [str(button.call) for button in offered.buttons()] == [
        "edition item figure 1 number=1",
        "edition item figure 1 number=2",
    ]
    await say_as_moderator(club, "/edition item figure 1 number=2")
    (taken,) = figures(await document(club))
    assert taken.caption == ("Part 2 of it",)
    assert taken.alt == "Part 2 of it"
    assert str(taken.credit[0]).startswith("Figure 2 of ")
    assert taken.credit[-1] == Link("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert "has no figure 7" in await refusal(club, "/edition item figure 1 number=7")


async def test_a_figure_of_a_closed_paper_needs_the_authors_permission(club: Harness) -> None:
    await with_draft(club)
    club.change(figure_source=Papers(License("CC BY-NC-ND 4.0")))
    offered = (await cards_shown(club, "/edition item figure 1"))[-1]
    assert offered.buttons() == ()
    assert "may not be shown" in words(offered)
    assert "does not let others" in await refusal(club, "/edition item figure 1 number=1")
    await say_as_moderator(club, '/edition item figure 1 number=1 license="with permission of the authors"')
    assert str(figures(await document(club))[0].credit[-1]).endswith(", with permission of the authors")


async def test_an_exported_draft_keeps_its_figures_when_it_is_imported(club: Harness) -> None:
    await with_draft(club)
    await say_as_moderator(club, UPLOAD)
    before = await document(club)
    for address in (FigureAddresses(), FigureAddresses("../"), FigureAddresses("https://club.test/clubs/1/")):
        text = markdown.render(before, figures=address)
        assert f"]({address.home}{stored_figures(before)[0]})" in text
        club.gateway.files["draft.md"] = text.encode()
        await say_as_moderator(club, "/edition import draft.md sure=yes")
        after = await document(club)
        assert stored_figures(after) == stored_figures(before)
        assert markdown.render(after, figures=address) == text
    unknown = "figures/" + "0" * 24 + "-9x9.png"
    club.gateway.files["draft.md"] = text.replace(address(stored_figures(before)[0]), unknown).encode()
    assert "was not imported" in words(await say_as_moderator(club, "/edition import draft.md"))


async def test_a_figure_is_kept_as_long_as_an_edition_has_it(club: Harness) -> None:
    await with_draft(club)
    await say_as_moderator(club, UPLOAD)
    kept = stored_figures(await document(club))
    club.gateway.files["loss.png"] = picture("red")
    await say_as_moderator(club, UPLOAD)
    (dropped,) = set(stored_figures(await document(club))) - {*kept}
    await say_as_moderator(club, "/edition undo")
    club.clock.at += timedelta(days=31)
    club.gateway.files["loss.png"] = picture("green")
    await say_as_moderator(club, UPLOAD)
    async with club.app.store.read(CLUB) as db:
        assert await db.figures.known([*kept, dropped]) == frozenset(kept)


async def test_the_letter_and_exported_files_have_their_pictures(club: Harness, tmp_path: Path) -> None:

    await with_draft(club)
    await say_as_moderator(club, UPLOAD.replace("item figure 1", "item figure letter"))
    made = await document(club)
    assert made.letter is not None
    assert len(stored_figures(made)) == 1
    await say_as_moderator(club, "/edition approve now")
    await Scheduler(club.app).tick()
    await export(club.app, CLUB, made.number, tmp_path)
    name = stored_figures(made)[0]
    assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert f"]({name})" in (tmp_path / f"edition-{made.number}.md").read_text("utf-8")
    assert f'src="{name}"' in (tmp_path / f"edition-{made.number}.html").read_text("utf-8")
