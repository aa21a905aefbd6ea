"""An interaction with its person, its location, and the ways to answer it (trigger, response URL)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.chat.gateway import Location

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """The location where a view was opened, and so where its answer goes. It is carried in the view's private
    metadata.
    """

    command: str = ""
    room: str = ""
    thread: str = ""
    message: str = ""
    response_url: str = ""
    view: str = ""
    """The modal below the form."""
    home: bool = False
    """True if it began on the person's Home tab."""
    public: bool = False
    """True if it began on a message that others see."""
    fixed: str = ""
    """The words that the form does not ask for, as a call."""

    def __str__(self) -> str:
        return json.dumps({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def of(cls, view: Json) -> Origin:
        """Parse an origin. It comes from outside, so it is a hint and no proof."""
        try:
            read = json.loads(view.get("private_metadata") or "{}")
            known = {name: read[name] for name in cls.__dataclass_fields__ if isinstance(read.get(name), str | bool)}
        except (ValueError, AttributeError, TypeError, RecursionError):
            return cls()
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Interaction:
    """One interaction, read from a payload."""

    user: str
    name: str
    where: Location
    trigger: str = ""
    """Opens one view, within three seconds."""
    response_url: str = ""
    """Takes five answers, within thirty minutes."""
    view: str = ""
    """The modal in which the person acted; the answer is shown there."""
    public: bool = False
    """True if the person acted on a message that others see."""
    home: bool = False
    """True if the person acted on the Home tab, or in a modal that was opened there."""
    key: str = ""
    """The delivery key that the clicked message carries."""

    @property
    def here(self) -> bool:
        """True if it may refer to the paper of a thread."""
        return bool(self.where.thread)

    def origin(self, command: str = "") -> Origin:
        """The origin that a view must carry so that it is answered like this interaction."""
        at = self.where
        return Origin(command, at.room, at.thread, at.message, self.response_url, self.view, self.home, self.public)

    def in_modal(self, view: str) -> Interaction:
        """The same interaction, to be answered in a modal."""
        return replace(self, view=view)
