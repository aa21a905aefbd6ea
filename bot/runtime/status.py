"""Status lines of `journalclub run`: the parts that are on or off, with the reason."""

from __future__ import annotations

import sqlite3

from bot.app import App
from bot.settings import Settings

FIXED_SQLITE = (3, 51, 3)
"""First version without a bug by which several connections could damage a write-ahead log (sqlite.org/wal.html,
"WAL-reset bug"). The program has one writing connection and one process, so older versions are safe unless another
program writes to the file.
"""


async def status_lines(settings: Settings, app: App) -> list[str]:
    """One line for each part: on or off, and the reason."""
    slack = "Socket Mode" if settings.slack.mode == "socket" else "HTTP"
    lines = [
        _status_line("Slack", settings.slack.on, slack, "no token; docs/slack.md gets one in five minutes"),
        _status_line("Discord", settings.discord.on, "gateway", "no token; docs/discord.md gets one in five minutes"),
        _status_line(
            "Web",
            settings.web.enabled,
            f"http://{settings.web.host}:{settings.web.port}",
            "JOURNALCLUB_WEB__ENABLED=no",
        ),
        _status_line(
            "Writer", settings.llm.on, settings.llm.model, "no model: summaries are the abstracts' own sentences"
        ),
        _status_line(
            "DOIs",
            app.doi_registry is not None,
            ", ".join(
                name
                for name, is_on in (
                    ("Crossref", settings.crossref.enabled),
                    ("DataCite", settings.datacite.enabled),
                    ("OpenAlex", settings.openalex.enabled),
                )
                if is_on
            ),
            "DOIs other than arXiv's are not looked up",
        ),
        _status_line("Database", True, _database(settings), ""),
    ]
    async with app.store.read_admin_session() as admin:
        clubs = await admin.directory.all_clubs()
    return lines + [_status_line("Club", True, f"{club.name}, {club.timezone}", "") for club in clubs[:5]]


def _status_line(name: str, on: bool, what: str, why_off: str) -> str:
    return f"{name:<9} {'on ' if on else 'off'}  {what if on else why_off}"


def _database(settings: Settings) -> str:
    if settings.database.startswith("postgresql"):
        return "PostgreSQL"
    old = "" if sqlite3.sqlite_version_info >= FIXED_SQLITE else "; keep other programs from writing to the file"
    return f"SQLite {sqlite3.sqlite_version} in {settings.data_dir}{old}"


def first_steps_lines() -> list[str]:
    """Instructions for the case that no platform has a token."""
    return [
        "",
        "There is no chat platform to connect to yet. `journalclub setup` asks for the tokens, tests them and saves",
        "them. Or choose one:",
        "  Slack     `journalclub manifest slack` prints the app to paste at api.slack.com/apps; then set",
        "            JOURNALCLUB_SLACK__BOT_TOKEN and JOURNALCLUB_SLACK__APP_TOKEN (docs/slack.md, five minutes).",
        "  Discord   make a bot at discord.com/developers, set JOURNALCLUB_DISCORD__TOKEN, and",
        "            `journalclub invite discord` prints its invite link (docs/discord.md, five minutes).",
        "  neither   `journalclub console` runs a club in this terminal; `journalclub demo` plays a week.",
    ]
