"""Ports for programs that must be told where to listen."""

from __future__ import annotations

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def reserved_port() -> AsyncIterator[int]:
    """A port at 127.0.0.1 where nobody listens, for the time of the block: the system gives it to nobody who asks for
    any free port, as other tests do all the time. Who is told its number may listen on it, again and again.

    On Linux a bound socket keeps it that does not listen: others can bind the same port since all of them allow its
    reuse. Other systems do not allow that; there it is only a port that was free a moment ago.
    """
    with socket.socket() as reserving:
        reserving.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserving.bind(("127.0.0.1", 0))
        port: int = reserving.getsockname()[1]
        if sys.platform != "linux":
            reserving.close()
        yield port
