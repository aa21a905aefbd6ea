"""The real program in a process that is forked from one which has imported it already.

The imports take more processor time than all the rest that most tests have a program do.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["tests.protocol.imported_program"])


class ForkedProgram:
    """A started program: its process, and the other ends of its input and output."""

    def __init__(self, folder: Path, words: Sequence[str], environment: dict[str, str]) -> None:
        stdin, self._input = FORKING.Pipe(duplex=False)
        self._output, output = FORKING.Pipe(duplex=False)
        self._process = FORKING.Process(target=_call, args=(str(folder), words, environment, stdin, output))
        self._process.start()
        stdin.close()
        output.close()
        assert self._process.pid is not None
        self.pid = self._process.pid
        self._ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._process.sentinel, self._end)

    def _end(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self._ended.set()

    async def connect(self, stdin: str) -> asyncio.StreamReader:
        """Write its whole input and close that. Returns its output as it comes."""
        loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), _file(self._output, "rb"))
        writing, _ = await loop.connect_write_pipe(asyncio.Protocol, _file(self._input, "wb"))
        writing.write(stdin.encode())
        writing.close()
        return reader

    @property
    def returncode(self) -> int | None:
        """Its exit code, or minus the signal that ended it; none while it runs."""
        return self._process.exitcode

    def send_signal(self, sent: int) -> None:
        os.kill(self.pid, sent)

    def kill(self) -> None:
        self._process.kill()

    async def wait(self) -> int:
        """Wait for its end. Returns the exit code."""
        await self._ended.wait()
        assert self._process.exitcode is not None
        return self._process.exitcode


def _file(connection: Connection, mode: str) -> object:
    """A file of its own for this end of a pipe, unbuffered."""
    copy = os.dup(connection.fileno())
    connection.close()
    return os.fdopen(copy, mode, buffering=0)


def _call(
    folder: str, words: Sequence[str], environment: dict[str, str], stdin: Connection, output: Connection
) -> None:
    """Call the function behind the command `journalclub` in this folder, with these words, this input and output."""
    from bot.__main__ import entry
    from tests.patience import be_patient_for_good

    be_patient_for_good()
    for source, streams in ((stdin, (0,)), (output, (1, 2))):
        for stream in streams:
            os.dup2(source.fileno(), stream)
        source.close()
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  open for as long as the process runs
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["journalclub", *words]
    entry()
