"""The sentence of an abstract that says what the paper contributes, and sentences that cannot be shown by themselves.

A sentence that leans on the one before it ("However, …", "To address this, we …") is shown without its opening phrase,
and without an end that only points back ("…, which addresses these limitations").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PROPOSES = r"""(?:introduc|propos|present|develop|design|releas|build|built|construct|creat|curat|devis|unveil
    |open-sourc|put\s+forward|contribut|describ)\w*"""
_ADVERB = r"(?:\s+(?:also|first|then|thus|therefore|here|instead|hence|now|[a-z]+ly))?"
_MAKES = r"""(?:introduc|propos|present|develop|design|releas|build|built|construct|formaliz|formalis|creat|curat
    |prove|proving|deriv|establish|describ|contribut|devis|offer|put\s+forward|unveil|open-sourc|outlin|synthesi[sz])\w*"""
_STUDIES = r"""(?:stud|investigat|show|demonstrat|examin|analy[sz]|explor|evaluat|revisit|conduct|report|find|found|ask
    |address|tackl|consider|focus|provid|compar|review|survey|perform|train|appl|us|adopt|collect|measur|identif|aim
    |test|extend|leverag|seek|characteri[sz]|quantif|discuss|observ|discover|reveal|suggest|assess|benchmark|implement
    |adapt|argu|combin|learn|formulat|generali[sz]|improv|giv|solv|take|initiat|predict|model|simulat|determin|reduc|obtain
    |achiev|unif|cast|refram|recast|rethink|compil|craft|advocat|integrat|incorporat|exploit)\w*"""
_WE = r"""(?:we|I|(?:this|the|our)\s+(?:paper|work|study|article|report|survey|thesis|review|research|dissertation
    |tutorial|chapter|letter|note|project|manuscript))(?:\s+(?:have|has))?"""
_OWN = r"(?:in\s+this\s+(?:paper|work|study|article|report|survey|thesis|review)|here)"
_NAMED_BY = r"(?:is|are)\s+(?:introduced|proposed|presented|developed|described|designed|studied|investigated|explored)"

_OTHER_LANGUAGES = r"""
    \bwir\s+(?:stellen|präsentieren|entwickeln|schlagen|führen|beschreiben|zeigen|untersuchen|analysieren)\b
    | \b(?:stellen|entwickeln|schlagen|beschreiben|untersuchen|präsentieren)\s+wir\b
    | \b(?:diese|unsere|vorliegende)\s+(?:arbeit|studie|untersuchung)\s+\w{1,30}(?:t|et)\b
    | \bnous\s+(?:proposons|présentons|introduisons|développons|étudions|décrivons)\b
    | \b(?:proponemos|presentamos|desarrollamos|introducimos|proponiamo|presentiamo|sviluppiamo|propomos|apresentamos)\b
    | \b(?:wij|we)\s+(?:stellen|presenteren|ontwikkelen|introduceren)\b"""
"""The same in German, French, Spanish, Italian, Portuguese and Dutch."""

_LEVELS = tuple(
    re.compile(pattern, re.VERBOSE | re.IGNORECASE)
    for pattern in (
        rf"""\b{_WE}{_ADVERB}\s+{_PROPOSES}\b
        (?!\s+(?:a\s+)?(?:theoretical|extensive|comprehensive)?\s*(?:experiments|results|analys))
        | \b{_OWN}\b.{{3,200}}\b{_NAMED_BY}\b""",
        _OTHER_LANGUAGES,
        rf"""\b{_WE}{_ADVERB}\s+{_MAKES}\b
        | \b{_WE}\b.{{0,90}}\band\s+(?:further\s+|then\s+|also\s+)?(?:introduce|propose|present|develop)s?\b
        | \b{_OWN},?\s+we\s+(?:extend|generali[sz]e)\b
        | \b{_NAMED_BY}\b.{{0,80}}\bthis\b""",
        rf"\b{_WE}{_ADVERB}\s+{_STUDIES}\b | \b{_OWN}\b | \bour\s+(?:key\s+|main\s+)?(?:contribution|goal|aim)",
        r"\b(?:we|our|this\s+(?:paper|work|study|article|survey|review)"
        r"|the\s+(?:present|current)\s+(?:paper|work|study|article|proposal|review))\b",
        r"\b(?:is|are)\s+(?:introduced|proposed|presented|developed|devised|designed)\b",
    )
)
"""Kinds of sentences that state a contribution, the clearest first."""

_LEANING = re.compile(
    r"""\A(?:
      (?:however|moreover|furthermore|additionally|also|thus|hence|therefore|consequently|accordingly|besides|meanwhile
        |nevertheless|nonetheless|as\s+a\s+result|in\s+addition|(?:in|by)\s+(?:contrast|comparison)|instead
        |for\s+(?:example|instance)|conversely|on\s+the\s+(?:other\s+hand|contrary)|similarly|likewise|indeed
        |as\s+a\s+(?:remedy|solution|result)|to\s+this\s+end|to\s+that\s+end
        |to\s+do\s+so|for\s+this\s+(?:purpose|reason)|towards?\s+this\s+(?:end|goal)|in\s+response(?:\s+to\s+(?:this|these|those|such)\b[^,]{0,80})?|in\s+turn|finally|but
        |yet|and|so|(?:first|second|third|fourth)(?:ly)?|to\s+this\s+aim|with\s+this\s+in\s+mind|in\s+this\s+(?:context|light|regard)|in\s+light\s+of\s+this)
    | (?:to\s+(?:\w+\s+)?[a-z]{3,20}
        |[a-z]{3,20}ing
        |motivated\s+by|inspired\s+by|based\s+on|building\s+on|guided\s+by|given|driven\s+by|complementing|complementary\s+to|following|extending|alongside
        |in\s+view\s+of|considering
        |recognizing|unlike|beyond|building\s+upon|with|from|using|leveraging|for|on\s+top\s+of|by)
      \s+(?:all\s+|both\s+|each\s+of\s+)?(?:this|these|that|those|such|them|it|their|its|the\s+above
        |the\s+aforementioned)\b[^,]{0,80}
    ),\s+""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = re.compile(
    r"""(?:,\s+|\s+)(?:(?:which|that)\s+)?(?:(?:aims?|seeks?|helps?)\s+to\s+)?(?:[a-z]+ly\s+)?(?:to\s+)?
      (?:address|tackl|overcom|solv|bridg|fill|mitigat|resolv|alleviat)(?:e|es|s|ing)?\s+(?:all\s+|both\s+)?
      (?:(?:this|these|those|the\s+above|the\s+aforementioned)(?:\s+[a-z-]+){1,3}|both\s+[a-z]+)
      (?:\s+in\s+an?\s+[a-z-]+\s+(?:manner|way))?(?=\.\Z)""",
    re.VERBOSE,
)
"""An end of a sentence that only points back: "…, which addresses these limitations"."""
_MIN_LENGTH = 40
"""Characters that must be left of a sentence without its end."""
_SECONDARY = re.compile(
    r"""\A(?:first|second|third|fourth|last)(?:ly)?,?\s
    | \A(?:additionally|furthermore|moreover|finally|in\s+addition)\b
    | \A(?:overall|empirically|experimentally|theoretically|our\s+(?:findings|results))\b
    | \A(?:extensive\s+)?experiment
    | \A(?:specifically|in\s+particular|beyond|complement\w+|then,|next,)
    | \bwe\s+(?:achieve|do|accomplish|obtain)\s+(?:this|these|so)\b
    | \bwe\s+argue\s+(?:that\s+)?(?:this|these|it|they)\b
    | \Ato\s+(?:enable|support|facilitate|foster|encourage|promote|ensure)\b[^,]{0,80}
      \b(?:research|reproducib\w*|oversight),
    | \b(?:discuss\w*|highlight\w*|outline\w*)\b.{0,40}\b(?:challenges|future|implications|limitations|opportunities)\b
    | \bpav\w+\s+the\s+way\b
    | \bsolutions?\s+(?:to|for)\s+(?:the|this|these)\s+(?:above\s+)?(?:problem|issue|challenge)s?\b
    | \bwe\s+(?:further|additionally)\b | \Ato\s+further\b
    | \A(?:we|this\s+(?:paper|work|study|article))\s+(?:also|then)\b
    | \bwe\s+(?:[a-z]+ly\s+)?[a-z]+\s+(?:this|these)\s+(?:problems?|questions?|issues?|settings?|gaps?|tasks?
        |phenomen\w+)\b
    | \A(?!(?:we|in\s+this|this)\b).{0,60}\b(?:is|are|will\s+be)\s+(?:[\w-]+\s+){0,3}(?:available|released
        |open-?sourced)\b
    | \b(?:second|third)\s+contribution\b | \A(?:also|besides|code|data)\b
    | \Ato\s+(?:train|evaluate|validate|implement)\s+(?:this|these|our|the)\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""A sentence that comes after the one with the main contribution."""
_PRONOUN = re.compile(
    r"\A(?:this|these|it|they|such|its|their|that|those|he|both|here|each|the\s+(?:former|latter|two|resulting))\b(?!\s+(?:paper|"
    r"work|study|article|survey|review|report|thesis)\b)",
    re.IGNORECASE,
)
_VAGUE = 2
"""Levels that other sentences than the contribution have, too."""
_MAX_NAME = 40
_MARK = re.compile(r"(?:(?<=\s)|\A)\(?(\d{1,2}|[ivx]{1,4})\)(?=\s)", re.IGNORECASE)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}
_ORDINAL = re.compile(r"\A(?:first|second|third|fourth|firstly|secondly|thirdly|lastly)(?:ly)?,?\s", re.IGNORECASE)


