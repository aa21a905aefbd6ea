"""Interaction: who, where, and the ways to answer (trigger, response URL)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.chat.gateway import Location

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a view was asked for, and so where its answer goes. It travels in the view's private metadata."""

    command: str = ""
    room: str = ""
    thread: str = ""
    message: str = ""
    response_url: str = ""
    view: str = ""
    """The modal below the form."""
    home: bool = False
    """Whether it began on the person's home tab."""
    public: bool = False
    """Whether it began on a message that all see."""

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def of(cls, view: Json) -> Origin:
        """Read an origin back. It comes from outside, so it is a hint and nothing more."""
        try:
            read = json.loads(view.get("private_metadata") or "{}")
            known = {name: read[name] for name in cls.__dataclass_fields__ if isinstance(read.get(name), str | bool)}
        except (ValueError, AttributeError, TypeError):
            return cls()
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Interaction:
    """Read off one payload."""

    user: str
    name: str
    where: Location
    trigger: str = ""
    """Opens one view, within three seconds."""
    response_url: str = ""
    """Answers five times, within thirty minutes."""
    view: str = ""
    """The modal it was done in; its answer is shown there."""
    public: bool = False
    """Whether it was done on a message that all see."""
    home: bool = False
    """Whether it was done on the home tab, or in a modal that was opened there."""
    key: str = ""
    """The key of the delivery that the message with the pressed button says it is."""

    @property
    def here(self) -> bool:
        """Whether it may mean the paper of a thread."""
        return bool(self.where.thread)

    def origin(self, command: str = "") -> Origin:
        """What a view must carry to be answered like this act."""
        at = self.where
        return Origin(command, at.room, at.thread, at.message, self.response_url, self.view, self.home, self.public)

    def in_modal(self, view: str) -> Interaction:
        """The same act, answered in a modal."""
        return replace(self, view=view)
