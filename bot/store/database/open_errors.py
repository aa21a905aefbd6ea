"""Errors of opening the database, worded for whoever starts the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.errors import UserError
from bot.telemetry.redaction import redact


@contextmanager
def explain_open_errors() -> Iterator[None]:
    """Context manager that converts database and file errors into a UserError. Raises UserError."""
    try:
        yield
    except DBAPIError as error:
        raise UserError(_open_error_message(str(error.orig))) from error
    except OSError as error:
        raise UserError(
            _open_error_message(f"{error.strerror or error} ({error.filename})" if error.filename else str(error))
        ) from error


def _open_error_message(reason: str) -> str:
    first = redact(reason.strip().partition("\n")[0]).rstrip(".")
    return f"The database cannot be used: {first}. Look at JOURNALCLUB_DATABASE_URL and JOURNALCLUB_DATA_DIR."
