"""No English is built into the program: a club with another language reads nothing that cannot be translated.

Each declared command is run in a club whose translations are marked, and what is not marked is reported.
"""

from __future__ import annotations

import re
from functools import cache

import pytest

from bot.domain.stream.subjects import PREPRINT_SUBJECTS
from bot.features.registry import all_commands
from bot.latex.reader import latex_to_text
from bot.locale.current import in_language
from bot.sources.recorded_arxiv import recorded_papers
from tests.screens.marked_language import command_words, date_words, foreign_words, marked, marked_german, texts
from tests.screens.rendering import A_DAY, A_MINUTE, SCRIPTS, form_text, open_club, run_line
from tests.sources.stream.recorded import recorded_week

MORE: dict[str, tuple[str, ...]] = {
    "papers": (
        "/paper discuss 1",
        "/paper summary 1",
        "/paper summary 1 view=abstract",
        "/paper top week",
        "/paper title 1 Another",
        "/paper changes 1",
        "/paper similar 1",
        "/my club",
        "/my papers",
        "/my quote 1 words=It holds",
        "/my unquote 1",
        "/my link",
        "/paper report 1 other it is odd",
        "/paper submit not/a/paper:1",
    ),
    "deciding": (
        "/paper report 1 spam",
        "/curate case 1 resolve Thanks",
        "/curate case 1 reopen",
        "/curate case 1 escalate Odd",
        "/curate queue reported",
        "/curate votes 1",
        "/curate votes 1 exclude",
        "/curate post restored",
        "/curate post settle 1",
        "/curate post found 1 https://discord.com/channels/1/2/3",
        "/curate member Ben exclude Odd",
        "/curate pick 1 place=1 theme=Odd",
        "/curate edit 1 title=Other topic=none",
        "/curate merge 2 1",
        "/curate log",
        "/club log",
        "/clubadmin doctor",
        "/clubadmin ping",
        "/clubadmin import - Attention Is All You Need https://arxiv.org/abs/1706.03762",
        "/clubadmin export bibtex",
        "/clubadmin restored",
        "/clubadmin connect",
        "/clubadmin connect K7QMX-2NPRW",
    ),
    "gathering": (
        "/curate meeting plan thu 16:00 paper=1",
        "/club present 1",
        "/club ask Is it known?",
        "/club questions 1",
        "/club upvote 1",
        "/club questions remove=1",
        "/club notes 1 Known",
        "/club notes 1",
        "/curate meeting record 1 agenda=Known 10",
        "/club hand-over Ben",
        "/club offer 1 accept",
        "/club meet 1",
        "/curate log",
    ),
    "publishing": (
        "/edition draft",
        "/edition edit 1",
        "/edition schedule mon 09:00",
        "/edition write headline Known",
        "/edition write themes none",
        "/edition item write 1 why Known",
        "/edition item texts 1 heading=Known",
        "/edition item move 1 2",
        "/edition item add code https://github.com/a/b title=Known",
        "/edition item regenerate 2",
        "/edition item abstract 2",
        "/edition item drop 3",
        "/edition item replace 2 3",
        "/edition item figure 1 number=2",
        "/edition item describe 1 license=own alt=Haus",
        "/edition section picks title=Known place=1",
        "/edition cite title=Known authors=Ada year=2019",
        "/edition credit Known Ada, Ben",
        "/edition chart Known points=votes",
        "/edition quote 1 text=Known",
        "/edition quotes",
        "/edition source 1 Known",
        "/edition import # Known",
        "/edition order 2 1",
        "/edition undo",
        "/edition preview",
        "/edition preview web",
        "/edition preview page=1",
        "/edition approve now",
        A_MINUTE,
        "/digest latest",
        "/digest read 1",
        "/digest list",
        "/edition correct headline Known Known",
        "/edition unname 1 name=Ada",
        "/edition recall edition=1 reason=Known sure=yes",
        "/my data delete sure=yes",
        A_DAY,
    ),
}
"""Lines for the commands that no screen shows."""

OF_STAND_INS = ("may post", "That file is no longer there")
"""Texts of the gateway of the tests."""

SMALL_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "do",
        "for",
        "from",
        "have",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "no",
        "not",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "to",
        "was",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "you",
        "your",
    ]
)
"""English words that show a sentence: they are never allowed, though a command may be called so."""

BEGINNING = 12
"""Letters by which a title is recognized."""

ALL = SCRIPTS | {f"more_{name}": lines for name, lines in MORE.items()}

