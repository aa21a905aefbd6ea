"""An edition as files: a web page, Markdown and JSON, to keep or to publish elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

from bot.editions import markdown, page
from bot.editions.document import Document, to_json


def write(document: Document, folder: Path, *, url: str = "") -> list[Path]:
    """Write `edition-3.html`, `.md` and `.json` into a folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "html": page.render(document, url=url),
        "md": markdown.render(document, url=url),
        "json": json.dumps(to_json(document), indent=2, ensure_ascii=False) + "\n",
    }
    written = []
    for ending, content in texts.items():
        file = folder / f"edition-{document.number}.{ending}"
        file.write_text(content, "utf-8")
        written.append(file)
    return written
