"""Anyone can read it: by ear, by keyboard, in the dark, without a script."""

from __future__ import annotations

import pytest
from lxml import html

from adapters.web.archive.page_request import style
from bot.editions.render import email
from tests.adapters.web.archive import colors
from tests.adapters.web.archive.conftest import LATEST, Site
from tests.adapters.web.archive.reading import faults
from tests.adapters.web.archive.test_pages import PAGES
from tests.editions.sample import full


@pytest.mark.parametrize("path", [*PAGES, "/clubs"])
async def test_a_page_has_no_fault(site: Site, path: str) -> None:
    assert faults((await site.get(path)).page) == []


async def test_an_edition_with_one_of_everything_has_no_fault(site: Site) -> None:
    await site.edit(LATEST, full())
    assert faults((await site.get(f"/editions/{LATEST}")).page) == []


async def test_a_theme_and_a_recalled_edition_have_no_fault(site: Site) -> None:
    (theme, *_) = (await site.get("/themes")).page.xpath("//ul[@class='rows']//a/@href")
    assert faults((await site.get(theme)).page) == []
    await site.edit(1, state="recalled")
    assert faults((await site.get("/editions/1")).page) == []


def test_the_examiner_finds_faults() -> None:
    """A test of the test: a page with every fault it knows."""
    bad = html.document_fromstring(
        "<html><head><title></title></head><body><a href='/x'></a>lost<nav></nav><nav></nav><main><h2>a</h2><h4></h4>"
        "<img src=x><svg></svg><input name=q><button></button><ul><p>x</p></ul><b id=i></b><b id=i></b>"
        "<p aria-labelledby=none tabindex=3></p></main></body></html>"
    )
    found = " ".join(faults(bad))
    for rule in ("html-has-lang", "document-title", "meta-viewport", "page-has-heading-one", "heading-order",
                 "empty-heading", "landmark-unique", "region", "skip-link", "list:", "link-name", "image-alt",
                 "svg-img-alt", "label:", "button-name", "tabindex", "duplicate-id", "aria-labelledby"):  # fmt: skip
        assert rule in found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_color_can_be_read_on_every_ground(scheme: str) -> None:
    """4.5 to 1 for text (WCAG 1.4.3), 3 to 1 for what marks the focus (1.4.11)."""
    palette = colors.palettes(style())[scheme]
    assert set(palette) == {"paper", "sheet", "ink", "soft", "line", "accent", "link", "wash", "mark"}
    for text in ("ink", "soft", "accent", "link"):
        for ground in ("paper", "sheet", "wash"):
            assert colors.contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    assert colors.contrast(palette["ink"], palette["mark"]) >= 4.5
    assert colors.contrast(palette["paper"], palette["link"]) >= 4.5  # the words on a button


def test_the_mail_can_be_read_too() -> None:
    for text in ("#1d1b18", "#5f5a52", "#9a3412", "#0b5a75"):
        for ground in ("#ffffff", "#fbfaf7", "#f4efe6"):
            assert colors.contrast(text, ground) >= 4.5, (text, ground)
            assert any(text in look for look in email.INLINE_STYLES.values())
            assert any(ground in look for look in email.INLINE_STYLES.values())


def test_contrast_is_measured_as_wcag_does() -> None:
    assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colors.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_focus_is_always_seen() -> None:
    sheet = style()
    assert "outline: none" not in sheet
    assert "outline: 0" not in sheet
    for what in ("a:focus-visible", ":is(input, button, select, summary, pre):focus-visible"):
        assert f"{what} {{ outline: 3px solid" in sheet


def test_the_style_sheet_loads_nothing() -> None:
    for loaded in ("url(", "@import", "@font-face", "expression("):
        assert loaded not in style()


async def test_no_page_needs_a_script(site: Site) -> None:
    for path in PAGES:
        tree = (await site.get(path)).page
        assert not tree.xpath(
            "//script[not(@type='application/ld+json')] | //@style"
            " | //@*[starts-with(name(), 'on')] | //iframe | //object"
        )


async def test_a_page_says_what_it_is_when_it_is_shared(site: Site) -> None:
    for path in PAGES:
        answer = await site.get(path)
        meta = {tag.get("property"): tag.get("content") for tag in answer.page.xpath("//meta[@property]")}
        assert meta["og:title"]
        assert meta["og:description"]
        clean = path.partition("?")[0]
        assert meta["og:url"] == f"https://club.test/clubs/{site.club}{clean}"
        assert answer.page.xpath("string(//link[@rel='canonical']/@href)") == meta["og:url"]
        assert answer.page.xpath("//link[@rel='alternate'][@type='application/atom+xml']")
        assert answer.page.xpath("//link[@rel='alternate'][@type='application/feed+json']")
