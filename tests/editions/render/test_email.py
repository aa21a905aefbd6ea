"""The mail: no external resources, inline styles, short enough for mail programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from lxml import html

from bot.domain.accent_colors import MIN_CONTRAST, accent_shades, contrast
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
    assert not tree.xpath("//link | //script | //@background | //@src")
    assert not any("url(" in style or "@import" in style for style in tree.xpath("//@style | //style/text()"))
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


def test_the_club_has_its_color_in_the_light_and_in_the_dark() -> None:
    message, plain = email.render(full(), accent="#1d4ed8"), email.render(full())
    (sheet,) = html.document_fromstring(message).xpath("//style/text()")
    shades = accent_shades("#1d4ed8")
    (club,) = html.document_fromstring(message).xpath("//*[text()='Paper Cats & Friends'][1]")
    assert f"color:{shades.light}" in club.get("style")
    assert f".club{{color:{shades.dark}!important}}" in sheet
    assert "#9a3412" not in message
    assert "#9a3412" in plain


def test_all_that_is_readable_in_the_light_is_readable_in_the_dark() -> None:
    colors = {name: dict(_declarations(style)) for name, style in email.DARK_STYLES.items()}
    ground = colors["sheet"]["background"]
    assert contrast(colors["sheet"]["color"], colors["remark"]["background"]) > 7
    for name, declared in colors.items():
        if "color" in declared:
            assert contrast(declared["color"], ground) >= MIN_CONTRAST, name
    colored = {name for name, style in email.INLINE_STYLES.items() if re.search("(?<!-)color:|background", style)}
    assert colored <= {*colors, "club", "club-link"}


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in filter(None, style.split(";")):
        name, _, value = declaration.partition(":")
        yield name, value


def test_a_link_is_in_the_list_of_links_once() -> None:
    """One that is labeled by its address has it once, too."""
    document = full()
    item = replace(
        document.sections[0].items[0], title="https://example.org/x", url="https://example.org/x", reference=0
    )
    document = replace(document, sections=(replace(document.sections[0], items=(item,)), *document.sections[1:]))
    tree = html.document_fromstring(email.render(document))
    listed = [li.text_content() for li in tree.xpath("//td[last()]//li[a]") if "example.org/x" in li.text_content()]
    assert listed[0] == "https://example.org/x"
    assert all(text.count("example.org/x") == 1 for text in listed)


def test_twelve_papers_stay_below_what_gmail_shows() -> None:
    assert len(email.render(of_items(12)).encode()) < GMAIL


def test_the_file_of_a_figure_is_no_link() -> None:
    document = full()
    section = document.sections[0]
    item = replace(section.items[0], passages=(Figure("figures/drawing.png", "a drawing of it"),))
    message = email.render(replace(document, sections=(replace(section, items=(item,)), *document.sections[1:])))
    assert "figures/drawing.png" not in html.fromstring(message).text_content()
