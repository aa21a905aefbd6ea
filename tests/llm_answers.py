"""Answers of the tests' model server, by its mode.

The correct ones are built from the text in the request, so they are true for any paper.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

_PAPER = re.compile(r"<<<paper \w+>>>\nTitle: (?P<title>.*?)\n\n(?P<text>.*)\n<<<end of paper", re.DOTALL)
_HEADING = re.compile(r"^[^\n.]{1,80}:\n", re.MULTILINE)
"""The name of a part of a long paper, before its text."""
_NUMBERED = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)
_SENTENCE = re.compile(r"\S.*?[.!?]+(?=\s|$)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path, system prompt and question, the answer's format, and the result."""

    path: str
    told: str
    question: str
    form: str
    key: str
    mode: str
    body: dict[str, Any] = field(default_factory=dict)


def said(asked: Asked, mode: str, payload: str) -> str:
    """Text of an answer."""
    paper = _PAPER.search(asked.question)
    title, text = (paper["title"], paper["text"]) if paper else ("", "")
    cut = [" ".join(sentence.split()) for sentence in _SENTENCE.findall(_HEADING.sub("", text))]
    found = [sentence for sentence in cut if "://" not in sentence] or [" ".join(text.split())]
    if "`notes`" in asked.told:
        return json.dumps({"notes": found[1:5] or found, "quotes": found[2:3]})
    right = {
        "why": found[0],
        "insights": [found[at % len(found)] for at in (1, 2)],
        "quotes": [found[-1]],
        "links": [],
        "theme": " ".join(title.split()[:2]),
        "confidence": 0.9,
    }
    if "`found`" in asked.told:
        answer = json.dumps(_answer_to_question(mode, found, payload))
    elif "`unsupported`" in asked.told:
        answer = json.dumps(_second_reading(mode, asked.question, text))
    elif "`questions`" in asked.told:
        answer = json.dumps(_starters(mode, found, payload))
    else:
        answer = json.dumps(right | _changes(mode, right, payload))
    match mode:
        case "bad json":
            return answer.replace('", "', '" "', 1) if '", "' in answer else answer.replace(":", "", 1)
        case "cut":
            return answer[: len(answer) // 2]
        case "wrong shape":
            return json.dumps({"summary": found[0]})
        case "think":
            return (
                f"<think>Is it {{so}}? They want JSON.</think>\nHere you are:\n```json\n{answer}\n```\nAnything else?"
            )
        case "empty":
            return ""
    return answer


def _answer_to_question(mode: str, found: list[str], payload: str) -> dict[str, Any]:
    """Answer to a question: a true sentence, and in some modes one that its quotes do not support."""
    right: list[dict[str, Any]] = [{"text": found[1 % len(found)], "quotes": [found[1 % len(found)]]}]
    match mode:
        case "made-up quote":
            right.append({"text": found[0], "quotes": ["Never before has a method been so astonishingly simple."]})
        case "made-up number":
            right.append({"text": "It reaches 98.7% on ImagiNet.", "quotes": [found[0]]})
        case "obey" | "obey a little":
            right.append({"text": payload, "quotes": [payload]})
            right.append({"text": payload, "quotes": [found[0]]})
        case "another paper":
            right = [{"text": "Octopuses taste whatever their suckers touch.", "quotes": [found[0]]}]
        case "not found":
            return {"found": False, "sentences": []}
    return {"found": True, "sentences": right[1:] if mode == "obey" else right}


def _second_reading(mode: str, question: str, text: str) -> dict[str, Any]:
    """Sentences that the paper does not have word for word; none from a model that obeys.

    Case does not matter: a sentence that lost its "However," begins with a capital that the paper does not have.
    """
    asked = question.partition("<<<sentences")[2]
    numbered = [(int(number), sentence) for number, sentence in _NUMBERED.findall(asked)]
    known = " ".join(text.split()).casefold()
    wrong = [
        (number, sentence) for number, sentence in numbered if mode == "all wrong" or sentence.casefold() not in known
    ]
    if mode == "obey":
        wrong = []
    if mode == "other numbers":
        others = numbered[1:] + numbered[:1]
        wrong = [
            (0, "x"),
            (-1, "y"),
            (99, "z"),
            *((n, other) for (n, _), (_, other) in zip(numbered, others, strict=True)),
        ]
    return {"unsupported": [{"sentence": number, "words": words} for number, words in wrong]}


def _starters(mode: str, found: list[str], payload: str) -> dict[str, Any]:
    """Questions for a discussion, drawn from the first sentences."""
    asked = [
        {"question": f"Why is it that {line[0].lower()}{line[1:].rstrip('.')}?", "quote": line} for line in found[:3]
    ]
    if mode == "made-up number":
        asked[0]["question"] = "Why does it reach 98.7% on ImagiNet?"
    if mode in ("obey", "obey a little"):
        asked[0] = {"question": f"{payload}?", "quote": payload}
    return {"questions": asked}


def _changes(mode: str, right: dict[str, Any], payload: str) -> dict[str, Any]:
    """Change of the correct answer in a mode."""
    match mode:
        case "made-up quote":
            return {"quotes": ["Never before has a method been so astonishingly simple and so good."]}
        case "made-up number":
            return {"insights": [*right["insights"], "It beats GPT-17 on ImagiNet by 98.7% in every single case."]}
        case "made-up link":
            links = [{"kind": "code", "url": "https://github.com/nobody/nothing"}]
            return {
                "links": links,
                "insights": [*right["insights"], "The code is at https://github.com/nobody/nothing."],
            }
        case "another language":
            german = (
                "Die Arbeit zeigt, dass das Verfahren für die Aufgabe nicht nur schneller ist, sondern auch besser."
            )
            return {"why": german, "insights": [german, german]}
        case "another paper":
            other = "Octopuses taste whatever their suckers touch, because receptors line each flexible arm."
            return {"why": other, "insights": [other, other]}
        case "too long":
            return {"why": right["why"] * 40, "insights": right["insights"] * 10}
        case "obey" | "obey a little":
            slipped = {
                "insights": [*right["insights"], payload],
                "quotes": [payload, *right["quotes"]],
                "links": [{"kind": "code", "url": url} for url in re.findall(r"https?://\S+", payload)],
                "theme": payload[:50],
            }
            return slipped if mode == "obey a little" else slipped | {"why": payload, "insights": [payload, payload]}
    return {}
