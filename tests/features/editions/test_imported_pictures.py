"""Pictures that come with an imported edition are stored, described by a form, and the same in its export."""

from __future__ import annotations

import base64

from bot.editions.model import prose
from bot.editions.model.blocks import Figure, ListBlock
from bot.editions.render import markdown
from tests.editions.importing.files import document, drawing, link, paragraph, picture, run, zipped
from tests.features.conversation import ATTENTION, CLUB, set_moderators_channel, submit_papers
from tests.features.edition_steps import document_of, refusal, say_as_moderator
from tests.stand_ins import Harness, words

ADDRESS = f"https://arxiv.org/abs/{ATTENTION}"


async def figures(club: Harness) -> list[Figure]:
    made = await document_of(club)
    letter = made.letter.blocks if made.letter else ()
    return [b for b in (*letter, *(b for item in made.items for b in item.blocks)) if isinstance(b, Figure)]


async def test_a_picture_in_a_document_is_stored_and_described_in_a_form(club: Harness) -> None:
    await set_moderators_channel(club)
    await submit_papers(club, "Ada", ATTENTION)
    club.gateway.files["week.docx"] = document(
        paragraph(run("Lesewoche"), style="Titel"),
        paragraph(run("Sehen"), style="berschrift1"),
        paragraph(link("Attention", "rId5"), style="berschrift2"),
        paragraph(run("Warum: wenig und gut")),
        paragraph(drawing("rId7", "Zwei Stapel")),
        paragraph(drawing("rId8", "")),
        links={"rId5": ADDRESS},
        pictures={"rId7": picture(), "rId8": b"<svg/>"},
    )
    asked = words(await say_as_moderator(club, "/edition import week.docx"))
    assert "The picture `rId7.png` is imported, but this is missing: a credit and a license." in asked
    assert "The picture `rId8.png` cannot be stored. I cannot read SVG." in asked
    made = await say_as_moderator(club, "/edition import week.docx sure=yes")
    assert "1 picture was stored. Without a description or a credit: 1." in words(made)
    first, second = await figures(club)
    async with club.app.store.read(CLUB) as db:
        assert await db.figures.known([first.url, second.url]) == {first.url}
    button = next(button for button in made.card.buttons() if button.label == "Describe picture 1")
    form = club.app.commands.find_stored(button.call.words[0])[1]
    assert dict(form.named) == {"picture": "1", "alt": "Zwei Stapel"}
    assert "license" in await refusal(club, f"/{form}")
    shown = await say_as_moderator(club, f'/{form} license="CC BY 4.0" credit="Figure 1" caption="Before it"')
    assert shown.card.title == "Picture described"
    described = (await figures(club))[0]
    assert (described.url, described.alt, described.caption) == (first.url, "Zwei Stapel", ("Before it",))
    assert "CC BY 4.0" in str(described.credit)
    assert "no longer in the draft" in await refusal(club, "/edition item describe 1 picture=3 license=own")


async def test_pictures_of_an_archive_and_of_a_text_are_the_same_in_an_export(club: Harness) -> None:
    await set_moderators_channel(club)
    blue, red = picture(size=(200, 100)), picture("#aa2200", "JPEG")
    item = f"### [Attention]({ADDRESS})\n\nWhy: so\n\n![Loss](data:image/png;base64,{{}})"
    text = f"# Week\n\n![Top](top.jpg)\n\n## One\n\n{item}"
    club.gateway.files["week.zip"] = zipped(
        {"w/week.md": text.format(base64.b64encode(blue).decode()), "w/top.jpg": red}
    )
    await say_as_moderator(club, "/edition import week.zip sure=yes")
    stored = await figures(club)
    assert [figure.alt for figure in stored] == ["Top", "Loss"]
    async with club.app.store.read(CLUB) as db:
        contents = await db.figures.contents([figure.url for figure in stored])
    assert len(contents) == 2
    exported = markdown.render(await document_of(club))
    embedded = exported
    for name, content in contents.items():
        embedded = embedded.replace(f"({name})", f"(data:image/png;base64,{base64.b64encode(content).decode()})")
    assert embedded != exported
    for form in (exported, embedded):
        club.gateway.files["again.md"] = form.encode()
        asked = words(await say_as_moderator(club, "/edition import again.md"))
        assert "was not imported" not in asked
        await say_as_moderator(club, "/edition import again.md sure=yes")
        assert markdown.render(await document_of(club)) == exported
    club.gateway.files["alone.md"] = text.format("x").encode()
    assert "`top.jpg` was not imported" in words(await say_as_moderator(club, "/edition import alone.md"))


async def test_a_picture_within_a_point_or_a_sentence_is_a_figure_of_its_item(club: Harness) -> None:
    await set_moderators_channel(club)
    data = [f"data:image/png;base64,{base64.b64encode(picture(size=(80, 40 + n))).decode()}" for n in range(4)]
    page = f"<li><a href='{ADDRESS}'>One</a> is <img src='{data[0]}' alt='a curve'> new</li>"
    page += f"<li><img src='{data[1]}' alt='a bar'><a href='https://b.example/2'>Two</a> too</li>"
    files = {
        "points.md": f"# Week\n\n## News\n\n- [One]({ADDRESS}) is ![a curve]({data[0]}) new\n"
        f"- ![a bar]({data[1]}) [Two](https://b.example/2) too\n",
        "page.html": f"<html><body><h1>Week</h1><h2>News</h2><ul>{page}</ul></body></html>",
    }
    for name, text in files.items():
        club.gateway.files[name] = text.encode()
        asked = words(await say_as_moderator(club, f"/edition import {name}"))
        assert asked.count("is imported, but this is missing: a credit") == 2
        await say_as_moderator(club, f"/edition import {name} sure=yes")
        items = (await document_of(club)).items
        assert [prose.plain(item.why) for item in items] == ["One is new", "Two too"]
        assert [block.alt for item in items for block in item.passages if isinstance(block, Figure)] == [
            "a curve", "a bar",
        ]  # fmt: skip
    sentence = f"Why: it ![a curve]({data[2]}) bends.\n\n- first ![a bar]({data[3]})\n- second"
    club.gateway.files["item.md"] = f"# Week\n\n## One\n\n### [Attention]({ADDRESS})\n\n{sentence}".encode()
    await say_as_moderator(club, "/edition import item.md sure=yes")
    (item,) = (await document_of(club)).items
    assert item.why == ("it bends.",)
    assert [type(block) for block in item.passages] == [Figure, ListBlock, Figure]
    assert len(await figures(club)) == 2
