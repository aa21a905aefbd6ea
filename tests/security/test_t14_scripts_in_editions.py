"""T14: whatever papers, members and models write: no page, mail, feed or file of an edition runs or links a script."""

from __future__ import annotations

import json

import pytest
from lxml import etree, html

from adapters.web.server import SECURITY_HEADERS
from bot.domain.bibliography.table import guarded, unguarded
from bot.editions.model.document import Document
from bot.editions.render import bibliography, email, feeds, html_page, markdown
from tests.adapters.web.archive.test_hostile import NASTY, evil, unsafe
from tests.editions import feed_reading
from tests.editions.sample import full


@pytest.fixture(params=NASTY)
def edition(request: pytest.FixtureRequest) -> Document:
    return evil(request.param, full())


def test_pages_mail_and_feeds_hold_words_only(edition: Document) -> None:
    assert unsafe(html.document_fromstring(html_page.render(edition))) == []
    mail = html.document_fromstring(email.render(edition))
    for part in mail.xpath("//*[@style]"):
        del part.attrib["style"]  # a mail carries its style in place
    for sheet in mail.xpath("//style"):
        sheet.getparent().remove(sheet)
    assert unsafe(mail) == []
    feed = feed_reading.of_editions(edition)
    for content in etree.fromstring(feeds.atom(feed)).iter("{*}content"):
        assert unsafe(html.fromstring(f"<div>{content.text}</div>")) == []
    for item in json.loads(feeds.json_feed(feed))["items"]:
        assert unsafe(html.fromstring(f"<div>{item['content_html']}</div>")) == []


def test_files_hold_no_link_that_runs(edition: Document) -> None:
    assert "](javascript" not in markdown.render(edition)
    assert "](data:" not in markdown.render(edition)
    assert "javascript:" not in bibliography.ris(edition)
    json.loads(bibliography.csl_json(edition))


@pytest.mark.parametrize("before", ["", "'", " ", "\t", "\r", "\n", "\xa0", "\u200b", "\ufeff", "\x00", " \r\n\t"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_of_a_table_is_a_formula(before: str, sign: str) -> None:
    cell = f"{before}{sign}HYPERLINK(1)"
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell
    assert guarded(f"a{cell}") == unguarded(f"a{cell}") == f"a{cell}"


def test_the_server_allows_nothing_to_run() -> None:
    assert SECURITY_HEADERS["Content-Security-Policy"].startswith("default-src 'none'")
    assert SECURITY_HEADERS["X-Content-Type-Options"] == "nosniff"
