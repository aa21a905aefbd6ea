"""Drafts of a model that does what its prompt says: sentences of abstracts, shortened by rule.

The steps are those that `bot/sources/llm/prompts/close_summary.md` names, with lists and patterns of their own, which
the check does not use. A step is not taken where it would change what is claimed or leave no sentence: no modifier goes
behind a denial or a verb that needs it, no phrase from the end of a sentence with a denial.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

_OPENING = re.compile(
    r"\A(?:However|Moreover|Furthermore|Additionally|In addition|Specifically|Notably|To this end"
    r"|In this (?:paper|work|study)|Here|Finally|Overall|In particular|Importantly|Consequently"
    r"|To address (?:this|these)[^,]{0,60}), "
)
_REPORT = re.compile(
    r"\A(?:Extensive |Comprehensive |Our |The |Empirical |Experimental )*(?:experiments|results|evaluations?|findings"
    r"|analys[ei]s|we)(?: (?:on|across|with) [^,.]{3,80}?)? (?:show|demonstrate|reveal|find|confirm|indicate)s? that ",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s\((?![A-Z][\w-]{1,12}s?\))[^()]{2,120}\)")
_RELATIVE = re.compile(r", which [^,.;]{5,120},(?= (?!and\b|or\b))")
_APPOSITION = re.compile(r"(?<=\w), an? [^,.;]{5,90},(?= (?!and\b|or\b))")
_LAST_RELATIVE = re.compile(r", (?:which|where) [^,.;]{5,160}(?=\.\Z)")
_LAST_PARTICIPLE = re.compile(
    r", (?:thereby |thus |hence )?(?!existing|including|ranging)[a-z]{4,}ing [^;.]{5,160}(?=\.\Z)"
)
_CONTRAST = re.compile(r", (?:while|whereas|but) [^;.]{5,160}(?=\.\Z)")
_SECOND_CLAUSE = re.compile(r", and (?:we |it |the |our )[^;.]{10,160}(?=\.\Z)")
_LAST_PHRASE = re.compile(r"(?<=[a-z]{4}) (?:across|on|in|for|via|through|using) (?:[\w-]+ ){0,8}[\w-]+(?=\.\Z)")
_HANGS = re.compile(r"\b(?:only|even|particularly|them|which|fit|triggered|excel|performed?|compare[ds]?)(?=\.\Z)")
"""Last words that need what was behind them."""
_DENIAL = re.compile(r"\b(?:not|no|never|without|cannot|neither|nor|lack|fails?|rather)\b|n't\b", re.IGNORECASE)
_ADVERB = re.compile(
    r"\b(?:significantly|substantially|effectively|efficiently|further|also|consistently|notably|remarkably|dramatically"
    r"|carefully|explicitly|directly|systematically|jointly|successfully|greatly|simultaneously|thoroughly"
    r"|empirically) (?=[a-z])"
)
_NO_NOUN_FOLLOWS = "is are be been more as and or but yet remain remains"
_NO_NOUN = "and or yet but to for in on of when than as"
_BARE = "".join(rf"(?<!\b{word} )" for word in _NO_NOUN_FOLLOWS.split())
_NOUN = "".join(rf"(?!{word}\b)" for word in _NO_NOUN.split())
_ADJECTIVE = re.compile(
    rf"{_BARE}(?<!ly )(?<!, )\b(?:novel|new|simple|efficient|effective|extensive|comprehensive|robust|powerful|key"
    r"|crucial|significant|substantial|innovative|principled|lightweight|scalable|unified|flexible|diverse|challenging|promising"
    rf"|critical|popular|remarkable|impressive|valuable) {_NOUN}(?=[a-z]+\b(?<!ly))"
)
_LONG_FORM = re.compile(r"\b((?:[A-Za-z]+[ -]){1,5}[A-Za-z]+) \(([A-Z]{2,6})s?\)")
_PERSONS = (("We", "The authors"), ("we", "they"), ("Our", "Their"), ("our", "their"), ("us", "them"))
_LEAST = 6
"""Words that a shortened sentence has at least."""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _without_adjectives(text: str) -> str:
    return re.sub(r"\b([Aa])n? (?=([a-z]))", lambda m: f"{m[1]}{'n' * (m[2] in 'aeio')} ", _ADJECTIVE.sub("", text))


def _without_last_phrase(text: str) -> str:
    made = _LAST_PHRASE.sub("", text)
    return text if _HANGS.search(made) else made


def _in_third_person(text: str) -> str:
    for ours, theirs in _PERSONS:
        text = re.sub(rf"\b{ours}\b", theirs, text)
    return text


def _with_acronym(text: str) -> str:
    def short(match: re.Match[str]) -> str:
        words = re.findall(r"[A-Za-z]+", match[1])[-len(match[2]) :]
        spelled = re.search(r"[ -]".join(map(re.escape, words)) + r"\Z", match[1])
        fits = spelled and [word[0].upper() for word in words] == list(match[2])
        return match[1][: spelled.start()] + match[2] if spelled and fits else match.group()

    return _LONG_FORM.sub(short, text)


STEPS: dict[str, tuple[float, Callable[[str], str]]] = {
    "opening": (0.6, lambda text: _capital(_OPENING.sub("", text))),
    "“we show that”": (0.6, lambda text: _capital(_REPORT.sub("", text))),
    "brackets": (0.6, lambda text: _BRACKETS.sub("", text)),
    "relative clause": (0.6, lambda text: _RELATIVE.sub("", text, count=1)),
    "apposition": (0.6, lambda text: _APPOSITION.sub("", text, count=1)),
    "last relative clause": (0.6, lambda text: _LAST_RELATIVE.sub("", text)),
    "last participle": (0.6, lambda text: _LAST_PARTICIPLE.sub("", text)),
    "contrast": (0.6, lambda text: _CONTRAST.sub("", text)),
    "second clause": (0.6, lambda text: _SECOND_CLAUSE.sub("", text)),
    "adverbs": (0.6, lambda text: _ADVERB.sub("", text)),
    "adjectives": (0.6, _without_adjectives),
    "last phrase": (0.3, _without_last_phrase),
    "“we”": (0.7, _in_third_person),
    "long form": (0.5, _with_acronym),
}
"""What is left out or changed, how often, and how."""
_UNLESS_DENIED = frozenset(("adverbs", "adjectives", "last phrase"))


def shortened(line: str, chance: Random) -> tuple[str, tuple[str, ...]]:
    """A sentence shortened, and the steps that were taken; none if it has room for none."""
    taken = []
    for name, (share, step) in STEPS.items():
        if chance.random() >= share or (name in _UNLESS_DENIED and _DENIAL.search(line)):
            continue
        made = step(line)
        if made != line and len(made.split()) >= _LEAST:
            line = made
            taken.append(name)
    return line, tuple(taken)


def joined(lines: list[str], chance: Random) -> Iterator[str]:
    """Neighbouring sentences joined with "and", one pair in three."""
    for first, second in pairwise(lines):
        begins = second.split()[0] in ("The", "We", "Our", "This", "It", "These", "They", "Both")
        if chance.random() < 1 / 3 and begins and len(first.split()) + len(second.split()) < 60:
            yield f"{first.rstrip('.')}, and {second[0].lower()}{second[1:]}"
