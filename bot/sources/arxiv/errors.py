"""Exceptions of the arXiv client. None of them is ever reported as "there is no such paper"."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Unavailable, UserError
from bot.locale.translatable import TranslatableText
from bot.sources.http_client import Reason


class ArxivUnavailable(Unavailable):
    """arXiv did not respond: a timeout, a broken connection, 429, 5xx. `retry_at` is from its Retry-After, if any."""

    def __init__(self, reason: Reason, retry_at: datetime | None = None) -> None:
        super().__init__(
            TranslatableText("{source} is not answering right now ({reason}).", source="arXiv", reason=reason),
            advice=TranslatableText("Please try again in a few minutes."),
        )
        self.reason = str(reason)
        self.retry_at = retry_at


class ArxivMalformed(Unavailable):
    """arXiv responded with something other than a valid list of papers."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(
            TranslatableText(
                "{source} sent an answer that I cannot read ({reason}).",
                source="arXiv",
                reason=reason,
            ),
            advice=TranslatableText("Please try again later."),
        )
        self.reason = str(reason)


class BadQuery(UserError):
    """The query is invalid, according to arXiv or to our own check; `complaint` is the message."""

    def __init__(self, complaint: str) -> None:
        super().__init__(f"arXiv cannot be asked that: {complaint}.")
        self.complaint = complaint
