"""What is wrong with a database that cannot be opened, in words for whoever started the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from bot.errors import UserError
from bot.telemetry.redaction import redact


@contextmanager
def explain_open_errors() -> Iterator[None]:
    """A block that opens the database: what is wrong with that is raised as a UserError instead of a traceback."""
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
