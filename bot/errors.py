"""Errors whose message is shown to the person who asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class UserError(Exception):
    """Error whose message is shown as it is, so it says what happened and what to do.

    `field` is the name of the wrong parameter, so that a form can show the message beside it.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.by_field: Mapping[str, str] = {field: message} if field else {}


@contextmanager
def about_field(name: str) -> Iterator[None]:
    """Names the parameter that a UserError raised within is about."""
    try:
        yield
    except UserError as error:
        raise UserError(str(error), field=name) from None


class Mistakes(UserError):
    """Several wrong parameters at once: the message of each, by the parameter's name."""

    def __init__(self, by_field: Mapping[str, str]) -> None:
        super().__init__(" ".join(by_field.values()), field=next(iter(by_field)))
        self.by_field = by_field


class Ambiguous(UserError):
    """Several things match a word; `choices` are the words that mean one of them, by their labels."""

    def __init__(self, message: str, choices: Mapping[str, str], *, field: str) -> None:
        super().__init__(message, field=field)
        self.choices = choices


class NotAllowed(UserError):
    """The person lacks the permission; the message says who has it."""


class Unavailable(UserError):
    """An outside service (arXiv, a model) cannot be reached now; the message says what happens next.

    `message` says what happened and `advice` what to do. Both may be values that are worded by `str()` when the error
    is shown, in the language of whoever reads it.
    """

    def __init__(self, message: object, *, advice: object = "", field: str = "") -> None:
        super().__init__(f"{message} {advice}".rstrip(), field=field)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".rstrip()
