"""How a posted message says which delivery it is: in its metadata, which its channel's history shows, and in the ids of
the blocks that hold buttons, which come back with every press.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

EVENT_TYPE = "journalclub_delivery"
"""The type of the metadata that names a delivery."""


def metadata(key: str) -> Json:
    """The metadata of a delivery's message."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def key_in(message: Json) -> str:
    """The delivery that a message of a channel's history is, by its metadata; empty for any other message."""
    said = message.get("metadata") or {}
    payload = said.get("event_payload") or {}
    return str(payload.get("key", "")) if said.get("event_type") == EVENT_TYPE else ""


def with_delivery_key(message: Json, key: str) -> Json:
    """The message with the delivery's key in the id of each block that can be pressed."""
    blocks = [
        {**block, "block_id": f"{key}:{index}"} if block["type"] == "actions" or "accessory" in block else block
        for index, block in enumerate(message["blocks"])
    ]
    return {**message, "blocks": blocks}


def key_of_action(action: Json) -> str:
    """The key in the id of the block that was pressed; empty where it has none. It comes from outside: a hint."""
    key, _, index = str(action.get("block_id", "")).rpartition(":")
    return key if key.startswith("jc") and index.isdecimal() else ""
