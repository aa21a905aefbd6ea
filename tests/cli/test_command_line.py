"""Mistakes on the command line: one sentence each, with what was perhaps meant, and code 2."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from bot.__main__ import entry

MISTAKES = {
    "rn": "there is no command “rn”. Did you mean run?",
    "frobnicate": "there is no command “frobnicate”. There is: demo, console,",
    "--env-file x.env setup": "there is no option --env-file. A command’s own options come after the command.",
    "--versoin": "there is no option --versoin. Did you mean --version?",
    "run --foo": "there is no option --foo. `journalclub run --help` says more.",
    "export papers.bib --fomat=bibtex": "there is no option --fomat=bibtex. Did you mean --format?",
    "export papers.bib --format bibtx": "--format cannot be “bibtx”. Did you mean bibtex?",
    "model tst": "there is no “tst”. Did you mean test?",
    "run now": "“now” is one word too many.",
    "restore": "FILE is missing: `journalclub restore FILE`.",
    "backup --passphrase-file x": "FOLDER is missing: `journalclub backup FOLDER`.",
    "copy": "--to is missing: `journalclub copy --to URL`.",
    "model": "a word is missing: test, as in `journalclub model test`.",
    "invite": "a word is missing: discord, as in `journalclub invite discord`.",
    "archive": "a word is missing: export or publish, as in `journalclub archive export`.",
    "purge seven": "club must be a number, not “seven”.",
    "copy --to": "--to needs a value.",
    "console --as ''": "--as: give a name.",
    "doctor --onl": "there is no option --onl. Did you mean --online?",
}


@pytest.mark.parametrize("typed", MISTAKES)
def test_a_mistake_is_told_in_one_line(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        entry(shlex.split(typed))
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    assert err.startswith(f"journalclub: {MISTAKES[typed]}")


@pytest.mark.parametrize(
    "typed",
    ["demo --folder {file}/demo", "demo --folder {file}", "backup {file}", "backup {file}/b", "restore {folder} --sure",
     "copy --to sqlite:///{file}/x.db"],
)  # fmt: skip
def test_a_place_that_cannot_be_used_is_told_in_one_line(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SystemExit) as ended:
        entry(shlex.split(typed.format(file=tmp_path / "file", folder=tmp_path)))
    out, err = capsys.readouterr()
    assert (ended.value.code, err.count("\n")) == (2, 1), out + err
    assert str(tmp_path) in err
    assert "JOURNALCLUB_" not in err
