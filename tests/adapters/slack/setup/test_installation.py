"""Many workspaces: installed through Slack's page, each with its own token, which is never kept in the clear."""

from __future__ import annotations

import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from adapters.slack.gateway import SlackGateway
from adapters.slack.transport.token_cipher import TokenCipher
from bot.chat.cards import Card
from bot.chat.gateway import Location, Refused
from tests.adapters.slack.harness import (
    SECRET_KEY,
    SlackHarness,
    message_with,
    slack_harness,
    slack_harness_by_http,
)
from tests.protocol.slack_server import Person, SlackServer, faults

NEW_KEY = urlsafe_b64encode(b"n" * 32)


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[SlackHarness]:
    """The app for everybody: nothing is installed yet but in T1, whose token is in the settings."""
    client = {"client_id": "1700000000.1700000001", "client_secret": "client-secret-of-the-test-app"}
    async with slack_harness_by_http(tmp_path, **client) as opened:
        opened.slack.app.redirect_urls = [f"{opened.url}/oauth_redirect"]
        yield opened
        opened.check()


class Browser:
    """Somebody's browser, with its cookies."""

    def __init__(self, club: SlackHarness, person: Person) -> None:
        self._club, self._person = club, person
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def begin(self) -> str:
        """Open the install page; the address of Slack's that it leads to."""
        async with self._session.get(f"{self._club.url}/install", allow_redirects=False) as answer:
            assert answer.status == 302
            assert "HttpOnly" in answer.headers["Set-Cookie"]
            assert "SameSite=Lax" in answer.headers["Set-Cookie"]
            return answer.headers["Location"]

    def allow(self, address: str, *, allow: bool = True) -> str:
        """Press Allow (or Cancel) on Slack's page; where it leads back to."""
        return self._club.slack.oauth.decide(address, self._person, allow=allow)

    async def go(self, address: str) -> tuple[int, str]:
        async with self._session.get(address) as answer:
            return answer.status, await answer.text()


async def install(club: SlackHarness, person: Person) -> None:
    async with Browser(club, person) as browser:
        status, page = await browser.go(browser.allow(await browser.begin()))
        assert (status, "is installed" in page) == (200, True)


def second(club: SlackHarness, team: str = "T2") -> Person:
    """An admin of another workspace with a channel."""
    club.slack.team(team, f"Workspace {team}")
    admin = club.slack.user(f"Boss of {team}", team, admin=True)
    club.slack.channel(f"C0{team}ROOM1", "general", team=team)
    return admin


async def test_a_workspace_installs_the_app_and_has_a_club_of_its_own(club: SlackHarness) -> None:
    boss = second(club)
    await install(club, boss)
    assert any("Thank you" in m.words for m in club.slack.directs(boss))
    screen = await boss.command("/paper", "submit 1706.03762", channel="C0T2ROOM1")
    await message_with(screen, "on the list")
    await club.settle()
    assert any("Attention" in m.words for m in club.slack.messages("C0T2ROOM1"))
    assert (await club.workspace("T2")).club_id != (await club.workspace("T1")).club_id
    await club.bring("Ada", "2012.12877")
    assert not any("distillation" in m.words for m in club.slack.messages("C0T2ROOM1")), "a club is a wall"


async def test_the_token_is_not_in_the_database(club: SlackHarness, tmp_path: Path) -> None:
    await install(club, second(club))
    token = club.slack.token("T2")
    await club.harness.app.store.close()
    assert not [file for file in files_of(tmp_path) if token.encode() in file]


def files_of(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.glob("club.db*")]


async def test_cancelling_installs_nothing(club: SlackHarness) -> None:
    async with Browser(club, second(club)) as browser:
        status, page = await browser.go(browser.allow(await browser.begin(), allow=False))
        assert (status, "Nothing was installed" in page) == (200, True)
    assert await tokens(club) == {}


async def tokens(club: SlackHarness) -> dict[str, str]:
    async with club.harness.app.store.read_admin_session() as admin:
        return {i.external_id: i.token for i in await admin.installations.all("slack")}


