"""Write the screens: `python -m tests.screens`."""

from __future__ import annotations

import asyncio

from tests.screens.rendering import FOLDER, screens

for name, shown in asyncio.run(screens()).items():
    (FOLDER / f"{name}.txt").write_text(shown, encoding="utf-8")
