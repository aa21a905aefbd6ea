"""Rendering of a scripted club's answers, refusals, forms and cards as text.

`python -m tests.screens` writes the files; a test compares them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.console.render import TerminalStyle, render
from bot.chat.cards import Card
from bot.chat.command import Command
from bot.chat.error_cards import error_card_of
from bot.domain.stream.source_kinds import StreamSourceKind
from bot.errors import UserError
from bot.features.registry import all_commands
from bot.locale.current import _, in_language
from bot.runtime.stream_worker import StreamWorker
from bot.sources.stream.arxiv_listing import ArxivStreamReader
from tests.features.edition_steps import set_up_week
from tests.sources.stream.recorded import RecordedListing
from tests.stand_ins import Harness, open_harness

FOLDER = Path(__file__).parent
STYLE = TerminalStyle()

GERMAN_SCRIPTS = ("papers", "members", "choosing", "moderation", "editions", "meetings", "admin")
"""Scripts that are rendered in German too."""

A_MINUTE, A_DAY = "a minute passes", "a day passes"
"""Lines of a script after which the sources are read."""

SCRIPTS: dict[str, tuple[str, ...]] = {
    "papers": (
        "/paper show 1",
        "/paper vote 1",
        "/paper vote 1 back=yes",
        "/paper why 2",
        "/paper top",
        "/paper top topic=Nope",
        "/paper find attention",
        "/paper find zzzz",
        "/paper skip 3",
        "/paper cite 1",
        "/paper submit 1706.03762",
        "/paper submit 2501.99999",
        "/paper submit javascript:alert(1)",
        "/paper withdraw 3",
        "/paper vote 99",
        "/paper report 1 spam",
        "/paper add-link 1 code https://github.com/a/b",
        "/paper add-link 1 code https://github.com/a/b",
    ),
    "choosing": (
        "/club nominate 1 why=it began here",
        "/club nominate 1",
        "/club nominate 2",
        "/club nominate 99",
        "/club ballot",
        "/curate ballot",
        "/curate ballot open until=thu 16:00",
        "/curate ballot open",
        "/club ballot",
        "/club choose 2",
        "/club choose 2",
        "/club choose 9",
        "/club choose none",
        "/curate ballot count",
        "/curate ballot move until=fri 12:00",
        "/curate ballot top",
        "/curate ballot cancel",
        "/club choose 2",
        "/curate ballot top",
        "/curate ballot recount",
        "/curate ballot cancel",
        "/paper ask 1 Which BLEU score does it reach on English-to-French translation?",
        "/paper ask 1 Which hospital took part in the trial?",
        "/paper ask 1 ?",
    ),
    "members": (
        "/help",
        "/help paper submit",
        "/help nonsense",
        "/my home",
        "/my votes",
        "/my follow keyword graph",
        "/my follow keyword graph",
        "/my follows",
        "/my unfollow keyword graph",
        "/my save 1",
        "/my save 1",
        "/my note 1 lemma 3",
        "/my list",
        "/my done 1",
        "/my prefs",
        "/my quote 1",
        "/my quotes",
        "/my data",
        "/my data delete",
        "/my unlink",
    ),
    "moderation": (
        "/curate queue",
        "/curate show 1",
        "/curate shortlist 1",
        "/curate shortlist 1",
        "/curate pick 1",
        "/curate pick 1",
        "/curate unpick 1",
        "/curate hold 3",
        "/curate drop 3 off topic",
        "/curate restore 3",
        "/curate merge 2 1",
        "/curate edit 1",
        "/curate member Ben",
        "/curate member Ben note asked twice for the same paper",
        "/curate member Ben pause days=3 reason=too many papers that are off topic",
        "/curate member Ben resume",
        "/curate case 9",
        "/curate log",
        "/club log",
    ),
    "editions": (
        "/edition edit",
        "/edition draft",
        "/edition preview",
        "/edition edit",
        "/edition undo",
        "/edition approve",
        "/edition unapprove",
        "/edition skip",
        "/digest latest",
        "/digest list",
        "/digest read 7",
        "/digest suggest news",
    ),
    "meetings": (
        "/club meet",
        "/club meetings",
        "/curate meeting plan every second Thursday 16:00 place=Library size=1 paper=1",
        "/club meet",
        "/club rsvp yes",
        "/club rsvp yes",
        "/club rsvp no 99",
        "/club present",
        "/club present history",
        "/club hand-over Ben",
        "/club present 1 release",
        "/club present 1 ask",
        "/club calendar",
        "/curate meeting edit 1 title=Transformers",
        "/curate meeting edit 1",
        "/curate meeting move 1 2025-12-05 16:00",
        "/curate meeting move 1 2025-12-05 16:00",
        "/curate meeting move 2 first Monday 17:30 series=yes",
        "/curate meeting holidays 2026-01-05",
        "/curate meeting cancel 1 The room is closed",
        "/club meet 1",
        "/curate meeting restore 1",
        "/curate meeting cancel 1 series=yes",
        "/club meetings past",
    ),
    "stream": (
        "/curate candidates",
        "/clubadmin sources",
        "/clubadmin sources add cs.CLL",
        "/clubadmin sources add medrxiv:dogs",
        "/clubadmin sources add 1234-5678",
        "/clubadmin sources add ftp://example.org/feed",
        "/clubadmin sources add huggingface",
        "/clubadmin sources add cs.CL",
        "/clubadmin sources add cs.CL",
        "/clubadmin sources test cs.LG",
        "/clubadmin sources exclude cs.CL words=survey, benchmark",
        "/clubadmin sources exclude words=none",
        "/clubadmin sources exclude",
        A_MINUTE,
        "/clubadmin sources",
        "/curate candidates",
        "/curate candidates more 1",
        "/curate candidates more 1",
        "/curate candidates less 3",
        "/curate candidates undo 3",
        "/curate candidates dismiss 99999",
        A_DAY,
        "/curate candidates page=2",
        "/curate candidates page=99",
        "/paper find memory agents scope=new",
        "/paper find zzzz scope=new",
        "/paper find scope=new category=cs.CL since=2025-11-01 until=2026-12-31",
        "/paper find memory scope=new category=math.CO",
        "/paper find memory category=cs.CL",
        "/clubadmin sources remove cs.CL",
        "/clubadmin sources remove cs.CL",
    ),
    "admin": (
        "/clubadmin setup",
        "/clubadmin channels",
        "/clubadmin settings items 8",
        "/clubadmin settings items 8",
        "/clubadmin settings itmes 8",
        "/clubadmin roles",
        "/clubadmin topics",
        "/clubadmin topics add NLP",
        "/clubadmin topics add NLP",
        "/clubadmin pause",
        "/clubadmin pause",
        "/clubadmin resume",
        "/clubadmin resume",
        "/clubadmin test",
        "/clubadmin runs",
        "/clubadmin disconnect",
        "/clubadmin nonsense",
    ),
}
"""File name, and the lines that one person types in it, as an admin except in the first two files."""


def form_text(command: Command) -> str:
    """A command's form: its title, its help, and the label, hint and options of each field."""
    lines = [f"{command.title if command.params else 'No form'} (/{command.name}): {_(command.summary)}"]
    for param in command.form_parameters({}, here=False):
        choices = f" [{' | '.join(param.option(value) for value in param.values)}]" if param.values else ""
        lines.append(f"  {param.title}{f': {param.help_text}' if param.help_text else ''}{choices}")
    return "\n".join(lines)


