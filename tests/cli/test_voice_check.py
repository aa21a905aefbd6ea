"""The check of the words that people read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.voice_check import CHECKED, EXCEPTIONS, ROOT, check_files, check_source, check_words


@pytest.mark.parametrize(
    "sentence",
    [
        "It is so already",
        "That did not work",
        "Draft it anew",
        "Mend the channel, then try again",
        "Bring a paper: ",
        "What stands in the paper",
        "There is no edition in the making.",
        "Nobody knows whether it was posted",
    ],
)
def test_a_word_of_the_list_is_found_in_what_people_read(sentence: str) -> None:
    (found,) = check_source(f"x = 1\nraise UserError({sentence!r})\n", "bot/features/a.py")
    assert (found.path, found.line) == ("bot/features/a.py", 2)
    assert found.words.lower() in sentence.lower()


def test_the_pieces_of_a_formatted_sentence_are_read_and_the_help_of_a_command() -> None:
    assert [found.words for found in check_source('say = f"{name} was brought by {who}"')] == ["brought"]
    command = '@commands("x")\ndef x():\n    """Draw it anew."""\n'
    assert [found.words for found in check_source(command)] == ["anew"]


def test_what_nobody_reads_is_not_checked() -> None:
    quiet = (
        '"""Written anew."""\nkey = "brought"\nlog.info("the club was brought back %s", 1)\ndef x():\n    """Anew."""\n'
    )
    assert not list(check_source(quiet))


@pytest.mark.parametrize(
    "sentence",
    [
        "The club's list",
        "Its licence is missing.",
        "It is picked already.",
        "That post is in doubt",
        "arXiv knows no paper `{id}`.",
        "That is no file on Slack.",
        "List the meetings to come",
    ],
)
def test_the_catalogue_has_one_word_for_a_thing(sentence: str) -> None:
    assert len(list(check_words("bot/features/a.py", sentence))) == 1


def test_what_is_typed_and_what_is_filled_in_is_not_checked_in_the_catalogue() -> None:
    assert not list(check_words("bot/features/a.py", "Give `doubtful=post` or `it's so` for {doubtful}."))


def test_the_check_reads_the_files_it_names(tmp_path: Path) -> None:
    assert all((ROOT / name).exists() for name in (*CHECKED, *EXCEPTIONS))
    module = tmp_path / "adapters" / "new.py"
    module.parent.mkdir()
    module.write_text('say("Drawn anew")\n', encoding="utf-8")
    assert [found.path for found in check_files(tmp_path)] == ["adapters/new.py"]
