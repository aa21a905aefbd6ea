"""Things of a text that no edition can have: fields for a program, queries, links to files, places to be filled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.chat.text import truncate
from bot.editions.importing.dialects.page_properties import properties_of
from bot.editions.importing.dialects.program_dialects import (
    EMBEDDED_NOTE,
    FILE_LINK,
    POLL,
    is_file,
    without_library_links,
)
from bot.editions.importing.dialects.site_generators import PLACEHOLDER, queries_in
from bot.editions.importing.markdown.front_matter import unused_fields
from bot.editions.importing.markdown.inline import unescape
from bot.locale.current import _

MAX_NAMED = 6
"""Names in one question."""


def left_out(text: str) -> Iterator[str]:
    """A question for each kind of such things in a text."""
    if fields := _listed([*unused_fields(text), *properties_of(text)]):
        yield _("These fields at the top of the file are not in the draft: {fields}.", fields=fields)
    if queries := _listed(queries_in(text)):
        yield _(
            "The file has queries for another program, which I cannot run. They are not in the draft: {queries}.",
            queries=queries,
        )
    linked = [found[1] for found in FILE_LINK.finditer(without_library_links(text)) if is_file(found[2])]
    if files := _listed([*linked, *(found[1] for found in EMBEDDED_NOTE.finditer(text))]):
        yield _("These links lead to a file or to another program; only their words were kept: {labels}.", labels=files)
    if polls := _listed(found["question"] or "?" for found in POLL.finditer(text)):
        yield _("A poll is not in the draft: {questions}", questions=polls)
    if places := _listed(found[0] for found in PLACEHOLDER.finditer(unescape(text))):
        yield _("Readers would see these placeholders of a mail program: {places}.", places=places)


def _listed(names: Iterable[str]) -> str:
    found = list(dict.fromkeys(names))
    shown = [truncate(" ".join(name.split()), 60) for name in found[:MAX_NAMED]]
    return ", ".join([*shown, *(["…"] if len(found) > MAX_NAMED else [])])
