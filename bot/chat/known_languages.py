"""The language of each person who was answered lately, for what is shown before the database can be asked."""

from __future__ import annotations

from collections import OrderedDict

MAX_PEOPLE = 20_000
"""People that are remembered; the one who was answered longest ago is forgotten first."""


class KnownLanguages:
    """Languages by platform, workspace and the person's id. In memory: after a restart it is looked up again."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def set(self, person: tuple[str, str, str], language: str) -> None:
        """Remember a person's language."""
        self._known[person] = language
        self._known.move_to_end(person)
        if len(self._known) > MAX_PEOPLE:
            self._known.popitem(last=False)

    def forget(self) -> None:
        """Forget all languages, since somebody changed one: their own, their club's, or by linking accounts."""
        self._known.clear()

    def get(self, person: tuple[str, str, str]) -> str | None:
        """The person's language; None if they were not answered lately."""
        return self._known.get(person)
