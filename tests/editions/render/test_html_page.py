"""The web page of an edition: all text is escaped, and only web addresses are linked."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest
from lxml import html

from bot.chat.rich_text import Bold, InlineCode, Italic, Link
from bot.editions.model.prose import Citation, Prose, ProseSpan
from bot.editions.render import html_page
from tests.editions.sample import full

MARKED = '<script>alert("1")</script>&'


def intro(*words: ProseSpan) -> html.HtmlElement:
    """HTML of an edition's introduction."""
    tree = html.document_fromstring(html_page.render(replace(full(), intro=words)))
    (found,) = tree.xpath("//p[@class='intro']")
    assert isinstance(found, html.HtmlElement)
    return found


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.test/",
        "https://a.test/ onclick=x",
        'https://a.test/"onclick="x',
        "https://a.test/\nx",
        "",
    ],
)
def test_what_is_no_web_address_is_words_alone(url: str) -> None:
    drawn = intro("See ", Link("the <b>paper</b>", url), ".")
    assert drawn.xpath(".//*") == []
    assert drawn.text_content() == "See the <b>paper</b>."


def test_a_web_address_is_a_link_that_tells_its_site_nothing_of_ours() -> None:
    (link,) = intro(Link("Paper & code", "https://a.test/?a=1&b=2")).xpath(".//a")
    assert (link.get("href"), link.get("target"), link.text_content()) == (
        "https://a.test/?a=1&b=2",
        None,
        "Paper & code",
    )
    assert '<meta name="referrer" content="no-referrer">' in html_page.render(full())


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ((MARKED,), []),
        ((Bold(MARKED),), ["b"]),
        ((Italic(MARKED),), ["i"]),
        ((InlineCode(MARKED),), ["code"]),
        ((Link(MARKED, "https://a.test"),), ["a"]),
        ((Link(MARKED, "ftp://a.test"),), []),
        ((Citation(3),), ["a"]),
    ],
)
def test_marks_are_ours_and_words_are_escaped(words: Prose, tags: list[str]) -> None:
    drawn = intro(*words)
    assert [tag.tag for tag in drawn.xpath(".//*")] == tags
    assert drawn.text_content() == ("[3]" if isinstance(words[0], Citation) else MARKED)


def test_a_citation_leads_to_its_reference() -> None:
    (link,) = intro(Citation(3)).xpath(".//a")
    assert link.get("href") == "#reference-3"


def test_a_video_that_is_no_web_address_is_not_linked() -> None:
    made = html_page.render(replace(full(), video=Link("Watch", "javascript:alert(1)")))
    assert "javascript:" not in made
    assert 'href="https://v.test/"' in html_page.render(replace(full(), video=Link("Watch", "https://v.test/")))


def test_the_policy_lets_nothing_run_and_its_own_sheet_through() -> None:
    sheet = "a { color: red }"
    hashed = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    rest = "img-src 'self' https: data:; base-uri 'none'; form-action 'none'"
    assert html_page.content_security_policy(sheet) == f"default-src 'none'; style-src 'sha256-{hashed}'; {rest}"
    tree = html.document_fromstring(html_page.render(full()))
    (told,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert told == html_page.content_security_policy(tree.xpath("string(//style)"))
    assert tree.xpath("//script") == []
