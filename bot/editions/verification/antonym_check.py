"""Antonyms: words that one sentence denies and another affirms, and words of direction turned into their opposite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from bot.editions.text_analysis.words import STOP_WORDS, word_set
from bot.editions.verification.compared_sentence import STOPS, ComparedSentence, carries_meaning, key_of, shared_weight
from bot.editions.verification.direction_words import AFFIRMATIONS, COMPARATIVES, DIRECTIONS, NEGATIONS, WITH_OBJECT

_CONTEXT = 4
"""Words on each side that belong to a word of direction."""
_SCOPE = 3
"""Words after a negation among which the denied one is looked for."""
_NEW_CLAUSE = (("and",), ("but",), ("while",), ("whereas",), ("although",), ("yet",))
_HINDRANCES = word_set(
    """struggle struggles struggling hard difficult challenging limits limited rarely seldom eliminate eliminates
    eliminating eliminated remove removes removing obviate obviates obviating insufficient unclear remains"""
)
_HINDERED = 5
_LISTED = 9
"""Words after a negation among which what else it denies is looked for."""
_JOINED = frozenset(("or", "nor"))
_ENDS_DENIAL = frozenset(("but", "while", "whereas", "and", "although", "yet"))
_MIN_MORE = 0.25
"""Weight by which the opposite must fit better, if the word itself is in the source sentence as well."""
_DENYING_PREFIXES = ("un", "in", "im", "ir", "dis", "non")
_NON = frozenset(("non",))
_RATHER = (("rather", "than"), ("instead", "of"))
"""Words that deny what follows them."""
_BOUNDS = frozenset(("more", "less", "fewer", "greater", "lower"))
_COUNTED = frozenset(("half", "a", "an", "one", "two", "three", "twice", "double", "ten"))
"""Words behind "more than" that make it a bound of a number."""
_LESS = frozenset(("less", "lower", "fewer", "worse", "lacks", "lack", "limited", "poor", "behind", "least"))
"""Words that say of what follows that it is small or missing, as a denial does."""
Direction = tuple[str, str, int, dict[str, float]]
"""A word of direction with a dimension, its sign in it, and the words near it, weighted by nearness."""
_REMOVALS = frozenset(("removing", "omitting", "ablating", "disabling", "dropping", "excluding", "skipping"))
"""First words of a sentence about what happens without something."""
_OTHER_SIDE = frozenset(("alternative", "alternatives"))
"""Words behind which the other side of a comparison stands: "a fast alternative to search"."""
_DIRECTION_STEMS = {key_of(word) for word in DIRECTIONS}


def denied_words(sentence: ComparedSentence) -> set[str]:
    """Keys of the first content word after each negation."""
    denied = set()
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        denies = token in NEGATIONS or (at > 0 and tokens[at - 1] not in STOPS and tokens[at : at + 2] in _RATHER)
        if not denies or (tokens[at + 1 : at + 2] and tokens[at + 1] in AFFIRMATIONS):
            continue
        for following in tokens[at + 1 : at + 1 + _SCOPE]:
            if following in STOPS:
                break
            if (following not in STOP_WORDS and following not in NEGATIONS) or following in DIRECTIONS:
                denied.add(key_of(following))
                break
    return denied


def changed_negations(claim: ComparedSentence, source: ComparedSentence, elsewhere: frozenset[str]) -> Iterator[str]:
    """Words that are denied on one side only. `elsewhere` are words that other sentences of the source deny."""
    here, there = denied_words(claim), denied_words(source)
    elsewhere_said = {word for word in there - here if not _near_denied(source, word) & claim.stems}
    excused = (
        (here & (_reached(source) | _hindered(source) | _prefixed(source)))
        | (there & (_reached(claim) | _affirmed(source) | _prefixed(claim)))
        | elsewhere_said
    )
    if len(here) != len(there):  # "does not need labels" and "needs no labels" deny different words
        shared = claim.stems & source.stems
        lessened, following = _lessened(claim), _following(claim)
        yield from (
            f"the negation of “{word}…”"
            for word in sorted((here ^ there) & shared - excused)
            if not (word in here and {word, *following.get(word, ())} & elsewhere)
            and not (word in there and word in lessened)
        )
    elif here != there:  # the same number of denials, of other names
        names = claim.name_keys & source.name_keys
        reversed_words = (here - there) & _DIRECTION_STEMS & source.stems if not (there - here) & claim.stems else set()
        yield from (
            f"the negation of “{word}…”" for word in sorted(((here ^ there) & names | reversed_words) - excused)
        )
    yield from _prefixed_denials(claim, source)


def _hindered(sentence: ComparedSentence) -> set[str]:
    """Keys of the words close behind one that denies less firmly: "struggles to scale", "removes the need"."""
    tokens = sentence.tokens
    return {
        key_of(following)
        for at, token in enumerate(tokens)
        if token in _HINDRANCES
        for following in tokens[at + 1 : at + 1 + _HINDERED]
    }


def _near_denied(sentence: ComparedSentence, word: str) -> set[str]:
    """Keys of the content words near a denied word."""
    near: set[str] = set()
    for at, token in enumerate(sentence.tokens):
        if key_of(token) == word and not NEGATIONS.isdisjoint(sentence.tokens[max(0, at - _SCOPE - 1) : at]):
            near |= set(_context(sentence.tokens, at))
    return near - {word}


def _reached(sentence: ComparedSentence) -> set[str]:
    """Keys of the words to which a negation reaches in a list: "without more data or a new model" denies both."""
    reached: set[str] = set()
    for at, token in enumerate(sentence.tokens):
        if token not in NEGATIONS:
            continue
        clause = sentence.tokens[at + 1 : at + 1 + _LISTED]
        if _JOINED.isdisjoint(clause):
            continue
        for following in clause:
            if following in STOPS - {","} or following in _ENDS_DENIAL:
                break
            if carries_meaning(following):
                reached.add(key_of(following))
    return reached


def _affirmed(sentence: ComparedSentence) -> set[str]:
    """Keys of the words that a sentence denies and has without a negation as well: "36 with it and 29 without it"."""
    keys = [key_of(token) for token in sentence.tokens]
    denials = sum(token in NEGATIONS for token in sentence.tokens)
    return {key for key in denied_words(sentence) if keys.count(key) > denials}


def _lessened(sentence: ComparedSentence) -> set[str]:
    """Keys of the words that "less", "lower" and their like stand before."""
    return {key_of(after) for word, after in pairwise(sentence.tokens) if word in _LESS}


def _following(sentence: ComparedSentence) -> dict[str, list[str]]:
    """The content word behind the first one after "no" and "without": what is denied has two words."""
    found: dict[str, list[str]] = {}
    tokens = sentence.tokens
    for at in (at for at, token in enumerate(tokens) if token in ("no", "without")):
        first, *more = [key_of(token) for token in tokens[at + 1 : at + 4] if carries_meaning(token)] or [""]
        found[first] = more[:1]
    return found


def _prefixed_denials(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """Words that are "stable" here and "unstable" there, at the same words, if neither side denies them otherwise."""
    denied = denied_words(claim) | denied_words(source)
    for first, second in ((claim, source), (source, claim)):
        for at, word in enumerate(first.tokens):
            plain_form = _without_prefix(word)
            if plain_form not in second.tokens or word in second.tokens or plain_form in first.tokens:
                continue
            if key_of(plain_form) in denied or key_of(word) in denied:
                continue
            there = second.tokens.index(plain_form)
            if shared_weight(_context(first.tokens, at), _context(second.tokens, there)) > 0:
                yield f"“{word if first is claim else plain_form}”"


def _prefixed(sentence: ComparedSentence) -> set[str]:
    """Keys of the words that a sentence denies by a prefix: "unspoken" denies "speak", "non-linear" denies "linear";
    and of those behind ", rather than".
    """
    tokens = sentence.tokens
    found = {key_of(plain_form) for token in tokens if (plain_form := _without_prefix(token))}
    for at, token in enumerate(tokens):
        if token in _NON:
            found |= set(map(key_of, tokens[at + 1 : at + 3]))
        elif tokens[at : at + 2] in _RATHER:
            behind = (key_of(following) for following in tokens[at + 2 : at + 6] if carries_meaning(following))
            found |= set(islice(behind, 1))
    return found


def _without_prefix(word: str) -> str:
    prefix = next((p for p in _DENYING_PREFIXES if word.startswith(p) and len(word) - len(p) > 3), "")
    return word.removeprefix(prefix) if prefix else ""


def opposite_words(
    claim: ComparedSentence, source: ComparedSentence, elsewhere: Sequence[Direction], *, sides_agree: bool
) -> Iterator[str]:
    """Words of direction whose opposite stands at the same words in the source.

    If the sides of the comparisons agree, "A is faster than B" says the same as "B is slower than A". `elsewhere` are
    the directions of the whole source: a sentence of it that agrees as closely is enough.
    """
    if claim.tokens[:1] and claim.tokens[0] in _REMOVALS:
        return  # "removing the filter lowers accuracy" says that the filter raises it
    there = directions_of(source)
    both_ways = {dimension for dimension, signs in _signs(claim).items() if len(signs) > 1}
    for word, dimension, sign, context in directions_of(claim):
        if word == "+" or (sides_agree and word in COMPARATIVES):
            continue  # a sign shows what a source says, but says little itself
        if dimension in both_ways and "or" in claim.tokens:
            continue  # "strengthen or weaken"
        agreeing = (c for _, d, s, c in (*there, *elsewhere) if d == dimension and s == sign)
        same = max((shared_weight(context, c) for c in agreeing), default=0.0)
        opposite = max((shared_weight(context, c) for _, d, s, c in there if d == dimension and s != sign), default=0.0)
        repeated = word in source.tokens and source.tokens.count(word) >= claim.tokens.count(word)
        if opposite > same + (_MIN_MORE if repeated else 0):
            yield f"“{word}”"
    yield from _changed_times(claim, source)


def directions_of(sentence: ComparedSentence) -> list[Direction]:
    """The directions of a sentence."""
    return list(_directions(sentence))


def _directions(sentence: ComparedSentence) -> Iterator[Direction]:
    tokens = sentence.tokens[: sentence.tokens.index("if")] if "if" in sentence.tokens else sentence.tokens
    for at, token in enumerate(tokens):
        if token in _BOUNDS and _is_bound(tokens, at):
            yield token, "bound", 1 if token in ("more", "greater") else -1, _context(tokens, at)
            continue
        if token in ("most", "least") and tokens[at - 1 : at] == ("at",):
            continue  # "at most 3" bounds a figure, and says nothing of more or less
        if not NEGATIONS.isdisjoint(tokens[max(0, at - 1) : at]):
            continue  # "without degrading" says nothing of the rest of its sentence
        for dimension, sign in DIRECTIONS.get(token, ()):
            yield token, dimension, sign, _object(tokens, at) if dimension in WITH_OBJECT else _context(tokens, at)


def _signs(sentence: ComparedSentence) -> dict[str, set[int]]:
    """The signs that each dimension has in a sentence."""
    signs: dict[str, set[int]] = {}
    for token in sentence.tokens:
        for dimension, sign in DIRECTIONS.get(token, ()):
            signs.setdefault(dimension, set()).add(sign)
    return signs


def _is_bound(tokens: Sequence[str], at: int) -> bool:
    """True for "more than" before a number."""
    following = tokens[at + 2 : at + 3]
    return (
        tokens[at + 1 : at + 2] == ("than",)
        and bool(following)
        and (following[0][0].isdigit() or following[0] in _COUNTED)
    )


def _context(tokens: Sequence[str], at: int) -> dict[str, float]:
    near: dict[str, float] = {}
    for step in (1, -1):
        distance, place = 0, at + step
        while 0 <= place < len(tokens) and distance < _CONTEXT:
            if tokens[place] == "," and tokens[place + 1 : place + 2] in _NEW_CLAUSE:
                break
            if tokens[place] in _OTHER_SIDE and step > 0:
                break
            if carries_meaning(tokens[place]):
                distance += 1
                key = key_of(tokens[place])
                near[key] = max(near.get(key, 0.0), 1 / distance)
            place += step
    return near


def _object(tokens: Sequence[str], at: int) -> dict[str, float]:
    """The two content words that follow in the same clause."""
    found: dict[str, float] = {}
    for token in tokens[at + 1 :]:
        if token in STOPS or len(found) == 2:
            break
        if carries_meaning(token):
            found[key_of(token)] = 1.0
    return found


_BEFORE, _AFTER = frozenset(("before",)), frozenset(("after", "afterwards", "once"))


def _changed_times(claim: ComparedSentence, source: ComparedSentence) -> Iterator[str]:
    """ "A after B" for "A before B"; "B after A" says the same."""
    for word, earlier, (left, right) in _times(claim):
        for _, source_earlier, (source_left, source_right) in _times(source):
            straight = len(left & source_left) + len(right & source_right)
            crossed = len(left & source_right) + len(right & source_left)
            if max(straight, crossed) < 2 or straight == crossed:
                continue
            if (earlier == source_earlier) != (straight > crossed):
                yield f"“{word}”"


def _clause(tokens: Sequence[str]) -> Sequence[str]:
    """The tokens up to the next punctuation mark."""
    end = next((at for at, token in enumerate(tokens) if token in STOPS), len(tokens))
    return tokens[:end]


def _times(sentence: ComparedSentence) -> Iterator[tuple[str, bool, tuple[set[str], set[str]]]]:
    """Each "before" and "after" with the content words before and behind it."""
    tokens = sentence.tokens
    for at, token in enumerate(tokens):
        if token in _BEFORE or token in _AFTER:
            sides = _clause(tokens[:at][::-1]), _clause(tokens[at + 1 :])
            left, right = ({key_of(t) for t in side if carries_meaning(t)} for side in sides)
            yield token, token in _BEFORE, (left - right, right - left)