async def test_the_way_back_is_good_once_in_the_same_browser_and_for_ten_minutes(club: SlackHarness) -> None:
    boss = second(club)
    async with Browser(club, boss) as mine, Browser(club, boss) as theirs:
        back = mine.allow(await mine.begin())
        await theirs.begin()
        assert (await theirs.go(back))[0] == 400, "another browser"
        assert (await mine.go(back.replace("state=", "state=x")))[0] == 400, "another state"
        assert (await mine.go(f"{club.url}/oauth_redirect?code=1"))[0] == 400, "no state"
        assert await tokens(club) == {}
        late = mine.allow(await mine.begin())
        club.harness.clock.advance(seconds=601)
        assert (await mine.go(late))[0] == 400
        club.harness.clock.at -= timedelta(seconds=601)
        back = mine.allow(await mine.begin())
        assert (await mine.go(back))[0] == 200
        assert (await mine.go(back))[0] == 400, "used"


async def test_a_code_that_slack_does_not_take_installs_nothing(club: SlackHarness) -> None:
    async with Browser(club, second(club)) as browser:
        back = urlsplit(browser.allow(await browser.begin()))
        state = parse_qs(back.query)["state"][0]
        status, page = await browser.go(f"{club.url}/oauth_redirect?code=made-up&state={state}")
        assert (status, "did not confirm" in page) == (502, True)


async def test_a_removed_app_loses_its_token_and_can_be_installed_again(club: SlackHarness) -> None:
    boss = second(club)
    await install(club, boss)
    club.slack.events.uninstall("T2")
    await club.slack.settled()
    assert await tokens(club) == {}
    with pytest.raises(Refused, match="not installed"):
        await club.gateway.post(Location("slack", "T2", "C0T2ROOM1"), Card("x"), key="jc1")
    await install(club, boss)
    screen = await boss.command("/paper", "top", channel="C0T2ROOM1")
    await message_with(screen, "Top papers")
    assert (await club.workspace("T2")).left_at is None


async def test_where_the_app_is_not_installed_people_are_told(club: SlackHarness) -> None:
    boss = second(club, "T3")
    club.slack.install("T3")
    screen = await boss.command("/paper", "top", channel="C0T3ROOM1")
    await club.slack.settled()
    assert "Top papers" not in screen.words


async def test_a_new_key_reads_what_the_old_one_wrote_and_writes_it_anew(club: SlackHarness) -> None:
    await install(club, second(club))
    before = (await tokens(club))["T2"]
    app = club.harness.app
    installation = replace(app.installation, secret=NEW_KEY, former_secrets=(SECRET_KEY,))
    await club.stop()
    rotated = SlackGateway(replace(app, installation=installation), club.gateway._settings)
    await rotated._teams.preload()
    await rotated._teams.close()
    after = (await tokens(club))["T2"]
    assert after != before
    assert TokenCipher(NEW_KEY).decrypt(after) == club.slack.token("T2")
    assert TokenCipher(NEW_KEY).decrypt(before) == "", "the new key alone does not open the old"


async def test_without_its_key_a_token_is_of_no_use_and_the_log_says_so(
    club: SlackHarness, caplog: pytest.LogCaptureFixture
) -> None:
    await install(club, second(club))
    await club.stop()
    installation = replace(club.harness.app.installation, secret=NEW_KEY)
    lost = SlackGateway(replace(club.harness.app, installation=installation), club.gateway._settings)
    await lost._teams.preload()
    assert "it must install the app again" in caplog.text
    with pytest.raises(Refused, match="not installed"):
        await lost._teams.get("T2")
    await lost._teams.close()


def test_a_vault_locks_opens_and_knows_what_is_stale() -> None:
    old, new = TokenCipher(SECRET_KEY), TokenCipher(NEW_KEY, (SECRET_KEY,))
    locked = old.encrypt("xoxb-1")
    assert "xoxb" not in locked
    assert (new.decrypt(locked), new.needs_rotation(locked), old.needs_rotation(locked)) == ("xoxb-1", True, False)
    assert (new.decrypt("nonsense"), new.needs_rotation("nonsense")) == ("", False)
    assert not new.needs_rotation(new.encrypt("xoxb-1"))


