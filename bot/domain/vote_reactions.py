"""Reactions that a club may count as votes: their names in the settings, and on each platform."""

from __future__ import annotations

import re
from typing import Literal

VoteReaction = Literal["off", "thumbsup", "heart", "star", "fire"]

EMOJI = {"thumbsup": "👍", "heart": "❤️", "star": "⭐", "fire": "🔥"}
"""The emoji of each reaction."""

_SLACK_NAMES = {"+1": "thumbsup", "thumbsup": "thumbsup", "heart": "heart", "star": "star", "fire": "fire"}
_SKIN_TONE = re.compile("[\U0001f3fb-\U0001f3ff]|(?<=::)skin-tone-[2-6]$")
_VARIANTS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]|::skin-tone-[2-6]$")
"""Tones of skin, and the mark that asks for a colored emoji: none of them makes another vote."""
_BY_EMOJI = {_VARIANTS.sub("", emoji): name for name, emoji in EMOJI.items()}


def reaction_name(emoji: str) -> str:
    """Name of a reaction in the settings, for an emoji as Slack (`+1::skin-tone-3`) or Discord (`👍🏽`) names it.

    Empty if no club can count it.
    """
    plain = _VARIANTS.sub("", emoji)
    return _SLACK_NAMES.get(plain) or _BY_EMOJI.get(plain, "")


def skin_tone(emoji: str) -> str:
    """Skin tone of a reaction as its platform writes it (`skin-tone-3`, `🏽`); empty for the emoji without one.

    Somebody may add the same reaction in several tones, and take each away by itself.
    """
    found = _SKIN_TONE.search(emoji)
    return found[0] if found else ""
