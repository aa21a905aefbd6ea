"""Who is asking: the club of a workspace, the member of an account, and the roles that are granted to its ids."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import inspect

from bot.domain.links.identify import SiteKind
from bot.domain.models import MemberRole, Submission
from bot.store import Store
from bot.store.admin.identity import Identity

NOW = datetime(2025, 12, 1, 9, 0, tzinfo=UTC)


async def found_club(store: Store, workspace: str) -> int:
    async with store.admin_session() as admin:
        club = await admin.directory.create_club(f"Club of {workspace}", "UTC", NOW)
        await admin.directory.join(club, "slack", workspace, workspace)
    return club.id


async def identify(store: Store, workspace: str, person: str, *roles: str, thread: str = "") -> Identity:
    found = await store.identify("slack", workspace, person, roles, thread)
    assert found is not None
    return found


async def test_a_person_of_another_club_with_the_same_id_is_somebody_else(store: Store) -> None:
    one, two = await found_club(store, "W1"), await found_club(store, "W2")
    async with store.begin(one) as db:
        ada = await db.members.get_or_create("slack", "U1", "Ada", "W1", NOW)
        await db.roles.grant("slack", "U1", MemberRole.MODERATOR, "Ada")
    here, there = await identify(store, "W1", "U1"), await identify(store, "W2", "U1")
    assert here.club.id == one
    assert here.member is not None
    assert (here.member.id, here.account_name, here.granted_roles) == (ada.id, "Ada", frozenset({MemberRole.MODERATOR}))
    assert there.club.id == two
    assert (there.member, there.account_name, there.granted_roles) == (None, "", frozenset())
    assert await store.identify("slack", "W3", "U1") is None
    assert await store.identify("discord", "W1", "U1") is None


async def test_a_role_is_granted_to_whole_ids_alone(store: Store) -> None:
    club = await found_club(store, "W1")
    async with store.begin(club) as db:
        await db.roles.grant("slack", "S12", MemberRole.MODERATOR, "readers")
        await db.roles.grant("slack", "S_", MemberRole.ADMIN, "like any letter")
        await db.roles.grant("discord", "S9", MemberRole.ADMIN, "another platform")
    assert (await identify(store, "W1", "U1", "S12")).granted_roles == frozenset({MemberRole.MODERATOR})
    for role in ("S1", "S123", "12", "SX", "S9"):
        assert (await identify(store, "W1", "U1", role)).granted_roles == frozenset(), role


async def test_the_thread_of_a_paper_is_known_in_its_workspace_alone(store: Store) -> None:
    one, two = await found_club(store, "W1"), await found_club(store, "W2")
    async with store.begin(one) as db:
        ada = await db.members.get_or_create("slack", "U1", "Ada", "W1", NOW)
        paper = await db.papers.get_or_create_own("web:1", "https://example.org", SiteKind.BLOG, "Post", now=NOW)
        submission = await db.submissions.add(
            Submission(paper_id=paper.id, member_id=ada.id, submitted_at=NOW, link=paper.url)
        )
    workspace = (await identify(store, "W1", "U1")).workspace_id
    async with store.begin(one) as db:
        await db.discussions.open(submission.id, workspace, "papers", "77.1", "", NOW)
    assert (await identify(store, "W1", "U1", thread="77.1")).thread_submission_id == submission.id
    assert (await identify(store, "W1", "U1", thread="77.2")).thread_submission_id is None
    assert (await identify(store, "W1", "U1")).thread_submission_id is None
    assert (await identify(store, "W2", "U1", thread="77.1")).thread_submission_id is None
    assert two != one


async def test_a_workspace_that_the_bot_left_says_so(store: Store) -> None:
    await found_club(store, "W1")
    assert not (await identify(store, "W1", "U1")).workspace_left
    async with store.admin_session() as admin:
        assert await admin.directory.leave("slack", "W1", "removed", NOW)
    assert (await identify(store, "W1", "U1")).workspace_left


async def test_an_account_is_of_its_platform_and_its_rows_are_written_by_nobody(store: Store) -> None:
    club = await found_club(store, "W1")
    async with store.begin(club) as db:
        bob = await db.members.get_or_create("discord", "U1", "Bob", "G1", NOW)
        ada = await db.members.get_or_create("slack", "U2", "Ada", "W1", NOW)
    assert (await identify(store, "W1", "U1")).member is None
    found = await identify(store, "W1", "U2")
    assert found.member is not None
    assert (found.member.id, found.member.name, found.account_name) == (ada.id, "Ada", "Ada")
    assert ada.id != bob.id
    assert inspect(found.club).detached
    assert inspect(found.member).detached
    async with store.begin(club) as db:
        found.member.name = "Mallory"
        row = await db.members.get(ada.id)
        assert row is not None
        assert row.name == "Ada"


async def test_a_discussion_without_a_thread_is_nowhere(store: Store) -> None:
    """On a platform without threads it would else be that of every request."""
    club = await found_club(store, "W1")
    async with store.begin(club) as db:
        ada = await db.members.get_or_create("slack", "U1", "Ada", "W1", NOW)
        paper = await db.papers.get_or_create_own("web:1", "https://example.org", SiteKind.BLOG, "Post", now=NOW)
        submission = await db.submissions.add(
            Submission(paper_id=paper.id, member_id=ada.id, submitted_at=NOW, link=paper.url)
        )
    workspace = (await identify(store, "W1", "U1")).workspace_id
    async with store.begin(club) as db:
        await db.discussions.open(submission.id, workspace, "papers", "", "", NOW)
    assert (await identify(store, "W1", "U1")).thread_submission_id is None
