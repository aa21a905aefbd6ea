"""The same conversations on every platform."""

import pytest

pytest.register_assert_rewrite("tests.scenarios.stages")
