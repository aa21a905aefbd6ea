"""Discord's own OpenAPI document, asked whether a request or an answer is well formed.

jsonschema does the checking. Three things are changed for speed and for readable errors, none of which
changes what is accepted: references are resolved by walking the one document; where the branches of
`oneOf`/`anyOf` name their `type` (as components and command options do) only the branch of that type is tried;
and enumerations, which the document writes as one branch a value, are looked up.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators

from .errors import Problem

DOCUMENT = Path(__file__).parents[2] / "contracts" / "discord-openapi.json.gz"

UNDOCUMENTED = frozenset({"use_nested_fields"})
"""Query parameters that discord.py sends and Discord takes, though the document is silent."""

RIGHTS = frozenset({"permissions", "allow", "deny", "default_member_permissions"})
"""Fields that hold permission bits."""

formats = FormatChecker()


@formats.checks("snowflake")
def _is_snowflake(value: object) -> bool:
    return not isinstance(value, str) or bool(re.fullmatch(r"0|[1-9]\d*", value))


class Contract:
    """The rules of every operation of Discord's HTTP API."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        _be_as_lenient_as_discord(document)
        extend: Any = validators.extend  # jsonschema leaves this function untyped
        self._validator: Any = extend(
            Draft202012Validator,
            {
                "$ref": self._ref,
                "oneOf": self._one_of(Draft202012Validator.VALIDATORS["oneOf"]),
                "anyOf": self._one_of(Draft202012Validator.VALIDATORS["anyOf"]),
            },
        )
        self._kinds: dict[int, list[frozenset[int] | None]] = {}
        self._enumerations: dict[int, frozenset[int | str] | None] = {}
        self._found_right: set[tuple[str, str, str]] = set()

    @classmethod
    @cache
    def vendored(cls) -> Contract:
        """The document kept in this repository, read once a process."""
        return cls(json.loads(gzip.decompress(DOCUMENT.read_bytes())))

    def knows(self, method: str, template: str) -> bool:
        """Whether Discord has this operation, e.g. `POST /channels/{channel_id}/messages`."""
        return method.lower() in self.document["paths"].get(template, {})

    def request(self, method: str, template: str, body: object) -> list[Problem]:
        """What is wrong with a request's JSON body (None: there was none)."""
        declared = self.document["paths"][template][method.lower()].get("requestBody")
        if declared is None:
            return [] if body is None else [Problem("", "this operation takes no body")]
        if body is None:
            return [Problem("", "a body is required")] if declared.get("required") else []
        content = declared["content"]
        schema = content.get("application/json") or next(iter(content.values()))
        if not isinstance(body, list):
            return self._problems(schema["schema"], body)
        # Lists are those of all commands, which every start of a bot registers: the same one is checked once a process.
        written = (method, template, json.dumps(body))
        if written not in self._found_right:
            if problems := self._problems(schema["schema"], body):
                return problems
            self._found_right.add(written)
        return []

    def named(self, schema: str, body: object) -> list[Problem]:
        """What is wrong with a body, held to one schema by name."""
        return self._problems(self.document["components"]["schemas"][schema], body)

    def query(self, method: str, template: str, query: dict[str, str]) -> list[Problem]:
        """What is wrong with a request's query: unknown names, or values out of bounds."""
        parameters = self.document["paths"][template][method.lower()].get("parameters", ())
        schemas = {p["name"]: p["schema"] for p in parameters if p["in"] == "query"}
        problems = [
            Problem(name, "unknown query parameter") for name in query if name not in schemas.keys() | UNDOCUMENTED
        ]
        for name in query.keys() & schemas.keys():
            found = self._problems(schemas[name], _read(query[name], schemas[name]))
            problems += [Problem(name, problem.what) for problem in found]
        return problems

    def answer(self, method: str, template: str, status: int, body: object) -> list[Problem]:
        """What is wrong with an answer of ours: the stand-in must not be looser than the real thing."""
        responses = self.document["paths"][template][method.lower()]["responses"]
        declared = responses.get(str(status)) or (responses.get("4XX") if 400 <= status < 500 else None)
        if declared is None:
            return [Problem("", f"status {status} is not declared for {method} {template}")]
        if "$ref" in declared:
            declared = self._resolve(declared["$ref"])
        if "content" not in declared:
            return [] if body is None else [Problem("", "a body where none is declared")]
        return self._problems(declared["content"]["application/json"]["schema"], body)

    def _problems(self, schema: dict[str, Any], body: object) -> list[Problem]:
        found = self._validator(schema, format_checker=formats).iter_errors(body)
        return [_problem(_deepest(error)) for error in found]

    def _resolve(self, reference: str) -> Any:
        node: Any = self.document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/").replace("~0", "~")]
        return node

    def _ref(self, validator: Any, reference: str, instance: Any, _: Any) -> Iterator[ValidationError]:
        yield from validator.evolve(schema=self._resolve(reference)).iter_errors(instance)

    def _one_of(self, plain: Callable[..., Any]) -> Callable[..., Iterator[ValidationError]]:
        def check(validator: Any, branches: list[Any], instance: Any, schema: Any) -> Iterator[ValidationError]:
            constants = self._constants(branches)
            if constants and type(instance) in (int, str) and instance in constants:
                return
            likely = self._likely(branches, instance)
            if len(likely) == 1:
                yield from validator.descend(instance, likely[0])
            else:
                yield from plain(validator, likely or branches, instance, schema)

        return check

    def _constants(self, branches: list[Any]) -> frozenset[int | str] | None:
        """The values of an enumeration (Discord writes each as a branch of its own); None: it is none."""
        key = id(branches)
        if key not in self._enumerations:
            values = [branch.get("const") for branch in branches]
            plain = all(type(value) in (int, str) for value in values) and len(set(values)) == len(values)
            self._enumerations[key] = frozenset(values) if plain else None
        return self._enumerations[key]

    def _likely(self, branches: list[Any], instance: Any) -> list[Any]:
        """The branches an instance can belong to, by its `type`; all of them where that does not tell."""
        if instance is None:
            return branches
        some = [branch for branch in branches if branch.get("type") != "null"]
        if not isinstance(instance, dict) or "type" not in instance:
            return some
        kinds = self._kinds.setdefault(id(branches), [self._kind(branch) for branch in some])
        if any(kind is None for kind in kinds):
            return some
        wanted = [b for b, kind in zip(some, kinds, strict=True) if kind and instance["type"] in kind]
        return wanted or some

    def _kind(self, branch: dict[str, Any]) -> frozenset[int] | None:
        schema = self._resolve(branch["$ref"]) if "$ref" in branch else branch
        named = schema.get("properties", {}).get("type", {}).get("enum")
        return frozenset(named) if named else None


