"""Builds an edition like a real one with moderators' commands only; its texts are invented, its facts are real.

`the_five.json` contains these facts: titles, ids, links, kinds, sections, order, authors, and the blocks of each text
as codes: `p` a paragraph, `q` a quote (`q:4.1` from that section), `r` a note, `h` a subheading, `u3` and `n3` lists,
`f` a figure and `F` one with a credit, `c` a code block, `v` a related video, `w:id:title` a related work; `p@2` cites
the second of the cited works.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from bot.app import Requester, RequestKind
from bot.chat.cards import Card
from bot.chat.command import Audience
from bot.chat.gateway import Location
from bot.dispatch import answer
from bot.editions.model.document import Document
from bot.sources.recorded_arxiv import recorded_papers
from tests.features.conversation import set_moderators_channel, submit_papers
from tests.features.edition_steps import document_of
from tests.stand_ins import Harness

FIVE: list[dict[str, Any]] = json.loads((Path(__file__).parent / "the_five.json").read_text("utf-8"))
ABSTRACTS = {record.arxiv_id: " ".join(record.abstract.split()) for record in recorded_papers()}
TITLES = {record.arxiv_id: " ".join(record.title.split()) for record in recorded_papers()}

MEMBER_COMMENT = "It is a plain idea, told in plain words; what it costs is said, and what it cannot do is not hidden."
POST = (
    "We began with a question that nobody on the team could answer. The first attempt failed within a day. "
    "What we changed afterwards was small and easy to explain. Everything that follows was measured twice. "
    "A reader can repeat all of it on one machine. The last step is the one that most people leave out. "
    "None of this was obvious when we began."
)
"""An invented post, as the source of quotes for items that are not papers."""


@dataclass
class Builder:
    """Sends a moderator's commands until the draft is complete."""

    club: Harness
    edition: dict[str, Any]
    numbers: list[int] = field(default_factory=list)
    """Reference numbers of the cited works, as reported by the bot."""

    async def build(self) -> Document:
        self.club.clock.at = datetime.fromisoformat(self.edition["day"]).replace(hour=9, tzinfo=UTC)
        await set_moderators_channel(self.club)
        await self._rule("template", self.edition["template"])
        await self._rule("cadence", self.edition["cadence"])
        await self._rule("items", "30")
        await self._rule("writer", "abstract")
        await self._pick_papers()
        await self._command("/edition draft")
        for work in self.edition.get("cited", ()):
            await self._cite(work)
        await self._head()
        for section in self.edition["sections"]:
            for place, item in enumerate(section["items"], 1):
                await self._item(section, place, item)
            if section.get("intro"):
                await self._command(f'/edition section "{section["title"]}" intro="What follows is our choice."')
        return await document_of(self.club)

    async def _command(self, line: str) -> Card:
        """Send a command as the moderator and assert that it succeeds. Posts are sent when everything is built."""
        app = self.club.app
        command, call = app.commands.find(line)
        who = Requester("mo", "Mo", manages=command.audience is Audience.ADMIN, moderates=True)
        *_, last = [given async for given in answer(app, call, who, Location("wall", "W1", "mods"), RequestKind.TYPED)]
        assert not last.failed, (line, last.card)
        return last.card

    async def _rule(self, key: str, value: str) -> None:
        await self._command(f"/clubadmin settings {key} {value}")

    async def _pick_papers(self) -> None:
        """Members submit the papers, and the moderator picks them with their themes, in order."""
        place = 0
        for section in self.edition["sections"]:
            for item in section["items"]:
                if "arxiv" not in item or item.get("pick"):
                    continue
                place += 1
                await submit_papers(self.club, ("Ada", "Ben", "Cy")[place % 3], item["arxiv"])
                for kind, url in item.get("links", {}).items():
                    await self._command(f"/paper add-link {place} {kind.replace('colab', 'demo')} {url}")
                await self._command(f'/curate pick {place} {place} theme="{section["title"]}"')

    async def _cite(self, work: list[Any]) -> None:
        title, *rest = work
        line = f'/edition cite title="{title}" authors="{rest[0]}" year={rest[1]}' if rest else ""
        said = await self._command(line or f"/edition cite {title}")
        found = re.match(r"\[(\d+)\]", said.title)
        assert found
        self.numbers.append(int(found[1]))

    async def _head(self) -> None:
        edition = self.edition
        await self._write("title", edition["title"])
        if edition.get("headline"):
            await self._write("headline", edition["headline"])
        if edition.get("letter"):
            await self._write("letter", "\n\n".join(["Dear readers,", *[MEMBER_COMMENT] * edition["letter"]]))
        for part in ("signed", "video", "selected"):
            if edition.get(part):
                await self._write(part, edition[part])
        await self._write("themes", "\n".join(edition["themes"]) or "none")
        if edition.get("signoff"):
            await self._write("sign-off", "That is all for this time. *See you at the next one!*")
        for role, names in edition.get("credits", {}).items():
            await self._command(f'/edition credit "{role}" {names}')
        for title, points, unit in edition.get("charts", ()):
            await self._command(f'/edition chart "{title}" points="{points}" unit={unit} alt="It grows."')

    async def _write(self, part: str, text: str) -> None:
        await self._command(f'/edition write {part} text="{text}"')

    async def _item(self, section: dict[str, Any], place: int, item: dict[str, Any]) -> None:
        """Build one item: add it if members did not submit it, then write its texts."""
        meant = item["title"]
        why = self._prose(str(item["why"])) if item.get("why") else ""
        brought = "arxiv" in item and not item.get("pick")
        if not brought:
            link = item.get("arxiv") or item.get("url", "")
            title = "" if item.get("arxiv") else f' title="{item["title"]}"'
            said = f' why="{why}"' if why else ""
            where = section["title"] if section["kind"] == "theme" else section["kind"]
            url = f" url={link}" if link else ""
            await self._command(f'/edition item add {item["kind"]}{url}{title}{said} section="{where}" place={place}')
        else:
            if TITLES[item["arxiv"]] != meant:
                await self._reword(TITLES[item["arxiv"]], "heading", meant)
            if why:
                await self._reword(meant, "why", why)
            if item.get("insights"):
                await self._reword(meant, "insights", self._typed(item["insights"], item))
        if item.get("authors"):
            await self._reword(meant, "authors", item["authors"])
        if item.get("passages") and item.get("arxiv") is None and "q" in item["passages"]:
            first = POST.split(". ", 1)[0]
            await self._command(f'/edition quote "{meant}" text="{first}" section="the post" source="{POST}"')
        if brought or item.get("passages"):
            await self._reword(meant, "passages", self._typed(item.get("passages", ""), item))

    async def _reword(self, item: str, part: str, text: str) -> None:
        await self._command(f'/edition item write "{item}" {part} text="{text}"')

    # Texts, block by block

    def _typed(self, shape: str, item: dict[str, Any]) -> str:
        quotes = iter(quotable(ABSTRACTS.get(item.get("arxiv", ""), POST)))
        return "\n\n".join(self._piece(code, item, quotes) for code in codes(shape)) or "none"

    def _piece(self, code: str, item: dict[str, Any], quotes: Any) -> str:
        kind, _, rest = code.partition(":")
        match kind[0]:
            case "q":
                said = next(quotes)
                where = f"section {rest}" if rest[:1].isdigit() else rest
                return f"> {said}" + (f"\n> — {where}" if rest else "")
            case "r":
                return "→ Look at this twice; it is *not* what it seems."
            case "v":
                return "→ [A video of ours](https://youtu.be/explained) tells the idea behind it."
            case "w":
                id, _, title = rest.partition(":")
                return f"→ [{title}](https://arxiv.org/abs/{id}) belongs beside it."
            case "h":
                return "# What they propose"
            case "u" | "n":
                marks = (f"{n}." if kind[0] == "n" else "-" for n in range(1, int(kind[1:]) + 1))
                return "\n".join(f"{mark} a step that is one of several" for mark in marks)
            case "f" | "F":
                credit = f" | Source: [arXiv](https://arxiv.org/pdf/{item['arxiv']}.pdf)" if kind[0] == "F" else ""
                return (
                    f"![Boxes and arrows](https://example.org/figures/{item.get('arxiv', 'x')}.png) As shown.{credit}"
                )
            case "c":
                return "```\nmodel = load('a/name')\nmodel.run()\n```"
            case _:
                return self._prose(code)

    def _prose(self, code: str) -> str:
        cites = "".join(f" [{self.numbers[int(n) - 1]}]" for n in code.split("@")[1:])
        return f"{MEMBER_COMMENT}{cites}"


def codes(shape: str) -> list[str]:
    """The codes of a text; the value after a colon may contain spaces."""
    return re.findall(r"(?:q|w):.*?(?=\s(?:[qrhvwfFcp](?:[\s:@]|$)|[un]\d)|$)|\S+", shape)


def quotable(text: str) -> list[str]:
    """Parts of a text that can each be quoted once: its sentences, then the beginnings of those."""
    whole = [one for one in re.split(r"(?<=[.?!])\s+", text) if len(one) > 30 and "$" not in one and '"' not in one]
    begun = [" ".join(islice(one.split(), 6)) for one in whole]
    return [*whole, *(one for one in begun if len(one) > 20 and one not in whole)]
