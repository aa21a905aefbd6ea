"""Where a delivery stands, in its platform's own ids."""

from __future__ import annotations

from bot.chat.gateway import Location
from bot.domain.models import Delivery


def location_of(delivery: Delivery) -> Location:
    """The place of a delivery: its room, and its message once it is posted."""
    room = delivery.room
    return Location(
        platform=room.workspace.platform,
        workspace=room.workspace.external_id,
        room=room.external_id,
        thread=delivery.thread,
        message=delivery.message,
    )


def channel_of(delivery: Delivery) -> str:
    """The channel of a delivery, as people know it: "Slack #papers"."""
    room = delivery.room
    return f"{room.workspace.platform.title()} #{room.name or room.external_id}"
