"""How Discord says no: a JSON error code with its HTTP status and sentence.

Codes and sentences: Discord, "Opcodes and Status Codes", JSON Error Codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

KNOWN: dict[int, tuple[int, str]] = {
    0: (404, "404: Not Found"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    10066: (404, "Unknown application command permissions"),
    10070: (404, "Unknown Guild Scheduled Event"),
    20028: (429, "The channel you are writing has hit the write rate limit."),
    30032: (400, "Maximum number of application commands reached"),
    30034: (429, "Max number of daily application command creates has been reached (200)"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    30038: (400, "Maximum number of uncompleted guild scheduled events reached (100)"),
    40033: (400, "This message has already been crossposted."),
    40005: (413, "Request entity too large"),
    40067: (400, "A tag is required to create a forum post in this channel"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50035: (400, "Invalid Form Body"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    160004: (400, "A thread has already been created for this message"),
    160005: (403, "Thread is locked"),
    180000: (400, "Cannot update a finished event"),
    160006: (400, "Maximum number of active threads reached"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request: where in the body, and what."""

    where: str
    """Path in the body, parts joined by dots: `components.0.components.2.label`."""
    what: str

    def __str__(self) -> str:
        return f"{self.where or '(body)'}: {self.what}"


class ApiError(Exception):
    """An answer that is a refusal."""

    def __init__(self, code: int, problems: Iterable[Problem] = (), status: int | None = None) -> None:
        default_status, self.message = KNOWN[code]
        self.code = code
        self.status = status or default_status
        self.problems = tuple(problems)
        super().__init__(f"{self.status} {code}: {self.message} {'; '.join(map(str, self.problems))}".strip())

    def body(self) -> dict[str, Any]:
        """The refusal as JSON, with the tree of what is wrong for 50035."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.problems:
            body["errors"] = _tree(self.problems)
        return body


def _tree(problems: Iterable[Problem]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for problem in problems:
        node = root
        for part in filter(None, problem.where.split(".")):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": "BASE_TYPE_INVALID", "message": problem.what})
    return root
