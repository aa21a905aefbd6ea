"""Who somebody is in Slack: their name, whether they manage the workspace, and their user groups."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import Who

log = logging.getLogger(__name__)

FRESH = 30.0
"""Seconds for which what Slack said of a person is believed: a removed admin is none half a minute later."""


@dataclass(slots=True)
class People:
    """What Slack tells of its people, asked again when it is no longer fresh."""

    _known: dict[tuple[str, str], tuple[float, Who]] = field(default_factory=dict)

    async def who(self, client: AsyncWebClient, team: str, user: str, name: str = "") -> Who:
        """The person behind a user id. Where Slack cannot be asked they are an ordinary member."""
        asked, who = self._known.get((team, user), (0.0, None))
        if who is not None and time.monotonic() - asked < FRESH:
            return who
        try:
            info = (await client.users_info(user=user))["user"]
        except (SlackApiError, TimeoutError, OSError) as error:
            log.warning("Slack does not say who %s is: %s", user, error)
            return Who(user, name)
        profile = info.get("profile") or {}
        shown = (
            profile.get("display_name") or profile.get("real_name") or info.get("real_name") or info.get("name") or name
        )
        who = Who(user, shown, manages=bool(info.get("is_admin") or info.get("is_owner")))
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[team, user] = (time.monotonic(), who)
        return who