def contribution(lines: Sequence[str], title: str = "") -> int | None:
    """Index of the sentence that says what the paper contributes; None if none speaks of the paper itself.

    Where no sentence says so of the paper, one counts that says what the thing named before the title's colon is.
    """
    first = [at for at, line in enumerate(lines) if not _SECONDARY.search(line) and not _is_part_of_list(line)]
    clear, vague = _LEVELS[:-_VAGUE], _LEVELS[-_VAGUE:]
    named = _named(title)
    for candidates, levels in (
        (first, clear),
        (first if named else (), (named,)),
        (first, vague),
        (range(len(lines)), _LEVELS),
    ):
        for level in levels:
            if level and (found := next((at for at in candidates if level.search(lines[at])), None)) is not None:
                return found
    return None


def _named(title: str) -> re.Pattern[str] | None:
    """The beginning of a sentence about the thing that a title names: "TideNet is a package that …"."""
    name, colon, _ = title.partition(":")
    name = name.strip()
    if not colon or not 2 <= len(name) <= _MAX_NAME or name.islower():
        return None
    return re.compile(
        rf"\A(?:[^,]{{1,80}},\s+)?(?:the\s+)?{re.escape(name)}\s+(?:is|introduces|provides|offers|addresses|presents|proposes"
        r"|formulates|reformulates|combines|integrates|extends|builds|enables|unifies|learns|uses|leverages|treats)\b",
        re.IGNORECASE,
    )


