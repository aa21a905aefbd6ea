"""The App is complete when it is built: its gateways belong to it and cannot be changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, replace
from typing import Any, cast

import pytest

from bot.app import App
from tests.stand_ins import Harness, RecordingGateway


@dataclass(slots=True)
class OwnedGateway(RecordingGateway):
    """Gateway that stores the App it was built for."""

    app: Any = None


def make(app: App) -> OwnedGateway:
    return OwnedGateway("owned", app=app)


async def test_each_gateway_is_built_for_its_app(club: Harness) -> None:
    app = replace(club.app, platforms=(make,))
    assert list(app.gateways) == ["owned"]
    assert cast("OwnedGateway", app.gateways["owned"]).app is app
    later = replace(app, paper_counter=None)
    assert cast("OwnedGateway", later.gateways["owned"]).app is later, "one that is built anew has gateways of its own"


async def test_the_gateways_cannot_be_changed(club: Harness) -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        club.app.gateways["late"] = RecordingGateway("late")  # type: ignore[index] # what mypy refuses too
    with pytest.raises(FrozenInstanceError):
        club.app.writer = club.app.writer  # type: ignore[misc] # what mypy refuses too


async def test_the_last_of_two_factories_for_a_platform_counts(club: Harness) -> None:
    first, second = RecordingGateway("hall"), RecordingGateway("hall")
    app = replace(club.app, platforms=(lambda _: first, lambda _: second))
    assert app.gateways["hall"] is second
