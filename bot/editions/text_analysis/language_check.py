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
SMALL_WORDS = frozenset(word for words in _WORDS.values() for word in words if len(word) > 1)
"""Function words of all these languages: with a capital, at the beginning of a sentence, they are no names."""
_ASKING = {
    "en": "what which how why who whose when where was were does do did has have it its they their there many much",
    "de": "was welche welcher welches welchen wie warum wieso wer wann wo womit wurde wurden hat haben gibt es viele",
    "fr": "quel quelle quels quelles comment pourquoi combien qui quand où est-ce ont il elle ils",
    "es": "qué cuál cuáles cómo cuántos cuántas cuánto quién cuándo dónde fue fueron tiene tienen hay",
    "it": "quale quali qual cosa come quanti quante quanto perché chi quando dove è stato hanno",
    "pt": "qual quais quantos quantas quanto quem quando onde porquê foi foram tem têm há",
    "nl": "wat welk welke hoe hoeveel waarom wie wanneer waar werd werden heeft hebben zijn er",
}
"""Words of questions, beside the function words."""
_QUESTION_WORDS = {language: _WORDS[language] | frozenset(words.split()) for language, words in _ASKING.items()}
_MAX_CHARACTERS = 1_500
"""Characters by which a text is judged."""
_MIN_WORDS = 4
"""Minimum number of function words needed to guess a language."""
_MIN_ENGLISH_WORDS, _MIN_ENGLISH_SHARE = 30, 0.08
"""Words from which on the share of function words tells, and the least share of an English text: abstracts have 0.1 to
0.4."""
_MIN_QUESTION_WORDS = 2
"""The same for a question, which is short."""


def same_language(text: str, source: str) -> bool:
    """Return True if both texts seem to be in one language, or if either is too short to tell."""
    source_script = _script(source)
    if source_script and (text_script := _script(text)) and text_script != source_script:
        return False
    text_language, source_language = _language(text), _language(source)
    return not text_language or not source_language or text_language == source_language


def is_english(text: str) -> bool:
    """True if a text is in English, or too short to tell; texts of other languages lack its function words."""
    if _script(text) not in ("", "LATIN"):
        return False
    words = re.findall(r"[^\W\d_]+", text[:_MAX_CHARACTERS].lower())
    if len(words) < _MIN_ENGLISH_WORDS:
        return _language(text) in ("", "en")
    shares = {language: sum(word in small for word in words) / len(words) for language, small in _WORDS.items()}
    return shares["en"] >= max(_MIN_ENGLISH_SHARE, *shares.values())


def is_in_other_language(question: str, source: str) -> bool:
    """True if a question seems to be in another language than a text, or in another script."""
    source_script, script = _script(source), _script(question, least=4)
    if source_script and script and script != source_script:
        return True
    language, source_language = _language(question, _QUESTION_WORDS, _MIN_QUESTION_WORDS), _language(source)
    return bool(language and source_language) and language != source_language


def _script(text: str, least: int = 20) -> str:
    """The script of most letters ("LATIN", "CYRILLIC", "CJK"); "" if there are few, or none has most."""
    letters = [char for char in text[:_MAX_CHARACTERS] if char.isalpha()]
    scripts = Counter(unicodedata.name(char, "?").split()[0].split("-")[0] for char in letters)
    if len(letters) < least:
        return ""
    script, count = scripts.most_common(1)[0]
    return script if count * 2 > len(letters) else ""


def _language(text: str, known: dict[str, frozenset[str]] = _WORDS, least: int = _MIN_WORDS) -> str:
    """The language of most function words in the text; "" if there are too few or they are mixed."""
    words = Counter(re.findall(r"[^\W\d_]+", text[:_MAX_CHARACTERS].lower()))
    hits = Counter({language: sum(words[word] for word in small) for language, small in known.items()})
    (first, count), (_, next_count) = hits.most_common(2)
    return first if count >= least and count > 1.5 * next_count else ""