def states_contribution(line: str) -> bool:
    """Return True if the sentence says what its paper does."""
    return any(level.search(line) for level in _LEVELS)


def without_leaning(line: str) -> str:
    """The sentence without an opening phrase or an end that needs the sentence before it; the rest is unchanged."""
    if (end := _TRAILING.search(line)) and end.start() >= _MIN_LENGTH:
        line = line[: end.start()] + line[end.end() :]
    return without_opener(line)


def without_opener(line: str) -> str:
    """The sentence without an opening phrase that needs the sentence before it: "For example, …", "In contrast, …"."""
    match = _LEANING.match(line)
    if match is None or len(line) - match.end() < 20:
        return line
    rest = line[match.end() :]
    return rest[:1].upper() + rest[1:]


def leans(line: str) -> bool:
    """Return True if the sentence needs the one before it even without its opening phrase."""
    return _PRONOUN.match(without_leaning(line)) is not None


def broken_lists(lines: Sequence[str]) -> frozenset[int]:
    """Indices of the sentences over which one list runs: each alone would show some of its points only."""
    broken: set[int] = set()
    for at, line in enumerate(lines):
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if _is_part_of_list(line) or _ORDINAL.match(line):
            broken.add(at)
        if line.endswith(":") or (_numbers(line) and _numbers(following) and not _is_whole(following)):
            broken.add(at)
    return frozenset(broken)


def _numbers(line: str) -> list[int]:
    return [int(mark) if mark.isdigit() else _ROMAN.get(mark.lower(), 0) for mark in _MARK.findall(line)]


def _is_whole(line: str) -> bool:
    numbers = _numbers(line)
    return numbers == list(range(1, len(numbers) + 1)) and len(numbers) != 1


def _is_part_of_list(line: str) -> bool:
    """Return True if the sentence shows some points of a list and not the others."""
    return not _is_whole(line)
