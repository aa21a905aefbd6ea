"""Typed lines with a link: the link, and the words beside it that are a remark about its paper.

Like the identification of links, it uses no network, and all patterns run in linear time.
"""

from __future__ import annotations

import re

from bot.domain.links.identify import (
    DOI_ALONE,
    ENTRY,
    MAX_LINE_LENGTH,
    MAX_LINKS,
    QUOTES,
    IdentifiedLink,
    identify_doi,
    identify_token,
    only_link,
)
from bot.domain.links.tokens import PastedToken, find_tokens, normalize_paste
from bot.errors import UserError

_REFERENCE = re.compile(
    r"\bet al\b\.?.{0,300}\b(?:19|20)[0-9]{2}\b|\barXiv preprint\b|\((?:19|20)[0-9]{2}\)\.?$|"
    r"^[A-Z][\w'’-]+, (?:[A-Z]\. ?)+.{0,600}\b(?:19|20)[0-9]{2}\b"
)
"""Signs of a formatted reference: "Vaswani et al., arXiv preprint (2017)."."""
_LABELS = (
    r"abs|abstract|article|arxiv|code|doi|e-?prints?|here|html|link|paper|pdf|preprint|see|source|title|ur[ln]|论文|论文链接|"
    r"链接"
)
_LABEL_ONLY = re.compile(rf"(?:(?:{_LABELS})\W*)+", re.IGNORECASE)
_LABEL_BEFORE = re.compile(rf"^(?:{_LABELS})\s?:\s*", re.IGNORECASE)
_ARXIV_CATEGORY = re.compile(
    r"\[[a-z-]{2,9}(?:\.[A-Za-z-]{2,5})?\](?:\s+[0-9]{1,2} [A-Z][a-z]{2} (?:19|20)[0-9]{2}(?=\W*$))?(?:\s|$)"
)
"""Category beside an id, and the day that follows it on an arXiv paper's first page."""
_EMPTY_BRACKETS = re.compile(r"\(\W{0,3}\)|\[\W{0,3}\]|[“\"]\s?[”\"]")
_BOLD_LABEL = re.compile(rf"(?:\*\*|__)({_LABELS})\s?:?(?:\*\*|__):?", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(?:\d{1,3}[.)]|[•‣→👉➡📄🔗]+️?)(?:\s+|$)")
_AROUND = " \t-–—:|,;<>*_~/→，。、；"
_JOINED = re.compile(
    r"(?:(?:[&+]|also|and|compare|e|et|mit|oder|or|plus|und|versus|vs|with|y|и|和|与)[\s.,;:]*)+", re.IGNORECASE
)
"""Words between two links that say nothing about either: "A and B"."""
_LOOSE_COMMA = re.compile(r" (?=[,;] )")


def read_line(line: str) -> tuple[str, str]:
    """The link of a typed line and its other words: `Is it so? arxiv.org/abs/2401.00014` is (link, "Is it so?").

    A line with exactly one paper is about that paper, wherever its link is; a line that begins with another link is
    about that link, unless it has nothing but links and an "and". With several papers the link is the whole line, for
    a choice; without a link it is "". Of a pasted reference the other words are no remark: they are "".
    """
    return _split_line(" ".join(normalize_paste(line[:MAX_LINE_LENGTH]).split()))


def _split_line(line: str) -> tuple[str, str]:
    if alone := DOI_ALONE.fullmatch(line.strip(QUOTES)):
        try:
            return identify_doi(alone[1]).url, ""
        except UserError:
            return "", ""
    pieces: list[tuple[PastedToken, IdentifiedLink]] = []
    for piece in find_tokens(line, MAX_LINKS):
        try:
            if link := identify_token(piece, alone=len(line) == piece.end - piece.start):
                pieces.append((piece, link))
        except UserError:
            continue
    if not pieces:
        return "", ""
    found = list({link.key: link for _, link in pieces}.values())
    first, head = pieces[0]
    begins = not line[: first.start].strip(_AROUND)
    one = only_link(line, found)
    if one is None or (begins and head != one and not ENTRY.search(line)):
        rest = _without(line, [piece for piece, _ in pieces])
        if not (begins and rest) or (one is None and _JOINED.fullmatch(rest)):
            return (one.url, "") if one else (line, "")
        one = head
    mentions = [piece for piece, link in pieces if link.key == one.key]
    return one.url, _remark(line, mentions)


def _remark(line: str, mentions: list[PastedToken]) -> str:
    """Remark of a line about the paper that it mentions; "" if the line is a reference or a mere label."""
    if ENTRY.search(line):
        return ""
    rest = _LABEL_BEFORE.sub("", _LIST_MARK.sub("", _without(line, mentions))).strip(_AROUND)
    if not any(map(str.isalnum, rest)) or _LABEL_ONLY.fullmatch(rest) or _REFERENCE.search(rest):
        return ""
    return rest


def _without(line: str, pieces: list[PastedToken]) -> str:
    """The line without these pieces, and without brackets and dashes that are left around nothing."""
    parts, at = [], 0
    for piece in pieces:
        parts.append(line[at : piece.start])
        at = piece.end
    rest = " ".join(" ".join((*parts, line[at:])).split())
    rest = _BOLD_LABEL.sub(r"\1: ", _EMPTY_BRACKETS.sub(" ", _ARXIV_CATEGORY.sub(" ", rest)))
    return _LOOSE_COMMA.sub("", " ".join(rest.split())).strip(_AROUND)
