"""Judgments that a text passes and its source does not: praise, blame, and claims turned into their opposite.

`GroundingChecker` looks at what occurs: numbers, names, links. "The results were fabricated" has none of these, and
every word of "it does not improve accuracy" may stand in the source. So words that judge must stand there themselves,
what is denied must be denied there, and what rises there may not fall here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.editions.text_analysis.sentences import sentences
from bot.editions.text_analysis.words import STOP_WORDS, content_words, stem, tokens
from bot.editions.verification.judging_words import JUDGING, TO_THE_READER, is_about_the_work
from bot.editions.verification.near_synonyms import near_synonym_stems
from bot.editions.verification.outside_words import OUTSIDE
from bot.editions.verification.own_method import OWN, OwnMethod


def _stems(listed: str) -> frozenset[str]:
    return frozenset(map(stem, listed.split()))


_AHEAD = re.compile(
    r"""\b(?:outperform\w* | outstrip\w* | overtak\w* | surpass\w* | exceed\w* | beats? | beating | superior\w*
    | better\s+than | state[-‐‑\s]of[-‐‑\s]the[-‐‑\s]art | sota | defeat\w* | dominat\w* )\b""",
    re.VERBOSE | re.IGNORECASE,
)
"""Words that put one thing ahead of another. They need a comparison in the source, in whichever words."""
_COMPARES = re.compile(
    rf"""{_AHEAD.pattern} | \b(?:better|best|improv\w*|higher|highest|advanc\w*|than|win\w*|won|leading|record
    |competitive|stronger|strongest|(?:pre)?dominan\w*|match\w*|rival\w*|compar\w*\s+(?:favou?rabl\w*|well))\b""",
    re.VERBOSE | re.IGNORECASE,
)
_AHEAD_OF_ALL = re.compile(
    rf"""(?:{_AHEAD.pattern}) [^.;]{{0,40}}? \b(?:all|any|every)\s+(?:of\s+the\s+)?(?:other|existing|previous|prior
    |known|competing|current|rival)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_KNOWS_ALL = re.compile(
    r"\b(?:all|any|every|existing|previous\w*|prior|known|competing|current|baselines?|others?|best|state)\b",
    re.IGNORECASE,
)
_IS_FIRST = re.compile(
    r"""\b(?:is|are|was|were|as|presents?|introduces?|provides?|offers?)\s+the\s+(?:very\s+)?first\b
    | \bthe\s+first\s+(?:[\w-]+\s+){0,3}(?:to|method|model|work|study|paper|system|approach|algorithm
        |benchmark|dataset)\b
    | \b(?:never|not)\s+(?:been\s+)?(?:done|seen|tried|shown)\s+before\b | \bunprecedented\b""",
    re.VERBOSE | re.IGNORECASE,
)
_CLAIMS_FIRST = re.compile(r"\b(?:first|novel\w*|new|newly|pioneer\w*|unprecedented|unexplored|never)\b", re.I)
_SHARE_OF = re.compile(
    r"(?<![\d.,])(\d{1,9}(?:[.,]\d{1,9}){0,3})\s?(?:%|per\s?cent)\s+of\s+(?:(?:the|its|all|their|these|those|our)\s+)*"
    r"((?:[^\W\d_]+[ -]?){1,3})"
)
"""A share with what it is a share of: "60% of the weights"."""

