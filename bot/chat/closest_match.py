"""The closest command name to mistyped words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

MAX_COMMAND_WORDS = 3
"""Words of a command's name, at most."""

MIN_SIMILARITY = 0.6
"""Similarity (difflib's ratio) from which a name may be a mistyped other one."""
MIN_VERB_SIMILARITY = 0.7
"""The same for a verb alone, without what precedes it: less could be any word."""


def closest_command(typed: Sequence[str], names: Iterable[str]) -> str:
    """The name that was most likely intended; "" if none is similar.

    A correct verb counts most, whatever precedes it: `/vote 5` is `paper vote`, and `/paper save 9` is `my save`. Next
    is a mistyped verb, then any mistyped word.
    """
    known = {name: name.split() for name in names}
    typed_words = [word.lower() for word in typed[:MAX_COMMAND_WORDS]]
    roots = {words[0] for words in known.values()}
    if right := [name for name, words in known.items() if _same_verb(typed_words, words, roots)]:
        return get_close_matches(" ".join(typed_words), right, n=1, cutoff=0)[0]
    verbs = {" ".join(words[1:]): name for name, words in known.items() if words[:1] == typed_words[:1] and words[1:]}
    tries = [" ".join(typed_words[:size]) for size in range(MAX_COMMAND_WORDS, 0, -1)]
    if verbs and len(typed_words) > 1:
        return _first_similar([(" ".join(typed_words[1:size]), verbs) for size in (3, 2)])
    lasts = {words[-1]: name for name, words in reversed(known.items())}
    whole = _first_similar([(words, {name: name for name in known}) for words in tries])
    return whole or _first_similar([(" ".join(typed_words[:1]), lasts)], MIN_VERB_SIMILARITY)


def _same_verb(typed_words: Sequence[str], words: Sequence[str], roots: Collection[str]) -> bool:
    """True if a name's last word is at its place, or one place earlier because the first word is missing: it is not
    where it is itself a first word, such as `club` of `my club`.
    """
    place = len(words) - 1
    places = [at for at in (place, place - 1) if at > 0 or words[-1] not in roots]
    return place > 0 and any(typed_words[at : at + 1] == [words[-1]] for at in places)


def _first_similar(tries: Iterable[tuple[str, dict[str, str]]], cutoff: float = MIN_SIMILARITY) -> str:
    """The name for the first of the words that is similar to a known one."""
    found = (known[like] for words, known in tries for like in get_close_matches(words, known, n=1, cutoff=cutoff))
    return next(found, "")
