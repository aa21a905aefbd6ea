"""Reading blocks as a person does: what is written there, and what can be pressed or filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MENUS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI = tuple(f"multi_{menu}" for menu in MENUS)


@dataclass(frozen=True, slots=True)
class Control:
    """Something to press, choose from or fill in.

    `label` is what the person reads on it; `option` is set for one item of an overflow menu.
    """

    block_id: str
    label: str
    element: Json
    option: Json | None = None
    is_input: bool = False
    dispatches: bool = True  # a field of a form says nothing before the form is sent, unless dispatch_action

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def type(self) -> str:
        return str(self.element["type"])


def elements(block: Json) -> Iterator[Json]:
    """Every interactive or textual element directly inside a block."""
    if isinstance(block.get("accessory"), dict):
        yield block["accessory"]
    if isinstance(block.get("element"), dict):
        yield block["element"]
    if block.get("type") in ("actions", "context", "context_actions"):
        yield from (e for e in block.get("elements", ()) if isinstance(e, dict))
    if isinstance(block.get("actions"), list):
        yield from (e for e in block["actions"] if isinstance(e, dict))


def controls(blocks: list[Json]) -> Iterator[Control]:
    """The controls of a message or view, from top to bottom."""
    for block in blocks:
        for child in block.get("child_blocks", ()):
            yield from controls([child])
        for element in elements(block):
            if "action_id" not in element:
                continue
            block_id = str(block.get("block_id", ""))
            if block["type"] == "input":
                yield Control(
                    block_id, str(block["label"]["text"]), element, None, True, bool(block.get("dispatch_action"))
                )
            elif element["type"] == "overflow":
                for option in element["options"]:
                    yield Control(block_id, str(option["text"]["text"]), element, option)
            else:
                yield Control(block_id, _label(block, element), element)


def _label(block: Json, element: Json) -> str:
    if isinstance(element.get("text"), dict):
        return str(element["text"]["text"])
    if isinstance(element.get("placeholder"), dict):
        return str(element["placeholder"]["text"])
    return str((block.get("text") or {}).get("text", element.get("action_id", "")))


def visible_text(blocks: list[Json]) -> Iterator[str]:
    """Each piece of text a person can read, from top to bottom; menus are read closed."""
    for block in blocks:
        yield from _read(block)


def _read(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _read(item)
        return
    if not isinstance(node, dict):
        return
    text = node.get("text")
    if isinstance(text, str):
        yield text
    elif node.get("type") == "link" and isinstance(node.get("url"), str):
        yield node["url"]
    elif node.get("type") == "user" and "user_id" in node:
        yield f"<@{node['user_id']}>"
    for key in (
        "title", "label", "text", "fields", "elements", "accessory", "element", "options", "hint", "placeholder",
        "alt_text", "subtitle", "body", "actions", "child_blocks", "rows", "description",
    ):  # fmt: skip
        value = node.get(key)
        if key == "options" and node.get("type") not in ("checkboxes", "radio_buttons"):
            continue
        if key == "alt_text" and isinstance(value, str):
            yield value
        elif key != "text" or isinstance(value, dict):
            yield from _read(value)
