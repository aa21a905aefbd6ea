"""States and kinds: strings in columns, enum members in code, and no other values."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import StatementError

from bot.domain.models import DeliveryKind, DeliveryState, Room, Submission, SubmissionState, Table
from bot.domain.models.base import StoredEnum, StoredLiteral
from bot.store import Store
from tests.store.papers.test_votes import NOW, founded

ROOT = Path(__file__).parents[2]
ENUMS = {
    f"{table.name}.{column.name}": column.type.members
    for table in Table.metadata.tables.values()
    for column in table.columns
    if isinstance(column.type, StoredEnum)
}


def test_every_state_and_kind_is_mapped() -> None:
    plain = {
        f"{table.name}.{column.name}"
        for table in Table.metadata.tables.values()
        for column in table.columns
        if column.name in ("state", "stance", "role", "kind", "purpose", "section", "how", "what")
        and not isinstance(column.type, StoredEnum | StoredLiteral)
    }
    assert plain == {"install_visit.state", "suggestion.kind"}, "a hash, and what a link is, which may be nothing"


def test_the_columns_are_plain_text_without_a_length() -> None:
    for table in Table.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, StoredEnum | StoredLiteral):
                assert str(column.type.compile()) == "VARCHAR", f"{table.name}.{column.name}"


async def test_an_enum_member_is_stored_as_its_value_and_read_back(store: Store) -> None:
    club, _, _ = await founded(store)
    async with store.admin_session() as admin:
        await admin.directory.join(club, "wall", "W1", "")
    async with store.begin(club.id) as db:
        room = await db.rooms.assign(1, "papers", "papers", "papers")
        for kind in DeliveryKind:
            await db.deliveries.plan(kind, 1, room, NOW, card={})
    async with store.read(club.id) as db:
        found = [row for kind in DeliveryKind for row in await db.deliveries.by_subject(kind, 1)]
        assert [row.kind for row in found] == list(DeliveryKind), "each is found by its own kind alone"
        assert {row.state for row in found} == {DeliveryState.READY}
        stored = (await db._session.execute(text("SELECT kind, state FROM delivery"))).all()
        assert sorted(tuple(row) for row in stored) == sorted((kind.value, "ready") for kind in DeliveryKind)


async def test_a_misspelled_state_is_refused(store: Store) -> None:
    club, _, papers = await founded(store)
    async with store.begin(club.id) as db:
        row = await db.submissions.get(papers[0].id, lock=True)
        assert row is not None
        assert row.state is SubmissionState.NEW
        row.state = "nwe"  # type: ignore[assignment] # what mypy refuses too
        with pytest.raises(StatementError, match="'nwe' is not a valid SubmissionState"):
            await db._session.flush()
        await db._session.rollback()
    async with store.read(club.id) as db:
        with pytest.raises(StatementError, match="'nwe'"):
            await db._session.execute(select(Submission.id).where(Submission.state == "nwe"))


async def test_an_unknown_state_in_the_database_raises(store: Store) -> None:
    club, _, _ = await founded(store)
    async with store.begin(club.id) as db:
        await db._session.execute(text("UPDATE submission SET state = 'lost'"))
        with pytest.raises(ValueError, match="'lost'"):
            await db._session.execute(select(Submission.state))
        await db._session.execute(text("UPDATE submission SET state = 'new'"))


async def test_a_value_outside_a_literal_is_refused(store: Store) -> None:
    club, _, _ = await founded(store)
    async with store.begin(club.id) as db:
        with pytest.raises(StatementError, match="'paper' is none of: papers, digest, moderators, visit"):
            await db._session.execute(insert(Room).values(club_id=club.id, workspace_id=1, purpose="paper"))


def test_no_source_compares_a_state_with_a_string() -> None:
    """mypy refuses a misspelled enum member, but not a misspelled string."""
    states = {member.value for members in set(ENUMS.values()) for member in members}
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word}"
        for folder in ("bot", "adapters")
        for path in (ROOT / folder).rglob("*.py")
        for line, word in bare_strings(ast.parse(path.read_text()))
        if word in states
    ]
    assert found == []


def bare_strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Strings that a state or a stance is compared with or set to, with their lines."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, comparators=others) if any(map(_is_state, (left, *others))):
                yield from _words(left, *others)
            case ast.Assign(targets=targets, value=value) if any(_is_state(one) for at in targets for one in _each(at)):
                yield from _words(*[v for at in targets for v in _set(at, value)])
            case ast.keyword(arg="state" | "stance", value=value):
                yield from _words(value)
            case ast.Call(func=ast.Attribute(value=on, attr="in_" | "not_in"), args=args) if _is_state(on):
                yield from _words(*args)


def _is_state(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("state", "stance")


def _each(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def _set(target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    """Values that states are set to in one assignment of several."""
    values = _each(value)
    for at, one in enumerate(_each(target)):
        if _is_state(one) and at < len(values):
            yield values[at]


def _words(*nodes: ast.expr) -> Iterator[tuple[int, str]]:
    for node in nodes:
        for inner in node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]:
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.lineno, inner.value


def test_the_search_for_strings_finds_them() -> None:
    lines = (
        "edition.state == 'draft'",
        "slot.state, slot.why = 'done', 'nothing'",
        "settle(1, state='sent')",
        "Edition.state.in_(('draft', 'approved'))",
    )
    assert [[word for _, word in bare_strings(ast.parse(line))] for line in lines] == [
        ["draft"],
        ["done"],
        ["sent"],
        ["draft", "approved"],
    ]
    assert list(bare_strings(ast.parse("slot.why == 'done'"))) == []
