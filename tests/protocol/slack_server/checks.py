"""Every message and every view the app sends is looked at here before Slack takes it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.protocol.slack_server import limits
from tests.protocol.slack_server.hostile import block_harms, text_harms
from tests.protocol.slack_server.shapes import block_faults, view_faults

Json = dict[str, Any]

TEXT_ON_POST, TEXT_ON_UPDATE, ATTACHMENTS = 40_000, 4_000, 100
VIEW_TEXT, PRIVATE_METADATA, CALLBACK_ID, VIEW_BYTES = 24, 3000, 255, 250_000
METADATA_BYTES = 1024  # no figure is documented; the adapter keeps below 1 KB


@dataclass(slots=True)
class Findings:
    """What was found: `error` is Slack's word for refusing (empty: it is taken), `harms` are breaches anyway."""

    error: str = ""
    faults: list[str] = field(default_factory=list)
    harms: list[str] = field(default_factory=list)

    @property
    def extra(self) -> Json:
        """What Slack adds to its refusal."""
        return {
            "errors": self.faults,
            "response_metadata": {"messages": [f"[ERROR] {fault}" for fault in self.faults]},
        }


def look_at_message(args: Json, allowed: Collection[str], *, updating: bool = False) -> Findings:
    """Judge the text, blocks, attachments and metadata of a message."""
    text, blocks = args.get("text") or "", args.get("blocks") or []
    attachments, markdown = args.get("attachments") or [], args.get("markdown_text") or ""
    found = Findings(harms=list(_message_harms(text, blocks, attachments, markdown, allowed)))
    if not isinstance(text, str) or not isinstance(markdown, str):
        return _refuse(found, "invalid_arguments", "text must be a string")
    if not isinstance(blocks, list):
        return _refuse(found, "invalid_blocks_format", "blocks must be a list")
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        return _refuse(found, "invalid_attachments", "attachments must be a list of objects")
    if markdown and (text or blocks):
        return _refuse(found, "markdown_text_conflict", "markdown_text goes without text and blocks")
    if not (text.strip() or blocks or attachments or markdown):
        return _refuse(found, "no_text", "neither text nor blocks")
    if len(text) > (TEXT_ON_UPDATE if updating else TEXT_ON_POST):
        return _refuse(found, "msg_too_long", f"text of {len(text)} characters")
    if len(markdown) > limits.MARKDOWN_IN_PAYLOAD:
        return _refuse(found, "msg_too_long", f"markdown_text of {len(markdown)} characters")
    if len(attachments) > ATTACHMENTS:
        return _refuse(found, "too_many_attachments", f"{len(attachments)} attachments")
    if faults := list(_blocks(blocks, "/blocks", limits.BLOCKS_IN_MESSAGE)):
        return _refuse(found, "invalid_blocks", *faults)
    for index, attachment in enumerate(attachments):
        inside = attachment.get("blocks") or []
        if not isinstance(inside, list):
            return _refuse(found, "invalid_attachments", f"blocks must be a list [json-pointer:/attachments/{index}]")
        if faults := list(_blocks(inside, f"/attachments/{index}/blocks", limits.BLOCKS_IN_MESSAGE)):
            return _refuse(found, "invalid_attachments", *faults)
    if (length := limits.text_length(blocks)) > limits.TEXT_IN_MESSAGE:
        return _refuse(found, "msg_blocks_too_long", f"blocks hold {length} characters of text")
    return _look_at_metadata(found, args.get("metadata"))


def look_at_view(view: Any, allowed: Collection[str], kinds: Collection[str]) -> Findings:
    """Judge a modal or home tab; `kinds` says which of the two may stand here."""
    found = Findings()
    if faults := view_faults(view):
        return _refuse(found, "invalid_arguments", *faults)
    if view["type"] not in kinds:
        return _refuse(found, "invalid_arguments", f"a {view['type']} view cannot stand here")
    found.harms = list(block_harms(view["blocks"], allowed))
    if len(json.dumps(view)) > VIEW_BYTES:
        return _refuse(found, "view_too_large", f"more than {VIEW_BYTES} bytes")
    faults = [*_view_frame(view), *_blocks(view["blocks"], "/view/blocks", limits.BLOCKS_IN_VIEW)]
    return _refuse(found, "invalid_arguments", *faults) if faults else found


def suggestions_faults(answer: Json) -> list[str]:
    """What is wrong with the answer to a block_suggestion: options for a menu, which may also be none at all."""
    if set(answer) not in ({"options"}, {"option_groups"}):
        return [f"an answer is either options or option_groups, not {sorted(answer)}"]
    if answer.get("options") == []:
        return []
    menu = {"type": "static_select", "action_id": "asked", **answer}
    return list(_blocks([{"type": "actions", "elements": [menu]}], "", 1))


def _refuse(found: Findings, error: str, *faults: str) -> Findings:
    found.error, found.faults = error, list(faults)
    return found


def _blocks(blocks: list[Any], where: str, most: int) -> Iterator[str]:
    """Shape first: the limits may then rely on it."""
    faults = [fault for i, block in enumerate(blocks) for fault in block_faults(block, f"{where}/{i}")]
    yield from faults or limits.blocks_faults(blocks, where, most)


def _view_frame(view: Json) -> Iterator[str]:
    for key in ("title", "submit", "close"):
        text = view.get(key, {}).get("text", "-")
        if not 0 < len(text) <= VIEW_TEXT:
            yield f"must be between 1 and {VIEW_TEXT} characters, is {len(text)} [json-pointer:/view/{key}]"
    for key, most in (("private_metadata", PRIVATE_METADATA), ("callback_id", CALLBACK_ID), ("external_id", 255)):
        if len(view.get(key, "")) > most:
            yield f"must be less than {most + 1} characters [json-pointer:/view/{key}]"
    kinds = [b.get("type") for b in view["blocks"] if isinstance(b, dict)]
    for kind in kinds:
        if kind not in limits.IN_VIEWS[view["type"]]:
            yield f"a {kind} block cannot stand in a {view['type']} [json-pointer:/view/blocks]"
    if view["type"] == "modal" and "input" in kinds and not view.get("submit"):
        yield "a modal with input blocks needs a submit button [json-pointer:/view/submit]"


def _message_harms(text: Any, blocks: Any, attachments: Any, markdown: Any, allowed: Collection[str]) -> Iterator[str]:
    yield from text_harms(str(text), allowed)
    yield from text_harms(str(markdown), allowed)
    yield from block_harms(blocks, allowed)
    for attachment in attachments if isinstance(attachments, list) else ():
        if not isinstance(attachment, dict):
            continue
        yield from block_harms(attachment.get("blocks", []), allowed)
        for key in ("text", "pretext", "title", "fallback"):
            yield from text_harms(str(attachment.get(key, "")), allowed)


def _look_at_metadata(found: Findings, metadata: Any) -> Findings:
    """Metadata is an event_type and a payload of plain values with at most one level below them."""
    if metadata is None or metadata == {}:
        return found
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        return _refuse(found, "invalid_metadata_format", "metadata is an event_type and an event_payload")
    kind, payload = metadata["event_type"], metadata["event_payload"]
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        return _refuse(found, "invalid_metadata_format", "event_type is a word, event_payload an object")
    for key, value in payload.items():
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else [value]
        if not all(isinstance(v, str | int | float | bool) for v in inside):
            return _refuse(found, "invalid_metadata_schema", f"{key} nests too deep or is null")
    if (size := len(json.dumps(metadata).encode())) >= METADATA_BYTES:
        return _refuse(found, "metadata_too_large", f"{size} bytes")
    return found
