"""Updates the translation catalogues from the code: `python -m bot.locale.maintenance`; `--check` only compares.

The template of a domain (`edition.pot`) contains all texts of the code; each language's catalogue contains the same
texts with translations. Babel reads, compares and writes them: no gettext tools are needed.
"""

from __future__ import annotations

import ast
import string
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from bot.locale.catalogues import FOLDER
from bot.locale.languages import ANSWER_LANGUAGES, ENGLISH, LANGUAGES, Language
from bot.locale.text_sources import DOMAINS, TextSource

CATALOGUE_FOLDER = Path(__file__).parent
ROOT = CATALOGUE_FOLDER.parent.parent


class Keyword(Enum):
    """Meaning of the first arguments of a function that translates."""

    TEXT = "a text"
    PLURAL = "singular and plural"
    CONTEXT = "a context and a text"


_ANSWER_KEYWORDS = {
    "_": Keyword.TEXT,
    "_n": Keyword.PLURAL,
    "mark_text": Keyword.TEXT,
    "phrase": Keyword.TEXT,
    "ParameterHint": Keyword.TEXT,
    "TranslatableText": Keyword.TEXT,
}
KEYWORDS: dict[str, dict[str, Keyword]] = {
    "edition": {
        "gettext": Keyword.TEXT,
        "gettext_noop": Keyword.TEXT,
        "ngettext": Keyword.PLURAL,
        "pgettext": Keyword.CONTEXT,
        "pgettext_noop": Keyword.CONTEXT,
    },
    "answers": _ANSWER_KEYWORDS,
    "archive": _ANSWER_KEYWORDS,
}
"""The functions of each domain."""

ABOUT = "# Texts of Journal Club. docs/translating.md says how to change them."
"""The first line of every file."""

COMMENT = "Translators:"
"""The beginning of a comment in the code that is shown to translators."""

_REMOVED_HEADERS = tuple(
    f'"{name}:'.encode()
    for name in (
        "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team",
        "Generated-By", "Project-Id-Version",
    )
)  # fmt: skip
"""Headers that are removed, so that a file changes only if a text does."""


def template(domain: str) -> Catalog:
    """All texts of a domain in the current code."""
    catalogue = Catalog(domain=domain)
    for text in sorted(texts(domain), key=lambda one: one.file):
        catalogue.add(text.message, locations=[(text.file, 0)], auto_comments=text.comments, context=text.context)
    return catalogue


class CatalogueText(NamedTuple):
    """A text in the code: singular and plural if it has both."""

    file: str
    message: str | tuple[str, str]
    comments: Sequence[str] = ()
    context: str | None = None


def texts(domain: str) -> Iterator[CatalogueText]:
    """The texts of a domain, file by file, each as often as it is in the code."""
    for source in DOMAINS[domain]:
        for path in source_files(source, ".py"):
            yield from _texts_of(path, KEYWORDS[domain], source.names)
        for path in source_files(source, ".jinja") if domain != "edition" else ():
            yield from _template_texts(path)
    if domain == "answers":
        for path in sorted((ROOT / "bot" / "features").rglob("*.py")):
            yield from _command_help(path)
        for path in sorted((ROOT / "bot" / "domain").glob("*.py")):
            yield from _field_meanings(path)


def source_files(source: TextSource, ending: str) -> list[Path]:
    """The files of a source with this ending."""
    place = ROOT / source.path
    return [place] * (place.suffix == ending) if place.is_file() else sorted(place.rglob(f"*{ending}"))


def _texts_of(
    path: Path, keywords: Mapping[str, Keyword], names: frozenset[str] = frozenset()
) -> Iterator[CatalogueText]:
    """The texts of a module, or only of these top-level names of it.

    Read from its tree: a call may be within an f-string, which Babel does not look into.
    """
    source = path.read_text(encoding="utf-8")
    lines, file = source.splitlines(), path.relative_to(ROOT).as_posix()
    parts = [part for part in ast.parse(source).body if not names or names & set(names_of(part))]
    calls = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Call)]
    for node in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        if (kind := keywords.get(_function_name(node.func))) is None:
            continue
        words = [
            one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else None for one in node.args
        ]
        context = words.pop(0) if kind is Keyword.CONTEXT and words else None
        needed = words[: 2 if kind is Keyword.PLURAL else 1]
        if not needed or not needed[0] or None in needed:
            continue
        message = (needed[0], str(needed[1])) if kind is Keyword.PLURAL else needed[0]
        yield CatalogueText(file, message, _comments_above(lines, node.lineno), context)


def _template_texts(path: Path) -> Iterator[CatalogueText]:
    """The texts of a page's template."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for _line, function, message in extract_from_ast(tree, gettext_functions=("_", "_n")):
        words = [message] if isinstance(message, str) else [word for word in message or () if word]
        if words and words[0]:
            both = (words[0], words[1]) if function == "_n" and len(words) > 1 else words[0]
            yield CatalogueText(path.relative_to(ROOT).as_posix(), both)


def names_of(part: ast.stmt) -> Iterator[str]:
    """Names that a statement of a module defines."""
    match part:
        case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
            yield name
        case ast.Assign(targets):
            yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))
        case ast.AnnAssign(ast.Name(name)):
            yield name


def _function_name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _comments_above(lines: Sequence[str], number: int) -> list[str]:
    """The comment for translators above line `number`, if there is one."""
    found: list[str] = []
    for line in reversed(lines[: number - 1]):
        if not (comment := line.strip()).startswith("#"):
            return []
        found.insert(0, comment.lstrip("# "))
        if found[0].startswith(COMMENT):
            return [" ".join(found).removeprefix(COMMENT).strip()]
    return []


def _command_help(path: Path) -> Iterator[CatalogueText]:
    """The help of a module's commands: the first line of the docstring, then each paragraph."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_declares, node.decorator_list)):
            summary, _, details = (ast.get_docstring(node) or "").partition("\n")
            for paragraph in (summary, *details.strip().split("\n\n")):
                if text := " ".join(paragraph.split()):
                    yield CatalogueText(path.relative_to(ROOT).as_posix(), text)


