"""Claims of earlier work: what the source says of earlier methods must not be claimed of the paper's, nor the reverse.

Each piece of the source is about the paper's own work ("we", "our", its name), about others ("existing", "unlike",
problems claim before the paper's own work is named), or about both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import ComparedSentence, key_of, read_sentence, tokens_of
from bot.editions.verification.own_method import OWN
from bot.editions.verification.sentence_parts import GENERIC

_PIECES = re.compile(rf",\s(?=(?:our|we|the\sproposed|this|it|{OWN})\b)|;\s", re.IGNORECASE)
_OWN = re.compile(rf"\b(?:we|our|ours|proposed|{OWN}|this\s(?:paper|work|study|article))\b", re.IGNORECASE)
_OTHERS = re.compile(
    r"""\b(?:existing|previous|prior|earlier|traditional\w*|conventional\w*|current|classical|recent|most\s(?:methods
      |approaches|work))\b|\A(?:unlike|in\scontrast\sto|compared\s(?:to|with)|instead\sof|rather\sthan)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PROBLEM = re.compile(
    r"""\b(?:however|yet|but|suffer\w*|struggl\w*|limit\w*|challeng\w*|lack\w*|fail\w*|difficult\w*|costly|expensive
      |despite|although|overlook\w*|remain\w*|ignor\w*|often|rely|relies|requir\w*)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SUBJECT = re.compile(
    rf"""\A(?:(?P<own>(?:the\s(?:proposed\s|new\s)?(?:method|approach|framework|model|system|paper|work|architecture)
      |it|the\sauthors|{OWN}|the\sproposed)\b)
      |(?P<others>(?:in\s)?(?:existing|previous|prior|earlier|traditional|conventional|current|classical|past)\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_REMEDIES = re.compile(
    r"""\b(?:not|no|never|n't|cannot|without|avoid\w*|reduc\w*|instead|rather|overc\w*|address\w*|tackl\w*|mitigat\w*
      |eliminat\w*|solv\w*|resolv\w*|lower\w*|less|fewer|unlike|than|free|improv\w*|remov\w*|bypass\w*|beyond|against
      |compar\w*|problem\w*|limit\w*|bridg\w*|clos\w*|lift\w*|drop\w*|cut\w*|replac\w*|challeng\w*|because|although
      |while|whereas|when|where|identif\w*|finds?|found|shows?|examin\w*|stud(?:y|ies|ied)|investigat\w*|analy\w*
      |explor\w*|extend\w*|builds?|relax\w*|repair\w*|longer|reveal\w*|question\w*|only|just|allevi\w*|counter\w*
      |helps?|also|more|better|reframes?|aims?|target\w*|look\w*|ask\w*|motivat\w*|deal\w*|cope\w*|handl\w*|support\w*
      |enabl\w*|correct\w*|detect\w*|prevent\w*|fix\w*|combat\w*|fight\w*|respon\w*|argu\w*|discuss\w*|cover\w*
      |describ\w*|survey\w*|review\w*|fill\w*|first|novel\w*|new)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words with which a sentence may speak of others' problems and mean that they are gone, studied or solved."""
_LIGHT = frozenset(
    map(
        key_of,
        word_set(
            """use uses using employ employs rely relies reliance based require requires need needs made make introduce
        introduces existing previous prior earlier traditional conventional current classical past previously typically
        standard"""
        ),
    )
)
_MIN_FOUND, _MIN_NEARER = 0.66, 0.3
"""Share of a sentence's words in a piece about the other holder, and how much higher it must be than in any other."""
_MIN_WORDS = 2


class PriorWorkChecker:
    """The pieces of a source, with whom they are about."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._source = source

    @cached_property
    def _pieces(self) -> dict[str, list[frozenset[str]]]:
        """Keys of the words of each piece, by its holder."""
        pieces: dict[str, list[frozenset[str]]] = {"own": [], "others": [], "both": []}
        is_named = False
        for at, sentence in enumerate(self._source):
            for piece in _PIECES.split(sentence.text):
                own, others = bool(_OWN.search(piece)), bool(_OTHERS.search(piece))
                holder = "both" if own == others else "own" if own else "others"
                if not own and not others:
                    holder = "own" if is_named else "others" if _PROBLEM.search(piece) else "both"
                if at:  # the first sentence is the title
                    is_named = is_named or own
                pieces["both" if not at else holder].append(frozenset(read_sentence(piece).stems))
        return pieces

    def exchanged(self, claim: ComparedSentence) -> Iterator[str]:
        """The holder of a sentence, if the source says the same of the other one alone."""
        if _REMEDIES.search(claim.text):
            return
        subject = _SUBJECT.search(claim.text)
        first = claim.tokens[:1]
        is_own = bool(subject["own"]) if subject else self._is_own_name(first)
        if not (subject or is_own):
            return
        named = frozenset(map(key_of, tokens_of(f"{subject[0] if subject else ''} {OWN}") + first))
        words = claim.words - GENERIC - _LIGHT - named
        if len(words) < _MIN_WORDS:
            return
        holder, other = ("own", "others") if is_own else ("others", "own")
        found = self._share(words, self._pieces[other])
        if (
            found >= _MIN_FOUND
            and found - self._share(words, self._pieces[holder] + self._pieces["both"]) >= _MIN_NEARER
        ):
            yield "what is said of " + ("earlier methods" if is_own else "the paper's own method")

    def is_problem_of_others(self, words: frozenset[str], least: float) -> bool:
        """True if a piece about others has most of these words, and more of them than any about the own work."""
        found = self._share(words, self._pieces["others"])
        return found >= least and found > self._share(words, self._pieces["own"])

    def is_own_alone(self, words: frozenset[str], least: float) -> bool:
        """True if a piece about the own work has most of these words, and those about others none of them."""
        if not words:
            return False
        others = self._share(words, self._pieces["others"]) + self._share(words, self._pieces["both"])
        return self._share(words, self._pieces["own"]) >= least and not others

    def _is_own_name(self, first: tuple[str, ...]) -> bool:
        """True if a sentence begins with a name that the source uses of the paper's own work alone."""
        name = key_of(first[0]) if first else ""
        if len(name) < 2 or name in _LIGHT or name in GENERIC:
            return False
        if not any(name in sentence.name_keys for sentence in self._source):
            return False
        return any(name in piece for piece in self._pieces["own"]) and not any(
            name in piece for piece in self._pieces["others"]
        )

    @staticmethod
    def _share(words: frozenset[str], pieces: Sequence[frozenset[str]]) -> float:
        return max((len(words & piece) / len(words) for piece in pieces), default=0.0)
