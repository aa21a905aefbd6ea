"""Reasons of a platform in the reader's language. They are raised and stored in English, and translated where shown."""

from __future__ import annotations

import re

from bot.locale.current import _, mark_text

PATTERNS = (
    mark_text("{platform} cannot be reached ({detail})"),
    mark_text("the connection to {platform} broke ({detail})"),
    mark_text("{platform} answered {detail}"),
    mark_text("{platform} refused it: {detail}"),
    mark_text("{platform}’s rate limit was reached"),
    mark_text("{platform} is moving the workspace ({detail})"),
    mark_text("{platform} is not connected just now"),
    mark_text("{platform} has refused many requests; I am waiting, so that it does not block me"),
    mark_text("{platform} does not accept the token: {detail}"),
    mark_text("not connected for {detail} s; trying again"),
    mark_text("skipped by {detail}"),
)
"""Reasons with a detail that has no translation: an error code, a number, a name."""


def reason_text(reason: object) -> str:
    """A reason in the language in use: one of the fixed ones, one of the patterns, or as it is."""
    text = str(reason)
    if (known := _(text)) != text:
        return known
    for pattern, compiled in _COMPILED:
        if found := compiled.fullmatch(text):
            return _(pattern, **found.groupdict())
    return text


def _compiled(pattern: str) -> re.Pattern[str]:
    form = re.escape(pattern).replace(re.escape("{platform}"), r"(?P<platform>Slack|Discord)")
    return re.compile(form.replace(re.escape("{detail}"), "(?P<detail>.*)"), re.DOTALL)


_COMPILED = tuple((pattern, _compiled(pattern)) for pattern in PATTERNS)
