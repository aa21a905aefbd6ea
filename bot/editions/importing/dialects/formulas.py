"""Formulas between dollar signs as text that can be read: `$r \\ll d$` becomes r ≪ d. Code and prices stay."""

from __future__ import annotations

import re

from bot.latex.reader import latex_to_text

_FORMULA = re.compile(
    r"(?P<code>`[^`\n]+`)|(?<![\\$\w])\$\$(?P<block>[^$]{1,2000}?)\$\$(?!\$)|"
    r"(?<![\\$\w])\$(?=[^\s$])(?P<inline>[^$\n`]{1,400}?)(?<=[^\s\\])\$(?![\w$])"
)
_SIGN = re.compile(r"[\\^_={}<>+*/|]|^[A-Za-z](?:[A-Za-z]?|\([\w,]+\))$")
"""A sign of mathematics, or a variable alone: what stands between two prices has none."""


def with_formulas_as_text(text: str) -> str:
    """The text with its formulas as plain text."""
    return _FORMULA.sub(_plain, text) if "$" in text else text


def _plain(found: re.Match[str]) -> str:
    body = found["block"] or found["inline"] or ""
    if not body or (found["inline"] and not _SIGN.search(body)):
        return found[0]
    words = " ".join(latex_to_text(f"${' '.join(body.split())}$").split())
    return re.sub(r"([\\`*_\[\]])", r"\\\1", words) if words else found[0]
