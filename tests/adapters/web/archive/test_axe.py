"""axe-core, the accessibility checker, in a real Chromium on every kind of page: nothing to complain of.

axe-core comes with a package of the dev extra. Where it or Chromium is missing, these tests are left out.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bot.domain.models import Meeting
from tests.adapters.web.archive.chromium import COMMAND, Tab, browser
from tests.adapters.web.archive.conftest import LATEST, Site
from tests.editions.sample import full

FOUND = find_spec("axe_playwright_python")
"""The package that brings axe-core. It is not imported: it would import Playwright, which nothing here needs."""
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DRAWN_RULES = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "meta-viewport"]
"""Rules about colors and sizes; the others find the same in a page however it is drawn."""

pytestmark = [
    pytest.mark.skipif(COMMAND is None, reason="no Chromium here: apt install chromium"),
    pytest.mark.skipif(FOUND is None, reason="no axe-core here: pip install axe-playwright-python"),
]


def axe_source() -> str:
    assert FOUND
    assert FOUND.submodule_search_locations
    return Path(FOUND.submodule_search_locations[0], "axe.min.js").read_text("utf-8")


async def violations(tab: Tab, only: dict[str, Any] | list[str] = RULES) -> list[str]:
    """What axe-core complains of in the page that is shown: rule and element."""
    await tab.do("Runtime.evaluate", expression=axe_source())
    rules = json.dumps({"runOnly": only, "resultTypes": ["violations"]})
    answer = await tab.do(
        "Runtime.evaluate",
        expression=f"axe.run(document, {rules}).then(found => JSON.stringify(found.violations))",
        awaitPromise=True,
        returnByValue=True,
    )
    assert "exceptionDetails" not in answer, answer
    found: list[dict[str, Any]] = json.loads(answer["result"]["value"])
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


async def with_meeting(site: Site) -> int:
    """The number of a meeting that took place, with everything that its page shows."""
    now = site.harness.app.now()
    async with site.harness.app.store.begin(site.club) as db:
        paper = await db.submissions.by_number(1)
        assert paper is not None
        meeting = Meeting(
            series_id=None, occurrence=None, starts_at=now - timedelta(days=3), timezone="UTC", submission_id=paper.id,
            presenter_id=None, volunteers_asked_at=None, announce_at=now - timedelta(days=9), note_taker_id=None,
            notes="We liked it.\n\nWe shall read the appendix.", recording="https://example.org/recording",
            slides="https://example.org/slides", created_at=now, changed_at=now,
        )  # fmt: skip
        added = await db.meetings.add(meeting)
        assert added is not None
        return added.number


@pytest.fixture
async def tab(tmp_path: Path) -> AsyncIterator[Tab]:
    async with browser(tmp_path / "profile") as opened:
        yield opened


async def test_no_page_has_a_fault_in_light_or_dark(site: Site, tab: Tab) -> None:
    await site.edit(LATEST, full())
    await site.edit(1, state="recalled")
    meeting = await with_meeting(site)
    paths = (
        "", f"/editions/{LATEST}", "/editions/2", "/editions/1", "/papers/1", "/search", "/search?q=learning",
        "/meetings", f"/meetings/{meeting}", "/index", "/years/2026", "/themes", "/people", "/statistics", "/nowhere",
    )  # fmt: skip
    found: list[tuple[str, bool, str]] = []
    for path in paths:
        for dark, rules in ((False, RULES), (True, DRAWN_RULES)):
            await tab.open(f"{site.root}/clubs/{site.club}{path}", width=390 if dark else 1200, dark=dark)
            found += [(path, dark, one) for one in await violations(tab, rules)]
    await tab.open(f"{site.root}/clubs")
    assert [*found, *await violations(tab)] == []


async def test_the_checker_finds_faults(site: Site, tab: Tab) -> None:
    """A test of the test."""
    await tab.open(f"{site.root}/clubs/{site.club}")
    bad = '\'<img src="data:,"><p id=pale>pale</p><a href="/x"></a>\''
    await tab.value(f"document.querySelector('main').insertAdjacentHTML('beforeend', {bad})")
    await tab.value("document.getElementById('pale').style.color = '#eee'")
    found = " ".join(await violations(tab))
    assert "image-alt" in found
    assert "link-name" in found
    assert "color-contrast" in " ".join(await violations(tab, DRAWN_RULES))
