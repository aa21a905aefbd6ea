"""Roles and user groups of a workspace by name, as an optional part of a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable


@runtime_checkable
class GroupDirectory(Protocol):
    """A gateway whose platform has roles or user groups that can be mentioned."""

    async def group_names(self, workspace: str) -> Mapping[str, str]:
        """Names of a workspace's roles or user groups by id; empty where the platform does not give them."""
