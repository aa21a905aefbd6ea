"""The App is complete when it is built: its platforms belong to it, and nothing is put into it afterwards."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace
from typing import Any, cast

import pytest

from bot.app import App
from tests.stand_ins import Harness, RecordingGateway


@dataclass(slots=True)
class Owned(RecordingGateway):
    """A platform that remembers the App it was made for."""

    app: Any = None


def make(app: App) -> Owned:
    return Owned("owned", app=app)


async def test_each_gateway_is_made_for_the_app_it_is_in(club: Harness) -> None:
    app = replace(club.app, platforms=(make,))
    assert list(app.gateways) == ["owned"]
    assert cast("Owned", app.gateways["owned"]).app is app
    later = replace(app, paper_counter=None)
    assert cast("Owned", later.gateways["owned"]).app is later, "one that is built anew has gateways of its own"


async def test_nothing_is_put_in_afterwards(club: Harness) -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        club.app.gateways["late"] = RecordingGateway("late")  # type: ignore[index] # what mypy refuses too
    with pytest.raises(FrozenInstanceError):
        club.app.writer = club.app.writer  # type: ignore[misc] # what mypy refuses too


async def test_of_two_makers_for_one_platform_the_last_counts(club: Harness) -> None:
    first, second = RecordingGateway("hall"), RecordingGateway("hall")
    app = replace(club.app, platforms=(lambda _: first, lambda _: second))
    assert app.gateways["hall"] is second
