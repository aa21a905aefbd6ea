"""Entry point of the `journalclub` command: parses, calls the subcommand, sets the exit code."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from bot.cli.parser import build_parser, load_subcommand
from bot.errors import UserError


def entry(argv: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 all is well, 1 something failed, 2 a mistake in the words or the settings."""
    gc.set_threshold(20_000, 20, 20)  # else the search for cycles takes a fifth of a start
    _accept_all_letters()
    parser = build_parser()
    given = parser.parse_args(argv)
    place: str | None = getattr(given, "subcommand", None)
    if place is None:
        parser.print_help()
        sys.exit(2)
    try:
        sys.exit(asyncio.run(load_subcommand(place)(given)))
    except UserError as error:
        print(f"journalclub: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read has had enough, as `| head` has. What is still to be flushed must not complain at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if not error.filename:
            raise
        print(f"journalclub: I cannot use {error.filename}: {error.strerror}.", file=sys.stderr)
        sys.exit(2)


def _accept_all_letters() -> None:
    """Let a terminal or a pipe that does not know a letter have a question mark for it, in place of an error."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        is_odd = stream is sys.stdin or stream.encoding.lower() != "utf-8"
        if isinstance(stream, TextIOWrapper) and is_odd:
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    entry()
