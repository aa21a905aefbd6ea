"""Errors of opening a database are one sentence, without a traceback or a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.runtime.composition import open_store
from bot.settings import Settings


@pytest.mark.parametrize(
    ("url", "say"),
    [
        ("sqlite:///{folder}/junk.db", "file is not a database"),
        ("sqlite:///{folder}/junk.db/club.db", "junk.db"),
        ("postgresql://club:hidden@127.0.0.1:1/club", "Connection refused"),
    ],
)
async def test_each_error_is_one_sentence_without_a_password(tmp_path: Path, url: str, say: str) -> None:
    (tmp_path / "junk.db").write_text("this is not a database, and long enough to be told from an empty one" * 20)
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": url.format(folder=tmp_path)})
    with pytest.raises(UserError, match="The database cannot be used: ") as caught:
        await open_store(settings)
    assert say in str(caught.value)
    assert "hidden" not in str(caught.value)
    assert "\n" not in str(caught.value)
