"""Newsletters that the real program imports and posts: the five of `tests/editions`, and thirty papers in German."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.editions.building import FIVE, Builder
from tests.editions.test_newsletters_imported import written
from tests.scenarios.german_edition import chosen, newsletter

MAX_COMMANDS = 10


@dataclass(frozen=True)
class Newsletter:
    """A newsletter as a file, and what its author does with it."""

    name: str
    content: bytes
    settings: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    """Parts that are written by a command of their own."""
    create: str
    """Label of the button that makes the draft."""
    titles: tuple[str, ...]
    """Beginnings of the items' titles, in order."""

    @property
    def quotes_pages(self) -> bool:
        """True for quotes of pages and books, which are in no source that the program knows."""
        return b"We began with a question" in self.content

    @property
    def approved(self) -> str:
        """Word of the answer to its approval, in the club's language."""
        return "ist freigegeben" if dict(self.settings).get("language") == "German" else "is approved"

    @property
    def commands(self) -> int:
        """Number of commands up to the complete draft: the import is one, and its button a press."""
        return len(self.settings) + len(self.texts) + 1


def _one_of_five(number: int) -> Newsletter:
    edition = FIVE[number]
    settings = tuple((name, str(edition[name])) for name in ("template", "cadence"))
    texts = tuple((part, str(edition[part])) for part in ("headline", "video", "selected") if edition.get(part))
    content = written(edition, Builder(None, edition, numbers=list(range(1, 50))))  # type: ignore[arg-type]  # it is only written
    titles = tuple(item["title"] for section in edition["sections"] for item in section["items"])
    return Newsletter(
        edition["day"], content.encode(), settings, texts if edition["themes"] else (*texts, ("themes", "none")),
        "Create the draft", titles,
    )  # fmt: skip


def _german() -> Newsletter:
    titles = tuple(paper.title for _, papers in chosen() for paper in papers)
    return Newsletter(
        "German, thirty papers", newsletter().encode(), (("language", "German"),), (), "Entwurf erstellen", titles
    )


NORMAL = "2022-08-01"
"""The one that runs each time; the others are imported by `make stress`."""
NEWSLETTERS = [
    pytest.param(one, id=one.name, marks=() if one.name == NORMAL else pytest.mark.stress)
    for one in (*map(_one_of_five, range(len(FIVE))), _german())
]


def shown(title: str) -> str:
    """The part of a title that every platform shows as it is."""
    return title.split("$")[0].split("*")[0].split("_")[0].split("→")[0].split("—")[0].strip()[:30].strip()
