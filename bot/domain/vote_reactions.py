"""Reactions that a club may count as votes: their names in the settings, and on each platform."""

from __future__ import annotations

import re
from typing import Literal

VoteReaction = Literal["off", "thumbsup", "heart", "star", "fire"]

EMOJI = {"thumbsup": "👍", "heart": "❤️", "star": "⭐", "fire": "🔥"}
"""The emoji of each reaction."""

_SLACK_NAMES = {"+1": "thumbsup", "thumbsup": "thumbsup", "heart": "heart", "star": "star", "fire": "fire"}
_VARIANTS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]|::skin-tone-[2-6]$")
"""Tones of skin, and the mark that asks for a colored emoji: none of them makes another vote."""
_BY_EMOJI = {_VARIANTS.sub("", emoji): name for name, emoji in EMOJI.items()}


def reaction_name(emoji: str) -> str:
    """Name of a reaction in the settings, for an emoji as Slack (`+1::skin-tone-3`) or Discord (`👍🏽`) names it.

    Empty if no club can count it.
    """
    plain = _VARIANTS.sub("", emoji)
    return _SLACK_NAMES.get(plain) or _BY_EMOJI.get(plain, "")