ALLOWED = frozenset(
    [
        "Ada",
        "Ben",
        "Root",
        "Wall",
        "mods",
        "club",
        "arXiv",
        "medRxiv",
        "UTC",
        "Markdown",
        "RIS",
        "BibTeX",
        "English",
        "Englisch",
        "German",
        "Deutsch",
        "und",
        "first",
        "sentence",
        "JSON",
        "CSL",
        "Slack",
        "Discord",
    ]
)
"""Names, words of formats, and subjects of preprint servers, which are the same in every language."""


@pytest.mark.parametrize("name", ALL)
async def test_nothing_is_shown_that_cannot_be_translated(name: str) -> None:
    assert await untranslated(name) == []


async def untranslated(name: str) -> list[str]:
    """Texts of a script's answers and posts that have words which were not translated."""
    allowed = _allowed()
    found: set[str] = set()
    with marked_german(), in_language("German"):
        async with open_club("German") as club:
            before = len(club.gateway.posts), len(club.gateway.edits), len(club.gateway.direct_messages)
            for line in ALL[name]:
                answer = await run_line(club, line, name.removeprefix("more_"))
                shown = [*texts(answer)] if answer else []
                found |= {f"{line}: {text!r}" for text in shown if foreign_words(_own(text), allowed)}
            posts = [card for _where, card in (*club.gateway.posts[before[0] :], *club.gateway.edits[before[1] :])]
            posts += [card for _person, card in club.gateway.direct_messages[before[2] :]]
            for card in posts:
                found |= {f"a post: {text!r}" for text in texts(card) if foreign_words(_own(text), allowed)}
    return sorted(found)


def test_no_form_has_a_text_that_cannot_be_translated() -> None:
    allowed = (ALLOWED | command_words()) - SMALL_WORDS
    with marked_german(), in_language("German"):
        shown = [(command.name, form_text(command)) for command in all_commands.values()]
    found = {name: foreign_words(text.partition(":")[2], allowed) for name, text in shown}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_command_is_run() -> None:
    lines = [line for script in ALL.values() for line in script]
    names = {all_commands.find(line)[0].name for line in lines if line[0] == "/" and "nonsense" not in line}
    assert set(all_commands) - names == set()


RECORDS = [*recorded_papers(), *(record for _at, record in recorded_week())]


@cache
def _allowed() -> frozenset[str]:
    typed = {word for lines in ALL.values() for line in lines for word in re.findall(r"\w+", line)}
    return (ALLOWED | command_words() | date_words() | typed | _names()) - SMALL_WORDS


@cache
def _phrases() -> tuple[str, ...]:
    """Texts that the scripts type, and subjects of preprints, the longest first; single words are allowed anyway."""
    lines = [line for script in ALL.values() for line in script]
    tails = [line.split(" ", at)[-1] for line in lines for at in range(2, 6)]
    values = [value.split("=")[-1].strip() for value in tails]
    typed = {text for text in (*tails, *values) if not text.isalpha() and len(text) > len("a=b")}
    return tuple(sorted(typed | {*PREPRINT_SUBJECTS["medrxiv"]}, key=len, reverse=True))


def _names() -> frozenset[str]:
    names = (name for record in RECORDS for name in (*record.authors, *record.categories))
    return frozenset(word for name in names for word in re.findall(r"\w+", name))


_BEGINNINGS: dict[str, list[str]] = {}
"""Titles and sentences of abstracts by their first letters."""
for _record in RECORDS:
    _title = latex_to_text(_record.title)
    for _text in (_title, _title.partition(":")[0], *re.split(r"(?<=[.!?]) ", _record.abstract)):
        _BEGINNINGS.setdefault(_text[:BEGINNING], []).append(_text)


def _own(text: str) -> str:
    """The text without titles of papers and sentences of their abstracts, whole or cut short, and shared words."""
    if text in OF_STAND_INS or text in command_words():
        return ""
    text = re.sub(r"“(\w+)”", lambda quoted: " " if quoted[1] in command_words() else quoted[0], text)
    if text.startswith(marked("it shares words (")):
        return text.partition(")")[2]
    for at in range(len(text)):
        for known in _BEGINNINGS.get(text[at : at + BEGINNING], ()):
            end = at + _common(known, text[at:])
            if end - at >= len(known.rstrip(".")) or text[end : end + 1] == "…":
                return _own(f"{text[:at]} {text[end:]}")
    for phrase in _phrases():
        text = text.replace(phrase, " ")
    return text


def _common(one: str, other: str) -> int:
    """Number of letters at the beginning of two texts that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (left, right) in pairs if left != right), min(len(one), len(other)))
