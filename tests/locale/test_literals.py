"""No text for people is written into the code without passing through the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.locale.maintenance import ROOT

FOLDERS = ("bot/chat", "bot/domain", "bot/features", "bot/dispatch.py", "adapters/discord", "adapters/slack")

FOR_OPERATORS = (
    "bot/domain/models/",
    "adapters/discord/inbound/localization.py",
    "adapters/discord/setup/invite.py",
    "adapters/slack/transport/",
)
"""Modules whose messages are for who runs the program, on the command line and in its log, in English."""

SHOWN: dict[str, tuple[int, ...]] = {
    "Bold": (0,),
    "Button": (0,),
    "Card": (0,),
    "Choice": (0,),
    "DoctorFinding": (0, 2),
    "Heading": (0,),
    "Italic": (0,),
    "Link": (0,),
    "Mistakes": (0,),
    "NotAllowed": (0,),
    "QuotePart": (1,),
    "RefusedWithCard": (0,),
    "UserError": (0,),
    "ValueError": (0,),
    "note": (0, 1, 2),
    "plain": (0,),
    "text": (0, 1, 2),
}
"""Arguments of what people are shown, by its name."""

KEYWORDS = ("label", "placeholder", "confirm", "why")
"""Named arguments that are shown."""

ALLOWED = {"Discord", "Slack", "arXiv", "Journal Club", "Markdown", "RIS", "BibTeX", "Crossref"}
"""Names, which are the same in every language."""

FAULTS_OF_CODE = {"declared twice: ", " names neither an arXiv paper nor a DOI", " is not UTC"}
"""Errors that only a fault of the program raises."""

_TEXT = re.compile(r"[A-Za-z]{2,}")
_COMMAND = re.compile(r"/[a-z-]+(?: [\w.=-]+)*|https?://\S+|`[^`]*`")


def test_what_people_are_shown_passes_through_the_catalogue() -> None:
    found = [f"{path.relative_to(ROOT)}:{line}: {text!r}" for path in _files() for line, text in _shown_literals(path)]
    assert found == []


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        path = ROOT / folder
        found = sorted(path.rglob("*.py")) if path.is_dir() else (path,)
        yield from (one for one in found if not one.relative_to(ROOT).as_posix().startswith(FOR_OPERATORS))


def _shown_literals(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("note", "plain", "text") and "bot/domain" in path.as_posix():
            continue  # these are functions of cards, which the domain does not know
        given = [node.args[place] for place in SHOWN.get(name, ()) if place < len(node.args)]
        given += [keyword.value for keyword in node.keywords if name and keyword.arg in KEYWORDS]
        for argument in given:
            yield from ((node.lineno, text) for text in _literals(argument) if _is_text(text))


def _literals(node: ast.expr) -> Iterator[str]:
    """Texts that an expression may be, also on either side of a condition."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            for part in values:
                yield from _literals(part)
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_literals(body), *_literals(orelse))
        case ast.BoolOp(values=values):
            for value in values:
                yield from _literals(value)
        case ast.BinOp(left=left, right=right):
            yield from (*_literals(left), *_literals(right))
        case ast.FormattedValue(value=value):
            yield from _literals(value)
        case _:
            return


def _is_text(text: str) -> bool:
    return text not in ALLOWED | FAULTS_OF_CODE and bool(_TEXT.search(_COMMAND.sub("", text)))
