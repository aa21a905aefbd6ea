"""Updates the translation catalogues from the code: `python -m bot.locale.maintenance`; `--check` only compares.

The template of a domain (`edition.pot`) contains all texts of the code; each language's catalogue contains the same
texts with translations. Babel extracts and compares them: no gettext tools are needed.
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
"""Headers that are removed, so that a file changes only if a text does."""


def template(domain: str) -> Catalog:
    """All texts of a domain in the current code."""
    catalogue = Catalog(domain=domain)
    for folder in DOMAINS[domain]:
        found = extract_from_dir(
            ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, comment_tags=(COMMENT,), strip_comment_tags=True
        )
        for file, _, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
            catalogue.add(message, locations=[(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def catalogue_path(domain: str, code: str) -> Path:
    """The file of a language's catalogue."""
    return CATALOGUE_FOLDER / code / FOLDER / f"{domain}.po"


def update() -> None:
    """Write the templates and update the catalogues: new texts have no translation, changed ones are marked fuzzy."""
    for domain in DOMAINS:
        current = template(domain)
        (CATALOGUE_FOLDER / f"{domain}.pot").write_bytes(_serialized(current))
        for language in LANGUAGES:
            if language == ENGLISH:
                continue
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
        for language in LANGUAGES:
            if language != ENGLISH:
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
        if translation != translation.strip() or "\u200b" in translation:
            yield f"“{translation}” begins or ends with a blank"


def _placeholders(text: str) -> set[str]:
    """Names of the placeholders in a text; an unbalanced brace counts as a placeholder, so that it is reported."""
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