def _be_as_lenient_as_discord(node: Any) -> None:
    """Discord takes ids as strings or integers, and rights as integers or strings; discord.py sends all four."""
    if isinstance(node, dict):
        if node.get("format") == "snowflake" and "type" in node:
            node["type"] = [*_types(node), "integer"]
        for name, child in node.items():
            if name in RIGHTS and isinstance(child, dict) and "integer" in _types(child):
                child["type"] = [*_types(child), "string"]
            _be_as_lenient_as_discord(child)
    elif isinstance(node, list):
        for child in node:
            _be_as_lenient_as_discord(child)


def _types(schema: dict[str, Any]) -> list[str]:
    named = schema.get("type", [])
    return [named] if isinstance(named, str) else named


def _deepest(error: ValidationError) -> ValidationError:
    """Of the branches that failed, the one that came furthest: what the sender meant to write."""
    while error.context:
        error = max(error.context, key=lambda inner: (len(inner.absolute_path), -len(inner.context or ())))
    return error


def _problem(error: ValidationError) -> Problem:
    return Problem(".".join(map(str, error.absolute_path)), error.message[:200])


def _read(text: str, schema: dict[str, Any]) -> object:
    """A query value as the type the document asks for; left as text if it is not one."""
    match schema.get("type"):
        case "integer" if re.fullmatch(r"-?\d+", text):
            return int(text)
        case "boolean" if text.lower() in {"0", "1", "true", "false"}:
            return text.lower() in {"1", "true"}
        case _:
            return text
