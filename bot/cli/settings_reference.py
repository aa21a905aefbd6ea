"""`python -m bot.cli.settings_reference`: write docs/settings.md and .env.example; `--check` compares.

Run from the top of the source tree.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from textwrap import fill

from bot.settings.descriptions import SettingDescription, describe, sections

TITLES = {
    "": "General",
    "log": "Log",
    "web": "Web",
    "publish": "Publishing the archive as files",
    "slack": "Slack",
    "discord": "Discord",
    "arxiv": "arXiv",
    "crossref": "Crossref",
    "datacite": "DataCite",
    "openalex": "OpenAlex",
    "openreview": "OpenReview",
    "links": "Links",
    "pages": "Linked pages",
    "stream": "New papers",
    "llm": "The writer",
    "posts": "Posting",
    "club": "New clubs",
}

PAGE = """# Settings

<!-- Written by `make docs` from the modules of bot/settings: change it there. -->

Every setting has a default, so an empty configuration runs: on SQLite, with neither Slack nor Discord, and with
summaries taken from the abstracts. Set them in the environment or in a file `.env` in the folder where the program is
started (`.env.example` has them all); the environment wins, and an empty value is no value.

A **secret** can also be read from a file, as container platforms hand them out: put `_FILE` after its name and give the
path, for example `JOURNALCLUB_SLACK__BOT_TOKEN_FILE=/run/secrets/slack_bot_token`. Secrets never appear in the log.

All mistakes are reported at once when the program starts, unknown names among them.
`journalclub doctor` checks what they lead to.
"""

EXAMPLE = """# Settings of Journal Club. Copy this file to .env and fill in what you need: none is required.
# Written by `make docs`; docs/settings.md explains more. Any secret can be read from a file: NAME_FILE=/path.
"""


def page() -> str:
    """The text of docs/settings.md, with a table for each section."""
    about = sections()
    parts = [PAGE]
    for section, settings in _by_section():
        parts.append(f"\n## {TITLES[section]}\n")
        if section in about:
            parts.append(f"\n{about[section]}\n")
        parts.append("\n| Setting | Takes | Default | Meaning |\n|---|---|---|---|\n")
        parts += map(_row, settings)
    return "".join(parts)


def example() -> str:
    """The text of .env.example: every setting, commented out, with an example."""
    parts = [EXAMPLE]
    for section, settings in _by_section():
        parts.append(f"\n# --- {TITLES[section]} ---\n")
        for setting in settings:
            default = f" Default: {setting.default}." if setting.default else ""
            about = fill(setting.meaning + default, 110, initial_indent="# ", subsequent_indent="# ")
            parts.append(f"{about}\n#{setting.name}={setting.example}\n")
    return "".join(parts)


def main(argv: Sequence[str]) -> int:
    """Write both files, or with `--check` name those that are out of date. Returns the exit code: 0 if all is well."""
    files = {Path("docs/settings.md"): page(), Path(".env.example"): example()}
    if "--check" not in argv:
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        sys.stderr.write(f"{path} no longer fits the modules of bot/settings: run `make docs`.\n")
    return 1 if stale else 0


def _by_section() -> list[tuple[str, list[SettingDescription]]]:
    return [(section, list(settings)) for section, settings in groupby(describe(), lambda each: each.section)]


def _row(setting: SettingDescription) -> str:
    takes = f"**secret**: {setting.type}" if setting.secret else setting.type
    default = f"`{setting.default}`" if setting.default else ""
    meaning = f"{setting.meaning} Example: `{setting.example}`"
    return f"| `{setting.name}` | {takes} | {default} | {meaning} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
