"""Words of questions: those that say little about what is asked, and those that answers of each kind use."""

from __future__ import annotations

import re

from bot.editions.text_analysis.words import content_words

VAGUE = frozenset(
    content_words(
        """paper papers author authors work article say says said tell mention describe report reports much many long
        large small good well kind kinds sort thing things anything something people exactly often actually name"""
    )
)
"""Roots of words that say little about what is asked."""
VAGUE_WEIGHT = 0.25
"""Weight of such a word; that of others is 1."""

NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundreds?|thousands?|millions?)\b", re.IGNORECASE
)
_ASKS_NUMBER = re.compile(
    r"\bhow\s+(?:many|much|long|large|small|often|fast|far|big)\b|\b(?:score|percent|percentage|accuracy|share|factor"
    r"|number\s+of|rate|size)\b",
    re.IGNORECASE,
)
_KINDS = {
    r"limit|weak|drawback|shortcoming|fail|problem|wrong|struggl|disadvantage": """however limitation fail cannot lack
        poorly struggle expensive undesirable costs difficult remain challenge""",
    r"code\b|implement|available|public|repository|open.?source|released?|found|github": """code github implementation
        release available https share library""",
    r"data ?sets?|benchmarks?|evaluat|tested|experiments?": "dataset benchmark experiments task evaluate corpus",
    r"why\b|reasons?\b": "because since due motivated therefore thereby however",
    r"compar|better|beat|baseline|outperform|improve|best": """outperform compared superior competitive improving
        baseline state-of-the-art match better""",
    r"contribut|propos|idea|novel|new|introduc|technique|method": "propose introduce present develop novel new",
    r"advantage|benefit|strength|helpful|useful": "advantage benefit beneficial fast efficient",
    r"result|find|conclu|show": "find show results demonstrate",
    r"latency|speed|fast|slow|time|long": "time days hours faster speed latency training",
    r"comput|cost|expens|gpu|resource": "compute resources training costs gpus expensive hardware",
}
"""Beginnings of words in a kind of question, and words that answers of this kind use."""
_EXPANSIONS = tuple(
    (re.compile(rf"\b(?:{pattern})", re.IGNORECASE), tuple(content_words(words))) for pattern, words in _KINDS.items()
)


def asks_number(question: str) -> bool:
    """True if a question asks for a number."""
    return _ASKS_NUMBER.search(question) is not None


def expansions(question: str) -> list[str]:
    """Roots of the words that answers to such a question use."""
    return [word for pattern, words in _EXPANSIONS if pattern.search(question) for word in words]
