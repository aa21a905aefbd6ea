"""Where a delivery stands, in its platform's own ids."""

from __future__ import annotations

from bot.chat.gateway import Where
from bot.domain.models import Delivery


def where(delivery: Delivery) -> Where:
    """The place of a delivery: its room, and its message once it is posted."""
    room = delivery.room
    return Where(
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
