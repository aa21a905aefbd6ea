"""What can go wrong in a way that the person in the chat should hear about."""

from __future__ import annotations


class UserError(Exception):
    """Shown to the person as it stands: write it for them, with the way out.

    `field` names the parameter that was wrong, so that a form can show the sentence beside it.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotAllowed(UserError):
    """The person may not do this; the sentence says who may."""


class Unavailable(UserError):
    """Something outside (arXiv, a model) cannot be asked right now; the sentence says what happens next."""
