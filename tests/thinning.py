"""Examples that are much alike: a few of them run each time, all of them by `make stress`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest


def thinned(examples: Sequence[Any], every: int, name: Callable[[Any], str] | None = None) -> list[Any]:
    """Return the parameters of a test, of which the first, each `every`th after it and the last run each time.

    An example that is a tuple gives several arguments. `name` gives an example its id.
    """
    last = len(examples) - 1
    return [
        pytest.param(
            *(example if isinstance(example, tuple) else (example,)),
            id=name(example) if name else None,
            marks=() if at % every == 0 or at == last else pytest.mark.stress,
        )
        for at, example in enumerate(examples)
    ]
