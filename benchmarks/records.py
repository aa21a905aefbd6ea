"""Real arXiv records through reader, search and citations: `python -m benchmarks.records FILE.jsonl.gz`.

Each line of the file is a record with `id`, `title`, `authors` and `abstract`. Counted are records that raise an error,
authors without a letter, BibTeX entries that our own reader, or pybtex, does not read back as one work with as many
authors, RIS records and CSL items that our readers do not, commands that are left in a shown title, and LaTeX titles of
which the search finds each word that is shown.
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.table import table
from bot.domain.authors import clean_authors
from bot.domain.bibliography.bibtex import read_bibtex
from bot.domain.bibliography.csl_items import csl_item
from bot.domain.bibliography.entry import ReadList
from bot.domain.bibliography.json_lists import read_json
from bot.domain.bibliography.ris import read_ris
from bot.domain.citations import Reference, bibtex, ris
from bot.latex.reader import latex_to_text
from bot.store.base import search_rules

_LATEX = re.compile(r"[\\$]")
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
_PYBTEX: Any = importlib.import_module("pybtex.database")


def main() -> int:
    """Print the counts; 1 if any record raised an error."""
    count: Counter[str] = Counter()
    for record in _records(Path(sys.argv[1])):
        count["records"] += 1
        try:
            _count(record, count)
        except Exception as error:
            count["exceptions"] += 1
            print(f"{record['id']}: {error!r}", file=sys.stderr)
    names = (
        "records", "exceptions", "authors without a letter", "BibTeX not read back", "BibTeX that pybtex does not read",
        "RIS not read back", "CSL not read back", "raw commands in a shown title",
        "LaTeX titles", "LaTeX titles found by each shown word",
    )  # fmt: skip
    print(table(("", "count"), [(name, f"{count[name]:,}") for name in names]))
    return 1 if count["exceptions"] else 0


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _count(record: dict[str, Any], count: Counter[str]) -> None:
    title, authors = record["title"], clean_authors(record["authors"])
    shown = latex_to_text(title)
    work = Reference(
        title=shown, authors=tuple(map(latex_to_text, authors)), url=f"https://arxiv.org/abs/{record['id']}",
        latex_title=title, latex_authors=authors, arxiv_id=record["id"],
    )  # fmt: skip
    entry, rows = bibtex(work), ris(work)
    count["authors without a letter"] += any(not any(map(str.isalnum, name)) for name in authors) or " and : " in entry
    items = json.dumps([csl_item("work", work)])
    count["BibTeX not read back"] += not _is_same(read_bibtex(entry), work)
    count["BibTeX that pybtex does not read"] += not _pybtex_reads(entry, work)
    count["RIS not read back"] += not _is_same(read_ris(rows), work)
    count["CSL not read back"] += not _is_same(read_json(items), work)
    count["raw commands in a shown title"] += bool(_COMMAND.search(shown))
    if _LATEX.search(title):
        count["LaTeX titles"] += 1
        found = search_rules.entries((title,), (), ())
        terms = [term for word in shown.split() for term in search_rules.query_terms(word)]
        missed = [term for term in terms if not any(entry.startswith(search_rules.TITLE + term) for entry in found)]
        count["LaTeX titles found by each shown word"] += not missed
        if missed:
            print(f"{record['id']}: {missed}", file=sys.stderr)


def _is_same(found: ReadList, work: Reference) -> bool:
    """True if a list has one work, with this id and as many authors, and no problem."""
    if found.problems or len(found.entries) != 1:
        return False
    entry = found.entries[0]
    return entry.arxiv_id == work.arxiv_id and bool(entry.title) and len(entry.authors) == len(work.authors)


def _pybtex_reads(entry: str, work: Reference) -> bool:
    """True if pybtex reads an entry without a complaint, with as many authors."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            [read] = _PYBTEX.parse_string(entry, "bibtex").entries.values()
    except Exception as error:
        print(f"{work.arxiv_id}: pybtex: {error!r}"[:300], file=sys.stderr)
        return False
    return len(read.persons.get("author", ())) == len(work.authors)


if __name__ == "__main__":
    sys.exit(main())
