"""A club's week as a script of commands with people and times. The papers are real, announced on arXiv in that week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CLUB = "Thursday Readers"
ZONE = "Europe/Berlin"

PEOPLE = {
    "Katherine": "admin",
    "Barbara": "moderator",
    "Ada": "member",
    "Grace": "member",
    "Alan": "member",
    "Edsger": "member",
}


@dataclass(frozen=True, slots=True)
class ScriptedLine:
    """One line of the script."""

    by: str
    line: str


@dataclass(frozen=True, slots=True)
class ScriptedDay:
    """The lines of a day, from a time on; a few minutes pass between two lines."""

    title: str
    at: datetime
    lines: tuple[ScriptedLine, ...]


def _day(title: str, day: int, hour: int, *lines: tuple[str, str]) -> ScriptedDay:
    return ScriptedDay(
        title, datetime(2025, 10, day, hour, 0, tzinfo=UTC), tuple(ScriptedLine(by, line) for by, line in lines)
    )


SCRIPT = (
    _day(
        "Monday: Katherine opens the club",
        6,
        7,
        ("Katherine", "/clubadmin settings items 6"),
        ("Katherine", "/clubadmin topics add Reasoning"),
        ("Katherine", "/clubadmin topics add Agents"),
    ),
    _day(
        "Tuesday to Thursday: papers come in, by whatever link is at hand",
        9,
        8,
        ("Ada", "/paper submit https://arxiv.org/abs/2510.04871 Seven million parameters. What is all the rest for?"),
        (
            "Grace",
            "/paper submit https://huggingface.co/papers/2510.04618 Prompts that grow with use",
        ),
        ("Alan", "/paper submit https://arxiv.org/pdf/2510.08558v1 Can agents learn before anyone writes a reward?"),
        ("Edsger", "/paper submit doi:10.48550/arXiv.2510.03215 Models that talk without words"),
        ("Ada", "/paper submit arXiv:2510.06557v1 [cs.LG] Reasoning in constant memory"),
        (
            "Grace",
            "/paper submit https://www.alphaxiv.org/abs/2510.06105 What happens when we optimise for likes?",
        ),
        ("Alan", "/paper submit https://ar5iv.labs.arxiv.org/html/2510.05174"),
        ("Edsger", "/paper submit https://papers.cool/arxiv/2510.04871 Does it hold beyond puzzles?"),
        ("Grace", "/paper add-link 1 kind=code url=https://github.com/SamsungSAILMontreal/TinyRecursiveModels"),
        (
            "Alan",
            "/paper submit https://github.com/thinking-machines-lab/tinker-cookbook Tinker: recipes for fine-tuning",
        ),
        (
            "Grace",
            "/digest suggest section=news url=https://www.nobelprize.org/prizes/physics/2025/press-release/ "
            'title="The Nobel Prize in Physics 2025: quantum tunnelling in a circuit one can hold"',
        ),
        ("Ada", "/paper submit https://arxiv.org/abs/2510.99999 a slip of the finger"),
    ),
    _day(
        "Friday: votes, and a discussion",
        10,
        9,
        ("Grace", "/paper vote 1"),
        ("Alan", "/paper vote 1"),
        ("Edsger", "/paper vote 1"),
        ("Ada", "/paper vote 2"),
        ("Alan", "/paper vote 2"),
        ("Ada", "/paper vote 3"),
        ("Grace", "/paper vote 4"),
        ("Ada", "/paper vote 4"),
        ("Edsger", "/paper vote 5"),
        ("Edsger", "/paper skip 6 reason=too far from what we do"),
        ("Grace", "/paper discuss 1"),
        ("Alan", "/paper discuss 1"),
        ("Grace", "/paper why 1"),
        ("Ada", "/paper top"),
    ),
    _day(
        "Sunday: the draft is shown to the moderators; Barbara curates",
        12,
        8,
        ("Barbara", "/curate shortlist 5"),
        (
            "Barbara",
            '/curate pick 1 place=1 theme="Small models, long thoughts" note="Read it next to The Markovian Thinker."',
        ),
        ("Barbara", '/curate pick 5 theme="Small models, long thoughts"'),
        ("Barbara", '/curate pick 3 theme="Agents that learn by doing"'),
        ("Barbara", '/curate hold 7 reason="nobody has read it yet"'),
        ("Barbara", "/edition draft"),
        ("Barbara", "/edition preview"),
        ("Barbara", "/edition approve"),
    ),
)

DUE = datetime(2025, 10, 13, 7, 0, 30, tzinfo=UTC)
"""Time at which the edition has been due for half a minute: Monday, 09:00 in the club's zone."""

AFTERWARDS = ScriptedDay(
    "Later that morning: papers for the next edition come in",
    DUE,
    (
        ScriptedLine("Grace", "/paper submit https://arxiv.org/abs/2510.08308 Is the first answer the best one?"),
        ScriptedLine("Alan", "/paper submit https://arxiv.org/abs/2510.07358 Thinking longer inside the layers"),
        ScriptedLine("Edsger", "/paper vote 2510.08308"),
        ScriptedLine("Barbara", "/paper vote 2510.08308"),
        ScriptedLine("Grace", "/paper vote 2510.07358"),
    ),
)
"""Lines after the edition, so that whoever joins the club finds papers to vote for."""

ENDED = DUE + timedelta(minutes=45)
"""Time of the club's clock when the story has ended."""
