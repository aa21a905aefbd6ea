"""Marks of deliveries in posted messages.

The message's metadata, which the channel's history shows, holds the delivery's key; so do the ids of blocks with
buttons, which come back with every click.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

EVENT_TYPE = "journalclub_delivery"
"""The event type of the metadata that names a delivery."""


def metadata(key: str) -> Json:
    """The metadata of a delivery's message."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def key_in(message: Json) -> str:
    """The delivery key in a message's metadata; empty for other messages."""
    entry = message.get("metadata") or {}
    payload = entry.get("event_payload") or {}
    return str(payload.get("key", "")) if entry.get("event_type") == EVENT_TYPE else ""


def with_delivery_key(message: Json, key: str) -> Json:
    """The message with the delivery's key in the id of each block that has buttons."""
    blocks = [
        {**block, "block_id": f"{key}:{index}"} if block["type"] == "actions" or "accessory" in block else block
        for index, block in enumerate(message["blocks"])
    ]
    return {**message, "blocks": blocks}


def key_of_action(action: Json) -> str:
    """The delivery key in the id of the block that was clicked; empty if it has none. It comes from outside and is not
    proof.
    """
    key, _, index = str(action.get("block_id", "")).rpartition(":")
    return key if key.startswith("jc") and index.isdecimal() else ""
