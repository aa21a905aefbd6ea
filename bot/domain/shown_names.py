"""Names under which members are shown: on each platform that of their account there.

The names that differ are set once for each request and each post, in a context variable, so that concurrent requests
do not see each other's. Without any, a member has the club's name for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NONE: Mapping[int, str] = MappingProxyType({})
_current: ContextVar[Mapping[int, str]] = ContextVar("shown_names", default=_NONE)


def show_names(names: Mapping[int, str]) -> None:
    """Show these members, by id, under these names from now on, in this task."""
    _current.set(names)


@contextmanager
def shown_under(names: Mapping[int, str]) -> Iterator[None]:
    """Show these members, by id, under these names inside."""
    before = _current.get()
    _current.set(names)
    try:
        yield
    finally:
        _current.set(before)


def shown_name(member_id: int, name: str) -> str:
    """Name under which a member is shown, whom the club knows by `name`."""
    return _current.get().get(member_id, name)
