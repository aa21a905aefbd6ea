"""Which command did they mean? The nearest name to words that name none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

MAX_COMMAND_WORDS = 3
"""No command has more words than these."""

MIN_SIMILARITY = 0.6
"""How alike two names must be (difflib's ratio) for one to be a slip of the other."""


def closest_command(typed: Sequence[str], names: Iterable[str]) -> str:
    """The name that was most likely meant; "" where there is none like it.

    A verb that is right counts most, whatever stands before it: `/vote 5` means `paper vote`, and `/paper save 9`
    means `my save`. Next comes a slip in the verb, then one anywhere.
    """
    known = {name: name.split() for name in names}
    said = [word.lower() for word in typed[:MAX_COMMAND_WORDS]]
    if right := [name for name, words in known.items() if _same_verb(said, words)]:
        return get_close_matches(" ".join(said), right, n=1, cutoff=0)[0]
    verbs = {" ".join(words[1:]): name for name, words in known.items() if words[:1] == said[:1] and words[1:]}
    tries = [" ".join(said[:size]) for size in range(MAX_COMMAND_WORDS, 0, -1)]
    if verbs and len(said) > 1:
        return _first_similar([(" ".join(said[1:size]), verbs) for size in (3, 2)])
    lasts = {words[-1]: name for name, words in reversed(known.items())}
    return _first_similar([*((words, {name: name for name in known}) for words in tries), (" ".join(said[:1]), lasts)])


def _same_verb(said: Sequence[str], words: Sequence[str]) -> bool:
    """Whether the last word of a name stands where it belongs, or one word sooner: its first word was left out."""
    place = len(words) - 1
    return place > 0 and any(said[at : at + 1] == [words[-1]] for at in (place, place - 1))


def _first_similar(tries: Iterable[tuple[str, dict[str, str]]]) -> str:
    """The name of the first of these words that is like one of the known ones."""
    found = (
        known[like] for words, known in tries for like in get_close_matches(words, known, n=1, cutoff=MIN_SIMILARITY)
    )
    return next(found, "")
