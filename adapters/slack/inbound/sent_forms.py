"""A submitted form while its command runs: Slack waits for an acknowledgement, which can put mistakes into the form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import UserError

FORM_PATIENCE = 1.5
"""Seconds that the acknowledgement of a form waits for its command; Slack allows three."""

HEAD_START = 0.3
"""Seconds between an acknowledgement that shows another view and the next change of it: Slack gets the two
on different connections, and keeps the one that comes last."""


@dataclass(slots=True)
class SentForm:
    """A submitted form. Either its command accepts or refuses it in time, or the form shows that it takes a while."""

    view: Mapping[str, Any]
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the acknowledgement is made; it is sent right after."""
    is_late: bool = False
    """True if the acknowledgement did not wait for the command."""
    _decision: asyncio.Future[UserError | None] = field(default_factory=lambda: asyncio.Future())

    @property
    def view_id(self) -> str:
        """Id of the form's view."""
        return str(self.view["id"])

    async def view_may_change(self) -> None:
        """Wait until Slack has the acknowledgement, so that it does not overwrite the next change of the view."""
        await self.acknowledged.wait()
        await asyncio.sleep(HEAD_START)

    def accept(self) -> None:
        """The form may close."""
        if not self._decision.done():
            self._decision.set_result(None)

    def refuse(self, error: UserError) -> bool:
        """Have the acknowledgement show this error. False if it is too late, or the form was accepted."""
        if self._decision.done() or self.is_late:
            return False
        self._decision.set_result(error)
        return True

    async def decision(self) -> UserError | None:
        """The error to show, or None if the form was accepted. Raises TimeoutError, and is late from then on."""
        done, _waiting = await asyncio.wait([self._decision], timeout=FORM_PATIENCE)
        if not done:
            self.is_late = True
            raise TimeoutError
        return self._decision.result()
