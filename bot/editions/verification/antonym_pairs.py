"""Pairs of antonyms: a sentence may not have the one where the source only has the other.

The word itself must be missing in the source, and both must stand at the same words. `direction_words` has the
comparatives and verbs that are compared even where the source has both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.editions.text_analysis.words import word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of, tokens_of
from bot.editions.verification.direction_words import DIRECTIONS, NEGATIONS
from bot.editions.verification.own_method import OWN

_PAIRS = """
single/multiple local/global large/small big/small empirical/theoretical natural/artificial natural/synthetic
real/synthetic real/simulated automatic/manual automated/manual explicit/implicit open/closed open/proprietary
hardware/software positive/negative poor/good poor/strong rich/poor success/failure succeed/fail coarse/fine
qualitative/quantitative absolute/relative near/far presence/absence present/absent true/false convergence/divergence
converge/diverge strong/weak difficult/easy fast/slow public/private objective/subjective maximize/minimize
forward/backward wide/narrow naive/sophisticated abstract/concrete centralized/decentralized central/distributed
maximum/minimum penalty/reward heterogeneous/homogeneous active/passive abundant/scarce common/rare often/rarely
union/intersection majority/minority acceptance/rejection accept/reject inside/outside normal/abnormal correct/wrong
correct/incorrect monolingual/multilingual horizontal/vertical clear/opaque transparent/opaque transparency/opacity
upstream/downstream inferior/superior extrinsic/intrinsic internal/external complete/partial harmful/harmless
safe/dangerous safe/unsafe inclusive/exclusive lossless/lossy gradual/sudden cheap/expensive low/expensive enter/exit
negligible/substantial negligible/significant negligible/considerable negligible/large minimal/substantial
minimal/significant slight/large marginal/significant modest/dramatic strengthen/weaken encourage/discourage
bidirectional/unidirectional concave/convex dense/sparse densely/sparsely loose/tight static/dynamic fixed/adaptive
fixed/dynamic frozen/trained supervised/unsupervised labeled/unlabeled online/offline encoder/decoder encode/decode
compression/decompression stable/unstable stability/instability supply/demand attack/defend confirm/contradict
confirm/refute consistent/contradict consistent/inconsistent agree/disagree support/contradict moderate/high
unaffected/affected sequential/parallel serial/parallel synchronous/asynchronous discrete/continuous linear/nonlinear
symmetric/asymmetric known/unknown familiar/unseen indoor/outdoor urban/rural male/female young/old reveal/hide
reveal/conceal mitigate/worsen mitigate/amplify alleviate/worsen preserve/corrupt preserve/destroy maintain/degrade
improve/corrupt improve/degrade intact/corrupt easy/challenging trivial/challenging optimal/suboptimal
reliable/unreliable sufficient/insufficient adequate/inadequate separate/merge split/merge separate/unify
accept/refuse answer/refuse comply/refuse generalize/overfit lightweight/heavy lightweight/costly efficient/costly
efficient/expensive cooperative/competitive robust/brittle robust/fragile broad/narrow diverse/uniform diverse/narrow
poorly/well strict/lenient optimistic/pessimistic overestimate/underestimate exceed/miss rise/fall
vulnerable/resistant vulnerable/immune susceptible/resistant vulnerability/resistance exploit/neglect exploit/ignore
exploit/overlook finite/asymptotic finite/infinite distribution/worst welcome/reject include/exclude obey/violate
comply/violate sparse/rich adopt/reject increase/decrease scarce/plentiful homogeneous/diverse merge/decompose
available/unavailable raw/processed flexible/rigid independent/dependent visible/invisible conflict/agree
"""
_FIELD_SETS = """
prefill decode/prefilling decoding/training inference/pretraining finetuning/encoder decoder/cpu gpu npu tpu/query key
input output/precision recall/teacher student/source target/retriever ranker/retriever generator/actor critic
generator discriminator/client server/node edge/row column/width depth/2d 3d/past future/spatial temporal
time frequency/latency throughput/user item/clinician patient/mean variance/encoding decoding/prefill decoding
vision language/image text/audio video/words images/simulation reality/simulation deployment
"""
"""Words of the field that are each other's counterparts: one of them in the place of another is another claim."""
_REMEDIES = word_set(
    """resolve resolves resolved resolving mitigate mitigates mitigating prevent prevents preventing eliminate
    eliminates eliminating address addresses addressing overcome overcomes overcoming suppress
    suppresses suppressing against"""
)
"""Words that deny what follows them: "resolving instability"."""
_DEGREES = word_set("substantial significant considerable dramatic slight marginal modest minimal negligible large")
_TEST_TIME = ("test", "time")
_OTHER_SIDE = frozenset(("alternative", "alternatives"))
"""Words behind which the other side of a comparison stands: "a fast alternative to search"."""
_WEIGHT_NEAR = 3
"""Content words on each side that count as being at the same place."""


_MIN_SHARED = 0.4
"""Share of the words of a sentence that a source sentence must have, if only one of them is near."""


