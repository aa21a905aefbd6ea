"""From method and path to the function that serves it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from .contract import Contract
from .errors import ApiError, Problem
from .state import Json
from .world import ServerState

if TYPE_CHECKING:
    from .events import Events


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    field: str
    """`files[0]`, `files[1]`, … : the number that `attachments` refers to."""
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is told: JSON, or nothing (204)."""

    body: Any = None
    success: int = 200

    @property
    def status(self) -> int:
        """The HTTP status: 204 where there is nothing to say."""
        return 204 if self.body is None else self.success


@dataclass(slots=True)
class Call:
    """One request as a handler sees it: the world, the parameters, the body."""

    world: ServerState
    events: Events
    parameters: dict[str, str]
    query: dict[str, str]
    body: Any
    uploads: tuple[Upload, ...] = ()
    breaches: list[Problem] = field(default_factory=list)

    def id(self, name: str) -> int:
        """A path parameter as a snowflake."""
        text = self.parameters[name]
        if not re.fullmatch(r"\d{1,20}", text):
            raise ApiError(50035, [Problem(name, f"Value {text!r} is not snowflake.")])
        return int(text)

    def payload(self) -> Json:
        """The body of a request that must carry an object."""
        if not isinstance(self.body, dict):
            raise ApiError(50035, [Problem("", "an object is required")])
        return self.body

    def hold_to(self, schema: str) -> None:
        """Hold the body to one schema of Discord's document, where the operation itself allows several."""
        self.refuse_if(Contract.vendored().named(schema, self.body))

    def refuse_if(self, problems: list[Problem]) -> None:
        """Refuse a malformed request: 50035, and a breach."""
        if problems:
            self.breach(problems, 50035)

    def breach(self, problems: list[Problem], code: int) -> None:
        """Note a broken rule and refuse."""
        self.breaches += problems
        raise ApiError(code, problems)


Handler: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation we serve."""

    method: str
    template: str
    handler: Handler
    token_in_path: bool

    @property
    def name(self) -> str:
        """`METHOD /template`, as faults, limits and the ledger name it."""
        return f"{self.method} {self.template}"


ROUTES: list[Route] = []
"""Every operation, in the order it is tried: literal paths stand before those with parameters."""


def route(name: str) -> Callable[[Handler], Handler]:
    """Serve `METHOD /template` by the function below."""
    method, template = name.split(" ")

    def keep(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, handler, "token}" in template))
        return handler

    return keep


class Router:
    """The routes, ready to be asked."""

    def __init__(self, routes: list[Route]) -> None:
        self._routes = [(one, _pattern(one.template)) for one in sorted(routes, key=_wildness)]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a request and its parameters; None where we serve nothing."""
        for one, pattern in self._routes:
            if one.method == method and (match := pattern.fullmatch(path)):
                return one, match.groupdict()
        return None


def _wildness(one: Route) -> int:
    return one.template.count("{")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
