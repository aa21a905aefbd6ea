"""Loader of prompts: Markdown files with a version in the first line.

Any change of the text needs a new version: stored summaries record the version of their prompt and are rewritten if it
differs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_FIRST_LINE = re.compile(r"version: (\d+)\n+")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with its version."""

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
