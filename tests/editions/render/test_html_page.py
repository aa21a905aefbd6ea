"""The web page of an edition: all text is escaped, and only web addresses are linked."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest
from lxml import html

from bot.chat.cards import Text
from bot.chat.rich_text import Bold, InlineCode, Italic, Link, plain
from bot.editions.model.document import Item, Section
from bot.editions.model.prose import Citation, Prose, ProseSpan
from bot.editions.render import email, html_page
from bot.editions.render.card_renderer import render_cards
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


def test_a_sentence_with_its_own_link_stands_without_a_title() -> None:
    url = "https://example.org/moved"
    sentence = ("The ", Link("conference", url), " has moved.")
    whole = Item("news", "web:1", "conference", url, why=sentence)
    other = Item("news", "web:2", "A title", url, why=("See ", Link("its page", url), "."))
    long = Item("news", "web:3", "No link in this sen…", "", why=("No link in this sentence.",))
    edition = replace(full(), sections=(Section("News", "news", (whole, other, long)),), references=())
    for tree in (html.document_fromstring(html_page.render(edition)), html.document_fromstring(email.render(edition))):
        rows = [" ".join(row.text_content().split()) for row in tree.xpath("//h2[contains(., 'News')]/following::li")]
        assert rows[:3] == ["The conference has moved.", "A title See its page.", "No link in this sentence."]
    (card,) = (card.card for card in render_cards(edition) if card.card.title == "News")
    assert [plain(part.words) for part in card.parts if isinstance(part, Text)] == [
        "The conference has moved.", "A title", "See its page.", "No link in this sentence.",
    ]  # fmt: skip


def test_lines_of_the_introduction_stay_lines() -> None:
    typed = replace(full(), intro=("One.\n\n• a <b>\n• b",), sign_off=("Bye.\nAda",))
    for page in (html_page.render(typed), email.render(typed)):
        assert "One.<br>\n<br>\n• a &lt;b&gt;<br>\n• b" in page
        assert "Bye.<br>\nAda" in page


def test_small_lines_are_broken_between_their_pieces() -> None:
    item = replace(full().items[0], authors="Ada Lovelace", venue="arXiv cs.CL · 12 June 2017", reference=1)
    page = html_page.render(replace(full(), sections=(Section("A", "theme", (item,)),)))
    assert ">By Ada Lovelace\u00a0· arXiv\u00a0cs.CL\u00a0· 12\u00a0June\u00a02017\u00a0[1]<" in page


def test_the_policy_lets_nothing_run_and_its_own_sheet_through() -> None:
    sheet = "a { color: red }"
    hashed = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    rest = "img-src 'self' https: data:; base-uri 'none'; form-action 'none'"
    assert html_page.content_security_policy(sheet) == f"default-src 'none'; style-src 'sha256-{hashed}'; {rest}"
    tree = html.document_fromstring(html_page.render(full()))
    (told,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert told == html_page.content_security_policy(tree.xpath("string(//style)"))
    assert tree.xpath("//script") == []
