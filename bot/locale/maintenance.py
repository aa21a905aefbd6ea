"""Keeping the catalogues in step with the code: `python -m bot.locale.maintenance` writes them, `--check` compares.

The template of a domain (`edition.pot`) holds every text of the code; each language's catalogue holds the same texts,
translated. Both are found and compared by Babel alone: no gettext tools are needed.
"""

from __future__ import annotations

import string
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.locale.catalogues import FOLDER
from bot.locale.languages import ENGLISH, LANGUAGES

CATALOGUE_FOLDER = Path(__file__).parent
ROOT = CATALOGUE_FOLDER.parent.parent

DOMAINS = {"edition": ("bot/editions",)}
"""The folders of the code that the texts of each domain are in."""

KEYWORDS = {
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
}
"""The functions whose first arguments are texts; `c` marks a context."""

COMMENT = "Translators:"
"""The beginning of a comment in the code that is shown to translators."""

_REMOVED_HEADERS = tuple(
    f'"{name}:'.encode()
    for name in (
        "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team",
        "Generated-By", "Project-Id-Version",
    )
)  # fmt: skip
"""Headers that are not kept: a file changes only when a text does."""


def template(domain: str) -> Catalog:
    """Every text of a domain, as it stands in the code now."""
    made = Catalog(domain=domain)
    for folder in DOMAINS[domain]:
        found = extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, comment_tags=(COMMENT,), strip_comment_tags=True
        )
        for file, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            made.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return made


def catalogue_path(domain: str, code: str) -> Path:
    """The file of a language's catalogue."""
    return CATALOGUE_FOLDER / code / FOLDER / f"{domain}.po"


def update() -> None:
    """Write the templates, and bring every catalogue in step: new texts are empty, changed ones are marked fuzzy."""
    for domain in DOMAINS:
        made = template(domain)
        (CATALOGUE_FOLDER / f"{domain}.pot").write_bytes(_serialized(made))
        for language in LANGUAGES:
            if language == ENGLISH:
                continue
            path = catalogue_path(domain, language.code)
            path.parent.mkdir(parents=True, exist_ok=True)
            known = _read(path, language.code) if path.exists() else Catalog(locale=language.code, domain=domain)
            known.update(made)
            path.write_bytes(_serialized(known))


def faults() -> Iterator[str]:
    """Everything that is wrong with templates and catalogues, in words."""
    for domain in DOMAINS:
        made, kept = template(domain), CATALOGUE_FOLDER / f"{domain}.pot"
        if not kept.exists() or kept.read_bytes() != _serialized(made):
            yield f"{kept.relative_to(ROOT)} is not in step with the code: run `make messages`"
        for language in LANGUAGES:
            if language != ENGLISH:
                path = catalogue_path(domain, language.code)
                name = path.relative_to(ROOT)
                if not path.exists():
                    yield f"{name} is missing: run `make messages`"
                else:
                    yield from (f"{name}: {fault}" for fault in catalogue_faults(made, _read(path, language.code)))


def catalogue_faults(wanted: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Texts of a catalogue that are missing, empty, fuzzy, no longer in the code, or have other places in braces."""
    known = {_key(message): message for message in catalogue if message.id}
    for message in wanted:
        if not message.id:
            continue
        translated = known.pop(_key(message), None)
        if translated is None:
            yield f"“{_display_text(message)}” is missing"
        elif translated.fuzzy:
            yield f"“{_display_text(message)}” is marked fuzzy: check it, then take the mark away"
        else:
            yield from _text_faults(translated, catalogue.num_plurals)
    for message in known.values():
        yield f"“{_display_text(message)}” is no longer in the code"


def _text_faults(message: Message, num_plurals: int) -> Iterator[str]:
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    if not all(forms) or (message.pluralizable and len(forms) != num_plurals):
        yield f"“{_display_text(message)}” is not translated"
        return
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    places = _placeholders(ids[-1])
    for at, form in enumerate(forms):
        one = at == 0 and message.pluralizable  # the form of one may leave the number out, as in "This is the paper"
        if _placeholders(form) != places and not (one and _placeholders(form) == _placeholders(ids[0])):
            yield f"“{form}” should have {', '.join(sorted(places)) or 'no place'} in braces"
        if form != form.strip() or "\u200b" in form:
            yield f"“{form}” begins or ends with a blank"


def _placeholders(text: str) -> set[str]:
    """The places in braces of a text; a brace that opens nothing is a place of its own, so that it is found."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"{"}


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _display_text(message)


def _display_text(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _read(path: Path, code: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=code)


def _serialized(catalogue: Catalog) -> bytes:
    catalogue.header_comment = "# Texts of Journal Club. docs/translating.md says how to change them."
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
