"""Forms in which people type a true quote: with markup, a list, `[w]e`, `[the authors]`, `[sic]`, an ellipsis, a hyphen
at a line's end.

Each form gives variants of the words that are then looked for. The quote that is shown is cut from the source, so a
variant can never put words into it that are not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

_MARKUP = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_LIST_MARK = re.compile(r"^[ \t]*(?:[•●▪◦‣*+\u2013-]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_POINT_MARK = re.compile(r"\A\s*(?:(?P<sign>[•●▪◦‣*+\u2013-])|\d{1,2}[.)])\s+")
_WORD_BREAK = re.compile(r"(?<=[^\W\d_])[-‐\u00ad]\s+(?=[^\W\d_])(?!(?:and|or|to|und|oder|bis)\b)")
"""A hyphen at a line's end, the line break or a blank after it."""
_MAX_BREAKS = 4
"""Number of broken words of one quote that are tried with and without their hyphens."""
_CHANGED_LETTER = re.compile(r"\[([^\W\d_])\]")
_ASIDE = re.compile(
    r"(?<!\s)\s*[\[(](?:sic!?|[!?]{1,3}|"
    r"(?:emphasis|italics|bold|our emphasis|my emphasis|hervorhebung)[^\])\n]{0,40})[\])]",
    re.IGNORECASE,
)
"""Remarks of the quoting person in a quote, such as "(emphasis added)", which are no part of it."""
_SUPPLIED = re.compile(r"\[([^\[\]\n\d…]{2,60})\]")
"""Words in brackets in the place of the writer's: "[the network] learns"."""
_DENIAL = re.compile(
    r"\b(?:no|not|never|none|nor|without|cannot|hardly|barely|less|fewer|more|only|nicht|kein\w*|nie)\b|n[’']t\b", re.I
)
_DENYING = re.compile(
    r"\b(?:no|not|never|none|neither|nor|cannot|hardly|barely|rarely|seldom|fails? to|failed to|nicht|kein\w*|nie|"
    r"niemals|kaum|ne|pas|jamais|nunca|mai|niet|geen)\b|n[’']t\b",
    re.IGNORECASE,
)
_OWN_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|where|when|while|whereas|because|since|although|though|but|and|or|if|as|dass|die|der|das|"
    r"weil|und|oder|aber|qui|que|et|mais)\b",
    re.IGNORECASE,
)
MAX_DENYING = 3
"""Words beside a gap among which a denial is looked for."""
_SPACED_SIGN = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009]+(?=[%‰°])")
_SPACED_STOP = re.compile(r"(?<![ \u00a0\u202f\u2009])[ \u00a0\u202f\u2009]+(?=[?!;:])")
"""Blanks that French sets before a stop. They are looked at from the first alone, else many would take for ever."""
_BARE_ELLIPSIS = re.compile(r"(?<!\s)\s*(?<![\[(.<])(?:\.?…\.?|\.{3,4}|\.(?: \.){2,3})(?![\]).>])\s*")


def typed_forms(text: str) -> Iterator[str]:
    """The text as typed, then as it may have been meant; the most literal forms come first."""
    plainer = [
        text,
        _MARKUP.sub(r"\2", text),
        _LIST_MARK.sub("", _MARKUP.sub(r"\2", text)),
    ]
    plainer += [_ASIDE.sub("", plainer[1]), _SPACED_SIGN.sub("", plainer[1]), _SPACED_STOP.sub("", plainer[1])]
    plainer += [joined for form in plainer[:2] for joined in _joined_points(form)]
    repaired = [repaired for form in plainer for repaired in _repaired_words(form)]
    whole = (*plainer, *repaired, *_with_gaps((*plainer[:3], *repaired)))
    unchanged = (_CHANGED_LETTER.sub(r"\1", form) for form in whole)
    changed = (_CHANGED_LETTER.sub(lambda match: match[1].swapcase(), form) for form in whole)
    forms = (*whole, *unchanged, *changed)
    yield from dict.fromkeys((*forms, *(_BARE_ELLIPSIS.sub(" […] ", form) for form in forms)))


def _repaired_words(form: str) -> Iterator[str]:
    """Forms with the words whole that a line's end broke, with a hyphen (`single-model`) or without (`fraction`)."""
    breaks = len(_WORD_BREAK.findall(form))
    ways = product(("", "-"), repeat=breaks) if breaks <= _MAX_BREAKS else (("",) * breaks, ("-",) * breaks)
    for way in ways if breaks else ():
        pieces = _WORD_BREAK.split(form)
        yield "".join(part for pair in zip(pieces, (*way, ""), strict=True) for part in pair)


def _joined_points(form: str) -> Iterator[str]:
    """Forms of a list whose points stand in one line: `- one - two`, without its marks and with gaps for them."""
    first = _POINT_MARK.match(form)
    if first is None:
        return
    mark = re.escape(first["sign"]) if first["sign"] else r"\d{1,2}[.)]"
    points = re.split(rf"(?:\A|(?<=\s)){mark}\s+", form.strip())[1:]
    if len(points) > 1:
        yield " ".join(point.strip() for point in points)
        yield " […] ".join(point.strip() for point in points)


def _with_gaps(forms: Iterable[str]) -> Iterator[str]:
    """Forms with a gap for words that the quoting person supplied, and between the points of a list.

    Words that deny or compare are never taken for a gap: they would turn the quote round, and would be shown.
    """
    for form in forms:
        if len(_LIST_MARK.findall(form)) > 1:
            yield _LIST_MARK.sub(" […] ", form).strip().removeprefix("[…]").strip()
        supplied = [words for words in _SUPPLIED.findall(form) if len(words) > 1]
        if supplied and not any(_DENIAL.search(words) for words in supplied):
            gapped = _SUPPLIED.sub(" […] ", form).strip()
            yield gapped.removeprefix("[…]").removesuffix("[…]").strip()


def hides_denial(left_out: str) -> bool:
    """True if words that a gap leaves out deny what is quoted before or after them: "it does […] work" for "not".

    Words are looked at from a piece of the quote up to the next sign of punctuation, and behind it also up to a clause
    of its own ("that does not …"): an aside may be left out.
    """
    pieces = re.split(r"[.,;:!?()]", left_out)
    first, last = _OWN_CLAUSE.split(pieces[0])[0].split()[:MAX_DENYING], pieces[-1].split()[-MAX_DENYING:]
    return any(_DENYING.search(" ".join(words)) for words in (first, last))


def with_other_initial(piece: str) -> str:
    """The piece with its first letter in the other case: a quote begins in the middle of the writer's sentence."""
    return piece[:1].swapcase() + piece[1:]
