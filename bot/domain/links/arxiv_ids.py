"""arXiv ids: valid forms, and ids within an address.

Sources: arXiv's page "Understanding the arXiv identifier" for the two forms, and its list of archives for the old one.
"""

from __future__ import annotations

import re

from bot.errors import UserError
from bot.locale.current import _, mark_text

ARCHIVES = frozenset(
    {
        "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph",
        "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th",
        "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph", "q-alg",
        "q-bio", "quant-ph", "solv-int", "supr-con",
    }
)  # fmt: skip
"""Archives with ids of the old form, until March 2007."""

NEW_FORM = r"[0-9]{4}\.[0-9]{4,8}(?:v[0-9]{1,6})?"
_ARCHIVE = r"(?:q-)?[a-z]{2,8}(?:-[a-z]{2,4})?"
OLD_FORM = rf"{_ARCHIVE}(?:\.[a-z]{{2,5}}(?:-[a-z]{{2,5}})?)?/[0-9]{{7}}(?:v[0-9]{{1,6}})?"
"""Patterns of ids, valid or not; match without regard to case."""

_NEW_ID = re.compile(r"([0-9]{4})\.([0-9]{1,8})(?:v([0-9]{0,6}))?", re.IGNORECASE)
_OLD_ID = re.compile(rf"({_ARCHIVE})(?:\.[a-z-]{{2,11}})?/([0-9]{{7}})(?:v([0-9]{{0,6}}))?", re.IGNORECASE)
_IN_PATH = re.compile(rf"(?:^|[/=:,])\s{{0,3}}({OLD_FORM}|{NEW_FORM})(?![0-9a-z])", re.IGNORECASE)
_HINT = mark_text("Please check it against the paper’s page, or paste the link.")


def parse(text: str) -> tuple[str, int | None] | None:
    """Id and version in a text; None if it does not have the form of an arXiv id.

    Old ids lose their subject class, as in arXiv's own answers: `math.GT/0309136` is `math/0309136`. Raises UserError
    for an invalid id of the right form.
    """
    if found := _NEW_ID.fullmatch(text):
        month, number, version = found.groups()
        _check_new(text, month, number)
        return f"{month}.{number}", _version(text, version)
    if found := _OLD_ID.fullmatch(text):
        archive, number, version = found[1].lower(), found[2], found[3]
        _check_old(text, archive, number)
        return f"{archive}/{number}", _version(text, version)
    return None


def in_path(path: str) -> list[str]:
    """Texts in a decoded path or query that look like ids, once each, in order."""
    return list(dict.fromkeys(_IN_PATH.findall(path)))


def _check_new(text: str, month: str, number: str) -> None:
    """Raises UserError unless the number has four digits (April 2007 to 2014) or five (since 2015, arXiv's rules)."""
    _check_month(text, month)
    if not 704 <= int(month) < 9100:
        raise UserError(
            _(
                "“{text}” cannot be an arXiv id: ids with a dot began in April 2007 (0704). {hint}",
                text=text,
                hint=_(_HINT),
            )
        )
    old = int(month) < 1501
    if len(number) != (4 if old else 5):
        rule = (
            _("until 2014, ids have four digits after the dot, not {count}", count=len(number))
            if old
            else _("since 2015, ids have five digits after the dot, not {count}", count=len(number))
        )
        raise UserError(_("“{text}” cannot be an arXiv id: {rule}. {hint}", text=text, rule=rule, hint=_(_HINT)))
    _check_number(text, number)


def _check_old(text: str, archive: str, number: str) -> None:
    if archive not in ARCHIVES:
        raise UserError(
            _(
                "“{text}” cannot be an arXiv id: arXiv has no old archive called {archive}. {hint}",
                text=text,
                archive=archive,
                hint=_(_HINT),
            )
        )
    _check_month(text, number[:4])
    if 704 <= int(number[:4]) < 9100:
        raise UserError(
            _(
                "“{text}” cannot be an arXiv id: ids with a slash were used from 1991 to March 2007. {hint}",
                text=text,
                hint=_(_HINT),
            )
        )
    _check_number(text, number[4:])


def _check_month(text: str, month: str) -> None:
    if not 1 <= int(month[2:]) <= 12:
        raise UserError(
            _(
                "“{text}” cannot be an arXiv id: its month would be {month}. The first two digits are the year, the "
                "next two the month. {hint}",
                text=text,
                month=month[2:],
                hint=_(_HINT),
            )
        )


def _check_number(text: str, number: str) -> None:
    if not int(number):
        raise UserError(
            _(
                "“{text}” cannot be an arXiv id: the numbering of each month starts at 1. {hint}",
                text=text,
                hint=_(_HINT),
            )
        )


def _version(text: str, digits: str | None) -> int | None:
    if digits is None:
        return None
    if not digits or not 1 <= int(digits) <= 999:
        raise UserError(
            _("“{text}” is not a version of a paper: versions are v1, v2 and so on. {hint}", text=text, hint=_(_HINT))
        )
    return int(digits)
