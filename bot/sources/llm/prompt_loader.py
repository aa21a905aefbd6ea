"""What the model is told: Markdown files, each with its version in the first line.

A changed word is a new version: what was written by another version is written anew, and what is kept says by which
version it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_FIRST_LINE = re.compile(r"version: (\d+)\n+")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One file: what it says, and which version of it that is."""

    name: str
    version: str
    text: str


@cache
def prompt(name: str) -> Prompt:
    """Read the file `<name>.md`. Raises ValueError if its first line is not `version: N`."""
    whole = resources.files(__package__).joinpath("prompts", f"{name}.md").read_text("utf-8")
    first = _FIRST_LINE.match(whole)
    if first is None:
        raise ValueError(f"the first line of {name}.md is not `version: N`")
    return Prompt(name, first[1], whole[first.end() :].strip())
