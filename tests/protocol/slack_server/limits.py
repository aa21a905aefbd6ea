"""The limits of Block Kit that the schemas do not hold, from docs.slack.dev/reference/block-kit.

Each rule says what Slack would say, with a JSON pointer to the place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.protocol.slack_server.blocks import elements, visible_text

Json = dict[str, Any]

BLOCKS_IN_MESSAGE, BLOCKS_IN_VIEW = 50, 100
SECTION, FIELD, FIELDS, HEADER, CONTEXT_ELEMENTS, ACTIONS = 3000, 2000, 10, 150, 10, 25
MARKDOWN_IN_PAYLOAD = 12_000
TEXT_IN_MESSAGE = 13_000  # measured by users as "near 13,000": the documentation gives no figure
BUTTON_TEXT, BUTTON_VALUE, URL, ACTION_ID, BLOCK_ID, ALT_TEXT = 75, 2000, 3000, 255, 255, 2000
OPTION_TEXT, OPTION_VALUE, OPTIONS, OVERFLOW_OPTIONS, CHOICES = 75, 150, 100, 5, 10
PLACEHOLDER, LABEL, HINT, INPUT_TEXT = 150, 2000, 2000, 3000
CONFIRM = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
IN_MODALS = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
IN_VIEWS = {"modal": IN_MODALS, "home": IN_MODALS}


def blocks_faults(blocks: list[Json], where: str, most: int) -> Iterator[str]:
    """What is wrong with a list of blocks that are each well shaped."""
    if len(blocks) > most:
        yield f"no more than {most} items allowed [json-pointer:{where}]"
    yield from _twice((b.get("block_id") for b in blocks), "block_id", where)
    if (length := sum(len(b["text"]) for b in blocks if b["type"] == "markdown")) > MARKDOWN_IN_PAYLOAD:
        yield f"markdown text is {length} of {MARKDOWN_IN_PAYLOAD} characters [json-pointer:{where}]"
    for index, block in enumerate(blocks):
        yield from _block(block, f"{where}/{index}")


def text_length(blocks: list[Json]) -> int:
    """The characters of all text a reader can see."""
    return sum(len(text) for text in visible_text(blocks))


def _block(block: Json, at: str) -> Iterator[str]:
    yield from _long(block.get("block_id"), BLOCK_ID, f"{at}/block_id")
    match block["type"]:
        case "section":
            if "text" not in block and not block.get("fields"):
                yield f"a section needs text or fields [json-pointer:{at}]"
            yield from _text(block.get("text"), SECTION, f"{at}/text")
            if len(block.get("fields", ())) > FIELDS:
                yield f"no more than {FIELDS} items allowed [json-pointer:{at}/fields]"
            for i, one in enumerate(block.get("fields", ())):
                yield from _text(one, FIELD, f"{at}/fields/{i}")
        case "header":
            yield from _text(block["text"], HEADER, f"{at}/text")
        case "markdown":
            if not block["text"].strip():
                yield f"must be more than 0 characters [json-pointer:{at}/text]"
        case "context":
            yield from _count(block["elements"], CONTEXT_ELEMENTS, f"{at}/elements")
            for i, one in enumerate(block["elements"]):
                if one["type"] != "image":
                    yield from _text(one, SECTION, f"{at}/elements/{i}")
        case "actions":
            yield from _count(block["elements"], ACTIONS, f"{at}/elements")
        case "input":
            yield from _text(block["label"], LABEL, f"{at}/label")
            yield from _text(block.get("hint"), HINT, f"{at}/hint")
        case "image":
            yield from _image(block, at)
    yield from _twice((e.get("action_id") for e in elements(block)), "action_id", at)
    for element in elements(block):
        yield from _element(element, f"{at}/{element['type']}")


def _element(element: Json, at: str) -> Iterator[str]:
    yield from _long(element.get("action_id"), ACTION_ID, f"{at}/action_id")
    yield from _text(element.get("placeholder"), PLACEHOLDER, f"{at}/placeholder")
    for key, most in CONFIRM.items():
        yield from _text(element.get("confirm", {}).get(key), most, f"{at}/confirm/{key}")
    match element["type"]:
        case "button":
            yield from _text(element["text"], BUTTON_TEXT, f"{at}/text")
            yield from _long(element.get("value"), BUTTON_VALUE, f"{at}/value")
            yield from _link(element.get("url"), f"{at}/url")
        case "image":
            yield from _image(element, at)
        case "overflow":
            yield from _options(element["options"], OVERFLOW_OPTIONS, f"{at}/options")
        case "checkboxes" | "radio_buttons":
            yield from _options(element["options"], CHOICES, f"{at}/options")
        case "static_select" | "multi_static_select":
            yield from _menu(element, at)
        case "plain_text_input":
            yield from _long(element.get("initial_value"), element.get("max_length", INPUT_TEXT), at)
            if not 0 <= element.get("min_length", 0) <= element.get("max_length", INPUT_TEXT) <= INPUT_TEXT:
                yield f"min_length and max_length must lie between 0 and {INPUT_TEXT} [json-pointer:{at}]"
    yield from _initial(element, at)


def _menu(element: Json, at: str) -> Iterator[str]:
    groups = element.get("option_groups")
    if bool(groups) == bool(element.get("options")):
        yield f"a menu needs either options or option_groups [json-pointer:{at}]"
    if groups:
        yield from _count(groups, OPTIONS, f"{at}/option_groups")
        for i, group in enumerate(groups):
            yield from _text(group["label"], OPTION_TEXT, f"{at}/option_groups/{i}/label")
            yield from _options(group["options"], OPTIONS, f"{at}/option_groups/{i}/options")
    elif element.get("options"):
        yield from _options(element["options"], OPTIONS, f"{at}/options")


def _options(options: list[Json], most: int, at: str) -> Iterator[str]:
    yield from _count(options, most, at)
    for i, option in enumerate(options):
        yield from _text(option["text"], OPTION_TEXT, f"{at}/{i}/text")
        yield from _text(option.get("description"), OPTION_TEXT, f"{at}/{i}/description")
        yield from _long(option.get("value"), OPTION_VALUE, f"{at}/{i}/value")
        yield from _link(option.get("url"), f"{at}/{i}/url")
    yield from _twice((o.get("value") for o in options), "option value", at)


def _initial(element: Json, at: str) -> Iterator[str]:
    """An initial choice must be one of the choices, to the letter."""
    if element["type"] in ("external_select", "multi_external_select"):
        return
    groups = [g["options"] for g in element.get("option_groups", ())]
    offered = [o for options in (element.get("options", []), *groups) for o in options]
    chosen = [element["initial_option"]] if element.get("initial_option") else element.get("initial_options", [])
    for option in chosen:
        if option not in offered:
            yield f"the initial choice {option.get('value')!r} is not among the options [json-pointer:{at}]"


def _image(image: Json, at: str) -> Iterator[str]:
    yield from _link(image.get("image_url"), f"{at}/image_url")
    yield from _long(image.get("alt_text"), ALT_TEXT, f"{at}/alt_text")
    yield from _text(image.get("title"), ALT_TEXT, f"{at}/title")


def _text(text: Json | None, most: int, at: str) -> Iterator[str]:
    if text is None:
        return
    if not text["text"].strip():
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    yield from _long(text["text"], most, f"{at}/text")


def _long(text: str | None, most: int, at: str) -> Iterator[str]:
    if text is not None and len(text) > most:
        yield f"must be less than {most + 1} characters, is {len(text)} [json-pointer:{at}]"


def _link(url: str | None, at: str) -> Iterator[str]:
    if url is not None and not url.startswith(("https://", "http://", "mailto:")):
        yield f"invalid url [json-pointer:{at}]"
    yield from _long(url, URL, at)


def _count(items: list[Any], most: int, at: str) -> Iterator[str]:
    if not items:
        yield f"must have at least one item [json-pointer:{at}]"
    if len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"


def _twice(names: Iterator[Any], what: str, at: str) -> Iterator[str]:
    for name, count in Counter(n for n in names if n is not None).items():
        if count > 1:
            yield f"duplicate {what} {name!r} [json-pointer:{at}]"
