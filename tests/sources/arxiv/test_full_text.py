"""Full texts from arXiv's web pages: prose is extracted as plain text, everything else is omitted."""

from __future__ import annotations

from time import process_time

import pytest

from bot.domain.summary_values import GAP, MAX_FULL_TEXT
from bot.sources.arxiv import ArxivClient, ArxivMalformed, ArxivUnavailable
from bot.sources.arxiv.full_text import NoHtmlVersion, read
from bot.sources.recorded_arxiv import RecordedArxiv
from tests.sources.clock import Clock
from tests.sources.conftest import client
from tests.sources.faulty import HTML, FaultyArxiv, answer_with, dropped, endless_body, stalled, too_many_requests

PAGE = """<!DOCTYPE html><html><body><nav>Report an issue</nav><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Shelves</h1>
<div class="ltx_abstract"><p class="ltx_p">It is short.</p></div>
{sections}
<section class="ltx_bibliography"><h2 class="ltx_title">References</h2><p class="ltx_p">Nobody.</p></section>
<section class="ltx_appendix"><h2 class="ltx_title">Appendix A</h2><p class="ltx_p">More.</p></section>
</article></body></html>"""

SECTION = """<section class="ltx_section" id="S2">
<h2 class="ltx_title ltx_title_section"><span class="ltx_tag ltx_tag_section">2 </span>The
 <em>Method</em></h2>
<div class="ltx_para"><p class="ltx_p">Each shelf holds <math alttext="n^{2}"><mi>n</mi></math>
books<span class="ltx_note ltx_role_footnote"><sup>1</sup>No.</span>, see <cite>[<a href="#b">4</a>]</cite>.</p></div>
<table class="ltx_equation"><tr><td><math alttext="E=m"></math></td><td class="ltx_eqn_eqno">(1)</td></tr></table>
<section class="ltx_subsection"><h3 class="ltx_title ltx_title_subsection">2.1 Care</h3>
<div class="ltx_para"><p class="ltx_p">Dust &lt;b&gt;is&lt;/b&gt; removed.<span class="ltx_ERROR">\\vskip</span></p>
</div>
</section>
<figure class="ltx_table"><table class="ltx_tabular"><tr><td>99.9</td></tr></table></figure>
<script>document.write("evil")</script><style>p {{ color: red }}</style>
<ul><li class="ltx_item"><p class="ltx_p">First.</p></li>
<li class="ltx_item"><p class="ltx_p">Second.\u202e</p></li></ul>
</section>"""


def page(sections: str) -> bytes:
    return PAGE.replace("{sections}", sections).encode()


def test_sections_come_with_their_headings_and_without_what_is_no_prose() -> None:
    (section,) = read(page(SECTION))
    assert section.name == "2 The Method"
    assert section.text.split("\n\n") == [
        "Each shelf holds $n^{2}$ books, see [4].",
        "$E=m$",
        "2.1 Care",
        "Dust <b>is</b> removed.",
        "First.",
        "Second.",
    ]


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ('We propose <span class="ltx_ERROR undefined">\\ours</span>, which wins.', f"We propose {GAP}, which wins."),
        ("We propose , which wins.", f"We propose {GAP}, which wins."),
        ('It takes 5<span class="ltx_ERROR undefined">\\ms</span> a step.', f"It takes 5{GAP} a step."),
        ("The bound <math><mi>n</mi></math> holds.", f"The bound {GAP} holds."),
        ("A loss (see ( )) of 3, 4.", f"A loss (see {GAP}) of 3, 4."),
        ('<span class="ltx_ERROR">\\vspace</span>Nothing is lost , or ?', None),
        ("Call f() twice, and wait.", "Call f() twice, and wait."),
    ],
)
def test_what_the_page_has_lost_is_marked(inside: str, text: str | None) -> None:
    (section,) = read(page(f'<section><h2 class="ltx_title">1 A</h2><p class="ltx_p">{inside}</p></section>'))
    assert section.text == text or (text is None and section.text == f"Nothing is lost {GAP}, or ?")


