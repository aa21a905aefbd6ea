"""T12: the way back from Slack's page installs once, in the browser that began, within ten minutes."""

from __future__ import annotations

from datetime import timedelta

from tests.adapters.slack.harness import SlackHarness
from tests.adapters.slack.setup.test_installation import Browser, club, second, tokens

__all__ = ["club"]


async def test_other_browsers_states_and_times_install_nothing(club: SlackHarness) -> None:
    boss = second(club)
    async with Browser(club, boss) as mine, Browser(club, boss) as theirs:
        back = mine.allow(await mine.begin())
        await theirs.begin()
        for address in (back.replace("state=", "state=x"), f"{club.url}/oauth_redirect?code=1", back + "&state=y"):
            assert (await theirs.go(address))[0] == 400
        assert (await theirs.go(back))[0] == 400, "the victim's browser did not begin this"
        late = mine.allow(await mine.begin())
        club.harness.clock.advance(seconds=601)
        assert (await mine.go(late))[0] == 400
        assert await tokens(club) == {}
        club.harness.clock.at -= timedelta(seconds=601)
        good = mine.allow(await mine.begin())
        assert (await mine.go(good))[0] == 200
        assert (await mine.go(good))[0] == 400, "a state is good once"
        assert len(await tokens(club)) == 1


async def test_the_page_sends_nobody_to_an_address_of_the_query(club: SlackHarness) -> None:
    async with Browser(club, second(club)) as browser:
        address = await browser.begin()
        async with browser._session.get(
            f"{club.url}/install?redirect_uri=https://evil.test/&next=//evil.test", allow_redirects=False
        ) as answer:
            assert "evil.test" not in answer.headers["Location"]
        assert "evil.test" not in address
