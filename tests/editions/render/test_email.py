"""The mail: no external resources, inline styles, short enough for mail programs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from lxml import html

from bot.editions.model.blocks import Figure
from bot.editions.render import email
from tests.editions.sample import full, of_items

GMAIL = 102 * 1024
"""Size in bytes above which Gmail clips a message."""


def test_figures_are_pictures_and_nothing_else_is_loaded_and_every_style_is_in_place() -> None:
    tree = html.document_fromstring(email.render(full(), url="https://club.test/clubs/1/editions/3"))
    assert [(image.get("src"), image.get("alt")) for image in tree.xpath("//img")] == [
        ("https://example.org/cascade.png", "A graph of three boxes, question to thought to answer")
    ]
    for image in tree.xpath("//img"):
        del image.attrib["src"]
    assert not tree.xpath("//link | //style | //script | //@background | //@class | //@src")
    assert not any("url(" in style for style in tree.xpath("//@style"))
    assert all(part.get("style") for part in tree.xpath("//td | //p | //h1 | //h2 | //h3 | //h4 | //li | //a"))
    assert all(table.get("role") == "presentation" for table in tree.xpath("//table"))
    assert all(href.startswith("https://") for href in tree.xpath("//a/@href"))


def test_the_headings_stand_in_order() -> None:
    tree = html.document_fromstring(email.render(full()))
    levels = [int(h.tag[1]) for h in tree.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_club_leads_to_the_page_where_there_is_one() -> None:
    (club,) = html.document_fromstring(email.render(full(), url="https://club.test/e/3")).xpath(
        "//a[text()='Paper Cats & Friends']"
    )
    assert club.get("href") == "https://club.test/e/3"


def test_twelve_papers_stay_below_what_gmail_shows() -> None:
    assert len(email.render(of_items(12)).encode()) < GMAIL


def test_the_file_of_a_figure_is_no_link() -> None:
    document = full()
    section = document.sections[0]
    item = replace(section.items[0], passages=(Figure("figures/drawing.png", "a drawing of it"),))
    message = email.render(replace(document, sections=(replace(section, items=(item,)), *document.sections[1:])))
    assert "figures/drawing.png" not in html.fromstring(message).text_content()
