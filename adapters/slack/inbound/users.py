"""Names, administrator rights and user groups of Slack's users."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.slack.transport.outcomes import REQUEST_FAILURES
from adapters.slack.transport.workspace_clients import WorkspaceClients
from bot.app import Requester
from bot.chat.gateway import NotSent, OutcomeUnknown, Refused
from bot.chat.named_mentions import UnnamedIds

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


@dataclass(frozen=True, slots=True)
class _CachedGroups:
    """User groups of a workspace, until a time."""

    until: float = 0.0
    of_member: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    is_refused: bool = False
    """True if Slack does not give them, for want of a scope."""


@dataclass(slots=True)
class Users:
    """Slack's users, cached for a time that depends on their rights."""

    teams: WorkspaceClients
    clock: Callable[[], float] = time.monotonic
    _cache: dict[tuple[str, str], _CachedUser] = field(default_factory=dict)
    _groups: dict[str, _CachedGroups] = field(default_factory=dict)

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

    async def names(self, team: str, unnamed: UnnamedIds) -> dict[str, str]:
        """The names of some people, channels and groups by id, as far as Slack gives them; at most ten people and
        channels.
        """
        found: dict[str, str] = {}
        if unnamed.groups:
            known = (await self._current_groups(team)).names
            found |= known if unnamed.groups <= known.keys() else await self.group_names(team)
        for user in list(unnamed.people)[:10]:
            if cached := self._cache.get((team, user)) or await self._fetch_user(team, user):
                found[user] = cached.name
        for channel in list(unnamed.channels)[:10]:
            if name := await self.channel(team, channel):
                found[channel] = name
        return found

    async def group_names(self, team: str) -> Mapping[str, str]:
        """The handles of a workspace's user groups by id, as they are now; empty if Slack does not give them.

        It is asked when an admin chooses a group: a new one is known, and has its rights, from then on.
        """
        cached = self._groups.get(team, _CachedGroups())
        if not cached.is_refused or self.clock() >= cached.until:
            self._groups[team] = cached = await self._fetch_groups(team)
        return cached.names

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
        return tuple(sorted((await self._current_groups(team)).of_member.get(user, ())))

    async def _current_groups(self, team: str) -> _CachedGroups:
        cached = self._groups.get(team, _CachedGroups())
        if self.clock() >= cached.until:
            # Marked first: during the request, other tasks use the cached groups.
            self._groups[team] = replace(cached, until=self.clock() + RIGHTS_TTL)
            self._groups[team] = cached = await self._fetch_groups(team)
        return cached

    async def _fetch_groups(self, team: str) -> _CachedGroups:
        try:
            response = await self.teams.call(
                team, "usergroups.list", lambda client: client.usergroups_list(include_users=True)
            )
        except Refused as error:
            log.info("Slack shows no user groups: %s", error)
            return _CachedGroups(self.clock() + NO_GROUPS_TTL, is_refused=True)
        except (NotSent, OutcomeUnknown) as error:
            log.warning("Slack does not give the user groups: %s", error)
            return _CachedGroups(self.clock() + RIGHTS_TTL)
        groups: defaultdict[str, set[str]] = defaultdict(set)
        for group in response["usergroups"]:
            for member in group.get("users", ()):
                groups[member].add(group["id"])
        names = {
            str(group["id"]): str(group.get("handle") or group.get("name") or "") for group in response["usergroups"]
        }
        of_member = {member: frozenset(ids) for member, ids in groups.items()}
        return _CachedGroups(self.clock() + RIGHTS_TTL, of_member, names)


def _name(user: dict[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((str(name) for name in names if name), "")


def _is_manager(user: dict[str, Any]) -> bool:
    """True for workspace administrators and owners, and never for guests."""
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("deleted")
    return bool(not guest and (user.get("is_admin") or user.get("is_owner")))
