"""Platform where the text in the making is read, so that what is elsewhere can be named as such.

It is set once for each request and each post, in a context variable, so that concurrent requests do not see each
other's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("reader_platform", default="")


def set_reader_platform(platform: str) -> None:
    """Write for readers on this platform from now on, in this task."""
    _current.set(platform)


@contextmanager
def read_on(platform: str) -> Iterator[None]:
    """Write for readers on this platform inside."""
    before = _current.get()
    _current.set(platform)
    try:
        yield
    finally:
        _current.set(before)


def is_elsewhere(platform: str) -> bool:
    """True if the readers are on a known platform, and it is another one."""
    return _current.get() not in ("", platform)
