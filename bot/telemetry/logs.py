"""What the program writes about itself: one line an event, in UTC, without secrets, and without lines that lie.

Secrets are left out of the finished line's every part: the message with its arguments, the traceback, extra fields,
the context. Control characters are escaped, so that nothing said in a chat can look like a line of its own.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType, TracebackType
from typing import IO, Any, Literal

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from bot.telemetry.redaction import redact, redact_value

LogFormat = Literal["auto", "json", "human"]

LONGEST = 16_000
"""No text of a line is written beyond this many characters."""

QUIET = {
    "slack_bolt": logging.WARNING,  # writes the whole body of a request with a forged signature at INFO
    "slack_sdk": logging.WARNING,
    "discord": logging.INFO,
    "httpx2": logging.WARNING,  # writes each request's address at INFO
    "httpcore2": logging.WARNING,
    "openai": logging.WARNING,
    "sqlalchemy": logging.WARNING,  # writes what it sends to the database
    "aiosqlite": logging.WARNING,
    "psycopg": logging.WARNING,
    "alembic": logging.INFO,
    "alembic.runtime.plugins": logging.WARNING,  # names each part of its own that it sets up
    "aiohttp": logging.WARNING,  # aiohttp.access writes each request
    "arxiv": logging.WARNING,
    "urllib3": logging.WARNING,
    "asyncio": logging.WARNING,
    "prompt_toolkit": logging.WARNING,
}
"""The least that is written of what a library says, by the name of its logger."""

_context: ContextVar[Mapping[str, object]] = ContextVar("log context", default=MappingProxyType({}))

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
"""Characters that end a line, move the cursor, turn the reading direction, or cannot be written at all."""


def configure(
    level: str = "info",
    form: LogFormat = "auto",
    *,
    secrets: Collection[str] = (),
    libraries: bool = False,
    stream: IO[str] | None = None,
) -> logging.Handler:
    """Send all that is logged to `stream` (standard error), and give the handler that does it.

    `secrets` are values that must never be written. `libraries` lets those that speak to the platforms write what
    they say at `level`, which holds people's messages. May be called again: what was configured before is replaced.
    """
    stream = stream or sys.stderr
    human = form == "human" or (form == "auto" and stream.isatty())
    handler = _SafeStreamHandler(stream)
    hidden = frozenset(secrets)
    handler.setFormatter(_Human(hidden) if human else _Json(hidden))
    if not libraries:
        handler.addFilter(_worth_writing)
    for old in logging.root.handlers[:]:
        if isinstance(old, _SafeStreamHandler):
            logging.root.removeHandler(old)
    logging.root.addHandler(handler)
    logging.root.setLevel(level.upper())
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(logging.NOTSET if libraries else max(least, logging.root.level))
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    return handler


@contextmanager
def context(**fields: object) -> Iterator[None]:
    """Put these fields on every line written inside the block, in this task and those it starts.

    The house's names for them: `request`, `club`, `delivery`, `edition`, `platform`.
    """
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def _worth_writing(record: logging.LogRecord) -> bool:
    """Whether a line may be written. Libraries set their own loggers' levels, so this is asked of each line again."""
    return record.levelno >= QUIET.get(record.name.partition(".")[0], logging.NOTSET)


class _SafeStreamHandler(logging.StreamHandler[IO[str]]):
    """Writes lines. One that cannot be written is said to be so, without what it held."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name is the standard library's
        kind = sys.exc_info()[0]
        try:
            self.stream.write(
                f"A line of {record.name} ({record.lineno}) could not be written: {kind and kind.__name__}\n"
            )
        except (OSError, ValueError):
            return  # nobody is left to read it


class _Json(JsonFormatter):
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
        """Put the time first and the context last, and leave out secrets."""
        line = {"time": _stamp(log_data.pop("time")), **_context.get(), **log_data}
        return {key: _short(redact_value(value, self._secrets, key)) for key, value in line.items()}

    def format(self, record: logging.LogRecord) -> str:
        """The line; what JSON leaves unescaped and a terminal obeys is escaped too."""
        return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", super().format(record))


class _Human(logging.Formatter):
    """A line for people; a traceback follows, indented, so that nothing in it can pass for a line."""

    def __init__(self, secrets: frozenset[str]) -> None:
        super().__init__()
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        """The time of day in UTC, how grave, who says it, what, and the fields."""
        fields = redact_value(_fields(record), self._secrets)
        said = _short(redact(record.getMessage(), self._secrets))
        line = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%S} {record.levelname:<7} {record.name}: {said}"
        line += "".join(f" {key}={_short(value)}" for key, value in fields.items())
        more = [self.formatException(record.exc_info)] if record.exc_info else []
        more += [record.stack_info] if record.stack_info else []
        below = redact("\n".join(more), self._secrets)[-LONGEST:]
        return "\n    ".join(map(_seen, (line, *below.splitlines())))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """The context of the line and what was given as `extra`."""
    extra = {key: value for key, value in record.__dict__.items() if key not in RESERVED_ATTRS}
    return {**_context.get(), **extra}


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}… ({len(value):,} characters)"
    return value


def _seen(text: str) -> str:
    """The text with characters that would not be seen written out."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The last words of a program that ends by an error go through the same filter."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("journalclub").critical("stopped by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        told = (args.exc_type, args.exc_value, args.exc_traceback)
        logging.getLogger("journalclub").critical("a thread was stopped by an error", exc_info=told)
