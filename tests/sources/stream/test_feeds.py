"""Feeds of all kinds, and what is none; what two requests of one feed have in common is known by its links."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import feedparser
import pytest

from bot.domain.links.sites import SiteKind
from bot.errors import Unavailable
from bot.sources.link_metadata.fetch import FEED, FetchedPage, PageFetcher, PageNotRead
from bot.sources.stream.days import FIRST
from bot.sources.stream.feeds import MOST, FeedReader, parse_feed

NOW = datetime(2025, 12, 1, 9, tzinfo=UTC)
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>Blog</title>
<item><title>On &lt;b&gt;retrieval&lt;/b&gt;</title><link>https://blog.example.org/retrieval?utm_source=rss</link>
<guid>{guid}</guid><pubDate>Sun, 30 Nov 2025 10:00:00 +0100</pubDate>
<description>&lt;p&gt;We &lt;script&gt;x()&lt;/script&gt;tried it.&lt;/p&gt;</description></item>
<item><title>A paper</title><link>https://arxiv.org/abs/2511.21726v2</link></item>
<item><title>Inside</title><link>http://127.0.0.1/admin</link></item>
<item><title></title><link>https://blog.example.org/untitled</link></item>
</channel></rss>"""
ATOM_NAME = "http://www.w3.org/2005/Atom"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Releases</title><entry><title>v1.2</title>
<link rel="alternate" href="https://github.com/octocat/hello-world/releases/tag/v1.2"/><id>tag:1</id>
<updated>2025-11-29T00:00:00Z</updated><author><name>octocat</name></author><content>Fixes.</content></entry></feed>"""


def document(text: str, kind: str = "application/xml") -> FetchedPage:
    return FetchedPage("https://blog.example.org/feed", text.encode(), "", kind)


def test_rss_gives_pages_and_papers_by_their_links() -> None:
    blog, paper = sorted(parse_feed(document(RSS.format(guid="1")), NOW).items, key=lambda item: item.key, reverse=True)
    assert (blog.title, blog.abstract, blog.kind) == ("On retrieval", "We tried it.", SiteKind.BLOG)
    assert blog.published == datetime(2025, 11, 30, 9, tzinfo=UTC)
    assert "utm" not in blog.key
    assert (paper.key, paper.kind) == ("arxiv:2511.21726", SiteKind.PAPER)
    assert paper.published == blog.published, "without a date, it is as old as the entry above it"


def test_ids_that_change_each_hour_change_nothing() -> None:
    one, other = (parse_feed(document(RSS.format(guid=guid)), NOW).items for guid in ("1", "2"))
    assert [item.key for item in one] == [item.key for item in other]


def test_atom_of_releases_is_code() -> None:
    (release,) = parse_feed(document(ATOM), NOW).items
    assert (release.title, release.kind, release.authors) == ("v1.2", SiteKind.CODE, ("octocat",))


@pytest.mark.parametrize("element", ["<div>", "<item><title>a</title>", "<a:b/>", "<!---->"])
def test_a_feed_of_more_elements_than_are_read_in_seconds_is_none(
    monkeypatch: pytest.MonkeyPatch, element: str
) -> None:
    monkeypatch.setattr(feedparser, "parse", lambda *_given, **_named: pytest.fail("it would take a minute"))
    with pytest.raises(Unavailable, match="too many elements"):
        parse_feed(document("<rss version='2.0'><channel>" + element * 200_000), NOW)


@pytest.mark.slow
def test_of_five_thousand_entries_the_newest_are_read_and_said_so() -> None:
    items = "".join(
        f"<item><title>Post {n}</title><link>https://blog.example.org/{n}</link>"
        f"<pubDate>{1 + n % 28} Nov 2025 10:00:00 GMT</pubDate></item>"
        for n in range(5_000)
    )
    page = parse_feed(document(f"<rss version='2.0'><channel>{items}</channel></rss>"), NOW)
    assert len(page.items) == MOST
    assert {item.published.day for item in page.items} == {27, 28}
    assert str(page.remark) == "Of its 5,000 entries the newest 200 were read."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Sun, 30 Nov 2025 10:00:00 +0100", "2025-11-30T09:00:00"),
        ("Sun, 30 Nov 2025 10:00:00", "2025-11-30T10:00:00"),
        ("So, 30 Nov 2025 10:00:00 EST", "2025-11-30T15:00:00"),
        ("Sun, 30 Nov 2025 10:00:00 +9999", "2025-11-30T10:00:00"),
        ("Domingo, 30 Noviembre 2025 10:00", "2025-11-30T00:00:00"),
        ("Sun, 30 Nov 2025 25:61:00 GMT", "2025-11-30T00:00:00"),
        ("2025-11-30T10:00:00", "2025-11-30T10:00:00"),
        ("2025-11-30T24:00:00Z", "2025-11-30T00:00:00"),
        ("30.11.2025 10:00", "2025-11-30T00:00:00"),
        ("November 30, 2025", "2025-11-30T00:00:00"),
        ("2025年11月30日", "2025-11-30T00:00:00"),
        ("1764496800", "2025-11-30T10:00:00"),
        ("1764496800000", "2025-11-30T10:00:00"),
        ("Sun, 30 Nov 2099 10:00:00 GMT", None),
        ("Mon, 30 Feb 2025 10:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-23:59", None),
        ("99999999-01-01", None),
        ("06/05/2025", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_read_however_it_is_written_and_none_is_never_old(written: str, read: str | None) -> None:
    expected = datetime.fromisoformat(f"{read}+00:00") if read else NOW
    link = "https://blog.example.org/1"
    item = f"<item><title>Post</title><link>{link}</link><pubDate>{written}</pubDate></item>"
    entry = f"<entry><title>Post</title><link href='{link}'/><published>{written}</published></entry>"
    for text in (f"<rss version='2.0'><channel>{item}</channel></rss>", f"<feed xmlns='{ATOM_NAME}'>{entry}</feed>"):
        (found,) = parse_feed(document(text), NOW).items
        assert found.published == expected


def test_entries_without_dates_are_the_archive_when_a_feed_is_first_read_and_new_afterwards() -> None:
    dates = ("", "<pubDate>28 Nov 2025</pubDate>", "<pubDate>soon</pubDate>", "<pubDate>1 Nov 2025</pubDate>")
    items = [
        f"<item><title>Post {n}</title><link>https://blog.example.org/{n}</link>{date}</item>"
        for n, date in enumerate(dates)
    ]
    found = parse_feed(document(f"<rss version='2.0'><channel>{''.join(items)}</channel></rss>"), NOW).items
    assert [(item.title, item.published.day) for item in found] == [
        ("Post 0", 28), ("Post 1", 28), ("Post 2", 28), ("Post 3", 1),
    ]  # fmt: skip
    bare = document(f"<rss version='2.0'><channel>{items[0]}</channel></rss>")
    assert parse_feed(bare, NOW, is_first=True).items[0].published < NOW - FIRST
    assert parse_feed(bare, NOW).items[0].published == NOW


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("<!DOCTYPE html><html><body>Hello</body></html>", "a web page, not a feed"),
        ("<?xml version='1.0'?>\n<!-- a page --><!DOCTYPE html PUBLIC 'x' 'y'><html/>", "a web page, not a feed"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', "entities of its own"),
        ("<?xml version='1.0'?><!-- <!-- --> <!doctype rss SYSTEM 'x' [<!ENTITY a 'b'>]><rss/>", "entities of its own"),
        ("<!ENTITY a 'b'><rss version='2.0'><channel/></rss>", "entities of its own"),
        ('{"papers": []}', "neither RSS, Atom nor JSON Feed"),
        ('{"version": 1, "items": []}', "neither RSS, Atom nor JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": [', "neither RSS, Atom nor JSON Feed"),
        ("[" * 100_000, "neither RSS, Atom nor JSON Feed"),
        ("", "neither RSS, Atom nor JSON Feed"),
    ],
)
def test_what_is_no_feed_is_refused_in_words(text: str, say: str) -> None:
    with pytest.raises(Unavailable, match=say):
        parse_feed(document(text), NOW)


async def test_a_feed_that_cannot_be_fetched_says_why() -> None:
    class Refusing(PageFetcher):
        async def fetch(self, url: str) -> FetchedPage:
            raise PageNotRead("HTTP 404")

    class NoGate:
        async def wait(self, name: str, gap: object) -> None: ...

    reader = FeedReader(Refusing(NoGate(), agent="test", kind=FEED))
    with pytest.raises(Unavailable, match=r"The feed was not read: HTTP 404\."):
        await reader.read(["https://blog.example.org/feed"], "all", NOW)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_a_document_type_counts_before_the_content_only(encoding: str) -> None:
    item = (
        "<item><title>Grüße</title><link>https://blog.example.org/1</link>"
        "<description><![CDATA[Put <!DOCTYPE html> and <!ENTITY a 'b'> at the top.]]></description></item>"
    )
    netscape = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.org/rss-0.91.dtd">'
    for declared in ("", netscape):
        name = encoding.removesuffix("-sig")
        text = f'<?xml version="1.0" encoding="{name}"?>{declared}<rss version="0.91"><channel>{item}</channel></rss>'
        page = FetchedPage("https://blog.example.org/feed", text.encode(encoding), "", "application/xml")
        (post,) = parse_feed(page, NOW).items
        assert post.title == "Grüße"


def test_a_post_without_a_title_is_named_by_the_beginning_of_its_text() -> None:
    text = "A note on &lt;b&gt;retrieval&lt;/b&gt;: " + "many words about it " * 20
    page = parse_feed(
        document(
            "<rss version='2.0'><channel>"
            f"<item><link>https://blog.example.org/1</link><description>{text}</description></item>"
            "<item><link>https://blog.example.org/2</link></item></channel></rss>"
        ),
        NOW,
    )
    [item] = page.items
    assert item.title.startswith("A note on retrieval: many words")
    assert item.title.endswith("…")
    assert len(item.title) <= 100
    assert len(item.abstract) > 300


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_json_feed_is_read_like_the_others(version: str, encoding: str) -> None:
    feed = {
        "version": version,
        "title": "Blog",
        "author": {"name": "Ada"},
        "items": [
            {"id": "1", "url": "/retrieval?utm_source=feed", "title": "On retrieval", "authors": [{"name": "Grace"}],
             "content_html": "<p>We <script>x()</script>tried it.</p>", "date_published": "2025-11-30T10:00:00+01:00"},
            {"id": "https://arxiv.org/abs/2511.21726v2", "title": "A paper", "content_text": "If a<b>c, stop."},
            {"id": "3", "external_url": "https://other.example.org/post", "summary": "A note without a title"},
            {"id": "4", "url": "http://127.0.0.1/admin", "title": "Inside"},
            {"id": "5", "title": "Without an address of its own"},
            {"id": 6, "url": ["https://blog.example.org/6"], "title": {"a": 1}},
            {"url": "http://[::1", "title": "No address"},
            None,
        ],
    }  # fmt: skip
    text = json.dumps(feed, ensure_ascii=False)
    page = parse_feed(FetchedPage("https://blog.example.org/feed", text.encode(encoding), "", "application/json"), NOW)
    found = {item.title: item for item in page.items}
    assert set(found) == {"On retrieval", "A paper", "A note without a title"}
    blog = found["On retrieval"]
    assert (blog.abstract, blog.authors, blog.published) == (
        "We tried it.", ("Grace",), datetime(2025, 11, 30, 9, tzinfo=UTC),
    )  # fmt: skip
    assert blog.url.startswith("https://blog.example.org/retrieval")
    assert found["A paper"].key == "arxiv:2511.21726"
    assert found["A paper"].abstract == "If a<b>c, stop."
    assert found["A note without a title"].authors == ("Ada",)


@pytest.mark.parametrize(
    "code", ["&#55296;", "&#xD800;", "&#0;", "&#x1F;", "&#xFFFF;", "&#x110000;", "&#99999999;", "&#xdfff"]
)
def test_a_number_of_no_character_does_not_keep_the_feed_away(code: str) -> None:
    text = f"&lt;b&gt;Emoji&lt;/b&gt; &#128512; {code} <![CDATA[{code} &amp; more]]>"
    items = (
        f"<item><title>On {text}</title><link>https://blog.example.org/1</link><description>{text}</description></item>"
    )
    (post,) = parse_feed(document(f"<rss version='2.0'><channel>{items}</channel></rss>"), NOW).items
    assert post.title.startswith("On Emoji 😀")
    assert post.title.endswith("& more")
    assert (post.title + post.abstract).encode()
    odd = json.dumps(
        {"url": "https://blog.example.org/1", "title": "A \ud800 b \x00", "content_html": "<p>\udfff c \x00 d</p>"}
    )
    feed = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{odd}]}}'
    (post,) = parse_feed(document(feed), NOW).items
    assert (post.title, post.abstract) == ("A b", "c d")


def test_markup_at_which_the_parser_fails_is_said_to_be_broken() -> None:
    place = "<gml:pos>1</gml:pos>"
    text = f"<rss version='2.0' xmlns:gml='http://www.opengis.net/gml'><channel><item>{place}</item></channel></rss>"
    with pytest.raises(Unavailable, match="its markup is broken"):
        parse_feed(document(text), NOW)
