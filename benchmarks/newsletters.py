"""Newsletters of others, imported by the real command: `python -m benchmarks.newsletters FILE`.

Each is written in Markdown as its author has it (headings with links, "By …", "Why →", "Key insights →", “quotes” and
notes after arrows), imported by a moderator of a club whose source has the papers' records, and then checked as before
an approval. The file has the form that `benchmarks.grounding` describes; newsletters are not ours to ship.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.table import table
from bot.domain.paper_record import PaperRecord
from bot.domain.summary_values import Passage
from bot.editions.model.blocks import Quotation, QuoteState
from bot.editions.model.document import Document, from_json
from bot.editions.verification.edition_check import SourceTexts, texts_by_author, ungrounded
from bot.sources.recorded_arxiv import recorded_papers
from tests.stand_ins import Harness, open_harness, words

GOAL = 1.0
"""Doubts on 500 words of people."""
CLUB = 1


def written(edition: dict[str, Any]) -> str:
    """An edition in Markdown."""
    pieces, section = [f"# {edition['title']}"], ""
    for item in edition["items"]:
        if (item.get("section") or "Papers") != section:
            section = item.get("section") or "Papers"
            pieces.append(f"## {section}")
        url = f"https://arxiv.org/abs/{item['arxiv_id']}" if item.get("arxiv_id") else item.get("url") or ""
        pieces.append(f"### [{item['title']}]({url})" if url else f"### {item['title']}")
        pieces += _texts(item)
    return "\n\n".join(pieces) + "\n"


def _texts(item: dict[str, Any]) -> Iterator[str]:
    if authors := item.get("authors_as_printed"):
        yield f"By {re.sub('^By ', '', authors)}"
    if why := item.get("why"):
        yield f"Why → {why}"
    if insights := item.get("key_insights"):
        yield f"Key insights → {insights}"
    yield from (f"“{quote}”" for quote in item.get("quotes") or ())
    yield from (f"→ {note}" for note in item.get("curator_notes") or ())


def records(edition: dict[str, Any]) -> dict[str, PaperRecord]:
    """The records of an edition's papers by key, as arXiv has them."""
    (blank, *_), found = recorded_papers(), {}
    for item in edition["items"]:
        if item["type"] == "paper" and (known := item.get("arxiv") or {}).get("abstract"):
            key, names = f"arxiv:{item['arxiv_id']}", tuple(known.get("authors") or ("Anonymous",))
            title = known.get("title") or item["title"]
            found[key] = replace(blank, key=key, title=title, abstract=known["abstract"], authors=names)
    return found


async def measure(editions: list[dict[str, Any]]) -> None:
    """Import each edition, and print one table."""
    rows, all_words, all_doubts = list[tuple[object, ...]](), 0, 0
    for edition in editions:
        with TemporaryDirectory() as folder:
            async with open_harness(Path(folder)) as club:
                asked, made = await _imported(club, edition)
        sources = {
            key: SourceTexts(
                record.title, (Passage("abstract", record.abstract), Passage("", " ".join(record.authors)))
            )
            for key, record in records(edition).items()
        }
        papers = [item for item in made.items if item.key in sources]
        count = sum(len(texts_by_author(item)[1].split()) for item in papers)
        doubts = [one for one in ungrounded(made, sources) if not one.description.startswith("citation")]
        quotes = [block for item in made.items for block in item.blocks if isinstance(block, Quotation)]
        found = sum(quote.state is QuoteState.PAPER for quote in quotes)
        rows.append(
            (edition["published"], len(made.items), len(papers), asked, f"{found} of {len(quotes)}", count, len(doubts))
        )
        all_words, all_doubts = all_words + count, all_doubts + len(doubts)
        for doubt in doubts:
            print(f"{edition['published']}: {doubt.item.title[:40]}: {doubt.description}", file=sys.stderr)
    head = ("edition", "items", "papers", "asked", "quotes in abstracts", "words", "doubts")
    print(table(head, rows))
    print(f"\n{all_doubts * 500 / all_words:.2f} doubts on 500 of {all_words} words. Goal: {GOAL}.")


async def _imported(club: Harness, edition: dict[str, Any]) -> tuple[int, Document]:
    """Number of the questions that are asked before an import, and the edition that it makes."""
    club.paper_source.put(*records(edition).values())
    club.gateway.files["newsletter.md"] = written(edition).encode()
    shown = words((await club.say("Mo", "/edition import newsletter.md", moderator=True)).card)
    asked = re.search(r"Not clear: (\d+)", shown)
    said = await club.say("Mo", "/edition import newsletter.md sure=yes", moderator=True)
    assert not said.failed, said.card
    async with club.app.store.read(CLUB) as db:
        current = await db.editions.current()
    assert current is not None
    return int(asked[1]) if asked else 0, from_json(current.document)


if __name__ == "__main__":
    logging.disable(logging.INFO)
    asyncio.run(measure(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
