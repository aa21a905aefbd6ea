"""A club's meetings as a file: JSON with everything, CSV, or Markdown to read. No member is named."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Literal, get_args

from bot.domain.bibliography.table import guarded
from bot.locale.current import _

MeetingFormat = Literal["json", "csv", "markdown"]
MEETING_FORMATS: tuple[MeetingFormat, ...] = get_args(MeetingFormat)
FORMAT, VERSION = "journalclub-meetings", 1
"""Name and version of the JSON file."""

_ADDRESS = re.compile(r"https?://[^\s<>|\"`\\]+")


@dataclass(frozen=True, slots=True)
class MeetingEntry:
    """One meeting, as a file has it. Times are ISO 8601 with the offset of its zone; what is missing is ""."""

    number: int
    title: str
    state: str
    starts: str
    ends: str
    timezone: str
    place: str
    link: str
    paper: str
    paper_url: str
    chosen: str
    notes: str
    recording: str
    slides: str


def write_meetings(entries: Sequence[MeetingEntry], form: MeetingFormat) -> str:
    """A file of these meetings, in their order."""
    return {"json": _json, "csv": _csv, "markdown": _markdown}[form](entries)


def _json(entries: Sequence[MeetingEntry]) -> str:
    meetings = [{name: value for name, value in asdict(entry).items() if value != ""} for entry in entries]
    return json.dumps({"format": FORMAT, "version": VERSION, "meetings": meetings}, ensure_ascii=False, indent=1) + "\n"


def _csv(entries: Sequence[MeetingEntry]) -> str:
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, [field.name for field in fields(MeetingEntry)], lineterminator="\r\n")
    table.writeheader()
    for entry in entries:
        table.writerow({name: guarded(str(value)) for name, value in asdict(entry).items()})
    return out.getvalue()


def _markdown(entries: Sequence[MeetingEntry]) -> str:
    blocks = []
    for entry in entries:
        lines = [f"## {_plain(entry.title)}", "", f"{entry.starts} ({entry.timezone}), {entry.state}"]
        if entry.paper:
            paper = _plain(entry.paper)
            lines += ["", f"{_('Paper: ')}{_link(paper, entry.paper_url)}"]
        links = [
            _link(name, url) for name, url in ((_("Recording"), entry.recording), (_("Slides"), entry.slides)) if url
        ]
        lines += ["", " · ".join(links)] if links else []
        lines += ["", *(f"> {_plain(line)}" for line in entry.notes.splitlines())] if entry.notes else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + ("\n" if blocks else "")


def _link(label: str, url: str) -> str:
    """A link, or its label alone if the address is none."""
    return f"[{label}](<{url}>)" if _ADDRESS.fullmatch(url) else label


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()<>#+-!|~" else char for char in " ".join(text.split()))
