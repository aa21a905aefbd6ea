"""Names, administrator rights and user groups of Slack's users."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.transport.outcomes import REQUEST_FAILURES
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import Requester
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused

log = logging.getLogger(__name__)


RIGHTS_TTL = 30.0
"""Seconds for which an administrator's rights are cached: a removed administrator loses them within this time."""


NO_RIGHTS_TTL = 600.0
"""Seconds for which an ordinary member's data is cached for actions that need no rights; names change seldom."""


NO_GROUPS_TTL = 600.0
"""Seconds before user groups are requested again after Slack refused them."""


MAX_USERS = 10_000
"""Users in the cache."""


@dataclass(frozen=True, slots=True)
class _CachedUser:
    name: str
    manages: bool
    is_bot: bool
    at: float


@dataclass(slots=True)
class Users:
    """Slack's users, cached for a time that depends on their rights."""

    teams: WorkspaceClients
    clock: Callable[[], float] = time.monotonic
    _cache: dict[tuple[str, str], _CachedUser] = field(default_factory=dict)
    _groups: dict[str, tuple[float, dict[str, frozenset[str]]]] = field(default_factory=dict)

    async def requester(self, team: str, user: str, name: str = "", *, rights: bool = True) -> Requester:
        """The person behind a user id, an ordinary member if Slack cannot be asked.

        `rights`: the action needs rights, so only recently fetched ones count.
        """
        cached = self._cache.get((team, user))
        groups = await self._user_groups(team, user)
        max_age = RIGHTS_TTL if rights or groups or (cached and cached.manages) else NO_RIGHTS_TTL
        if cached is None or self.clock() - cached.at >= max_age:
            cached = await self._fetch_user(team, user)
        if cached is None:
            return Requester(user, name, roles=groups)
        return Requester(user, cached.name or name, roles=groups, manages=cached.manages)

    async def is_bot(self, team: str, user: str) -> bool:
        """True if a user id is that of an app; False if Slack cannot be asked."""
        cached = self._cache.get((team, user)) or await self._fetch_user(team, user)
        return cached is not None and cached.is_bot

    async def names(self, team: str, people: Iterable[str], channels: Iterable[str]) -> dict[str, str]:
        """The names of some people and channels by id, as far as Slack gives them; at most ten of each."""
        found: dict[str, str] = {}
        for user in list(people)[:10]:
            if cached := self._cache.get((team, user)) or await self._fetch_user(team, user):
                found[user] = cached.name
        for channel in list(channels)[:10]:
            if name := await self.channel(team, channel):
                found[channel] = name
        return found

    async def channel(self, team: str, channel: str) -> str:
        """The name of a channel; empty if Slack does not give it."""
        try:
            response = await self.teams.call(
                team, "conversations.info", lambda client: client.conversations_info(channel=channel)
            )
        except REQUEST_FAILURES as error:
            log.info("Slack does not give the name of channel %s: %s", channel, error)
            return ""
        return str(response["channel"].get("name", ""))

    async def _fetch_user(self, team: str, user: str) -> _CachedUser | None:
        try:
            response = await self.teams.call(team, "users.info", lambda client: client.users_info(user=user))
        except REQUEST_FAILURES as error:
            log.warning("Slack does not give the profile of %s: %s", user, error)
            return None
        user_data = response["user"]
        cached = _CachedUser(_name(user_data), _is_manager(user_data), bool(user_data.get("is_bot")), self.clock())
        if len(self._cache) >= MAX_USERS:
            self._cache.clear()
        self._cache[team, user] = cached
        return cached

    async def _user_groups(self, team: str, user: str) -> tuple[str, ...]:
        """The ids of the user groups that somebody is in."""
        until, groups = self._groups.get(team, (0.0, {}))
        if self.clock() >= until:
            # Marked first: during the request, other tasks use the cached groups.
            self._groups[team] = (self.clock() + RIGHTS_TTL, groups)
            until, groups = await self._fetch_groups(team)
            self._groups[team] = (until, groups)
        return tuple(sorted(groups.get(user, ())))

    async def _fetch_groups(self, team: str) -> tuple[float, dict[str, frozenset[str]]]:
        try:
            response = await self.teams.call(
                team, "usergroups.list", lambda client: client.usergroups_list(include_users=True)
            )
        except Refused as error:
            log.info("Slack shows no user groups: %s", error)
            return self.clock() + NO_GROUPS_TTL, {}
        except (NotSent, OutcomeUnknown) as error:
            log.warning("Slack does not give the user groups: %s", error)
            return self.clock() + RIGHTS_TTL, {}
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for group in response["usergroups"]:
            for member in group.get("users", ()):
                groups[member].add(group["id"])
        return self.clock() + RIGHTS_TTL, {member: frozenset(ids) for member, ids in groups.items()}


def _name(user: dict[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((str(name) for name in names if name), "")


def _is_manager(user: dict[str, Any]) -> bool:
    """True for workspace administrators and owners, and never for guests."""
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("deleted")
    return bool(not guest and (user.get("is_admin") or user.get("is_owner")))
