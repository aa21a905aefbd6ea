"""Definitions of acronyms in a text: "reinforcement learning (RL)", "RL (reinforcement learning)".

Long forms are found by their initials (A. Schwartz and M. Hearst, "A Simple Algorithm for Identifying Abbreviation
Definitions in Biomedical Text", PSB 2003) and compared by word stems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.editions.text_analysis.words import stem

_SHORT = r"[A-Za-z]*[A-Z][A-Za-z0-9&/+.-]{0,12}[A-Za-z0-9+]|[A-Z]"
_WORDS = r"[^\W_]+(?:['’-][^\W_]+)*"
_IN_PARENTHESES = re.compile(rf"\(\s?({_SHORT})\s?(?:\)|[,;])")
_WORD_RUN = re.compile(r"[\w'’ ,-]+\Z")
_MAX_DISTANCE = 160
"""Characters before an acronym in brackets in which its words are looked for."""
_MAX_WORDS = 10
_BEFORE_PARENTHESES = re.compile(rf"\b({_SHORT})\s\(\s?((?:{_WORDS}[ ,]{{0,2}}){{2,9}})\)")
_WORD = re.compile(r"[^\W_]+")
PIECE = re.compile(r"[^\W\d_]+|\d+")
"""Unit by which phrases and names are compared: a run of letters or a run of digits."""
_FUNCTION_WORDS = frozenset(
    ("of", "for", "and", "the", "in", "on", "with", "to", "a", "an", "by", "from", "as", "via", "at")
)

_COMMON = {
    "agi": "artificial general intelligence", "ai": "artificial intelligence", "asr": "automatic speech recognition",
    "cnn": "convolutional neural network", "cot": "chain of thought", "cv": "computer vision", "dl": "deep learning",
    "dnn": "deep neural network", "dpo": "direct preference optimization", "ehr": "electronic health record",
    "eeg": "electroencephalography", "gan": "generative adversarial network", "gnn": "graph neural network",
    "gpu": "graphics processing unit", "gui": "graphical user interface", "icl": "in-context learning",
    "it": "information technology", "iot": "internet of things", "kg": "knowledge graph", "kl": "kullback leibler",
    "lm": "language model", "llm": "large language model | language model", "lstm": "long short-term memory",
    "mcts": "monte carlo tree search", "mdp": "markov decision process", "ml": "machine learning",
    "mllm": "multimodal large language model", "mlp": "multi-layer perceptron", "moe": "mixture of experts",
    "mri": "magnetic resonance imaging", "nlp": "natural language processing", "nlu": "natural language understanding",
    "nli": "natural language inference", "nn": "neural network", "ocr": "optical character recognition",
    "ode": "ordinary differential equation", "ood": "out of distribution", "pca": "principal component analysis",
    "pde": "partial differential equation", "peft": "parameter-efficient fine-tuning",
    "ppo": "proximal policy optimization", "qa": "question answering", "rag": "retrieval-augmented generation",
    "rl": "reinforcement learning", "rlhf": "reinforcement learning from human feedback",
    "rlvr": "reinforcement learning with verifiable rewards", "rnn": "recurrent neural network",
    "sae": "sparse autoencoder", "sde": "stochastic differential equation", "sft": "supervised fine-tuning",
    "sgd": "stochastic gradient descent", "slm": "small language model", "sota": "state of the art",
    "ssl": "self-supervised learning", "ssm": "state space model", "svm": "support vector machine",
    "tts": "text-to-speech", "vae": "variational autoencoder", "vit": "vision transformer",
    "vlm": "vision-language model", "vla": "vision-language-action", "vqa": "visual question answering",
}  # fmt: skip
COMMON = {short: tuple(phrase.strip() for phrase in phrases.split("|")) for short, phrases in _COMMON.items()}
"""Acronyms that a writer may use where the source only has the words, or spell out where it only has the acronym."""


def stems(words: str) -> str:
    """The words as phrases are compared: their roots, with one space between them."""
    return " ".join(stem(piece) for piece in PIECE.findall(words))


COMMON_ACRONYMS = {stems(phrase): short for short, phrases in COMMON.items() for phrase in phrases}
"""Acronyms by the stems of their long forms."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """An acronym, the lower-case words next to it that may be its long form, and the position of each word."""

    short: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def acronym_key(short: str) -> str:
    """The acronym as compared: lower case, letters and digits only, without the s of a plural."""
    singular = short[:-1] if len(short) > 2 and short.endswith("s") and not short[-2].islower() else short
    return re.sub(r"[\W_]", "", singular).lower()


def definitions_in(text: str) -> Iterator[Expansion]:
    """Yield every place where the text may define an acronym, with up to nine adjacent words.

    `long_form` then selects the words that the acronym stands for.
    """
    for match in _IN_PARENTHESES.finditer(text):
        preceding = text[max(0, match.start() - _MAX_DISTANCE) : match.start()]
        if words := _WORD_RUN.search(preceding):
            yield _expansion(match[1], text, match.start() - len(words.group()), match.start())
    for match in _BEFORE_PARENTHESES.finditer(text):
        yield _expansion(match[1], text, match.start(2), match.end(2))


def long_form(short: str, words: Sequence[str]) -> tuple[str, ...]:
    """The shortest run of last words whose initials spell the acronym; empty if there is none.

    Function words may be skipped, and a word may contribute several letters (as in "XML", "autoencoder (AE)").
    """
    key = acronym_key(short)
    for count in range(1, len(words) + 1):
        tail = words[-count:]
        if tail[0][0] == key[:1] and _spells(key, tail):
            return tuple(tail)
    return ()


def same_stems(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return True if two long forms have the same word stems."""
    return [stem(word) for word in first] == [stem(word) for word in second]


def is_similar(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return True if one long form is the other with some words replaced, rather than unrelated adjacent words."""
    pairs = list(zip(first, second, strict=False))
    same_count = sum(stem(a) == stem(b) for a, b in pairs)
    return same_count >= 1 or sum(a[0] == b[0] for a, b in pairs) >= len(second) - 1


def _spells(key: str, words: Sequence[str]) -> bool:
    """Return True if the words yield the letters in order, including the first letter of each content word."""
    if not key:
        return not words or all(word in _FUNCTION_WORDS for word in words)
    if not words:
        return False
    word, rest = words[0], words[1:]
    if word in _FUNCTION_WORDS and _spells(key, rest):
        return True
    if word[0] != key[0]:
        return False
    if _spells(key[1:], rest):
        return True
    for count in (2, 3):
        inside = re.match(".*?".join(map(re.escape, key[:count])), word) if len(key) >= count else None
        if inside and _spells(key[count:], rest):
            return True
    return False


def _expansion(short: str, text: str, start: int, end: int) -> Expansion:
    found = list(_WORD.finditer(text, start, end))[-_MAX_WORDS:]
    return Expansion(short, tuple(word.group().lower() for word in found), tuple(word.span() for word in found))
