"""Where slash commands cannot go: what stands in the menus of Slack and of its messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Shortcut:
    """An entry of a menu. Slack allows ten of them, names of 24 characters (docs.slack.dev/reference/app-manifest)."""

    id: str
    name: str
    kind: Literal["message", "global"]
    description: str


SUBMIT_MESSAGE = Shortcut("jc-submit-message", "Submit this paper", "message", "Bring the papers linked in a message")
QUOTE = Shortcut("jc-quote", "Quote me in the digest", "message", "Let the club quote what you wrote about a paper")
CURATE = Shortcut("jc-curate", "Curate this", "message", "For moderators: pick, hold or drop the paper of a message")
SUBMIT = Shortcut("jc-submit", "Submit a paper", "global", "Bring a paper to the club")

SHORTCUTS = (SUBMIT_MESSAGE, QUOTE, CURATE, SUBMIT)
