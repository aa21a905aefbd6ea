"""What can go wrong with arXiv. None of it ever reads as "there is no such paper"."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Unavailable, UserError


class ArxivUnavailable(Unavailable):
    """arXiv does not answer: a timeout, a broken connection, 429, 5xx. `retry_at` is when it asked us back."""

    def __init__(self, reason: str, retry_at: datetime | None = None) -> None:
        super().__init__(f"arXiv does not answer right now ({reason}). Please try again in a few minutes.")
        self.reason = reason
        self.retry_at = retry_at


class ArxivMalformed(Unavailable):
    """arXiv answers, but with something that is not a sound list of papers."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"arXiv's answer makes no sense right now ({reason}), so I cannot tell what it knows. "
            "Please try again later."
        )
        self.reason = reason


class BadQuery(UserError):
    """arXiv, or we before it, cannot read the question; `said` is the complaint in its own words."""

    def __init__(self, said: str) -> None:
        super().__init__(f"arXiv cannot be asked that: {said}.")
        self.said = said
