"""Check that a text is in the language of its source, by script and by function words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_SMALLEST = {
    "en": "the of and to in is that for we with this are by on as which from our be an it can",
    "de": "der die das und ist von mit für den auf ein eine nicht wir werden dass zu im auch wird",
    "fr": "le la les des et est une pour dans que qui sur nous par avec sont ce cette aux du",
    "es": "el los las del y es una para que en con por se como más este esta son su nuestro",
    "it": "il gli della di e che per una con sono del nel questo questa come più le dei un non",
    "pt": "os das do da e uma para que em com por não mais este esta são como dos ao nos",
    "nl": "de het een van en is dat voor met op zijn wordt niet deze wij aan ook als bij naar",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALLEST.items()}
_MAX_CHARACTERS = 1_500
"""Characters by which a text is judged."""
_MIN_WORDS = 4
"""Minimum number of function words needed to guess a language."""


def same_language(text: str, source: str) -> bool:
    """Return True if both texts seem to be in one language, or if either is too short to tell."""
    source_script = _script(source)
    if source_script and (text_script := _script(text)) and text_script != source_script:
        return False
    text_language, source_language = _language(text), _language(source)
    return not text_language or not source_language or text_language == source_language


def _script(text: str) -> str:
    """The script of most letters ("LATIN", "CYRILLIC", "CJK"); "" if there are few, or none has most."""
    letters = [char for char in text[:_MAX_CHARACTERS] if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "?").split()[0].split("-")[0] for char in letters)
    if len(letters) < 20:
        return ""
    script, count = scripts.most_common(1)[0]
    return script if count * 2 > len(letters) else ""


def _language(text: str) -> str:
    """The language of most function words in the text; "" if there are too few or they are mixed."""
    words = Counter(re.findall(r"[^\W\d_]+", text[:_MAX_CHARACTERS].lower()))
    hits = Counter({language: sum(words[word] for word in small) for language, small in _WORDS.items()})
    (first, count), (_, next_count) = hits.most_common(2)
    return first if count >= _MIN_WORDS and count > 1.5 * next_count else ""
