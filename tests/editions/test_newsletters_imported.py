"""The five newsletters again, each written as Markdown and imported: at most ten commands."""

from __future__ import annotations

from typing import Any

import pytest

from bot.editions.model.document import Document
from bot.editions.render import markdown
from tests.editions.building import FIVE, MEMBER_COMMENT, Builder
from tests.editions.test_newsletters_by_commands import kinds_of, shape
from tests.features.conversation import set_moderators_channel
from tests.features.edition_steps import document_of, say_as_moderator
from tests.stand_ins import Harness

MAX_COMMANDS = 10


def written(edition: dict[str, Any], builder: Builder) -> str:
    """The newsletter as its author would write it in Markdown."""
    pieces = [f"# {edition['title']}"]
    if edition.get("letter"):
        pieces += ["Dear readers,", *[MEMBER_COMMENT] * edition["letter"]]
    if edition.get("signed"):
        pieces.append(f"— {edition['signed']}")
    if edition["themes"]:
        pieces += ["## Major themes", "\n".join(f"• {theme}" for theme in edition["themes"])]
    for section in edition["sections"]:
        pieces.append(f"## {section['title']}")
        pieces += ["What follows is our choice."] if section.get("intro") else []
        for item in section["items"]:
            pieces += _item(item, builder)
    if edition.get("cited"):
        works = [work[0] if len(work) == 1 else f"{work[1]}. {work[0]}. {work[2]}" for work in edition["cited"]]
        pieces += ["## References", "\n".join(f"[{n}] {work}" for n, work in enumerate(works, 1))]
    return "\n\n".join(pieces)


def _item(item: dict[str, Any], builder: Builder) -> list[str]:
    url = f"https://arxiv.org/abs/{item['arxiv']}" if "arxiv" in item else item.get("url", "")
    pieces = [f"### [{item['title']}]({url})" if url else f"### {item['title']}"]
    pieces += [f"{kind.capitalize()}: {link}" for kind, link in item.get("links", {}).items()]
    if item.get("why"):
        pieces.append(f"**Why** → {MEMBER_COMMENT}" if "arxiv" in item else MEMBER_COMMENT)
    if item.get("insights"):
        pieces += ["**Key insights** →", _typed(item["insights"], item, builder)]
    if item.get("passages"):
        pieces.append(_typed(item["passages"], item, builder))
    return pieces


def _typed(text: str, item: dict[str, Any], builder: Builder) -> str:
    return builder._typed(text, item).replace("# What", "#### What")


@pytest.mark.slow
@pytest.mark.parametrize("edition", FIVE, ids=[edition["day"] for edition in FIVE])
async def test_a_newsletter_is_imported_with_few_commands(club: Harness, edition: dict[str, Any]) -> None:
    builder = Builder(club, edition, numbers=list(range(1, 50)))
    await set_moderators_channel(club)
    club.gateway.files["newsletter.md"] = written(edition, builder).encode()
    commands = [
        f"/clubadmin settings template {edition['template']}",
        f"/clubadmin settings cadence {edition['cadence']}",
        "/edition import newsletter.md",
        "/edition import newsletter.md sure=yes",
    ]
    parts = [part for part in ("headline", "video", "selected") if edition.get(part)]
    commands += [f'/edition write {part} text="{edition[part]}"' for part in parts]
    if not edition["themes"]:
        commands.append("/edition write themes none")
    assert len(commands) <= MAX_COMMANDS
    for line in commands:
        await builder._command(line) if line.startswith("/clubadmin") else await say_as_moderator(club, line)
    made = await document_of(club)
    assert_nothing_is_lost(made, edition)


def assert_nothing_is_lost(made: Document, edition: dict[str, Any]) -> None:
    """Assert that every section, item and block is there in its order."""
    assert made.title == edition["title"]
    assert [theme.line for theme in made.themes] == edition["themes"]
    assert (made.letter.by if made.letter else "") == edition.get("signed", "")
    assert (len(made.letter.blocks) if made.letter else 0) == (edition["letter"] + 1 if edition.get("letter") else 0)
    assert [s.title for s in made.sections] == [s["title"] for s in edition["sections"]]
    wanted = [item for section in edition["sections"] for item in section["items"]]
    assert [item.title for item in made.items] == [item["title"] for item in wanted]
    for item, facts in zip(made.items, wanted, strict=True):
        if "arxiv" in facts:
            assert item.key == f"arxiv:{facts['arxiv']}"
            assert item.authors, "the source was asked"
        assert {badge.url for badge in item.badges} == set(facts.get("links", {}).values())
        assert bool(item.why) == bool(facts.get("why"))
        assert [shape(b) for b in item.blocks] == kinds_of(f"{facts.get('insights', '')} {facts.get('passages', '')}")
    exported = markdown.render(made)
    assert all(item["title"].split("*")[0].split("_")[0][:20] in exported for item in wanted)
