"""Words that a text for people must not use, and a check of them. `make lint` runs it.

Answers, cards, forms, errors and help are read from the catalogue's English texts; the command line's own texts, and
those of files that have not all been marked, from the source.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.locale.maintenance import texts

ROOT = Path(__file__).resolve().parents[2]
CHECKED = (
    "bot/features",
    "bot/dispatch.py",
    "bot/chat",
    "bot/cli",
    "bot/domain/club_settings.py",
    "bot/domain/preferences.py",
    "bot/runtime/status.py",
    "bot/settings",
    "adapters",
)
"""Files and folders whose texts people read."""

RULES: dict[str, str] = {
    r"\banew\b": "again",
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\b(bring|brings|brought)\b": "submit, add",
    r"\bstands?\b(?! for| by)": "is, appears",
    r"\bthrown out\b": "removed",
    r"\blets? (it|me|the bot|you) in\b|\blet in\b": "installed, invited",
    r"\bit is so already\b|\bthat did not work\b": "say what happened",
    r"\bthere is a line\b": "connected",
    r"\bthe club rests?\b|\bis awake\b": "paused, running",
    r"\bin the making\b": "in progress",
    r"\bno longer follow|\bfollow(ed)? no longer\b": "unfollow",
    r"\bnobody in particular\b|\bnothing to hang\b|\bgoes on here\b": "say it plainly",
    r"\bwhat is in doubt\b|\bin vain\b": "uncertain, failed",
    r"\bcame to discuss\b|\bpassed over\b": "discussed, not for us",
    r"\bnobody knows whether\b|\bsent again blindly\b": "not sure whether",
    r"\btold what came of\b|\bcounts no more\b": "say it plainly",
    r"\bthe house\b": "installation",
}
"""Pattern in small letters, and what to say instead."""

CATALOGUE_RULES: dict[str, str] = {
    r"\w'\w|s' ": "’, the typographic apostrophe",
    r"\blicence|\brecognis|\bsummaris|\borganis|\bcolour|\bcancelled\b": "American spelling",
    r"\bin doubt\b|\bdoubtful\b(?!=)": "uncertain",
    r"\bmay be out already\b|\balready[.:]?$": "already before the verb",
    r"\bmeetings? to come\b": "upcoming",
    r"\bknows no\b|(?<!there )\bis no (paper|file|list|text)\b": "has no, is not a",
    r"\bin no (text|source)\b|\bnearest\b": "not found in any source, closest",
    r"\bproposed\b": "suggested",
    r"\bthe (present|coming) ones\b|\bmeanwhile\b": "current, upcoming, in the meantime",
    r"\bnothing changed\b": "nothing to change",
}
"""More patterns for the catalogue alone: one word for a thing, American spelling, one apostrophe. The words are in
docs/architecture.md."""

EXCEPTIONS: dict[str, str] = {
    "bot/cli/voice_check.py": "lists the words",
}
"""File, and why its texts are not checked."""

_LOG_METHODS = frozenset({"debug", "info", "warning", "error", "exception"})


class Finding(NamedTuple):
    """A text that uses a word of the list."""

    path: str
    line: int
    words: str
    instead: str


def check_source(source: str, path: str = "") -> Iterator[Finding]:
    """Findings in the texts of a module: its strings of several words, and the docstrings of its commands."""
    for line, words in shown_texts(ast.parse(source)):
        for pattern, instead in RULES.items():
            if found := re.search(pattern, words, re.IGNORECASE):
                yield Finding(path, line, found[0], instead)


def shown_texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and text of each string that a person may be shown.

    Lines of the log, docstrings of what is not a command, and single words are left out.
    """
    shown = {id(found) for node in ast.walk(tree) if (found := _command_docstring(node))}
    hidden = {id(part) for node in ast.walk(tree) for part in _hidden(node)} - shown
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in hidden:
            continue
        if len(words := node.value.split()) > 1:
            yield node.lineno, " ".join(words)


def check_files(root: Path = ROOT) -> list[Finding]:
    """Findings of all checked files."""
    files = sorted(
        file for name in CHECKED for file in ([root / name] if (root / name).is_file() else (root / name).rglob("*.py"))
    )
    found = list(check_catalogue())
    for file in files:
        path = file.relative_to(root).as_posix()
        if path not in EXCEPTIONS:
            found += check_source(file.read_text(encoding="utf-8"), path)
    return found


def check_catalogue() -> Iterator[Finding]:
    """Findings in the English texts of the catalogue of answers. The line is 0: the file says where the text is."""
    for text in texts("answers"):
        if text.file in EXCEPTIONS:
            continue
        words = text.message if isinstance(text.message, str) else " ".join(text.message)
        yield from check_words(text.file, words)


def check_words(file: str, words: str) -> Iterator[Finding]:
    """Findings in one text of the catalogue."""
    plain = _without_code(words)
    for pattern, instead in {**RULES, **CATALOGUE_RULES}.items():
        if found := re.search(pattern, plain, re.IGNORECASE):
            yield Finding(file, 0, found[0], instead)


def _without_code(words: str) -> str:
    """The text without what is typed: values and examples in backticks, and places for values."""
    return re.sub(r"`[^`]*`|\{\w+\}", "…", words)


def _hidden(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOG_METHODS:
        yield from (part for argument in node.args for part in ast.walk(argument))


def _command_docstring(node: ast.AST) -> ast.Constant | None:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    first = node.body[0]
    is_command = any("command" in ast.unparse(decorator) for decorator in node.decorator_list)
    if is_command and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return first.value
    return None


def main() -> int:
    """Print the findings. Returns the exit code."""
    found = check_files()
    for finding in found:
        print(f"{finding.path}:{finding.line}: “{finding.words}”: {finding.instead}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