_NEGATION = re.compile(
    r"\b(?:not|no|never|nor|cannot|none|nothing|nobody|neither|hardly|barely|fail\w*|unable|impossible)\b|n[’']t\b",
    re.IGNORECASE,
)
_NOT_ALL = re.compile(r"\bnot\s(?=(?:every|all|always|only)\b)", re.IGNORECASE)
"""A denial that leaves most of what it denies."""
_NEGATION_IN_SOURCE = re.compile(
    rf"""{_NEGATION.pattern} | \b(?:without|lack\w*|limit\w*|rare\w*|few\w*|little|scarc\w*|challeng\w*|difficult\w*
    |hard\w*|avoid\w*|eliminat\w*|remov\w*|instead|rather|only|alone|zero|however|although|though|while|whereas
    |despite|but|yet
    |struggl\w*|ignor\w*|overlook\w*|insufficient\w*|inadequa\w*|less|least|unlike|dispens\w*|entirely|solely|simply
    |agnostic\w*|blind\w*|non\w*|divers\w*|heterogen\w*|vary\w*|varied|redundan\w*|adaptive\w*|necessar\w*
    |discard\w*|irregular\w*|independent\w*|inconsisten\w*|incompl\w*|mis\w{{4,}}|differ\w*|diverg\w*|disagree\w*|gaps?|lose\w*|losing|slow\w*|fragment\w*
    |poor\w*|suffer\w*|degrad\w*|un\w{{4,}}
    |\w+-free|\w+less)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_MISTAKEN = frozenset(("wrong", "incorrect", "incorrectly", "wrongly", "erroneous", "mistaken", "false"))
"""Words that say the same of an answer: a source that has one allows the others."""
_DENIAL = re.compile(
    rf"{_NEGATION.pattern}|\b(?:without|eliminat\w*|remov\w*|struggl\w*|lack\w*|avoid\w*|abstain\w*|refrain\w*|unclear|unable"
    r"|unlikely|eschew\w*|forgo\w*|dispens\w*|omit\w*|obviat\w*|blind|neglect\w*|\w+-free)\b"
    r"|\brather than\b",
    re.IGNORECASE,
)
"""Denials of a source, those that deny with another word than "not" too: what they deny may be denied."""
_UP = _stems(
    "improve improvement improves increase increases outperform outperforms exceed surpass surpasses beat beats better "
    "faster enhance boost boosts gain gains superior raise raises higher stronger strengthen succeed win accelerate"
)
_DOWN = _stems(
    "worsen worsens worse decrease decreases underperform underperforms lose loses slower degrade degrades weaken harm "
    "harms hurt hurts falls lower lowers lowest fail fails failed drop drops reduce reduces collapse collapses weaker"
)
_COMPARED = _stems("worse better slower faster weaker stronger")
"""Words that speak of a side of a comparison: `DirectionChecker` compares the sides."""
_GENERAL = _stems(
    "paper papers work study studies article author authors researcher researchers scientist people method methods "
    "approach technique result results finding findings data experiment experiments evaluation claims conclusion "
    "conclusions number numbers table figure figures model models system show shows find finds found report say "
    "says propose proposes present team introduce describes describe new novel year years field science research "
    "thing things way ways problem made make makes good great real really world time today never always fully "
    "hardly barely nearly almost slightly clearly much far well often mostly usually need needs why back also ends "
    "machine machines neural network networks deep written write code run runs human humans use"
)
"""Words that any text about any paper has: they show nothing."""
_STOPS = frozenset(map(stem, STOP_WORDS))
_ENDING = re.compile(r"(?:ing|ed|ly|es|s|e)\Z")
_ROOTS = {
    "hidden": "hide",
    "broken": "break",
    "stolen": "steal",
    "reviewers": "review",
    "referees": "review",
    "chosen": "choose",
}
_ROOT = 7
"""Letters by which a judging word is looked for: "fabricate" and "fabrication" meet, "retract" and "retrain" do not."""
_LONG, _COPIED, _WHOLE = 5, 0.75, 0.75
"""A sentence of so many words, of which such a share stands in one sentence of the source, is taken from that one; it
is the whole of it if it has such a share of its words."""
_NEAR = 0.6
"""The share of a sentence's words in one sentence of the source that lets its rises and falls be compared."""
_MIN_OWN, _DESCRIBED = 2, 0.5
"""Number and share of the other words that must be in the source for a judging word to describe its subject."""
_MIN_REST = 3
"""Words beside the name of the paper's method from which on one of them must be in the source, too."""
_CAPITALIZED = re.compile(r"\b[A-Z][\w-]*\w")
_NAMED = re.compile(r"(?<=[\w,:–—-] )[A-Z][\w-]*\w")
"""Capitalized words that begin no sentence."""
_WORK = _stems("paper authors author work method approach results")
"""Words by which a sentence speaks of the work without its name."""
_OWN_NAME = frozenset(map(stem, tokens(OWN)))
_ALIKE = 0.6
"""The share of a sentence's words in one sentence of the source from which on that one is what it speaks of."""


@dataclass(frozen=True, slots=True)
class _SourceSentence:
    stems: frozenset[str]
    denies: bool
    negated: int
    """Plain negations."""
    denials: int
    """Negations, and words that deny otherwise."""


class JudgmentChecker:
    """The judgments of one source, ready to have the sentences of a text held against them."""

    def __init__(self, source: str) -> None:
        self._own = OwnMethod(source)
        self._stems = frozenset(map(stem, tokens(source)))
        self._spaced = f" {' '.join(tokens(source))} "
        self._capitals = {stem(word) for word in _NAMED.findall(source)}
        self._compares = _COMPARES.search(source) is not None
        self._knows_all = _KNOWS_ALL.search(source) is not None
        self._claims_first = _CLAIMS_FIRST.search(source) is not None
        self._shares: dict[str, set[str]] = {}
        for one in sentences(source):
            for share in _SHARE_OF.finditer(one.text):
                self._shares.setdefault(share[1], set()).update(map(stem, tokens(one.text)))
        self._sentences = [
            _SourceSentence(
                frozenset(map(stem, tokens(one.text))),
                _NEGATION_IN_SOURCE.search(one.text) is not None,
                len(_NEGATION.findall(one.text)),
                len(_DENIAL.findall(one.text)),
            )
            for one in sentences(source)
        ]

    def unsupported(self, sentence: str) -> Iterator[str]:
        """The judgments of a sentence that its source does not pass, in words for a model and for moderators."""
        if f" {' '.join(tokens(sentence))} " in self._spaced:
            return
        for pattern, what in ((JUDGING, "judgment"), (TO_THE_READER, "words to the reader")):
            for found in pattern.finditer(sentence):
                describes = self._describes_the_subject(sentence, found.start(), found.end())
                if not describes and not self._has(found.group()):
                    yield f"{what} “{found.group().strip()}”"
        for pattern, what in OUTSIDE:
            for found in pattern.finditer(sentence):
                if not self._has(found.group()):
                    yield f"{what} “{found.group().strip()}”"
        yield from self._claims_of_rank(sentence)
        for share in _SHARE_OF.finditer(sentence):
            whole = [stem(word) for word in tokens(share[2]) if word not in STOP_WORDS]
            if whole and self._shares.get(share[1], set(whole)).isdisjoint(whole):
                yield f"another whole in “{share.group().strip()}”"
        if self._opposes_the_source(sentence):
            yield "the opposite of the text"

    def _describes_the_subject(self, sentence: str, start: int, end: int) -> bool:
        """True if a judging word describes what the source studies: it judges nobody, and the rest is in the source."""
        is_a_rank = self._compares and sentence[start:end].lower() == "best"
        if not is_a_rank and is_about_the_work(sentence, start, end):
            return False
        own = [word for word in content_words(sentence[:start] + " " + sentence[end:]) if word not in _GENERAL]
        found = sum(word in self._stems for word in own)
        return found >= _MIN_OWN and found >= _DESCRIBED * len(own)

    def _claims_of_rank(self, sentence: str) -> Iterator[str]:
        """Claims to be ahead, ahead of all, or the first, for a source that makes none."""
        for pattern, holds in (
            (_AHEAD, self._compares),
            (_AHEAD_OF_ALL, self._knows_all),
            (_IS_FIRST, self._claims_first),
        ):
            if not holds and (found := pattern.search(sentence)):
                yield f"the claim “{found.group().strip()}”"

    def is_about_the_source(self, sentence: str, least: float) -> bool:
        """True if enough of the sentence's own words are in the source; words that fit any paper are not counted.

        `least` is the share for a sentence of four such words or more; of fewer, half must stand there, and always one.
        """
        if f" {' '.join(tokens(sentence))} " in self._spaced:
            return True
        own = [word for word in content_words(JUDGING.sub(" ", sentence)) if word not in _GENERAL]
        is_named = self._speaks_by_name(sentence)
        found = sum(self._knows(word, nearly=not is_named) for word in own)
        if found < 1 or found < (least if len(own) >= 4 else 0.5) * len(own):
            return False
        rest = [
            word for word in content_words(self._own.unify(sentence)) if word not in _GENERAL and word not in _OWN_NAME
        ]
        return len(rest) < _MIN_REST or any(self._knows(word, nearly=not is_named) for word in rest)

    def _knows(self, word: str, *, nearly: bool) -> bool:
        """True if the source has a word with this stem, or one that means about the same."""
        return not self._stems.isdisjoint(near_synonym_stems(word)) if nearly else word in self._stems

    def _speaks_by_name(self, sentence: str) -> bool:
        """True if a sentence has a name of the source, a word of its title with a capital, or a word for the work.

        An attacker speaks of the paper by name, and needs no other word of it: near words do not count there.
        """
        named = {stem(word) for word in _CAPITALIZED.findall(sentence)} & self._capitals
        return bool(named) or not _WORK.isdisjoint(content_words(sentence))

    def _has(self, words: str) -> bool:
        parts = tokens(words)
        if parts[0] in _MISTAKEN:
            return any(f" {word} " in self._spaced for word in _MISTAKEN)
        if len(parts) > 1:
            own = ["we", *parts[1:]] if parts[0] == "authors" else parts
            return any(f" {' '.join(said)} " in self._spaced for said in (parts, own))
        root = _ROOTS.get(parts[0]) or _ENDING.sub("", parts[0])[:_ROOT]
        return f" {parts[0]} " in self._spaced or (len(root) >= 4 and f" {root}" in self._spaced)

    def _opposes_the_source(self, sentence: str) -> bool:
        """True if the sentence denies a statement of the source, or says that something falls that rises there."""
        sentence = _NOT_ALL.sub(" ", sentence)
        words = frozenset(content_words(sentence)) - _GENERAL
        negations = len(_NEGATION.findall(sentence))
        firm = words - _UP - _DOWN
        copies = [one for one in self._sentences if firm and len(firm & one.stems) >= _COPIED * len(firm)]
        if copies and not negations and all(_drops_a_not(words, one) for one in copies):
            return True
        if len(words) >= _LONG and copies:
            return all(negations > one.denials or _falls_instead(words, one) for one in copies)
        alike = self._closest(words)
        if negations and self._denies_the_source(sentence) and not any(one.denies for one in alike):
            return not any(one.denials for one in self._closest(words, 0.4))
        near = [one for one in alike if len(words & one.stems) >= _NEAR * len(words)]
        return bool(near) and all(_falls_instead(words - _COMPARED, one) for one in near)

    def _denies_the_source(self, sentence: str) -> bool:
        """True if a word that the sentence denies is in the source."""
        for found in _NEGATION.finditer(sentence):
            denied = [word for word in content_words(sentence[found.end() : found.end() + 80]) if word not in _GENERAL]
            if not denied or denied[0] in self._stems:
                return True
        return False

    def _closest(self, words: frozenset[str], least: float = _ALIKE) -> list[_SourceSentence]:
        """The sentences of the source that share most words with these; none if none shares any."""
        shared = [len(words & one.stems) for one in self._sentences]
        most = max(shared, default=0)
        if not most:
            return []
        return [one for one, count in zip(self._sentences, shared, strict=True) if count >= max(1, least * most)]


def _drops_a_not(words: frozenset[str], source: _SourceSentence) -> bool:
    """True if these words are nearly all of a sentence that denies something."""
    own = source.stems - _GENERAL - _STOPS
    return source.negated > 0 and len(words & own) >= _WHOLE * len(own)


def _falls_instead(words: frozenset[str], source: _SourceSentence) -> bool:
    """True if something that rises in the sentence of the source falls in these words, or the other way round."""
    new, gone = words - source.stems, source.stems - words
    return bool(
        (new & _DOWN and gone & _UP and not source.stems & _DOWN)
        or (new & _UP and gone & _DOWN and not source.stems & _UP)
    )
