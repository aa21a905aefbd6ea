"""Names of backups, which are kept, and that one is whole or not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.transfer.backup_files import KEY, SQLITE, backup_path, moments_to_keep, rotate, whole_file

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)


def made_daily(days: int) -> list[datetime]:
    return [NOW - timedelta(days=days - 1 - number) for number in range(days)]


def test_of_a_year_of_nights_seven_days_and_four_weeks_are_kept() -> None:
    kept = sorted(moments_to_keep(made_daily(365)), reverse=True)
    assert [(NOW - at).days for at in kept] == [0, 1, 2, 3, 4, 5, 6, 7, 14, 21], "Sundays end the weeks"


def test_the_newest_of_a_day_is_kept_and_never_more_than_eleven() -> None:
    hourly = [NOW - timedelta(hours=number) for number in range(24 * 60)]
    kept = moments_to_keep(hourly)
    assert NOW in kept
    assert len(kept) <= 11
    assert all(at == NOW or at.hour == 23 for at in kept)


def test_rotation_removes_files_of_ours_alone(tmp_path: Path) -> None:
    for at in made_daily(40):
        backup_path(tmp_path, at, SQLITE).touch()
    strange = [tmp_path / name for name in ("journalclub.db", "journalclub-old.db", "notes.txt")]
    for file in strange:
        file.touch()
    removed = rotate(tmp_path, NOW)
    left = sorted(file.name for file in tmp_path.iterdir())
    assert len(removed) == 40 - 10
    assert {file.name for file in strange} < set(left)
    assert backup_path(tmp_path, NOW, SQLITE).exists()


def test_the_last_backup_of_an_older_schema_is_kept_for_four_weeks(tmp_path: Path) -> None:
    made = made_daily(60)
    for at in made:
        backup_path(tmp_path, at, SQLITE).touch()
    upgraded = NOW - timedelta(days=10)
    names = [backup_path(tmp_path, at, SQLITE).name for at in made if at < upgraded]

    def version(file: Path) -> str:
        return "0001" if file.name in names else "0002"

    rotate(tmp_path, NOW, version)
    assert (tmp_path / names[-1]).exists(), "the newest before the upgrade"
    later = NOW + timedelta(days=60)
    backup_path(tmp_path, later, SQLITE).touch()
    rotate(tmp_path, later, version)
    assert not (tmp_path / names[-1]).exists()


def test_the_newest_key_is_kept_also_where_its_backup_goes(tmp_path: Path) -> None:
    for hours, ending in ((2, SQLITE), (2, KEY), (1, SQLITE), (1, KEY), (0, SQLITE)):
        backup_path(tmp_path, NOW - timedelta(hours=hours), ending).touch()
    rotate(tmp_path, NOW)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "journalclub-20261129T030000Z.key",
        "journalclub-20261129T040000Z.db",
    ]


def test_a_file_that_is_not_whole_never_gets_its_name(tmp_path: Path) -> None:
    target = tmp_path / "out" / "made.db"

    def half() -> None:
        with whole_file(target) as part:
            part.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert list(target.parent.iterdir()) == []
    with whole_file(target) as part:
        part.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert target.stat().st_mode & 0o777 == 0o600
