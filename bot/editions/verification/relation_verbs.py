"""Verbs of deeds in papers, with their forms: "generates", "generated", "generating"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["base", "s", "ed", "ing"]

_VERBS = """
generate produce create synthesize write compose train teach supervise guide steer instruct learn select choose pick
filter rank retrieve annotate label segment cluster detect identify localize recognize predict estimate forecast infer
simulate render reconstruct enhance refine revise rewrite edit remove add insert compress prune quantize encode
decode embed translate convert transform project align evaluate judge assess score grade verify validate check test
probe measure monitor explain interpret describe summarize answer query prompt decompose split divide merge fuse combine
integrate aggregate update store cache reuse freeze tune adapt control plan schedule allocate assign route
attack defend inject hide leak poison manipulate mislead corrupt influence drive cause determine provide send receive
share propagate preserve suppress encourage penalize incorporate handle capture model represent extract sample collect
design govern trigger prevent enable limit reduce introduce regularize optimize distill compute calibrate initialize
review imitate replicate resemble follow precede contain encode match perturb narrow widen rely improve
"""
_IRREGULAR = {
    "write": ("wrote", "written"), "teach": ("taught",), "choose": ("chose", "chosen"), "split": ("split",),
    "freeze": ("froze", "frozen"), "hide": ("hid", "hidden"), "mislead": ("misled",), "drive": ("drove", "driven"),
    "send": ("sent",), "model": ("modeled", "modelled"), "label": ("labeled", "labelled"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a verb: the verb itself, and which form it is."""

    verb: str
    kind: Kind


def _forms(verb: str) -> Iterator[tuple[str, Kind]]:
    yield verb, "base"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        yield verb[:-1] + "ies", "s"
        yield verb[:-1] + "ied", "ed"
    else:
        yield verb + ("es" if verb.endswith(("s", "x", "ch", "sh")) else "s"), "s"
    stem = verb.removesuffix("e")
    double = stem + stem[-1] if verb in ("plan", "control", "split") else stem
    yield double + "ing", "ing"
    for past in _IRREGULAR.get(verb, (double + "ed",)):
        if past != verb:
            yield past, "ed"


FORMS: dict[str, Form] = {form: Form(verb, kind) for verb in _VERBS.split() for form, kind in _forms(verb)}
"""Each form of each verb; a form that two verbs have belongs to the later one."""
