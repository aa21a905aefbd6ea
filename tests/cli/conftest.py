"""The command line configures the log of its process, which is the test run's here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _log_as_before(log_as_before: None) -> None: ...
