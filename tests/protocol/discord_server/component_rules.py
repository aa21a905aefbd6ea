"""What Discord asks of components and forms beyond its OpenAPI document.

Limits: Discord, "Component Reference" (40 components counted at every depth, 5 rows of the old layout) and
"Modals" (1 to 5 components). The 4,000 characters of all text displays of a message together are what clients
and libraries hold to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from .errors import Problem
from .reading import LEGACY, LINK_BUTTON, PREMIUM_BUTTON, SELECTS, Kind, walk
from .state import Json

COMPONENTS = 40
TEXT_TOGETHER = 4000
LEGACY_ROWS = 5
MODAL_PARTS = 5


def check_components(components: list[Json], *, v2: bool) -> list[Problem]:
    """All that is wrong with the components of a message."""
    every = list(walk(components))
    problems = [*_layout(components, every, v2=v2), *_unique_ids(every)]
    for where, part in every:
        match part["type"]:
            case Kind.ACTION_ROW:
                problems += _row(where, part)
            case Kind.BUTTON:
                problems += _button(where, part)
            case kind if kind in SELECTS:
                problems += _choices(where, part)
            case _:
                pass
    return problems


def check_modal(form: Json) -> list[Problem]:
    """All that is wrong with a form."""
    components: list[Json] = form.get("components") or []
    every = list(walk(components))
    problems = list(_unique_ids(every))
    if not 1 <= len(components) <= MODAL_PARTS:
        problems.append(Problem("components", f"A form must have 1 to {MODAL_PARTS} components."))
    for where, part in every:
        kind = part["type"]
        if kind in SELECTS or kind in (Kind.RADIO_GROUP, Kind.CHECKBOX_GROUP):
            problems += _choices(where, part)
        if kind == Kind.TEXT_INPUT:
            problems += _text_input(where, part)
    return problems


def _layout(components: list[Json], every: list[tuple[str, Json]], *, v2: bool) -> Iterator[Problem]:
    if v2:
        if len(every) > COMPONENTS:
            yield Problem("components", f"{len(every)} components: {COMPONENTS} are allowed in total.")
        texts = (len(str(part["content"])) for _, part in every if part["type"] == Kind.TEXT_DISPLAY)
        if (length := sum(texts)) > TEXT_TOGETHER:
            yield Problem("components", f"{length} characters of text: {TEXT_TOGETHER} are allowed in total.")
        return
    if len(components) > LEGACY_ROWS:
        yield Problem("components", f"{len(components)} rows: {LEGACY_ROWS} are allowed.")
    for where, part in every:
        if part["type"] not in LEGACY:
            yield Problem(where, f"component type {part['type']} needs the IS_COMPONENTS_V2 flag")


def _unique_ids(every: list[tuple[str, Json]]) -> Iterator[Problem]:
    for name, code in (("custom_id", "Component custom id cannot be duplicated"), ("id", "id is not unique")):
        seen: Counter[object] = Counter()
        for where, part in every:
            if not part.get(name):
                continue
            seen[part[name]] += 1
            if seen[part[name]] > 1:
                yield Problem(f"{where}.{name}", f"{code}: {part[name]!r}")


def _row(where: str, row: Json) -> Iterator[Problem]:
    children = [child["type"] for child in row.get("components") or ()]
    selects = sum(kind in SELECTS for kind in children)
    if selects and len(children) > 1:
        yield Problem(where, "A select takes a row of its own.")


def _button(where: str, button: Json) -> Iterator[Problem]:
    style = button.get("style")
    if style == LINK_BUTTON:
        if not button.get("url") or button.get("custom_id"):
            yield Problem(where, "A link button has a url and no custom_id.")
    elif style != PREMIUM_BUTTON and (not button.get("custom_id") or button.get("url")):
        yield Problem(where, "A button has a custom_id and no url.")
    if style != PREMIUM_BUTTON and not (button.get("label") or button.get("emoji")):
        yield Problem(where, "A button needs a label or an emoji.")


def _choices(where: str, menu: Json) -> Iterator[Problem]:
    options: list[Json] = menu.get("options") or []
    values = Counter(option["value"] for option in options)
    for value, times in values.items():
        if times > 1:
            yield Problem(f"{where}.options", f"The option value {value!r} is used {times} times.")
    least, most = menu.get("min_values"), menu.get("max_values")
    if least is not None and least > (1 if most is None else most):
        yield Problem(f"{where}.min_values", "min_values is larger than max_values.")
    if options and most is not None and most > len(options):
        yield Problem(f"{where}.max_values", "max_values is larger than the number of options.")
    if menu["type"] != Kind.CHECKBOX_GROUP:
        chosen = sum(bool(option.get("default")) for option in options)
        if chosen > (1 if most is None else most):
            yield Problem(f"{where}.options", f"{chosen} options are chosen beforehand.")


def _text_input(where: str, field: Json) -> Iterator[Problem]:
    in_label = where.endswith(".component")
    if in_label and field.get("label"):
        yield Problem(f"{where}.label", "A text input inside a Label has no label of its own.")
    if not in_label and not field.get("label"):
        yield Problem(f"{where}.label", "This field is required")
    if len(field.get("value") or "") > (field.get("max_length") or 4000):
        yield Problem(f"{where}.value", "The value is longer than max_length.")
    if (field.get("min_length") or 0) > (field.get("max_length") or 4000):
        yield Problem(f"{where}.min_length", "min_length is larger than max_length.")
