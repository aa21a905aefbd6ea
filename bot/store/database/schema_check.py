"""Comparison of a database's schema with the models: the program starts only on a schema that it can use.

A database may be newer than the program, so that processes can be upgraded one by one (expand, then contract). The
newer release records the oldest program version that can use it, and its new columns must not need a value in INSERT.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

import migrations
from bot.domain.models import Table
from bot.errors import UserError

OLDEST_PROGRAM = "schema:oldest-program"
"""Name of the fact in which `migrate` stores the schema's version and the oldest program version that can use it."""

ActualSchema = Mapping[str, Mapping[str, bool]]
"""Table → column → True if a row can be inserted without a value for it."""

COLUMN_QUERIES = {
    "sqlite": (
        'SELECT m.name, c.name, c."notnull" = 0 OR c.dflt_value IS NOT NULL '
        "FROM sqlite_master AS m, pragma_table_info(m.name) AS c "
        "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    ),
    "postgresql": (
        "SELECT t.relname, c.attname, NOT c.attnotnull OR c.atthasdef OR c.attidentity <> '' "
        "FROM pg_class AS t JOIN pg_attribute AS c ON c.attrelid = t.oid "
        "WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p') "
        "AND c.attnum > 0 AND NOT c.attisdropped"
    ),
}
"""Query for every column of every table, by dialect."""

RECOVERY_ADVICE = (
    "Restore a backup that a release made (0.1.0 or newer), or give an empty database in JOURNALCLUB_DATABASE_URL; "
    "databases of the time before 0.1.0 cannot be upgraded."
)


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences between a database and the models, as sorted `table` or `table.column` names."""

    missing: tuple[str, ...] = ()
    blocking: tuple[str, ...] = ()
    """Columns that the models lack and that require a value, so that no row can be inserted."""
    extra: tuple[str, ...] = ()
    """Columns that the models lack and that do no harm."""
    extra_tables: tuple[str, ...] = ()

    def describe_problems(self, *, newer: bool = False) -> str:
        """The differences that prevent use of the schema, as a phrase; empty if none.

        A `newer` schema may have extra columns.
        """
        unknown = self.blocking if newer else tuple(sorted((*self.blocking, *self.extra)))
        problems = [f"it lacks {_abbreviated(self.missing)}"] if self.missing else []
        return " and ".join([*problems, *([f"nobody knows its {_abbreviated(unknown)}"] if unknown else [])])


def known_versions() -> list[str]:
    """Versions that this program knows, oldest first: the numbers at the start of the migrations' file names."""
    folder = Path(migrations.__file__).parent / "versions"
    return sorted(file.name.partition("_")[0] for file in folder.glob("[0-9]*.py"))


def current_version(connection: Connection) -> str:
    """Version of the database; empty for a new one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def actual_schema(connection: Connection) -> ActualSchema:
    """Tables and columns of the database, without those of SQLite and of the full-text index."""
    found: dict[str, dict[str, bool]] = {}
    for table, column, optional in connection.exec_driver_sql(COLUMN_QUERIES[connection.dialect.name]):
        if table != "alembic_version" and not table.startswith("lookup_index"):
            found.setdefault(table, {})[column] = bool(optional)
    return found


@cache
def _expected_columns() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Columns that the models use, and all columns that the migrations create, by table.

    A column that a later release removes is in the second set only; it may be missing.
    """
    needed = {
        table.name: (frozenset(table.c.keys()), frozenset(table.c.keys())) for table in Table.metadata.sorted_tables
    }
    for mapper in Table.registry.mappers:
        name = mapper.local_table.description
        mapped = frozenset(column.name for found in mapper.column_attrs for column in found.columns)
        needed[name] = (mapped, needed[name][1])
    return needed


def differences(actual: ActualSchema) -> Differences:
    """Differences between an actual schema and the models."""
    needed = _expected_columns()
    missing: list[str] = []
    blocking: list[str] = []
    extra: list[str] = []
    for table, (used, known) in needed.items():
        if table not in actual:
            missing.append(table)
            continue
        missing += [f"{table}.{column}" for column in used - actual[table].keys()]
        for column in actual[table].keys() - known:
            (extra if actual[table][column] else blocking).append(f"{table}.{column}")
    extra_tables = actual.keys() - needed.keys()
    return Differences(
        tuple(sorted(missing)), tuple(sorted(blocking)), tuple(sorted(extra)), tuple(sorted(extra_tables))
    )


def check_version(version: str, oldest_program: str = "") -> None:
    """Raises UserError if the program cannot run on a database of this version.

    `oldest_program` is the oldest program version that a newer database allows; empty if it does not say.
    """
    known = known_versions()
    if not version or version in known:
        return
    if version.isdecimal() and version > migrations.HEAD:
        if oldest_program in known:
            return
        raise UserError(
            f"The database is at version {version}, which is newer than this program knows (it ends at "
            f"{migrations.HEAD}). Start the newer Journal Club, or restore the backup made before its upgrade."
        )
    raise UserError(
        f"The database is at version {version}, which no release of Journal Club has made. {RECOVERY_ADVICE}"
    )


def check_schema(connection: Connection) -> Differences:
    """Compare a migrated database with the models, and return what it has in addition. Raises UserError if unusable."""
    version = current_version(connection)
    newer = bool(version) and version not in known_versions()
    check_version(version, oldest_program(connection) if newer else "")
    if not newer and version != migrations.HEAD:
        found_there = f"is at version {version}" if version else "has no tables yet"
        raise UserError(
            f"The database {found_there}; this program needs version {migrations.HEAD}. "
            "Run `journalclub migrate` once, then start again."
        )
    found = differences(actual_schema(connection))
    if wrong := found.describe_problems(newer=newer):
        raise schema_mismatch_error(version, wrong)
    return found


def schema_mismatch_error(version: str, wrong: str) -> UserError:
    """The UserError for a database whose tables are not those of its version."""
    return UserError(
        f"The database says that it is at version {version or 'none'}, but no release has made its tables: {wrong}. "
        f"{RECOVERY_ADVICE}"
    )


def oldest_program(connection: Connection) -> str:
    """The oldest program version that may use the schema, as the database states it; empty if it does not."""
    if not inspect(connection).has_table("fact"):
        return ""
    stored = connection.scalar(text("SELECT value FROM fact WHERE name = :name"), {"name": OLDEST_PROGRAM}) or ""
    version, _, oldest = stored.partition(" ")
    return oldest if version == current_version(connection) else ""


def _abbreviated(names: tuple[str, ...], limit: int = 3) -> str:
    """The first `limit` names, and the number of the others."""
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
