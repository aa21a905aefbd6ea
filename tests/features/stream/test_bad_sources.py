"""What bad sources and small clubs get: a clear sentence, a list made of what there is, and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app import ThreadRanker
from bot.chat.cards import ListEntry
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.recommender import ranking
from bot.runtime.stream_worker import StreamWorker
from bot.sources.arxiv import ArxivUnavailable
from bot.sources.link_metadata.fetch import FEED, FetchedPage, PageFetcher
from bot.sources.stream.arxiv_listing import ArxivStreamReader
from bot.sources.stream.feeds import FeedReader
from tests.features.conversation import press
from tests.features.stream.conftest import Reading
from tests.features.stream.test_shortlist import MEMORY, add_source, shown_titles, with_a_pick
from tests.sources.local_rate_gate import LocalRateGate
from tests.stand_ins import words

ADDRESS = "https://blog.example.org/feed.xml"
PAGE = "<!DOCTYPE html><html><body>A blog</body></html>"


class Feed(PageFetcher):
    """A feed whose document the test sets; `asked` counts the requests."""

    def __init__(self) -> None:
        super().__init__(LocalRateGate(), agent="test", kind=FEED)
        self.document = PAGE
        self.asked = 0

    async def fetch(self, url: str) -> FetchedPage:
        self.asked += 1
        return FetchedPage(url, self.document.encode(), "", "application/xml")

    def announce(self, count: int, *, first: int = 0, date: str = "Sun, 30 Nov 2025 10:00:00 GMT") -> None:
        """Set a document with entries whose ids are others each time."""
        entries = (
            f"<item><title>Post {n}</title><link>https://blog.example.org/{n}</link><guid>{self.asked}-{n}</guid>"
            f"<pubDate>{date}</pubDate></item>"
            for n in range(first, first + count)
        )
        self.document = f"<rss version='2.0'><channel>{''.join(entries)}</channel></rss>"


@pytest.fixture
def feed(reading: Reading) -> Feed:
    made = Feed()
    readers = {StreamSourceKind.FEED: FeedReader(made), StreamSourceKind.ARXIV: ArxivStreamReader(reading.listing)}
    reading.club.change(stream_readers=readers)
    reading.worker = StreamWorker(reading.club.app)
    return made


async def stored(reading: Reading) -> int:
    async with reading.club.app.store.read(1) as db:
        return len(await db.stream.new(datetime(2025, 1, 1, tzinfo=UTC), limit=9_000))


async def test_a_feed_that_becomes_a_page_changes_its_ids_or_has_thousands_of_entries(
    reading: Reading, feed: Feed
) -> None:
    async def sources() -> str:
        return words(await reading.club.say("Root", "/clubadmin sources", admin=True))

    refused = await reading.club.say("Root", f"/clubadmin sources add {ADDRESS}", admin=True)
    assert refused.failed
    assert "a web page, not a feed" in words(refused)
    assert "It was not added" in words(refused)
    feed.announce(3)
    await add_source(reading, ADDRESS)
    for _ in range(5):
        feed.announce(3)
        await reading.pass_time(hours=3)
    assert feed.asked > 5
    assert await stored(reading) == 3, "links say what an entry is, not ids"
    feed.document = PAGE
    for _ in range(14):
        await reading.pass_time(hours=12)
    assert "a web page, not a feed" in await sources()
    feed.announce(5_000, first=1)
    await reading.pass_time(hours=12)
    assert await stored(reading) > 200, "what was there before is not lost"
    assert "Of its 5,000 entries the newest 200 were read." in await sources()


async def test_what_came_last_is_the_newest_and_words_for_all_sources_are_added(reading: Reading, feed: Feed) -> None:
    dates = "".join(
        f"<item><title>Post {n}</title><link>https://blog.example.org/{n}</link>"
        f"<pubDate>{30 - n // 8} Nov 2025 {23 - n % 8}:00:00 GMT</pubDate></item>"
        for n in range(120)
    )
    feed.document = f"<rss version='2.0'><channel>{dates}</channel></rss>"
    await add_source(reading, ADDRESS)
    await reading.pass_time(minutes=1)

    async def say(line: str) -> str:
        return words(await reading.club.say("Root", f"/clubadmin sources {line}", admin=True))

    assert "newest: Post 0" in await say("list")
    found = await reading.club.say("Ada", "/paper find post scope=new")
    rows = [part for part in found.card.parts if isinstance(part, ListEntry)]
    assert rows
    assert not [row for row in rows if str(row.note[0]).lstrip().startswith("·")], "nobody is named as an author"
    await say(f"exclude {ADDRESS} words=survey")
    await say("exclude words=benchmark")
    assert "not suggested: survey, benchmark" in await say("list")
    await say("exclude words=none")
    assert "not suggested" not in await say("list")


async def test_why_a_feed_is_not_read_is_said_in_the_clubs_language_and_no_words_remove_none(
    reading: Reading, feed: Feed
) -> None:
    async def say(line: str) -> str:
        return words(await reading.club.say("Root", f"/clubadmin {line}", admin=True))

    feed.announce(1)
    await add_source(reading, ADDRESS)
    await say("sources exclude words=survey")
    for nothing in ('" , ,"', '" "', '","'):
        assert "Which words?" in await say(f"sources exclude words={nothing}")
    assert "survey" in await say("sources")
    await say("settings language German")

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    refusing = FeedReader(PageFetcher(LocalRateGate(), agent="test", kind=FEED, resolve=resolve))
    reading.club.change(stream_readers={StreamSourceKind.FEED: refusing})
    refused = await say(f"sources test {ADDRESS}")
    assert "Der Feed wurde nicht gelesen: sein Host ist nicht im öffentlichen Internet" in refused


async def test_a_feed_without_dates_brings_no_archive_and_one_without_zones_brings_what_is_new(
    reading: Reading, feed: Feed
) -> None:
    reading.club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    feed.announce(30, first=1, date="soon")
    await add_source(reading, ADDRESS)
    await reading.pass_time(minutes=1)
    assert await shown_titles(reading) == [], "nobody can say which of its posts are new"
    feed.announce(32, first=1, date="soon")
    await reading.pass_time(hours=3)
    assert sorted(await shown_titles(reading)) == ["Post 31", "Post 32"]
    other = "https://log.example.org/feed.xml"
    feed.announce(4, first=50, date="Mon, 01 Dec 2025 08:00:00")
    await add_source(reading, other)
    await reading.pass_time(hours=3)
    assert len(await shown_titles(reading)) == 6
    feed.announce(4, first=60, date="Wed, 01 Oct 2025 08:00:00")
    await add_source(reading, "https://old.example.org/feed.xml")
    await reading.pass_time(hours=3)
    assert not {"Post 60", "Post 63"} & set(await shown_titles(reading)), "two months old, without a zone"


async def test_a_club_with_three_votes_and_nothing_to_learn_with_gets_a_list_that_says_so(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "LEARNS", False)
    reading.club.change(ranker=ThreadRanker())
    reading.worker = StreamWorker(reading.club.app)
    await with_a_pick(reading)
    for name in ("Bob", "Grace", "Linus"):
        assert not (await reading.club.say(name, "/paper vote 1")).failed
    await add_source(reading)
    await reading.pass_time(minutes=1)
    assert len(await shown_titles(reading)) > 30
    shown = words(await reading.club.say("Mod", "/curate candidates", moderator=True))
    assert "install journalclub[shortlist]" in shown


async def test_what_a_source_announced_of_a_page_stands_in_where_the_page_is_not_read(
    reading: Reading, feed: Feed
) -> None:
    feed.announce(2, date="Mon, 01 Dec 2025 08:00:00 GMT")
    reading.club.clock.at = datetime(2025, 12, 1, 9, tzinfo=UTC)
    await add_source(reading, ADDRESS)
    await reading.pass_time(minutes=1)
    shown = await reading.club.say("Mod", "/curate candidates", moderator=True)
    added = await press(reading.club, shown, "Add", "Mod", moderator=True)
    [left] = await shown_titles(reading)
    assert {"Post 0": "Post 1", "Post 1": "Post 0"}[left] in words(added)
    assert "could not find a title" not in words(added)
    elsewhere = await reading.club.say("Ada", "/paper submit https://other.example.org/post")
    assert "could not find a title" in words(elsewhere), "no source of the club announced it"

    await add_source(reading)
    await reading.pass_time(minutes=1)
    reading.club.paper_source.error = ArxivUnavailable("HTTP 503")
    waiting = await reading.club.say("Ada", f"/paper submit {MEMORY}")
    assert "details will follow" in words(waiting)
    assert "Goal-Directed Search" in words(waiting)