def test_a_page_without_sections_has_its_paragraphs() -> None:
    (only,) = read(page('<div class="ltx_para"><p class="ltx_p">One letter.</p></div><p class="ltx_p">Two.</p>'))
    assert (only.name, only.text) == ("text", "One letter.\n\nTwo.")


def test_a_paper_is_kept_up_to_a_length() -> None:
    long = "".join(
        f'<section><h2 class="ltx_title">{n} Part</h2><p class="ltx_p">{"Word by word. " * 6000}</p></section>'
        for n in range(5)
    )
    found = read(page(long))
    assert [passage.name for passage in found] == ["0 Part", "1 Part", "2 Part"]
    assert sum(len(passage.text) for passage in found) <= MAX_FULL_TEXT


@pytest.mark.parametrize(
    "body",
    [b"", b"\0\0", HTML.encode(), b"%PDF-1.5", b"<article class='other'><section>Text</section></article>"],
)
def test_what_is_no_paper_is_refused(body: bytes) -> None:
    with pytest.raises(NoHtmlVersion):
        read(body)


@pytest.mark.parametrize(
    "inside",
    ["<div>" * 50_000, "<p class=ltx_p>" * 20_000 + "x", "<math alttext='" + "x" * 400_000 + "'>", "&lol;" * 50_000],
)
def test_odd_pages_cost_little(inside: str) -> None:
    began = process_time()
    found = read(page(f'<section class="ltx_section">{inside}</section>'))
    assert process_time() - began < 3
    assert sum(len(passage.text) for passage in found) <= MAX_FULL_TEXT


async def test_the_recorded_arxiv_has_pages_of_some_papers() -> None:
    clock = Clock()
    async with RecordedArxiv() as recorded, client(recorded.url, clock) as arxiv:
        found = await arxiv.text("2510.04871", 1)
        assert [passage.name for passage in found] == ["1 Introduction", "2 Results"]
        assert "27M parameters" in found[0].text
        assert "footnote" not in repr(found)
        assert await arxiv.text("2510.04871", 2) == (), "a version that is not there"
        assert await arxiv.text("cs/9301112", 1) == (), "a paper without a page"
    assert recorded.pages_read == ["2510.04871v1", "2510.04871v2", "cs/9301112v1"]
    assert clock.slept == [3, 3], "pages have their turns as all else at arXiv"


@pytest.mark.parametrize(
    "odd", [answer_with(HTML, kind="text/html"), answer_with("", status=302, Location="http://evil.test"), endless_body]
)
async def test_a_page_that_is_none_is_a_fault(arxiv: ArxivClient, server: FaultyArxiv, odd: object) -> None:
    server.plan = [odd] * 3  # type: ignore[list-item] # pytest does not know what it is given
    with pytest.raises(ArxivMalformed):
        await arxiv.text("1706.03762", 7)
    assert server.paths == ["/html/1706.03762v7"]


@pytest.mark.parametrize("fault", [too_many_requests(), too_many_requests(503), dropped, answer_with("no", status=403)])
async def test_an_arxiv_that_cannot_be_asked_is_no_paper_without_a_page(
    arxiv: ArxivClient, server: FaultyArxiv, fault: object
) -> None:
    server.plan = [fault] * 3  # type: ignore[list-item] # pytest does not know what it is given
    with pytest.raises(ArxivUnavailable):
        await arxiv.text("1706.03762", 7)


async def test_a_stall_ends_in_time(server: FaultyArxiv, clock: Clock, hurried: object) -> None:
    server.plan = [stalled]
    async with client(server.url, clock, hurried) as arxiv:  # type: ignore[arg-type] # a fixture
        with pytest.raises(ArxivUnavailable, match=r"0\.2 seconds"):
            await arxiv.text("1706.03762", 7)


@pytest.mark.parametrize("id", ["../../etc/passwd", "1706.03762/../x", "http://evil.test/", "", "1706.03762?x=1"])
async def test_only_ids_of_arxiv_are_asked_for(arxiv: ArxivClient, server: FaultyArxiv, id: str) -> None:
    with pytest.raises(ValueError, match="is no arXiv id"):
        await arxiv.text(id, 1)
    assert server.paths == []
