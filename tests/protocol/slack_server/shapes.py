"""Are blocks and views shaped as Slack's own type definitions and SDK say they must be?

The JSON schemas in tests/contracts were generated from the npm package @slack/types; lengths come from
slack_sdk.models, which checks what the schemas leave out.
"""

from __future__ import annotations

import gzip
import json
import logging
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, Any]
FREE_TEXT = frozenset(
    ("text", "value", "url", "image_url", "alt_text", "action_id", "block_id", "private_metadata", "callback_id")
)
CONTRACTS = Path(__file__).parents[2] / "contracts"


@cache
def _definitions(name: str) -> Json:
    with gzip.open(CONTRACTS / f"slack-{name}.schema.json.gz", "rt", encoding="utf-8") as file:
        definitions: Json = json.load(file)["definitions"]
    return definitions


@cache
def _validator(name: str, definition: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{definition}", "definitions": _definitions(name)})


@cache
def _block_definitions() -> dict[str, str]:
    """From a block's type to the name of its definition."""
    definitions = _definitions("blocks")
    names: dict[str, str] = {}
    for ref in definitions["KnownBlock"]["anyOf"]:
        name = ref["$ref"].rpartition("/")[2]
        shape = definitions[name]
        first = shape["anyOf"][0] if "anyOf" in shape else shape
        names[first["properties"]["type"]["const"]] = name
    return names


def block_faults(block: Any, where: str) -> list[str]:
    """What is wrong with the shape of one block, in words with a JSON pointer."""
    if not isinstance(block, dict) or "type" not in block:
        return [f"a block must be an object with a type [json-pointer:{where}]"]
    definition = _block_definitions().get(str(block["type"]))
    if definition is None:
        return [f"unsupported block type: {block['type']!r} [json-pointer:{where}/type]"]
    return _shape_faults("blocks", definition, block, where) or _sdk_faults("block", block, where)


def view_faults(view: Any) -> list[str]:
    """What is wrong with a view around its blocks."""
    if not isinstance(view, dict):
        return ["a view must be an object [json-pointer:/view]"]
    definition = {"modal": "ModalView", "home": "HomeView"}.get(str(view.get("type")))
    if definition is None:
        return [f"unsupported view type: {view.get('type')!r} [json-pointer:/view/type]"]
    if not isinstance(view.get("blocks"), list):
        return ["missing required field: blocks [json-pointer:/view]"]
    faults = _shape_faults("view", definition, {**view, "blocks": []}, "/view")
    # The blocks are judged one by one elsewhere; here only their number counts.
    return faults or _sdk_faults("view", {**view, "blocks": [{"type": "divider"} for _ in view["blocks"]]}, "/view")


def _shape_faults(schema: str, definition: str, value: Json, where: str) -> list[str]:
    if _well_shaped(schema, definition, json.dumps(_skeleton(value), sort_keys=True)):
        return []
    error = best_match(_validator(schema, definition).iter_errors(value))
    if error is None:
        return []
    path = "".join(f"/{step}" for step in error.absolute_path)
    return [f"{error.message[:300]} [json-pointer:{where}{path}]"]


@lru_cache(maxsize=4096)
def _well_shaped(schema: str, definition: str, skeleton: str) -> bool:
    """Most payloads differ in their words alone: their shape is judged once, which keeps load tests honest."""
    return bool(_validator(schema, definition).is_valid(json.loads(skeleton)))


def _skeleton(node: Any) -> Any:
    """The value with its free text taken out; the schemas ask of those strings only that they are strings."""
    if isinstance(node, list):
        return [_skeleton(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {k: "" if k in FREE_TEXT and isinstance(v, str) else _skeleton(v) for k, v in node.items()}


def _sdk_faults(kind: Literal["block", "view"], value: Json, where: str) -> list[str]:
    fault = _sdk_fault(kind, json.dumps(value))
    return [f"{fault} [json-pointer:{where}]"] if fault else []


@lru_cache(maxsize=4096)
def _sdk_fault(kind: Literal["block", "view"], text: str) -> str:
    """What slack_sdk's own models refuse, if anything; to_dict checks the parts inside as well."""
    logging.getLogger("slack_sdk.models").setLevel(logging.ERROR)  # it also logs what it refuses
    value = json.loads(text)
    parsed = Block.parse(value) if kind == "block" else View(**value)
    try:
        if parsed is not None:
            parsed.to_dict()
    except SlackObjectFormationError as fault:
        return str(fault)
    return ""
