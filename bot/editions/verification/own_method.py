"""The method that a paper proposes: its names, as the title, "we propose X" and "X outperforms" give them."""

from __future__ import annotations

import re
from collections import Counter

from bot.editions.verification.acronyms import COMMON, acronym_key

OWN = "OwnMethod"
"""The name under which the method is compared, whatever it is called."""

_NAME = (
    r"(?<![\w-])(?=[\w+-]{0,30}[A-Z][\w+-]{0,30}[A-Z\d]|[a-z]{1,20}[A-Z]|[A-Z][\w+]{0,20}-[A-Z])"
    r"[A-Za-z][\w+]{0,30}(?:-[\w+]{1,30}){0,4}"
)
_NAMES = re.compile(_NAME)
_TITLE_NAME = re.compile(rf"\A\s*({_NAME})(?:\s?[:–—]\s)")
_INTRODUCED = re.compile(
    r"""\b(?:(?:we|paper|work|study|article|report)\s(?:\w{1,20}ly\s)?(?:also\s)?
      (?:propose|introduce|present|develop|design|release|describe|build|create|address)(?:s|d|ed)?
      |(?:called|named|dubbed|termed|namely))\b((?:(?!\b(?:which|that|to|for|with|using|by|where|of)\b)[^.;]){1,120})""",
    re.VERBOSE | re.IGNORECASE,
)
_DOES = re.compile(
    rf"""(?:(?:\A|[.,:;]\s|\bthat\s|\bshow\s)(?:the\s)?)({_NAME})s?\s(?:\w{{1,20}}ly\s)?(?:achiev|outperform|improv|surpass|exceed|deliver
      |beat|reduc|produc|enabl|yield|leverag|employ|combin|introduc|integrat|learn|obtain|perform|attain|provid|reach)""",
    re.VERBOSE,
)
_TERM = re.compile(r"-[a-z]+\Z")
"""Names such as "QA-pair" are terms."""
_LEAST_OFTEN, _LEAST_SEEN = 3, 2
_MAX_NAMES = 8


class OwnMethod:
    """Names of what one paper proposes."""

    def __init__(self, source: str) -> None:
        often = Counter(_NAMES.findall(source))
        names = dict.fromkeys(
            name
            for name in _candidates(source)
            if acronym_key(name) not in COMMON and often[name] >= _LEAST_SEEN and not _TERM.search(name)
        )
        self.names = tuple(names)[:_MAX_NAMES]
        longest_first = sorted(self.names, key=len, reverse=True)
        alternatives = "|".join(map(re.escape, longest_first))
        self._pattern = re.compile(rf"(?<![\w-])(?:{alternatives})(?:-\d[\w.]{{0,8}})?(?:['’]s)?(?![\w-])")

    def unify(self, text: str) -> str:
        """The text with one name for all names of the method."""
        return self._pattern.sub(OWN, text) if self.names else text


def _candidates(source: str) -> list[str]:
    found = [match[1] for match in [_TITLE_NAME.match(source)] if match]
    for match in _INTRODUCED.finditer(source):
        names = _NAMES.findall(match[1])
        found += [name for name in names if f"({name})" in source][:1] or names[:1]
    often = Counter(_NAMES.findall(source))
    found += [match[1] for match in _DOES.finditer(source) if often[match[1]] >= _LEAST_OFTEN]
    return [re.sub(r"-\d+(?:\.\d+)?[BM]\Z", "", name) for name in found]
