"""A club that was restored from a backup: nothing is posted twice, whatever went out since, and people are asked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import make_url

from adapters.web.site import quarantine_notices
from bot.chat.gateway import NotSent, Refused
from bot.runtime.composition import prepare_database
from bot.runtime.restore_review import RestoreReview
from bot.runtime.scheduler import Scheduler
from bot.store.admin.restored_database import BACKED_UP_AT
from bot.store.posting_mark import PostingMark
from bot.store.transfer.postgresql_backup import back_up_postgresql, restore_postgresql
from bot.store.transfer.sqlite_backup import back_up_sqlite, restore_sqlite
from tests.features.conversation import press
from tests.stand_ins import Clock, Harness, RecordingGateway, open_harness, open_store, words

SETUP = "/clubadmin setup papers=papers digest=digest moderators=mods timezone=UTC"


@dataclass(slots=True)
class Lives:
    """One installation that lives, is backed up, lives on, and is restored. The platform remembers all of it."""

    folder: Path
    url: str
    wall: RecordingGateway = field(default_factory=RecordingGateway)
    clock: Clock = field(default_factory=Clock)

    @asynccontextmanager
    async def life(self) -> AsyncIterator[Harness]:
        """The program, started on the database as it is."""
        async with open_harness(self.folder, url=self.url, public_url="") as opened:
            opened.clock.at = self.clock.at
            opened.add(self.wall)
            mark = PostingMark(self.data)
            object.__setattr__(opened.app, "posting_mark", mark)
            await prepare_database(opened.app.store, mark)
            yield opened
            self.clock.at = opened.clock.at

    def back_up(self) -> Callable[[], None]:
        """Make a backup now; how it is restored."""
        if self.url.startswith("sqlite"):
            file, live = self.folder / "backup.db", Path(make_url(self.url).database or "")
            back_up_sqlite(live, file, self.clock.at)
            return lambda: void(restore_sqlite(file, live, self.clock.at))
        dump = self.folder / "backup.sql.gz"
        back_up_postgresql(self.url, dump, self.clock.at)
        return lambda: void(restore_postgresql(dump, self.url, self.clock.at))

    @property
    def data(self) -> Path:
        """The data folder, which stays when the database is replaced."""
        return self.folder / "data"

    async def forget_backup(self) -> None:
        """Take the mark of the backup away: as if somebody had copied the file, or restored a snapshot of the disk."""
        store = open_store(self.url)
        async with store.admin_session() as admin:
            await admin.facts.forget(BACKED_UP_AT)
        await store.close()

    def titles(self, room: str = "papers") -> list[str]:
        return [card.title for card in self.wall.cards(room)]


def void(value: object) -> None:
    """Nothing, whatever was given."""


@pytest.fixture
def lives(url: str, tmp_path: Path) -> Lives:
    return Lives(tmp_path, url)


async def say(club: Harness, line: str, name: str = "Root") -> str:
    said = await club.say(name, line, admin=name == "Root", moderator=name == "Root")
    assert not said.failed, said.card
    return words(said)


async def submit_unposted(club: Harness, paper: str) -> None:
    """Somebody submits a paper, and the program is backed up before its card goes out."""
    worker = club.delivery_worker.drain
    club.delivery_worker.drain = nothing  # type: ignore[method-assign]
    await say(club, f"/paper submit {paper}", "Ada")
    club.delivery_worker.drain = worker  # type: ignore[method-assign]


async def nothing(rounds: int = 0) -> None: ...


async def everything(club: Harness) -> None:
    """Let every worker do all that is due."""
    for _ in range(2):
        await RestoreReview(club.app).round()
        await Scheduler(club.app).tick()
        await club.delivery_worker.drain()


async def lost_life(lives: Lives, then: Callable[[Harness], Awaitable[None]]) -> None:
    """A club that was restored: its backup has a card that was posted after that, and so was what `then` does."""
    async with lives.life() as club:
        await say(club, SETUP)
        await say(club, "/paper submit 1706.03762", "Ada")
        await submit_unposted(club, "2012.12877")
        lives.clock.at = club.clock.at
        restore = lives.back_up()
        club.clock.advance(minutes=5)
        await club.delivery_worker.drain()
        await then(club)
    restore()


async def only_that(club: Harness) -> None: ...


async def test_what_went_out_since_is_found_and_never_posted_again(lives: Lives) -> None:
    await lost_life(lives, only_that)
    before = len(lives.wall.posts)
    assert len(lives.titles()) == 2
    async with lives.life() as club:
        await everything(club)
        assert [card.title for _, card in lives.wall.posts[before:]] == ["This club was restored from a backup"]
        asked = words(lives.wall.posts[-1][1])
        assert "linked again: 1 post" in asked
        assert "May have been posted" not in asked
        club.clock.advance(minutes=20)
        await everything(club)
        assert len(lives.titles()) == 2, "a quarter of an hour changes nothing"
        await say(club, "/paper submit 2010.11929", "Ada")
        assert len(lives.titles()) == 2, "what is new waits too"
        await say(club, "/clubadmin restored start")
        await everything(club)
        assert len(lives.titles()) == 3
        await say(club, "/paper vote 2", "Ben")
        found = [n for n, (place, _) in enumerate(lives.wall.posts, 1) if place.room == "papers"][1]
        assert lives.wall.edits[-1][0].message == f"m{found}", "its tally lives where it was found"
        assert len(set(lives.wall.keys)) == len(lives.wall.keys) == len(lives.wall.posts), "no key was used twice"


async def test_a_copy_put_back_by_other_means_is_recognized_by_the_mark_beside_it(lives: Lives) -> None:
    await lost_life(lives, only_that)
    await lives.forget_backup()
    before = len(lives.wall.posts)
    async with lives.life() as club:
        await everything(club)
        assert [card.title for _, card in lives.wall.posts[before:]] == ["This club was restored from a backup"]
        assert "linked again: 1 post" in words(lives.wall.posts[-1][1])
        await say(club, "/clubadmin restored start")
        await say(club, "/paper submit 2010.11929", "Ada")
        await everything(club)
        assert len(lives.titles()) == 3
    async with lives.life() as club:
        await say(club, "/paper submit 2510.04871", "Ada")
        await everything(club)
        assert len(lives.titles()) == 4, "it is asked once, not at each start"
    assert len(set(lives.wall.keys)) == len(lives.wall.posts), "no key was used twice"


async def test_a_mark_says_nothing_about_another_or_a_new_installation(lives: Lives) -> None:
    async with lives.life() as club:
        await say(club, SETUP)
        await say(club, "/paper submit 1706.03762", "Ada")
        lives.clock.at = club.clock.at
    [mark] = lives.data.iterdir()
    assert mark.stat().st_mode & 0o777 == 0o600
    mark.rename(mark.with_name("posted-until.others"))
    async with lives.life() as club:
        club.clock.advance(minutes=5)
        await say(club, "/paper submit 2010.11929", "Ada")
        assert len(lives.titles()) == 2
    assert len([*lives.data.iterdir()]) == 2
    for file in lives.data.iterdir():
        file.write_text("not a time")
    async with lives.life() as club:
        club.clock.advance(minutes=5)
        await say(club, "/paper submit 2510.04871", "Ada")
        assert len(lives.titles()) == 3, "nothing is concluded from a file that cannot be read"


async def test_where_nothing_may_be_read_people_decide_and_nothing_goes_out_by_itself(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def blind(*_: object, **__: object) -> None:
        raise Refused("without the history scopes Slack does not let me look")

    monkeypatch.setattr(RecordingGateway, "own_posts", blind)
    monkeypatch.setattr(RecordingGateway, "find", blind)
    await lost_life(lives, only_that)
    async with lives.life() as club:
        await everything(club)
        asked = lives.wall.posts[-1][1]
        assert "May have been posted since then: 1 post, to Wall #papers" in words(asked)
        assert "I cannot read Wall #papers" in words(asked)
        assert any("restored from a backup" in words(card) for _, card in lives.wall.direct_messages)
        club.clock.advance(hours=3)
        await everything(club)
        assert len(lives.titles()) == 2
        listed = await club.say("Mo", "/curate post restored", moderator=True)
        assert "1 post that may have been sent after the backup" in words(listed)
        settled = await press(club, listed, "Decide", "Mo", moderator=True)
        assert "It is there" in words(settled)
        started = await say(club, "/clubadmin restored start")
        assert "1 post may already have been sent, and was skipped" in started
        club.clock.advance(hours=1)
        await everything(club)
        assert len(lives.titles()) == 2
        assert "posts as usual" in await say(club, "/clubadmin restored")


async def test_an_edition_that_came_out_since_is_not_made_again(lives: Lives) -> None:
    async def edition(club: Harness) -> None:
        await say(club, "/paper vote 1", "Ben")
        club.clock.advance(days=1)
        await say(club, "/edition draft")
        await say(club, "/edition approve now")
        club.clock.advance(days=6)
        await everything(club)
        assert lives.titles("digest")

    await lost_life(lives, edition)
    before = lives.titles("digest")
    async with lives.life() as club:
        await everything(club)
        assert "Posted after the backup: a message in" in words(lives.wall.posts[-1][1])
        await everything(club)
        await say(club, "/clubadmin restored start")
        club.clock.advance(hours=1)
        await everything(club)
        assert lives.titles("digest") == before


async def test_an_approved_edition_waits_for_a_person_after_a_restore(lives: Lives) -> None:
    async with lives.life() as club:
        await say(club, SETUP)
        await say(club, "/paper submit 1706.03762", "Ada")
        await say(club, "/paper vote 1", "Ben")
        club.clock.advance(days=1)
        await everything(club)
        await say(club, "/edition draft")
        await say(club, "/edition approve")
        lives.clock.at = club.clock.at
        restore = lives.back_up()
        await say(club, "/edition schedule now")
        await everything(club)
        assert lives.titles("digest")
    before = lives.titles("digest")
    restore()
    async with lives.life() as club:
        await everything(club)
        assert "may already have been published, so it is waiting" in await say(club, "/clubadmin restored start")
        club.clock.advance(days=1)
        await everything(club)
        assert lives.titles("digest") == before
        await say(club, "/edition skip it is out")


async def test_a_platform_that_is_away_is_asked_again_before_anybody_is(
    lives: Lives, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lost_life(lives, only_that)
    honest, away = RecordingGateway.own_posts, [True]

    async def asked(self: RecordingGateway, *given: object, **more: object) -> object:
        if away:
            raise NotSent("Slack cannot be reached")
        return await honest(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(RecordingGateway, "own_posts", asked)
    async with lives.life() as club:
        before = len(lives.wall.posts)
        assert await RestoreReview(club.app).round() == 1
        assert "still reading" in await say(club, "/clubadmin restored")
        assert "still reading" in await say(club, "/clubadmin restored start")
        assert len(lives.wall.posts) == before
        away.clear()
        assert await RestoreReview(club.app).round() == 0
        await club.delivery_worker.drain()
        assert len(lives.wall.posts) == before + 1


async def test_the_doctor_and_readyz_say_so_until_it_is_lifted(lives: Lives) -> None:
    await lost_life(lives, only_that)
    async with lives.life() as club:
        await everything(club)
        assert "restored from a backup" in await say(club, "/clubadmin doctor")
        assert len(await quarantine_notices(club.app)) == 1
        await say(club, "/clubadmin restored start")
        assert "restored from a backup" not in await say(club, "/clubadmin doctor")
        assert await quarantine_notices(club.app) == []


async def test_a_restore_of_the_same_backup_gets_other_keys_again(lives: Lives) -> None:
    await lost_life(lives, only_that)
    seen = []
    for paper in ("2010.11929", "2510.04871"):
        async with lives.life() as club:
            await everything(club)
            await say(club, "/clubadmin restored start")
            await say(club, f"/paper submit {paper}", "Ada")
            seen.append({key for key in lives.wall.keys if key.startswith("jc")})
            club.clock.advance(minutes=1)
        restore = lives.back_up()
        restore()
    assert len(lives.wall.keys) == len(lives.wall.posts)
    assert all(len(key) <= 25 for key in lives.wall.keys)
