"""Questions that are asked before a button's call is run, for calls that others notice or that cannot be undone."""

from __future__ import annotations

from bot.chat.calls import Call
from bot.locale.current import _, mark_text

QUESTIONS = {
    "paper withdraw": mark_text("Withdraw this paper?"),
    "clubadmin topics remove": mark_text("Remove this topic?"),
    "curate ballot cancel": mark_text("Cancel the ballot for everyone?"),
    "curate ballot count": mark_text("Count the ballot now? Nobody can vote or change a choice after that."),
}
"""Questions by command, with its first word where only that action is asked about."""


def question_before(call: Call) -> str:
    """The question to ask before a call is run, in the language in use; empty if it needs none."""
    with_action = " ".join((call.command, *call.words[:1]))
    asked = QUESTIONS.get(with_action) or QUESTIONS.get(call.command)
    return _(asked) if asked else ""