_AGREED = 2
"""Words near both of two places from which on the one is said of the same as the other."""
_MORE = 2
"""By how many near words the opposite must fit better than the word itself."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A place of a word: the words near it, and if it is denied there."""

    near: set[str]
    denied: bool
    sentence: ComparedSentence
    level: int
    """1 behind a word such as "high", -1 behind one such as "low", else 0."""

    def contradicts(self, other: _Place, least: int) -> bool:
        """True if an opposite at the other place says the contrary."""
        if self.level * other.level < 0:
            return False  # "low latency" and "high throughput"
        return self.denied == other.denied and len(self.near & other.near) >= least

    def agrees(self, other: _Place) -> bool:
        """True if an opposite at the other place is denied, or this one is: "not fast" is "slow"."""
        return self.denied != other.denied and len(self.near & other.near) >= _AGREED


def _forms(word: str) -> list[str]:
    stem = word.removesuffix("e")
    return [word, f"{word}s", f"{stem}ed", f"{stem}es", f"{stem}ing", f"{word}ly", f"{word}d"] + (
        [f"{word[:-1]}ies", f"{word[:-1]}ily", f"{word[:-1]}ied"] if word.endswith("y") else [f"{word}ity"]
    )


def _read_sets() -> Iterator[tuple[str, str]]:
    for listed in _FIELD_SETS.strip().splitlines():
        for group in listed.split("/"):
            words = group.split()
            yield from ((one, other) for one in words for other in words if one < other)


def _opposites() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    pairs = [(one, other) for pair in _PAIRS.split() for one, other in [pair.split("/")]]
    for one, other in (*pairs, *_read_sets()):
        for word, opposite in ((one, other), (other, one)):
            for form in _forms(word):
                found.setdefault(form, set()).update(_forms(opposite))
    return {word: tuple(sorted(others)) for word, others in found.items()}


_OPPOSITES = _opposites()
_SAME = {
    word: frozenset(form for other in others for form in _OPPOSITES[other])
    & {word, f"{word}s", word.removesuffix("ly"), f"{word}ly", word.removesuffix("s")}
    for word, others in _OPPOSITES.items()
}
"""Forms of the same word."""
OWN_KEY = key_of(tokens_of(OWN)[0])


class AntonymPairs:
    """The words of a source that have opposites, with the words near them."""

    def __init__(self, source: Sequence[ComparedSentence]) -> None:
        self._words = {token for sentence in source for token in sentence.tokens}
        self._places: dict[str, list[_Place]] = {}
        for sentence in source:
            for at, token in _with_opposites(sentence.tokens):
                self._places.setdefault(token, []).append(_place(sentence, at))

    def contradictions(self, claim: ComparedSentence) -> Iterator[str]:
        """Words whose opposites stand at the same words in the source, which does not have them there."""
        for at, token in _with_opposites(claim.tokens):
            here = _place(claim, at)
            words = _OPPOSITES[token]
            if token.removesuffix("ly") in _DEGREES:  # "significantly better" says nothing of a "minimal" cost
                words = tuple(word for word in words if word.endswith("ly") == token.endswith("ly"))
            opposites = [place for word in words for place in self._places.get(word, ())]
            same = [place for word in _SAME[token] for place in self._places.get(word, ())]
            if not opposites or any(word in claim.tokens for word in _OPPOSITES[token]):
                continue
            if any(here.agrees(place) for place in opposites):
                continue
            if any(here.contradicts(place, _least(here, same, place)) for place in opposites):
                yield f"“{token}”"


def _with_opposites(tokens: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Words that have opposites, with their places; "test time" is "inference", and "pre-trained" is not "trained"."""
    for at, token in enumerate(tokens):
        if tokens[at : at + 2] == _TEST_TIME:
            yield at, "inference"
        elif token in _OPPOSITES and tokens[at - 1 : at] not in (("pre",), ("re",)):
            yield at, token


def _place(sentence: ComparedSentence, at: int) -> _Place:
    tokens = sentence.tokens
    before = DIRECTIONS.get(tokens[at - 1], ()) if at else ()
    level = next((sign for dimension, sign in before if dimension in ("level", "amount")), 0)
    return _Place(_near(tokens, at), _is_denied(tokens, at), sentence, level)


def _least(here: _Place, same: Sequence[_Place], opposite: _Place) -> int:
    """Words that must be near both: more of them, if the source has the word itself at another place."""
    if not same:
        return 1 if _is_close(here.sentence, opposite.sentence) else 2
    own = OWN_KEY in here.sentence.words and not any(OWN_KEY in place.sentence.words for place in same)
    if own and OWN_KEY in opposite.sentence.words:
        return 1 if _is_close(here.sentence, opposite.sentence) else 2
    return max(2, max(len(here.near & place.near) for place in same) + _MORE)


def _is_close(claim: ComparedSentence, source: ComparedSentence) -> bool:
    return len(claim.words & source.words) >= _MIN_SHARED * len(claim.words)


def _near(tokens: Sequence[str], at: int) -> set[str]:
    """Keys of the nearest content words on each side, in the same clause."""
    near: set[str] = set()
    for step in (1, -1):
        place, count = at + step, 0
        while 0 <= place < len(tokens) and count < _WEIGHT_NEAR and tokens[place] not in STOPS:
            if step > 0 and tokens[place] in _OTHER_SIDE:
                break
            if carries_meaning(tokens[place]):
                near.add(key_of(tokens[place]))
                count += 1
            place += step
    return near


def _is_denied(tokens: Sequence[str], at: int) -> bool:
    return not NEGATIONS.isdisjoint(tokens[max(0, at - 4) : at]) or not _REMEDIES.isdisjoint(
        tokens[max(0, at - 3) : at]
    )