async def screens() -> dict[str, str]:
    """Text of each file, by name."""
    found = {"forms": "\n\n".join(form_text(command) for command in all_commands.values())}
    for name, lines in SCRIPTS.items():
        async with open_club() as club:
            found[name] = "\n\n".join([await _screen(club, line, name) for line in lines])
    with in_language("German"):
        found["german_forms"] = "\n\n".join(form_text(command) for command in all_commands.values())
    for name in GERMAN_SCRIPTS:
        with in_language("German"):
            async with open_club("German") as club:
                found[f"german_{name}"] = "\n\n".join([await _screen(club, line, name) for line in SCRIPTS[name]])
    return {name: f"{text}\n" for name, text in found.items()}


@asynccontextmanager
async def open_club(language: str = "") -> AsyncIterator[Harness]:
    """A club with a week of papers, with recorded sources, in a language."""
    with TemporaryDirectory() as folder:
        async with open_harness(Path(folder)) as club:
            await set_up_week(club)
            if language:
                assert not (await club.say("Ada", f"/clubadmin settings language {language}", admin=True)).failed
            reader = ArxivStreamReader(RecordedListing(club.clock))
            club.change(stream_readers={StreamSourceKind.ARXIV: reader})
            yield club


async def _screen(club: Harness, line: str, script: str) -> str:
    answer = await run_line(club, line, script)
    if answer is None:
        return f"({line})"
    return f"> {line}\n{render(answer, STYLE)}"


async def run_line(club: Harness, line: str, script: str) -> Card | None:
    """Run a line of a script. Returns its answer, or the card of a refusal; None for a line about time."""
    trusted = script not in ("papers", "members")
    if line in (A_MINUTE, A_DAY):
        club.clock.advance(minutes=1) if line == A_MINUTE else club.clock.advance(days=1)
        await StreamWorker(club.app).round()
        return None
    try:
        return (await club.say("Ada", line, admin=trusted)).card
    except UserError as error:
        return error_card_of(error)
