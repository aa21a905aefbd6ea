"""Figures and licenses from arXiv's web pages."""

from __future__ import annotations

import pytest

from bot.domain.paper_figures import License, PaperFigure, permits_showing, read_license
from bot.sources.arxiv import ArxivMalformed
from bot.sources.arxiv.figures import read_figures
from bot.sources.arxiv.full_text import NoHtmlVersion
from bot.sources.recorded_arxiv import RecordedArxiv
from tests.sources.clock import Clock
from tests.sources.conftest import client

PAGE = """<html><head>{head}</head><body><a id="license-tr" href="{href}">{license}</a>
<article class="ltx_document">
<figure class="ltx_figure" id="S1.F1"><img alt="Refer to caption" src="x1.png"><figcaption class="ltx_caption">
<span class="ltx_tag ltx_tag_figure">Figure 1: </span>Two <em>towers</em> of size
<math alttext="n"><mi>n</mi></math>.</figcaption></figure>
<figure class="ltx_figure"><figure class="ltx_figure"><img src="a.png"><figcaption>(a)</figcaption></figure>
<figcaption><span class="ltx_tag">Figure 12. </span>Panels</figcaption></figure>
<figure class="ltx_figure"><figcaption><span class="ltx_tag">Figure 13: </span>Drawn in text</figcaption></figure>
<figure class="ltx_table"><img src="t.png"><figcaption><span class="ltx_tag">Table 1: </span>No</figcaption></figure>
</article></body></html>"""

AT = "https://arxiv.org/html/2501.00001v2/"


def page(license: str = "License: CC BY 4.0", *, href: str = "", head: str = "") -> bytes:
    return PAGE.format(license=license, href=href, head=head).encode()


def test_figures_have_their_numbers_captions_and_pictures() -> None:
    found = read_figures(page(), AT)
    assert found.figures == (
        PaperFigure(1, "Figure 1", "Two towers of size $n$.", f"{AT}x1.png"),
        PaperFigure(12, "Figure 12", "Panels", f"{AT}a.png"),
    )
    based = read_figures(page(head='<base href="/html/2501.00001v2/">'), "https://arxiv.org/html/2501.00001v2/")
    assert based.figures == found.figures


@pytest.mark.parametrize(
    ("text", "href", "name", "free"),
    [
        ("License: CC BY 4.0", "https://info.arxiv.org/help/license/", "CC BY 4.0", True),
        ("License: CC BY-SA 4.0", "", "CC BY-SA 4.0", True),
        ("License", "http://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", True),
        ("License: CC Zero", "", "CC0 1.0", True),
        ("License", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0", True),
        ("License: CC BY-NC-SA 4.0", "", "CC BY-NC-SA 4.0", False),
        ("License: CC BY-NC-ND 4.0", "", "CC BY-NC-ND 4.0", False),
        ("License", "https://creativecommons.org/licenses/by-nc-nd/4.0/", "CC BY-NC-ND 4.0", False),
        ("License: arXiv.org perpetual non-exclusive license", "", "arXiv.org perpetual non-exclusive license", False),
        ("", "", "", False),
    ],
)
def test_only_open_licenses_permit_to_show_a_figure(text: str, href: str, name: str, free: bool) -> None:
    license = read_figures(page(text, href=href), AT).license
    assert license.name == name
    assert permits_showing(license) is free


def test_a_typed_license_is_named_with_its_address() -> None:
    assert read_license("cc-by-4.0") == License("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/")
    assert read_license("with permission of the authors") == License("with permission of the authors")


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("CC BY-SA-NC 4.0", "CC BY-NC-SA 4.0", "by-nc-sa/4.0"),
        ("cc by nd", "CC BY-ND 4.0", "by-nd/4.0"),
        ("CC BY 2.5", "CC BY 2.5", "by/2.5"),
        ("CC BY 9.0", "CC BY 9.0", ""),
        ("CC BY-ND-SA 4.0", "CC BY-ND-SA 4.0", ""),
        (
            "https://creativecommons.org/licenses/sampling/1.0/",
            "https://creativecommons.org/licenses/sampling/1.0/",
            "",
        ),
    ],
)
def test_only_licenses_that_creative_commons_has_get_its_address(typed: str, name: str, kind: str) -> None:
    url = f"https://creativecommons.org/licenses/{kind}/" if kind else ""
    assert read_license(typed) == License(name, url)
    assert not permits_showing(read_license(typed)) or url


async def test_the_client_reads_them_and_fetches_pictures_from_arxiv_alone(clock: Clock) -> None:
    async with RecordedArxiv() as arxiv, client(arxiv.url, clock) as source:
        found = await source.figures("2510.04871", 1)
        assert found is not None
        assert [figure.number for figure in found.figures] == [1, 2]
        assert found.license.name == "CC BY 4.0"
        assert (await source.picture(found.figures[0])).startswith(b"\x89PNG")
        assert await source.figures("2510.04618", 1) is None
        elsewhere = PaperFigure(1, "Figure 1", "", "http://169.254.169.254/latest/meta-data/x.png")
        with pytest.raises(ArxivMalformed, match="another site"):
            await source.picture(elsewhere)
    with pytest.raises(NoHtmlVersion):
        read_figures(b"<p>Not here.</p>", AT)
