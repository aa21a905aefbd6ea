"""What a text says an acronym stands for: "reinforcement learning (RL)", "RL (reinforcement learning)".

Long forms are found by their initials (A. Schwartz and M. Hearst, "A Simple Algorithm for Identifying Abbreviation
Definitions in Biomedical Text", PSB 2003), and compared by the roots of their words.
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
"""What phrases and names are compared by: runs of letters, runs of digits."""
_FUNCTION_WORDS = frozenset(("of", "for", "and", "the", "in", "on", "with", "to", "a", "an", "by", "from", "as", "via", "at"))

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
"""The same the other way round, by roots."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """An acronym, the words near it that may be what it stands for, in lower case, and where each of them stands."""

    short: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def acronym_key(short: str) -> str:
    """The acronym as compared: lower case, letters and digits only, without the s of a plural."""
    bare = short[:-1] if len(short) > 2 and short.endswith("s") and not short[-2].islower() else short
    return re.sub(r"[\W_]", "", bare).lower()


def definitions_in(text: str) -> Iterator[Expansion]:
    """Every place where the text seems to say what an acronym stands for, with the words nearest to it.

    The words are all that stand there, up to nine; `long_form` tells which of them the acronym is made of.
    """
    for match in _IN_PARENTHESES.finditer(text):
        near = text[max(0, match.start() - _MAX_DISTANCE) : match.start()]
        if words := _WORD_RUN.search(near):
            yield _expansion(match[1], text, match.start() - len(words.group()), match.start())
    for match in _BEFORE_PARENTHESES.finditer(text):
        yield _expansion(match[1], text, match.start(2), match.end(2))


def long_form(short: str, words: Sequence[str]) -> tuple[str, ...]:
    """The last words, as few as possible, whose initials spell the acronym; none if no such words are there.

    Small words may be skipped, and a word may give more letters than its first (as in "XML", "autoencoder (AE)").
    """
    wanted = acronym_key(short)
    for count in range(1, len(words) + 1):
        tail = words[-count:]
        if tail[0][0] == wanted[:1] and _spells(wanted, tail):
            return tuple(tail)
    return ()


def same_stems(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two long forms are the same words, endings aside."""
    return [stem(word) for word in one] == [stem(word) for word in other]


def is_similar(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a long form is another with some words replaced, and not words that happen to stand there."""
    pairs = list(zip(one, other, strict=False))
    alike = sum(stem(a) == stem(b) for a, b in pairs)
    return alike >= 1 or sum(a[0] == b[0] for a, b in pairs) >= len(other) - 1


def _spells(wanted: str, words: Sequence[str]) -> bool:
    """Whether the letters can be taken from the words in order: the first of each that is not small, and then more."""
    if not wanted:
        return not words or all(word in _FUNCTION_WORDS for word in words)
    if not words:
        return False
    word, rest = words[0], words[1:]
    if word in _FUNCTION_WORDS and _spells(wanted, rest):
        return True
    if word[0] != wanted[0]:
        return False
    if _spells(wanted[1:], rest):
        return True
    for taken in (2, 3):
        inside = re.match(".*?".join(map(re.escape, wanted[:taken])), word) if len(wanted) >= taken else None
        if inside and _spells(wanted[taken:], rest):
            return True
    return False


def _expansion(short: str, text: str, start: int, end: int) -> Expansion:
    found = list(_WORD.finditer(text, start, end))[-_MAX_WORDS:]
    return Expansion(short, tuple(word.group().lower() for word in found), tuple(word.span() for word in found))
