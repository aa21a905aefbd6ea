"""Feeds of all kinds, and what is none; what two requests of one feed have in common is known by its links."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.links.sites import SiteKind
from bot.errors import Unavailable
from bot.sources.pages.fetch import FEED, FetchedPage, PageFetcher, PageNotRead
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
    assert (paper.key, paper.kind, paper.published) == ("arxiv:2511.21726", SiteKind.PAPER, NOW)


def test_ids_that_change_each_hour_change_nothing() -> None:
    one, other = (parse_feed(document(RSS.format(guid=guid)), NOW).items for guid in ("1", "2"))
    assert [item.key for item in one] == [item.key for item in other]


def test_atom_of_releases_is_code() -> None:
    (release,) = parse_feed(document(ATOM), NOW).items
    assert (release.title, release.kind, release.authors) == ("v1.2", SiteKind.CODE, ("octocat",))


def test_of_five_thousand_entries_the_newest_are_read_and_said_so() -> None:
    items = "".join(
        f"<item><title>Post {n}</title><link>https://blog.example.org/{n}</link>"
        f"<pubDate>{1 + n % 28} Nov 2025 10:00:00 GMT</pubDate></item>"
        for n in range(5_000)
    )
    page = parse_feed(document(f"<rss version='2.0'><channel>{items}</channel></rss>"), NOW)
    assert len(page.items) == MOST
    assert {item.published.day for item in page.items} == {27, 28}
    assert page.remark == "Of its 5,000 entries the newest 200 were read."


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("<!DOCTYPE html><html><body>Hello</body></html>", "a web page, not a feed"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><rss version="2.0"><channel/></rss>', "document type"),
        ('{"papers": []}', "neither RSS nor Atom"),
        ("", "neither RSS nor Atom"),
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