def _field_meanings(path: Path) -> Iterator[CatalogueText]:
    """Descriptions of the club's settings and of a member's preferences, from their fields."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _function_name(node.func) == "Field":
            for keyword in node.keywords:
                if keyword.arg == "description" and isinstance(keyword.value, ast.Constant):
                    yield CatalogueText(path.relative_to(ROOT).as_posix(), str(keyword.value.value))


def _declares(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and "commands" in decorator.func.id


def languages_of(domain: str) -> tuple[Language, ...]:
    """The languages of a domain's catalogues; the code itself is English."""
    if domain == "archive":  # in a language of answers, its texts are in that catalogue
        return tuple(language for language in LANGUAGES if not language.answers)
    languages = ANSWER_LANGUAGES if domain == "answers" else LANGUAGES
    return tuple(language for language in languages if language != ENGLISH)


def catalogue_path(domain: str, code: str) -> Path:
    """The file of a language's catalogue."""
    return CATALOGUE_FOLDER / code / FOLDER / f"{domain}.po"


def update() -> None:
    """Write the templates and update the catalogues: new texts have no translation, changed ones are marked fuzzy."""
    for domain in DOMAINS:
        current = template(domain)
        (CATALOGUE_FOLDER / f"{domain}.pot").write_bytes(_serialized(current))
        for language in languages_of(domain):
            path = catalogue_path(domain, language.code)
            path.parent.mkdir(parents=True, exist_ok=True)
            existing = _read(path, language.code) if path.exists() else Catalog(locale=language.code, domain=domain)
            existing.update(current)
            path.write_bytes(_serialized(existing))


def faults() -> Iterator[str]:
    """Messages for all faults in templates and catalogues."""
    for domain in DOMAINS:
        current, stored = template(domain), CATALOGUE_FOLDER / f"{domain}.pot"
        if not stored.exists() or stored.read_bytes() != _serialized(current):
            yield f"{stored.relative_to(ROOT)} is not in step with the code: run `make messages`"
        for language in languages_of(domain):
            path = catalogue_path(domain, language.code)
            name = path.relative_to(ROOT)
            if not path.exists():
                yield f"{name} is missing: run `make messages`"
            else:
                yield from (f"{name}: {fault}" for fault in catalogue_faults(current, _read(path, language.code)))


def catalogue_faults(current: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Texts of a catalogue that are missing, empty, fuzzy, no longer in the code, or have other places in braces."""
    translations = {_key(message): message for message in catalogue if message.id}
    for message in current:
        if not message.id:
            continue
        translated = translations.pop(_key(message), None)
        if translated is None:
            yield f"“{_display_text(message)}” is missing"
        elif translated.fuzzy:
            yield f"“{_display_text(message)}” is marked fuzzy: check it, then take the mark away"
        else:
            yield from _text_faults(translated, catalogue.num_plurals)
    for message in translations.values():
        yield f"“{_display_text(message)}” is no longer in the code"


def _text_faults(message: Message, num_plurals: int) -> Iterator[str]:
    translations = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if not all(translations) or (message.pluralizable and len(translations) != num_plurals):
        yield f"“{_display_text(message)}” is not translated"
        return
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    placeholders = _placeholders(ids[-1])
    for index, translation in enumerate(translations):
        is_singular = index == 0 and message.pluralizable  # the singular may omit the number, as in "This is the paper"
        if _placeholders(translation) != placeholders and not (
            is_singular and _placeholders(translation) == _placeholders(ids[0])
        ):
            yield f"“{translation}” should have {', '.join(sorted(placeholders)) or 'no place'} in braces"
        if _edges(translation) != _edges(ids[-1]) or "\u200b" in translation:
            yield f"“{translation}” should begin and end with the same blanks as the English text"


def _placeholders(text: str) -> set[str]:
    """Names of the placeholders in a text; an unbalanced brace counts as a placeholder, so that it is reported."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def _edges(text: str) -> tuple[str, str]:
    """The blanks at the beginning and the end of a text."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _display_text(message)


def _display_text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _read(path: Path, code: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _serialized(catalogue: Catalog) -> bytes:
    if ABOUT not in catalogue.header_comment:  # a language may add lines of its own
        catalogue.header_comment = ABOUT
    catalogue.fuzzy = False
    file = BytesIO()
    write_po(file, catalogue, width=110, include_lineno=False, ignore_obsolete=True)
    lines = file.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_REMOVED_HEADERS))


def main(arguments: list[str]) -> int:
    """Write or check; the number of faults, at most 1, is the exit code."""
    if "--check" not in arguments:
        update()
        return 0
    found = list(faults())
    sys.stderr.writelines(f"{fault}\n" for fault in found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