async def test_installations_that_never_came_back_are_forgotten(club: SlackHarness, tmp_path: Path) -> None:
    async with Browser(club, second(club)) as browser:
        for _ in range(3):
            await browser.begin()
        club.harness.clock.advance(minutes=11)
        await browser.begin()
    with closing(sqlite3.connect(tmp_path / "club.db")) as database:
        assert database.execute("SELECT count(*) FROM install_visit").fetchone() == (1,)


async def test_the_pages_are_there_only_where_there_is_a_client_id(tmp_path: Path) -> None:
    async with (
        slack_harness_by_http(tmp_path) as plain,
        aiohttp.ClientSession() as session,
        session.get(f"{plain.url}/install") as no,
    ):
        assert no.status == 404


# -- the first message -------------------------------------------------------------------------------------
async def greeted(club: SlackHarness, *people: Person) -> list[int]:
    """How often each of some people was greeted."""
    await club.settle()
    return [sum("Thank you for installing me" in m.words for m in club.slack.directs(person)) for person in people]


async def test_an_app_with_a_token_greets_the_owner_of_its_workspace_once(tmp_path: Path) -> None:
    def with_people(slack: SlackServer) -> None:
        for name, facts in PEOPLE.items():
            slack.user(name, **facts)

    async with slack_harness(tmp_path, change=with_people, rooms=False) as club:
        olga, adam, bot, ada = map(club.slack.user, PEOPLE)
        assert await greeted(club, olga, adam, bot, ada) == [1, 0, 0, 0]
        [hello] = club.slack.directs(olga)
        assert hello.labels == ["Set up the club", "Check everything", "Submit a paper"]
        await club.stop()
        await club.start()
        assert await greeted(club, olga, adam, bot, ada) == [1, 0, 0, 0], "once"
        club.slack.events.uninstall("T1")
        await club.slack.settled()
        await club.stop()
        club.slack.world.installations["T1"].trouble = ""
        await club.start()
        assert await greeted(club, olga, adam, bot, ada) == [1, 0, 0, 0]
        assert "settings are as they were" in club.slack.directs(olga)[-1].words, "no admin of the club’s own"
        club.check()


PEOPLE: dict[str, dict[str, Any]] = {
    "Olga": {"owner": True, "is_primary_owner": True},
    "Adam": {"admin": True},
    "Helper": {"admin": True, "is_bot": True},
    "Ada": {},
}


async def test_where_the_owner_takes_no_messages_an_admin_is_greeted(tmp_path: Path) -> None:
    def with_people(slack: SlackServer) -> None:
        for name, facts in PEOPLE.items():
            slack.user(name, **facts)
        slack.faults.add("conversations.open", faults.refuse("user_disabled"))

    async with slack_harness(tmp_path, change=with_people, rooms=False) as club:
        olga, adam, bot, ada = map(club.slack.user, PEOPLE)
        assert await greeted(club, olga, adam, bot, ada) == [0, 1, 0, 0]
        club.check()


async def test_a_workspace_whose_people_cannot_be_listed_is_greeted_at_the_next_start(tmp_path: Path) -> None:
    def with_people(slack: SlackServer) -> None:
        slack.user("Olga", owner=True)
        slack.faults.add("users.list", faults.server_error(500))

    async with slack_harness(tmp_path, change=with_people, rooms=False) as club:
        olga = club.slack.user("Olga")
        assert await greeted(club, olga) == [0]
        await club.stop()
        await club.start()
        assert await greeted(club, olga) == [1]


async def test_a_workspace_that_is_set_up_is_not_greeted(club: SlackHarness) -> None:
    olga = club.slack.user("Olga", owner=True)
    await club.stop()
    await club.start()
    assert await greeted(club, olga) == [0]


async def test_who_installs_the_app_again_reads_that_it_is_back(club: SlackHarness) -> None:
    boss = second(club)
    await install(club, boss)
    club.slack.events.uninstall("T2")
    await club.slack.settled()
    await install(club, boss)
    assert await greeted(club, boss) == [1]
    assert "Papers, votes and settings are as they were" in club.slack.directs(boss)[-1].words
