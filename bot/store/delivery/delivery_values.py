"""Values of deliveries: parts of a post to be planned, what a worker sets when it finishes one, a thread's header."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, TypedDict

from bot.domain.models import (
    Delivery,
    DeliveryState,
    Room,
)


class DeliveryValues(TypedDict, total=False):
    """Columns that a worker may set when it finishes a delivery."""

    state: DeliveryState
    not_before: datetime
    had_unknown: bool
    looks: int
    last_tried_at: datetime
    asked_at: datetime
    reposted_at: datetime
    message: str
    thread: str
    url: str
    error: str
    stale: bool


class PlannedPart(NamedTuple):
    """One part of a post to be planned, in one room; with `in_thread` a reply to part 0, wherever that is posted."""

    room: Room
    part: int
    card: dict[str, Any] | None
    submission_id: int | None = None
    thread: str = ""
    in_thread: bool = False


class ThreadHeader(NamedTuple):
    """The post that others reply to, and its thread as itself or another reply has it; empty if unknown."""

    post: Delivery
    thread: str
