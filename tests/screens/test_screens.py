"""The screens of the scripted club are those that were read and approved."""

from __future__ import annotations

from tests.screens.rendering import FOLDER, screens


async def test_the_screens_are_those_that_were_read() -> None:
    shown = await screens()
    assert {file.stem for file in FOLDER.glob("*.txt")} == set(shown)
    for name, text in shown.items():
        stored = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
        assert text == stored, f"{name}.txt changed: read it, then run `python -m tests.screens`"
