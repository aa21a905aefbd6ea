"""The log: one line an event, in UTC, without secrets, and safe against forged lines.

Secrets are redacted in all parts of the finished line: the message with its arguments, the traceback, extra fields, the
context. Control characters are escaped, so that no text from a chat can look like a line of its own.
"""

from __future__ import annotations

import copy
import logging
import re
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import monotonic
from types import MappingProxyType, TracebackType
from typing import IO, Any, Literal

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from bot.telemetry.redaction import redact, redact_value

LogFormat = Literal["auto", "json", "human"]

MAX_TEXT = 16_000
"""Characters of a text in a line; the rest is cut."""

SAME_OUTAGE_PAUSE = 60.0
"""Seconds in which the same message about an outage that goes on is written once."""

LIBRARY_LEVELS = {
    "slack_bolt": logging.WARNING,  # writes the whole body of a request with a forged signature at INFO
    "slack_sdk": logging.WARNING,
    "discord": logging.INFO,
    "httpx2": logging.WARNING,  # writes each request's URL at INFO
    "httpcore2": logging.WARNING,
    "openai": logging.WARNING,
    "apscheduler": logging.WARNING,
    "sqlalchemy": logging.WARNING,  # writes the statements sent to the database
    "aiosqlite": logging.WARNING,
    "psycopg": logging.WARNING,
    "alembic": logging.INFO,
    "alembic.runtime.plugins": logging.WARNING,  # writes the name of each of its plugins
    "aiohttp": logging.WARNING,  # aiohttp.access writes each request
    "arxiv": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.WARNING,
    "prompt_toolkit": logging.WARNING,
}
"""The lowest level at which a library's records are written, by the name of its logger."""

_context: ContextVar[Mapping[str, object]] = ContextVar("log context", default=MappingProxyType({}))

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Characters that end a line, move the cursor, change the reading direction, or cannot be encoded."""


def configure(
    level: str = "info",
    form: LogFormat = "auto",
    *,
    secrets: Collection[str] = (),
    libraries: bool = False,
    reason: Callable[[BaseException], str] = lambda _error: "",
    stream: IO[str] | None = None,
) -> logging.Handler:
    """Log to `stream` (standard error), and return the handler.

    `secrets` are values that must never be written. `libraries` lets the platforms' libraries log at `level`, which
    includes people's messages. `reason` names the outage behind an error, empty for any other: an outage is written as
    a warning with its reason instead of a traceback. May be called again: earlier configuration is replaced.
    """
    stream = stream or sys.stderr
    human = form == "human" or (form == "auto" and stream.isatty())
    handler = _SafeStreamHandler(stream, reason)
    hidden = frozenset(secrets)
    handler.setFormatter(_HumanFormatter(hidden) if human else _JsonFormatter(hidden))
    if not libraries:
        handler.addFilter(_is_allowed)
    for old in logging.root.handlers[:]:
        if isinstance(old, _SafeStreamHandler):
            logging.root.removeHandler(old)
    logging.root.addHandler(handler)
    logging.root.setLevel(level.upper())
    for name, least in LIBRARY_LEVELS.items():
        logging.getLogger(name).setLevel(logging.NOTSET if libraries else max(least, logging.root.level))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    return handler


@contextmanager
def context(**fields: object) -> Iterator[None]:
    """Add these fields to every line logged inside the block, in this task and those it starts.

    Names in use: `request`, `club`, `delivery`, `edition`, `platform`.
    """
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def _is_allowed(record: logging.LogRecord) -> bool:
    """True if a record may be written. Libraries set their own loggers' levels, so this is checked for each record."""
    return record.levelno >= LIBRARY_LEVELS.get(record.name.partition(".")[0], logging.NOTSET)


class _SafeStreamHandler(logging.StreamHandler[IO[str]]):
    """Handler that writes lines. If a line cannot be written, that is reported without its content."""

    def __init__(self, stream: IO[str], reason: Callable[[BaseException], str]) -> None:
        super().__init__(stream)
        self._reason = reason
        self._outages: dict[tuple[str, str], float] = {}
        """Time of the last line about an outage, by its logger and its text without arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; of an outage its reason in place of the traceback, and the same message once a minute."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None or not (reason := self._reason(error)):
            super().emit(record)
            return
        key, now = (record.name, str(record.msg)), monotonic()
        if now - self._outages.get(key, -SAME_OUTAGE_PAUSE) < SAME_OUTAGE_PAUSE:
            return
        self._outages[key] = now
        short = copy.copy(record)
        short.msg, short.args = f"{record.getMessage()} ({reason})", None
        short.levelno, short.levelname = logging.WARNING, logging.getLevelName(logging.WARNING)
        short.exc_info = short.exc_text = None
        super().emit(short)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name is the standard library's
        kind = sys.exc_info()[0]
        try:
            self.stream.write(
                f"A line of {record.name} ({record.lineno}) could not be written: {kind and kind.__name__}\n"
            )
        except (OSError, ValueError):
            return  # standard error is closed


class _JsonFormatter(JsonFormatter):
    """One JSON object a line."""

    def __init__(self, secrets: frozenset[str]) -> None:
        super().__init__(
            ["levelname", "name", "message"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback", "stack_info": "stack"},
            timestamp="time",
            json_ensure_ascii=False,
        )
        self._secrets = secrets

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Put the time first and the context last, and redact secrets."""
        line = {"time": _time_text(log_data.pop("time")), **_context.get(), **log_data}
        return {key: _field_text(redact_value(value, self._secrets, key)) for key, value in line.items()}

    def format(self, record: logging.LogRecord) -> str:
        """The line, with those characters escaped that a terminal obeys and JSON does not escape."""
        return _INVISIBLE.sub(lambda found: f"\\u{ord(found[0]):04x}", super().format(record))


class _HumanFormatter(logging.Formatter):
    """A line for people, followed by an indented traceback, so that no part of it can look like a line of its own."""

    def __init__(self, secrets: frozenset[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The time of day in UTC, the level, the logger, the message and the fields."""
        fields = redact_value(_fields(record), self._secrets)
        said = _field_text(redact(record.getMessage(), self._secrets))
        line = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%S} {record.levelname:<7} {record.name}: {said}"
        line += "".join(f" {key}={_field_text(value)}" for key, value in fields.items())
        more = [self.formatException(record.exc_info)] if record.exc_info else []
        more += [record.stack_info] if record.stack_info else []
        below = redact("\n".join(more), self._secrets)[-MAX_TEXT:]
        return "\n    ".join(map(_visible, (line, *below.splitlines())))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """The context of the record and its `extra` fields."""
    extra = {key: value for key, value in record.__dict__.items() if key not in RESERVED_ATTRS}
    return {**_context.get(), **extra}


def _time_text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _field_text(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]}… ({len(value):,} characters)"
    return value


def _visible(text: str) -> str:
    """The text with invisible characters escaped."""
    return _INVISIBLE.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log an uncaught error, so that its text is redacted too."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("journalclub").critical("stopped by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        exc_info = (args.exc_type, args.exc_value, args.exc_traceback)
        logging.getLogger("journalclub").critical("a thread was stopped by an error", exc_info=exc_info)
