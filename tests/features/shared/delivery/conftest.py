"""A club in which the outcome of a post may get lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain import message_links
from bot.domain.message_links import MessageLink
from bot.features.registry import all_commands
from tests.features.shared.delivery.lost_outcomes import (
    LINK,
    blind,
)
from tests.runtime.delivery_harness import DeliveryHarness, harness_of
from tests.stand_ins import open_harness


@pytest.fixture
async def club(url: str, tmp_path: Path, message_links_read: None) -> AsyncIterator[DeliveryHarness]:
    """A club with a moderators' channel, on a platform whose channels cannot be read; on both databases."""
    async with open_harness(tmp_path, url=url) as opened:
        yield await blind(await harness_of(opened))


@pytest.fixture
def message_links_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to messages of the recording gateway are read, which has none of its own."""
    link = next(param for param in all_commands["curate post found"].params if param.name == "link")

    def read(typed: str) -> MessageLink:
        place = typed.removeprefix(LINK.removesuffix("0"))
        ours = typed != place and place.isdigit()
        return MessageLink("wall", "digest", f"m{int(place) + 1}") if ours else message_links.parse_message_link(typed)

    found = all_commands["curate post found"]
    params = tuple(replace(p, hint=replace(p.hint, parse=read)) if p is link else p for p in found.params)
    monkeypatch.setitem(all_commands._by_name, found.name, replace(found, params=params))
